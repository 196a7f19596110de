#pragma once

#include "conformance/run_engine.h"

namespace touchstone {

/// An engine that starts once and answers cases, a line each: `CASE TRACE` on its stdin, and on its stdout `ok`,
/// `unsupported: why` or `error: what`. As many processes as cases are run at a time; one that crashes, hangs or says
/// anything else is told of the case in question, and another takes its place. What they print on stderr goes to
/// `logs`/engine-N.log. Within `limit` a case must be answered; once `stop` says so, Interrupted is thrown.
RunEngine served_engine(const std::string& command, const std::filesystem::path& logs,
                        std::chrono::duration<double> limit, const std::function<bool()>& stop);

}  // namespace touchstone

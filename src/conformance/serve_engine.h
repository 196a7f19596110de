#pragma once

#include "conformance/run_engine.h"

namespace touchstone {

/// An engine that starts once and answers each line `CASE TRACE` on its stdin with a line on its stdout: `ok`,
/// `unsupported: why` or `error: what`. There is one process per case that runs at a time. If one crashes, hangs or
/// answers anything else, its case is an error and a new process takes its place. Their stderr goes to
/// `logs`/engine-N.log. Each case must be answered within `limit`; throws Interrupted once `stop` returns true.
RunEngine served_engine(const std::string& command, const std::filesystem::path& logs,
                        std::chrono::duration<double> limit, const std::function<bool()>& stop);

}  // namespace touchstone

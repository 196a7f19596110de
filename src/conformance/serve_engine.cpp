#include "conformance/serve_engine.h"

#include <fmt/format.h>

#include <boost/algorithm/string/predicate.hpp>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "files/process.h"
#include "trace/quote.h"
#include "training/interrupted.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;

/// One process, and where its errors go.
struct Server {
  Server(const std::string& command, fs::path errors) : log(std::move(errors)), engine(command, log) {}
  fs::path log;
  LineServer engine;
};

bool takes_off(std::string& text, const std::string& prefix) {
  if (!boost::starts_with(text, prefix)) return false;
  text.erase(0, prefix.size());
  return true;
}

EngineRun run_of(const ProcessEnd& end, const fs::path& log) {
  switch (end.how) {
    case ProcessEnd::How::stopped: throw Interrupted();
    case ProcessEnd::How::timed_out: return {EngineRun::End::timed_out, 0, log_tail(log)};
    case ProcessEnd::How::killed: return {EngineRun::End::killed, end.code, log_tail(log)};
    case ProcessEnd::How::flooded: return {EngineRun::End::refused, 0, "answered with a line of more than 64 KiB"};
    case ProcessEnd::How::exited: break;
  }
  const std::string message = log_tail(log);
  return {EngineRun::End::failed, end.code, message.empty() ? "it answered nothing" : message};
}

class Servers {
 public:
  Servers(std::string command, fs::path logs, std::chrono::duration<double> limit, std::function<bool()> stop)
      : command_(std::move(command)), logs_(std::move(logs)), limit_(limit), stop_(std::move(stop)) {}

  EngineRun run(const CaseFiles& files) {
    std::unique_ptr<Server> server = idle_one();
    if (!server) server = new_one();
    LineServer::Answer answer =
        server->engine.ask(fmt::format("{} {}", files.given.string(), files.written.string()), limit_, stop_);
    if (!answer.line) return run_of(answer.end, server->log);
    std::string message = *answer.line;
    if (message == "ok") return keep(std::move(server), {});
    if (takes_off(message, "unsupported:")) {
      return keep(std::move(server), {EngineRun::End::unsupported, 0, on_one_line(message)});
    }
    if (takes_off(message, "error:"))
      return keep(std::move(server), {EngineRun::End::refused, 0, on_one_line(message)});
    // After an invalid answer the process is out of step, so it is not used again.
    return {EngineRun::End::refused, 0,
            fmt::format("answered {}, expected ok, unsupported: ... or error: ...", quote(message))};
  }

 private:
  std::unique_ptr<Server> idle_one() {
    const std::lock_guard lock(mutex_);
    if (idle_.empty()) return nullptr;
    std::unique_ptr<Server> server = std::move(idle_.back());
    idle_.pop_back();
    return server;
  }

  std::unique_ptr<Server> new_one() {
    const std::lock_guard lock(mutex_);
    const fs::path log = logs_ / fmt::format("engine-{}.log", started_++);
    std::error_code ignored;
    fs::remove(log, ignored);  // an earlier suite's
    return std::make_unique<Server>(command_, log);
  }

  EngineRun keep(std::unique_ptr<Server> server, EngineRun run) {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(server));
    return run;
  }

  std::string command_;
  fs::path logs_;
  std::chrono::duration<double> limit_;
  std::function<bool()> stop_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Server>> idle_;
  int started_ = 0;
};

}  // namespace

RunEngine served_engine(const std::string& command, const fs::path& logs, std::chrono::duration<double> limit,
                        const std::function<bool()>& stop) {
  const auto servers = std::make_shared<Servers>(command, logs, limit, stop);
  return [servers](const CaseFiles& files) { return servers->run(files); };
}

}  // namespace touchstone

#include "files/process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <thread>

namespace touchstone {
namespace {

using namespace std::chrono_literals;

constexpr auto between_looks = 2ms;

void require(int error, const std::string& what) {
  if (error != 0) throw std::system_error(error, std::generic_category(), what);
}

/// What a child has instead of ours: nothing to read, a file to write to, a process group, default signals.
class SpawnSettings {
 public:
  explicit SpawnSettings(const std::filesystem::path& output) {
    require(posix_spawn_file_actions_init(&actions_), "process");
    require(posix_spawnattr_init(&attributes_), "process");
    require(posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0), "/dev/null");
    require(
        posix_spawn_file_actions_addopen(&actions_, STDOUT_FILENO, output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666),
        output.string());
    require(posix_spawn_file_actions_adddup2(&actions_, STDOUT_FILENO, STDERR_FILENO), output.string());
    sigset_t defaults;
    sigemptyset(&defaults);
    for (const int signal : {SIGINT, SIGTERM, SIGPIPE}) sigaddset(&defaults, signal);
    require(posix_spawnattr_setsigdefault(&attributes_, &defaults), "process");
    require(posix_spawnattr_setpgroup(&attributes_, 0), "process");
    require(posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF), "process");
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }

  const posix_spawn_file_actions_t* actions() const { return &actions_; }
  const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

pid_t start_shell(std::string command, const std::filesystem::path& output) {
  const SpawnSettings settings(output);
  std::string shell = "sh";
  std::string option = "-c";
  const std::array<char*, 4> arguments = {shell.data(), option.data(), command.data(), nullptr};
  pid_t child = 0;
  require(posix_spawn(&child, "/bin/sh", settings.actions(), settings.attributes(), arguments.data(), environ),
          output.string());
  return child;
}

void wait_for(pid_t child, int& status) {
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace

ProcessEnd run_shell(const std::string& command, const std::filesystem::path& output,
                     std::chrono::duration<double> limit, const std::function<bool()>& stop) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  const pid_t child = start_shell(command, output);
  int status = 0;
  while (waitpid(child, &status, WNOHANG) != child) {
    const bool stopped = stop();
    if (stopped || std::chrono::steady_clock::now() > deadline) {
      kill(-child, SIGKILL);
      wait_for(child, status);
      return {stopped ? ProcessEnd::How::stopped : ProcessEnd::How::timed_out, 0};
    }
    std::this_thread::sleep_for(between_looks);
  }
  if (WIFSIGNALED(status)) return {ProcessEnd::How::killed, WTERMSIG(status)};
  return {ProcessEnd::How::exited, WEXITSTATUS(status)};
}

std::string shell_quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string(R"('\'')") : std::string(1, c);
  return quoted + "'";
}

}  // namespace touchstone

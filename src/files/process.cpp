#include "files/process.h"

#include <fcntl.h>
#include <poll.h>
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

/// What a child has instead of ours: a process group, default signals, and what it is to read and to write.
class SpawnSettings {
 public:
  SpawnSettings() {
    require(posix_spawn_file_actions_init(&actions_), "process");
    require(posix_spawnattr_init(&attributes_), "process");
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

  void open(int descriptor, const std::filesystem::path& file, int mode) {
    require(posix_spawn_file_actions_addopen(&actions_, descriptor, file.c_str(), mode, 0666), file.string());
  }
  void copy(int from, int descriptor) {
    require(posix_spawn_file_actions_adddup2(&actions_, from, descriptor), "process");
  }

  const posix_spawn_file_actions_t* actions() const { return &actions_; }
  const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

pid_t start_shell(std::string command, const SpawnSettings& settings, const std::filesystem::path& output) {
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

ProcessEnd end_of(int status) {
  if (WIFSIGNALED(status)) return {ProcessEnd::How::killed, WTERMSIG(status)};
  return {ProcessEnd::How::exited, WEXITSTATUS(status)};
}

}  // namespace

ProcessEnd run_shell(const std::string& command, const std::filesystem::path& output,
                     std::chrono::duration<double> limit, const std::function<bool()>& stop) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  SpawnSettings settings;
  settings.open(STDIN_FILENO, "/dev/null", O_RDONLY);
  settings.open(STDOUT_FILENO, output, O_WRONLY | O_CREAT | O_TRUNC);
  settings.copy(STDOUT_FILENO, STDERR_FILENO);
  const pid_t child = start_shell(command, settings, output);
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
  return end_of(status);
}

class Dialogue::Process {
 public:
  Process(const std::string& command, const std::filesystem::path& log) {
    std::signal(SIGPIPE, SIG_IGN);
    std::array<int, 2> questions{};
    std::array<int, 2> answers{};
    require(pipe2(questions.data(), O_CLOEXEC) == 0 ? 0 : errno, "pipe");
    to_ = questions[1];
    const int asked = questions[0];
    if (pipe2(answers.data(), O_CLOEXEC) != 0) {
      const int error = errno;
      close(asked);
      close(to_);
      require(error, "pipe");
    }
    from_ = answers[0];
    SpawnSettings settings;
    settings.copy(asked, STDIN_FILENO);
    settings.copy(answers[1], STDOUT_FILENO);
    settings.open(STDERR_FILENO, log, O_WRONLY | O_CREAT | O_APPEND);
    try {
      child_ = start_shell(command, settings, log);
    } catch (...) {
      for (const int descriptor : {asked, to_, from_, answers[1]}) close(descriptor);
      throw;
    }
    close(asked);
    close(answers[1]);
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process() {
    if (!end_) kill_all({ProcessEnd::How::stopped, 0});
    close(to_);
    close(from_);
  }

  Answer ask(const std::string& line, std::chrono::duration<double> limit, const std::function<bool()>& stop) {
    if (end_) return {std::nullopt, *end_};
    const auto deadline = std::chrono::steady_clock::now() + limit;
    const std::string question = line + "\n";
    // A line is far shorter than a pipe is deep.
    if (write(to_, question.data(), question.size()) != static_cast<ssize_t>(question.size())) return ended();
    while (true) {
      const std::size_t length = said_.find('\n');
      if (length != std::string::npos) {
        Answer answer{said_.substr(0, length), {}};
        said_.erase(0, length + 1);
        return answer;
      }
      const bool stopped = stop();
      if (stopped || std::chrono::steady_clock::now() > deadline) {
        kill_all({stopped ? ProcessEnd::How::stopped : ProcessEnd::How::timed_out, 0});
        return {std::nullopt, *end_};
      }
      if (!read_some()) return ended();
    }
  }

  bool has_ended() const { return end_.has_value(); }

 private:
  /// Waits a little for something to read; false at its end.
  bool read_some() {
    constexpr int milliseconds = 20;
    pollfd waiting{from_, POLLIN, 0};
    if (poll(&waiting, 1, milliseconds) <= 0) return true;
    std::array<char, 4096> buffer{};
    const ssize_t count = read(from_, buffer.data(), buffer.size());
    if (count < 0) return errno == EINTR;
    said_.append(buffer.data(), static_cast<std::size_t>(count));
    return count > 0;
  }

  /// Of a process that closed its pipes.
  Answer ended() {
    int status = 0;
    constexpr int looks = 500;
    for (int look = 0; look < looks; ++look) {
      if (waitpid(child_, &status, WNOHANG) == child_) {
        end_ = end_of(status);
        kill(-child_, SIGKILL);
        return {std::nullopt, *end_};
      }
      std::this_thread::sleep_for(between_looks);
    }
    kill_all({ProcessEnd::How::timed_out, 0});
    return {std::nullopt, *end_};
  }

  void kill_all(ProcessEnd end) {
    kill(-child_, SIGKILL);
    int status = 0;
    wait_for(child_, status);
    end_ = end;
  }

  int to_ = -1;
  int from_ = -1;
  pid_t child_ = 0;
  std::string said_;  ///< and not yet taken
  std::optional<ProcessEnd> end_;
};

Dialogue::Dialogue(const std::string& command, const std::filesystem::path& log)
    : process_(std::make_unique<Process>(command, log)) {}
Dialogue::~Dialogue() = default;

Dialogue::Answer Dialogue::ask(const std::string& line, std::chrono::duration<double> limit,
                               const std::function<bool()>& stop) {
  return process_->ask(line, limit, stop);
}

bool Dialogue::has_ended() const { return process_->has_ended(); }

std::string shell_quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string(R"('\'')") : std::string(1, c);
  return quoted + "'";
}

}  // namespace touchstone

#include "files/process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

namespace touchstone {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto between_looks = 2ms;
constexpr int poll_milliseconds = 20;

/// A line, and what a filter prints on stderr, are kept up to this length.
constexpr std::size_t max_line_bytes = std::size_t{1} << 16U;

void require(int error, const std::string& what) {
  if (error != 0) throw std::system_error(error, std::generic_category(), what);
}

/// While it lives, a write of this thread to a pipe that nobody reads fails, and does not kill the process.
class BrokenPipeGuard {
 public:
  BrokenPipeGuard() {
    sigemptyset(&broken_pipe_);
    sigaddset(&broken_pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &broken_pipe_, &before_);
  }
  BrokenPipeGuard(const BrokenPipeGuard&) = delete;
  BrokenPipeGuard& operator=(const BrokenPipeGuard&) = delete;
  ~BrokenPipeGuard() {
    const timespec at_once{0, 0};
    while (sigtimedwait(&broken_pipe_, nullptr, &at_once) == SIGPIPE) {
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

 private:
  sigset_t broken_pipe_{};
  sigset_t before_{};
};

/// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int descriptor = -1) : descriptor_(descriptor) {}
  Descriptor(Descriptor&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~Descriptor() { reset(); }
  int get() const { return descriptor_; }
  int release() { return std::exchange(descriptor_, -1); }
  void reset() {
    if (descriptor_ >= 0) close(descriptor_);
    descriptor_ = -1;
  }

 private:
  int descriptor_;
};

struct Pipe {
  Descriptor out;  ///< to read from
  Descriptor in;   ///< to write to
};

Pipe make_pipe() {
  std::array<int, 2> ends{};
  require(pipe2(ends.data(), O_CLOEXEC) == 0 ? 0 : errno, "pipe");
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

void do_not_block(const Descriptor& descriptor) {
  fcntl(descriptor.get(), F_SETFL, fcntl(descriptor.get(), F_GETFL) | O_NONBLOCK);
}

/// What a child has instead of ours: a process group, default signals, and what it reads and writes.
class SpawnSettings {
 public:
  SpawnSettings() {
    require(posix_spawn_file_actions_init(&actions_), "process");
    require(posix_spawnattr_init(&attributes_), "process");
    sigset_t defaults;
    sigemptyset(&defaults);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGCHLD, SIGXFSZ}) sigaddset(&defaults, signal);
    require(posix_spawnattr_setsigdefault(&attributes_, &defaults), "process");
    sigset_t none;
    sigemptyset(&none);
    require(posix_spawnattr_setsigmask(&attributes_, &none), "process");
    require(posix_spawnattr_setpgroup(&attributes_, 0), "process");
    require(
        posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK),
        "process");
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

/// /bin/sh running a command, in a process group that ends with this.
class Shell {
 public:
  Shell(std::string command, const SpawnSettings& settings) {
    std::string shell = "sh";
    std::string option = "-c";
    const std::array<char*, 4> arguments = {shell.data(), option.data(), command.data(), nullptr};
    require(posix_spawn(&child_, "/bin/sh", settings.actions(), settings.attributes(), arguments.data(), environ),
            "/bin/sh");
  }
  Shell(const Shell&) = delete;
  Shell& operator=(const Shell&) = delete;
  ~Shell() { end_as({ProcessEnd::How::stopped, 0}); }

  const std::optional<ProcessEnd>& end() const { return end_; }

  /// Looks whether the shell has ended; then whatever it left running is ended too.
  bool has_ended() {
    if (end_) return true;
    int status = 0;
    const pid_t waited = waitpid(child_, &status, WNOHANG);
    if (waited == 0 || (waited < 0 && errno == EINTR)) return false;
    // Where this process ignores SIGCHLD, as its parent may have made it, the exit status is lost.
    end_ = waited == child_ ? end_of(status) : ProcessEnd{ProcessEnd::How::exited, 0};
    kill(-child_, SIGKILL);
    return true;
  }

  /// Kills what still runs, and says how it ended.
  ProcessEnd end_as(ProcessEnd end) {
    if (end_) return *end_;
    kill(-child_, SIGKILL);
    while (waitpid(child_, nullptr, 0) < 0 && errno == EINTR) {
    }
    end_ = end;
    return end;
  }

 private:
  static ProcessEnd end_of(int status) {
    if (WIFSIGNALED(status)) return {ProcessEnd::How::killed, WTERMSIG(status)};
    return {ProcessEnd::How::exited, WEXITSTATUS(status)};
  }

  pid_t child_ = 0;
  std::optional<ProcessEnd> end_;
};

/// When a process is no longer waited for.
class Patience {
 public:
  Patience(std::chrono::duration<double> limit, const std::function<bool()>& stop)
      : deadline_(Clock::now() + limit), stop_(stop) {}

  /// How the process is to end, once it is.
  std::optional<ProcessEnd> ended() const {
    if (stop_()) return ProcessEnd{ProcessEnd::How::stopped, 0};
    if (Clock::now() > deadline_) return ProcessEnd{ProcessEnd::How::timed_out, 0};
    return std::nullopt;
  }

  /// Until the shell has ended or the patience is over.
  ProcessEnd wait_for(Shell& shell) const {
    while (!shell.has_ended()) {
      if (const auto end = ended()) return shell.end_as(*end);
      std::this_thread::sleep_for(between_looks);
    }
    return *shell.end();
  }

 private:
  std::chrono::time_point<Clock, std::chrono::duration<double>> deadline_;
  const std::function<bool()>& stop_;
};

/// Appends what there is to read; false at its end.
bool read_some(const Descriptor& from, std::string& to) {
  std::array<char, 4096> buffer{};
  const ssize_t count = read(from.get(), buffer.data(), buffer.size());
  if (count < 0) return errno == EINTR || errno == EAGAIN;
  to.append(buffer.data(), static_cast<std::size_t>(count));
  return count > 0;
}

/// Writes as much as goes in, and takes it off the text; false if nobody reads.
bool write_some(const Descriptor& to, std::string_view& text) {
  const BrokenPipeGuard guard;
  const ssize_t count = write(to.get(), text.data(), text.size());
  if (count < 0) return errno == EINTR || errno == EAGAIN;
  text.remove_prefix(static_cast<std::size_t>(count));
  return true;
}

}  // namespace

ProcessEnd run_shell(const std::string& command, const std::filesystem::path& output,
                     std::chrono::duration<double> limit, const std::function<bool()>& stop) {
  const Patience patience(limit, stop);
  SpawnSettings settings;
  settings.open(STDIN_FILENO, "/dev/null", O_RDONLY);
  settings.open(STDOUT_FILENO, output, O_WRONLY | O_CREAT | O_TRUNC);
  settings.copy(STDOUT_FILENO, STDERR_FILENO);
  Shell shell(command, settings);
  return patience.wait_for(shell);
}

FilterResult run_filter(const std::string& command, const std::function<void(std::FILE*)>& write,
                        std::chrono::duration<double> limit, const std::function<bool()>& stop) {
  const Patience patience(limit, stop);
  Pipe to = make_pipe();
  Pipe from = make_pipe();
  Pipe errors = make_pipe();
  SpawnSettings settings;
  settings.copy(to.out.get(), STDIN_FILENO);
  settings.copy(from.in.get(), STDOUT_FILENO);
  settings.copy(errors.in.get(), STDERR_FILENO);
  Shell shell(command, settings);
  for (Descriptor* theirs : {&to.out, &from.in, &errors.in}) theirs->reset();
  for (const Descriptor* ours : {&from.out, &errors.out}) do_not_block(*ours);
  std::thread writer([&write, input = fdopen(to.in.release(), "w")] {
    const BrokenPipeGuard guard;
    write(input);
  });
  FilterResult result;
  while (from.out.get() >= 0 || errors.out.get() >= 0) {
    if (const auto end = patience.ended()) {
      shell.end_as(*end);
      break;
    }
    shell.has_ended();  // what it left running keeps no pipe open then
    std::array<pollfd, 2> waiting{{{from.out.get(), POLLIN, 0}, {errors.out.get(), POLLIN, 0}}};
    poll(waiting.data(), waiting.size(), poll_milliseconds);
    if (waiting[0].revents != 0 && !read_some(from.out, result.output)) from.out.reset();
    if (waiting[1].revents != 0 && !read_some(errors.out, result.errors)) errors.out.reset();
    if (result.errors.size() > max_line_bytes) result.errors.resize(max_line_bytes);
  }
  result.end = patience.wait_for(shell);
  writer.join();  // nobody reads any more, so it ends
  return result;
}

class LineServer::Process {
 public:
  Process(const std::string& command, const std::filesystem::path& log) {
    Pipe questions = make_pipe();
    Pipe answers = make_pipe();
    SpawnSettings settings;
    settings.copy(questions.out.get(), STDIN_FILENO);
    settings.copy(answers.in.get(), STDOUT_FILENO);
    settings.open(STDERR_FILENO, log, O_WRONLY | O_CREAT | O_APPEND);
    shell_ = std::make_unique<Shell>(command, settings);
    to_ = std::move(questions.in);
    from_ = std::move(answers.out);
    do_not_block(to_);
    do_not_block(from_);
  }

  Answer ask(const std::string& line, std::chrono::duration<double> limit, const std::function<bool()>& stop) {
    if (shell_->end()) return {std::nullopt, *shell_->end()};
    const Patience patience(limit, stop);
    const std::string question = line + "\n";
    std::string_view unwritten = question;
    bool is_open = true;
    while (is_open) {
      const std::size_t length = unread_.find('\n');
      if (unwritten.empty() && length != std::string::npos) {
        Answer answer{unread_.substr(0, length), {}};
        unread_.erase(0, length + 1);
        return answer;
      }
      if (unread_.size() > max_line_bytes) return {std::nullopt, shell_->end_as({ProcessEnd::How::flooded, 0})};
      if (const auto end = patience.ended()) return {std::nullopt, shell_->end_as(*end)};
      std::array<pollfd, 2> waiting{{{unwritten.empty() ? -1 : to_.get(), POLLOUT, 0}, {from_.get(), POLLIN, 0}}};
      poll(waiting.data(), waiting.size(), poll_milliseconds);
      if (waiting[0].revents != 0) is_open = write_some(to_, unwritten);
      if (waiting[1].revents != 0) is_open = read_some(from_, unread_) && is_open;
    }
    // It closed its pipes, and is about to end.
    constexpr std::chrono::duration<double> grace = 1s;
    return {std::nullopt, Patience(std::min(grace, limit), stop).wait_for(*shell_)};
  }

  bool has_ended() const { return shell_->end().has_value(); }

 private:
  Descriptor to_;
  Descriptor from_;
  std::unique_ptr<Shell> shell_;
  std::string unread_;
};

LineServer::LineServer(const std::string& command, const std::filesystem::path& log)
    : process_(std::make_unique<Process>(command, log)) {}
LineServer::~LineServer() = default;

LineServer::Answer LineServer::ask(const std::string& line, std::chrono::duration<double> limit,
                                   const std::function<bool()>& stop) {
  return process_->ask(line, limit, stop);
}

bool LineServer::has_ended() const { return process_->has_ended(); }

std::string shell_quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string(R"('\'')") : std::string(1, c);
  return quoted + "'";
}

}  // namespace touchstone

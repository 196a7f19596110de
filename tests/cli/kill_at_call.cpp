// Kills its process before the N-th system call that changes a folder or writes to a file, N being $TOUCHSTONE_KILL_AT.
// So a test can stop the program at each of them in turn, whatever the machine's speed. These functions stand before
// the C library's of the same names, since the program is linked with them first.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>

namespace {

std::atomic<long> calls{0};

void count_call() {
  const char* const at = std::getenv("TOUCHSTONE_KILL_AT");
  if (at != nullptr && ++calls == std::strtol(at, nullptr, 10)) kill(getpid(), SIGKILL);
}

template <typename Function>
Function* original(Function* /*same*/, const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));  // NOLINT(cppcoreguidelines-pro-type-reinterpret-cast)
}

}  // namespace

// The C library names parameters otherwise. NOLINTBEGIN(readability-inconsistent-declaration-parameter-name)
extern "C" {

ssize_t write(int descriptor, const void* data, size_t size) {
  static auto* const call = original(&write, "write");
  if (descriptor > STDERR_FILENO) count_call();
  return call(descriptor, data, size);
}

int fsync(int descriptor) {
  static auto* const call = original(&fsync, "fsync");
  count_call();
  return call(descriptor);
}

int rename(const char* from, const char* to) noexcept {
  static auto* const call = original(&rename, "rename");
  count_call();
  return call(from, to);
}

int unlink(const char* path) noexcept {
  static auto* const call = original(&unlink, "unlink");
  count_call();
  return call(path);
}

int remove(const char* path) noexcept {
  static auto* const call = original(&remove, "remove");
  count_call();
  return call(path);
}

int mkdir(const char* path, mode_t mode) noexcept {
  static auto* const call = original(&mkdir, "mkdir");
  count_call();
  return call(path, mode);
}

}  // extern "C"
// NOLINTEND(readability-inconsistent-declaration-parameter-name)

#include "training/parallel.h"

#include <ATen/Parallel.h>
#include <dlfcn.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <system_error>
#include <thread>
#include <vector>

namespace touchstone {
namespace {

/// OpenBLAS, if that is the BLAS which LibTorch has loaded, keeps threads of its own.
void use_one_blas_thread() {
  using SetThreads = void (*)(int);
  if (auto set_threads = reinterpret_cast<SetThreads>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"))) {
    set_threads(1);
  }
}

}  // namespace

void use_one_thread() {
  use_one_blas_thread();
  at::set_num_threads(1);
}

std::size_t hardware_threads() { return std::max(1U, std::thread::hardware_concurrency()); }

void parallel_for(std::size_t count, std::size_t jobs, const std::function<void(std::size_t)>& task) {
  use_one_blas_thread();  // for the whole process: before any of its threads computes
  std::atomic<std::size_t> next{0};
  std::atomic<bool> failed{false};
  std::vector<std::exception_ptr> errors(count);

  const auto work = [&] {
    at::set_num_threads(1);
    for (std::size_t i = next++; i < count && !failed; i = next++) {
      try {
        task(i);
      } catch (...) {
        errors[i] = std::current_exception();
        failed = true;
      }
    }
  };

  std::vector<std::thread> threads;
  try {
    for (std::size_t t = 0; t < std::clamp<std::size_t>(jobs, 1, std::max<std::size_t>(count, 1)); ++t) {
      threads.emplace_back(work);
    }
  } catch (const std::system_error&) {
    // No further thread is to be had: those that there are do the work.
    if (threads.empty()) throw;
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::exception_ptr& error : errors) {
    if (error) std::rethrow_exception(error);
  }
}

}  // namespace touchstone

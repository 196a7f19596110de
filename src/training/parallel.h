#pragma once

#include <cstddef>
#include <functional>

namespace touchstone {

/// The number of hardware threads; 1 if unknown.
std::size_t hardware_threads();

/// Gives the calling thread one LibTorch and one BLAS thread, as the tasks of parallel_for have: what it computes is
/// the same to the last bit, and tiny tensors are faster.
void use_one_thread();

/// Calls task(0) ... task(count - 1) on `jobs` threads, each with one LibTorch and one BLAS thread, so that a
/// task's floating-point result does not depend on `jobs`. Once a task throws, no further one starts, and the
/// exception of the lowest-numbered failed task is rethrown.
void parallel_for(std::size_t count, std::size_t jobs, const std::function<void(std::size_t)>& task);

}  // namespace touchstone

#include "cli/cost_text.h"

#include <fmt/core.h>

#include <algorithm>

#include "cli/duration_text.h"

namespace touchstone {
namespace {

std::string size_text(std::uint64_t bytes) {
  const auto megabytes = static_cast<double>(bytes) / 1e6;
  if (megabytes >= 1e3) return fmt::format("{:.3g} GB", megabytes / 1e3);
  return fmt::format("{:.2g} MB", std::max(megabytes, 0.01));
}

}  // namespace

std::string estimate_text(const CostEstimate& estimate, const RunSettings& settings) {
  const std::size_t jobs = settings.train.jobs;
  return fmt::format("about {} with --engine {} on {} core{}, {}", duration_text(estimate.seconds), settings.engine,
                     jobs, jobs == 1 ? "" : "s", size_text(estimate.bytes));
}

}  // namespace touchstone

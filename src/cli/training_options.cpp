#include "cli/training_options.h"

#include <ATen/Context.h>
#include <fmt/core.h>

#include <boost/algorithm/string/predicate.hpp>
#include <charconv>

#include "cli/exit_codes.h"
#include "experiment/load.h"
#include "files/errors.h"
#include "training/parallel.h"
#include "training/vocabulary.h"

namespace touchstone {
namespace {

/// Throws unless the device is "cpu", "cuda" or "cuda:N" and exists.
void check_device(const std::string& name) {
  if (name == "cpu") return;
  int index = 0;
  const std::string prefix = "cuda:";
  bool valid = name == "cuda";
  if (boost::starts_with(name, prefix)) {
    const auto [end, error] = std::from_chars(name.data() + prefix.size(), name.data() + name.size(), index);
    valid = error == std::errc() && end == name.data() + name.size() && index >= 0 && index < 128;
  }
  if (!valid) throw UserError(fmt::format("--device: found '{}', expected cpu, cuda or cuda:N", name));
  if (!at::hasCUDA()) {
    throw EnvironmentError(fmt::format(
        "--device {}: this LibTorch finds no CUDA device; build against a CUDA LibTorch (CMAKE_PREFIX_PATH) on a "
        "machine with an NVIDIA driver, or use --device cpu",
        name));
  }
  const auto devices = static_cast<int>(at::detail::getCUDAHooks().getNumGPUs());
  if (index >= devices) {
    throw EnvironmentError(
        fmt::format("--device {}: found {}, expected a CUDA device from 0 to {}", name, index, devices - 1));
  }
}

}  // namespace

void add_training_options(Options& options, const std::optional<std::string>& default_engine) {
  options.texts("set", "override a value: a dotted key and a YAML value, such as fit.epochs=10 (repeatable)",
                "KEY=VALUE");
  options.text("device", "cpu, cuda or cuda:N", "DEVICE", "cpu");
  options.choice("dtype", "float32 or float64", "DTYPE", {"float32", "float64"}, "float32");
  options.choice("engine",
                 default_engine ? "autograd (the reference) or fused (fast, CPU only)"
                                : "autograd (the reference) or fused (default on the CPU)",
                 "ENGINE", {"autograd", "fused"}, default_engine);
}

void add_jobs_option(Options& options) { options.text("jobs", "runs in parallel (default: all cores)", "N"); }

std::size_t read_jobs(const ParsedOptions& parsed) {
  return parsed.has("jobs") ? static_cast<std::size_t>(parsed.integer("jobs", 1, 1024)) : hardware_threads();
}

void add_seed_option(Options& options) { options.text("seed", "seed of the weights and batch orders", "N", "0"); }

std::uint32_t read_seed(const ParsedOptions& parsed) {
  return static_cast<std::uint32_t>(parsed.integer("seed", 0, 4294967295));
}

TrainingOptions read_training_options(const ParsedOptions& parsed) {
  TrainingOptions options;
  options.overrides = parsed.texts("set");
  options.dtype = parsed.choice("dtype");
  options.train.precision = options.dtype == "float32" ? Precision::float32 : Precision::float64;
  options.train.device = parsed.text("device");
  check_device(options.train.device);
  const bool is_given = !parsed.text("engine").empty();
  options.engine = is_given ? parsed.choice("engine") : options.train.device == "cpu" ? "fused" : "autograd";
  options.train.engine = find_engine(options.engine);
  if (options.train.engine == EngineKind::fused && options.train.device != "cpu") {
    throw UserError("--engine fused: runs on --device cpu only; --device cuda takes --engine autograd");
  }
  return options;
}

}  // namespace touchstone

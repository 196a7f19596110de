#include "cli/training_options.h"

#include <ATen/Context.h>
#include <fmt/core.h>

#include <charconv>

#include "cli/errors.h"
#include "experiment/load.h"
#include "training/parallel.h"
#include "training/vocabulary.h"

namespace touchstone {
namespace {

/// "cpu", "cuda" or "cuda:N".
c10::Device read_device(const std::string& name) {
  if (name == "cpu") return {c10::DeviceType::CPU};
  int index = 0;
  const std::string prefix = "cuda:";
  bool valid = name == "cuda";
  if (name.rfind(prefix, 0) == 0) {
    const auto [end, error] = std::from_chars(name.data() + prefix.size(), name.data() + name.size(), index);
    valid = error == std::errc() && end == name.data() + name.size() && index >= 0 && index < 128;
  }
  if (!valid) throw UsageError(fmt::format("--device: found '{}', expected cpu, cuda or cuda:N", name));
  if (!at::hasCUDA()) {
    throw EnvironmentFault(fmt::format(
        "--device {}: this LibTorch finds no CUDA device; build against a CUDA LibTorch (CMAKE_PREFIX_PATH) on a "
        "machine with an NVIDIA driver, or use --device cpu",
        name));
  }
  const auto devices = static_cast<int>(at::detail::getCUDAHooks().getNumGPUs());
  if (index >= devices) {
    throw EnvironmentFault(fmt::format("--device {}: found {} CUDA devices, numbered from 0", name, devices));
  }
  return {c10::DeviceType::CUDA, static_cast<c10::DeviceIndex>(index)};
}

}  // namespace

void add_training_options(cxxopts::Options& options) {
  auto add = options.add_options();
  add("set", "override a value, dotted key and YAML value, as fit.epochs=10 (repeatable)", texts(), "KEY=VALUE");
  add("seed", "seed of the weights and batch orders", text_or("0"), "N");
  add("device", "cpu, cuda or cuda:N", text_or("cpu"), "DEVICE");
  add("dtype", "float32 or float64", text_or("float32"), "DTYPE");
  add("engine", "how runs are computed: autograd, the reference, or fused, the fast one", text_or("autograd"),
      "ENGINE");
  add("jobs", "arms trained side by side (default: all cores)", text_or(std::to_string(all_cores())), "N");
}

TrainingOptions read_training_options(const cxxopts::ParseResult& parsed) {
  TrainingOptions options;
  if (parsed.count("set") > 0) options.overrides = parsed["set"].as<std::vector<std::string>>();
  options.engine = choice_option(parsed, "engine", {"autograd", "fused"});
  options.train.engine = find_engine(options.engine);
  options.dtype = choice_option(parsed, "dtype", {"float32", "float64"});
  options.device = parsed["device"].as<std::string>();
  options.train.seed = static_cast<std::uint32_t>(integer_option(parsed, "seed", 0, 4294967295));
  options.train.jobs = static_cast<std::size_t>(integer_option(parsed, "jobs", 1, 1024));
  options.train.dtype = options.dtype == "float32" ? c10::ScalarType::Float : c10::ScalarType::Double;
  options.train.device = read_device(options.device);
  if (options.train.engine == EngineKind::fused && options.train.device.is_cuda()) {
    throw UsageError("--engine fused: runs on --device cpu only; --device cuda takes --engine autograd");
  }
  return options;
}

LoadedExperiment load_with_data(const std::filesystem::path& file, const std::vector<std::string>& overrides) {
  LoadedExperiment loaded{load_experiment(file, overrides, vocabulary()), {}};
  loaded.data = load_data(loaded.experiment);
  return loaded;
}

}  // namespace touchstone

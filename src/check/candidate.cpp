#include "check/candidate.h"

#include <ATen/core/Tensor.h>
#include <fmt/format.h>

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>
#include <utility>

#include "tolerance/rounding.h"
#include "trace/tensors.h"
#include "training/run_cost.h"
#include "training/training_spec.h"

namespace touchstone {
namespace {

std::optional<std::size_t> position(const std::vector<std::int64_t>& rising, std::int64_t value) {
  const auto found = std::lower_bound(rising.begin(), rising.end(), value);
  if (found == rising.end() || *found != value) return std::nullopt;
  return static_cast<std::size_t>(found - rising.begin());
}

std::vector<std::int64_t> without_leading(const std::vector<std::int64_t>& shape) {
  return {shape.begin() + 1, shape.end()};
}

[[noreturn]] void refuse_cost(const std::string& source, const std::string& message) {
  throw UserError(fmt::format("{}: experiment: {}", source, message));
}

/// A small file must not ask for hours or for all memory: what is refused is refused before it is begun.
void check_cost(const Trace& trace, RunConfig config, std::int64_t observed_epochs, const std::string& source) {
  constexpr double max_seconds = 1800.0;
  constexpr double max_values = 1 << 28;  // 2 GiB of doubles
  constexpr std::size_t max_layers = 200;
  const std::size_t layers = config.model.layers.size();
  if (layers > max_layers) refuse_cost(source, fmt::format("found {} layers, expected at most {}", layers, max_layers));
  config.fit.epochs = observed_epochs;
  const double seconds = cost_of_run(config, trace.features(), trace.rows(), EngineKind::autograd);
  if (!(seconds <= max_seconds)) {
    refuse_cost(source, fmt::format("found {} epochs of {} rows in batches of {}, a run of about {:.0f} s to repeat, "
                                    "expected at most {:.0f} s",
                                    observed_epochs, trace.rows(), config.fit.batch_size, seconds, max_seconds));
  }
  const std::int64_t rows = std::max(std::min(config.fit.batch_size, trace.rows()), trace.test_rows());
  const double values = values_of_forward_pass(config.model, trace.features(), rows);
  if (!(values <= max_values)) {
    refuse_cost(source, fmt::format("found {} rows at once through {} layers, {:.3g} numbers, expected at most {:.3g}",
                                    rows, layers, values, max_values));
  }
}

}  // namespace

Candidate::Candidate(Trace recorded, const std::string& source)
    : trace(std::move(recorded)),
      config(read_configuration(trace, source)),
      parameters(trace.parameters()),
      updates(trace.recorded_updates()),
      epochs(trace.recorded_epochs()) {
  check_cost(trace, config, observed_epochs(), source);
}

std::int64_t Candidate::observed_epochs() const {
  std::int64_t observed = 0;
  for (const auto& [series, array] : trace.arrays) {
    if (boost::starts_with(series, "final/")) return config.fit.epochs;
    if (boost::starts_with(series, "epoch/param/")) {
      if (!epochs.empty()) observed = std::max(observed, epochs.back() + 1);
    } else if (boost::starts_with(series, "epoch/")) {
      observed = std::max(observed, array.shape[0]);
    } else if (boost::starts_with(series, "step/") && !updates.empty()) {
      observed = std::max(observed, updates.back() / updates_per_epoch({config.fit.batch_size}, trace.rows()) + 1);
    }
  }
  return std::min(observed, config.fit.epochs);
}

double Candidate::ulp() const { return ulp_of(precision()); }

std::optional<std::vector<double>> Candidate::record(const std::string& series, std::size_t index) const {
  const Array* array = trace.find(series);
  if (array == nullptr || index >= static_cast<std::size_t>(array->shape[0])) return std::nullopt;
  return array->record(index);
}

std::optional<std::vector<double>> Candidate::at_update(const std::string& series, std::int64_t update) const {
  const auto index = position(updates, update);
  return index ? record(series, *index) : std::nullopt;
}

std::optional<std::vector<double>> Candidate::at_epoch_index(const std::string& series, std::int64_t epoch) const {
  const auto index = position(epochs, epoch);
  return index ? record(series, *index) : std::nullopt;
}

std::optional<std::vector<std::vector<double>>> Candidate::elements_at(const std::string& prefix,
                                                                       std::int64_t update) const {
  std::vector<std::vector<double>> elements;
  for (const std::string& name : parameters) {
    auto values = at_update(prefix + name, update);
    if (!values) return std::nullopt;
    elements.push_back(std::move(*values));
  }
  return elements;
}

std::optional<std::vector<at::Tensor>> Candidate::tensors_at(const std::string& prefix, std::int64_t update) const {
  const auto elements = elements_at(prefix, update);
  if (!elements) return std::nullopt;
  std::vector<at::Tensor> tensors;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const std::vector<std::int64_t>& shape = trace.find(prefix + parameters[i])->shape;
    tensors.push_back(tensor_of((*elements)[i], without_leading(shape), at::kDouble));
  }
  return tensors;
}

std::optional<std::vector<at::Tensor>> Candidate::parameters_after(std::int64_t update) const {
  if (update < 0) return initial_parameters(trace, Precision::float64);
  return tensors_at("step/param/", update);
}

std::optional<std::vector<at::Tensor>> Candidate::parameters_after_epoch(std::int64_t epoch,
                                                                         std::int64_t updates_per_epoch) const {
  std::vector<at::Tensor> tensors;
  for (const std::string& name : parameters) {
    const auto values = at_epoch_index("epoch/param/" + name, epoch);
    if (!values) return parameters_after((epoch + 1) * updates_per_epoch - 1);
    tensors.push_back(tensor_of(*values, without_leading(trace.find("epoch/param/" + name)->shape), at::kDouble));
  }
  return tensors;
}

}  // namespace touchstone

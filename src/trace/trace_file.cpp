#include "trace/trace_file.h"

#include <fmt/core.h>

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>
#include <numeric>
#include <utility>

#include "files/atomic_file.h"
#include "files/read_file.h"
#include "trace/check_trace.h"

namespace touchstone {
namespace {

std::string take(std::map<std::string, std::string>& texts, const std::string& key) {
  const auto node = texts.extract(key);
  return node.empty() ? "" : node.mapped();
}

TensorEntry take(Safetensors& contents, const std::string& name) {
  return std::move(contents.tensors.extract(name).mapped());
}

std::optional<std::vector<std::int64_t>> take_integers(Safetensors& contents, const std::string& name) {
  if (contents.tensors.count(name) == 0) return std::nullopt;
  return integers_of(take(contents, name));
}

Dataset take_dataset(Safetensors& contents, const std::string& prefix) {
  const TensorEntry x = take(contents, prefix + "x");
  return {static_cast<std::size_t>(x.shape.at(1)), reals_of(x), integers_of(take(contents, prefix + "y"))};
}

Trace trace_from(Safetensors contents) {
  Trace trace;
  trace.dtype = contents.tensors.at("data/train/x").dtype;
  take(contents.metadata, "format");
  trace.engine = take(contents.metadata, "engine");
  trace.experiment = take(contents.metadata, "experiment");
  trace.notes = std::move(contents.metadata);
  trace.train = take_dataset(contents, "data/train/");
  trace.test = take_dataset(contents, "data/test/");
  trace.order = take_integers(contents, "order");
  trace.update_index = take_integers(contents, "step/index");
  trace.epoch_index = take_integers(contents, "epoch/index");
  for (auto& [name, tensor] : contents.tensors) trace.arrays[name] = {std::move(tensor.shape), reals_of(tensor)};
  return trace;
}

std::int64_t size_of(const std::vector<std::int64_t>& values) { return static_cast<std::int64_t>(values.size()); }

void put(Safetensors& contents, const std::string& prefix, DType dtype, const Dataset& dataset) {
  const auto features = static_cast<std::int64_t>(dataset.features);
  contents.tensors[prefix + "x"] = tensor_of_reals(dtype, {size_of(dataset.y), features}, dataset.x);
  contents.tensors[prefix + "y"] = tensor_of_integers({size_of(dataset.y)}, dataset.y);
}

Safetensors contents_from(const Trace& trace) {
  Safetensors contents;
  contents.metadata = trace.notes;
  contents.metadata["format"] = trace_format;
  contents.metadata["experiment"] = trace.experiment;
  if (!trace.engine.empty()) contents.metadata["engine"] = trace.engine;
  for (const auto& [name, array] : trace.arrays) {
    contents.tensors[name] = tensor_of_reals(trace.dtype, array.shape, array.values);
  }
  put(contents, "data/train/", trace.dtype, trace.train);
  put(contents, "data/test/", trace.dtype, trace.test);
  if (trace.order) {
    const std::int64_t rows = std::max<std::int64_t>(trace.rows(), 1);
    contents.tensors["order"] = tensor_of_integers({size_of(*trace.order) / rows, trace.rows()}, *trace.order);
  }
  if (trace.update_index) {
    contents.tensors["step/index"] = tensor_of_integers({size_of(*trace.update_index)}, *trace.update_index);
  }
  if (trace.epoch_index) {
    contents.tensors["epoch/index"] = tensor_of_integers({size_of(*trace.epoch_index)}, *trace.epoch_index);
  }
  return contents;
}

}  // namespace

std::vector<double> Array::record(std::size_t index) const {
  const auto size = shape[0] == 0 ? std::ptrdiff_t{0} : static_cast<std::ptrdiff_t>(values.size()) / shape[0];
  const auto begin = values.begin() + static_cast<std::ptrdiff_t>(index) * size;
  return {begin, begin + size};
}

std::vector<std::int64_t> count_from_zero(std::int64_t size) {
  std::vector<std::int64_t> numbers(static_cast<std::size_t>(size));
  std::iota(numbers.begin(), numbers.end(), std::int64_t{0});
  return numbers;
}

const Array* Trace::find(const std::string& name) const {
  const auto array = arrays.find(name);
  return array == arrays.end() ? nullptr : &array->second;
}

bool Trace::has_given_gradients() const {
  const auto found = notes.find("gradients");
  return found != notes.end() && found->second == "given";
}

std::vector<std::string> Trace::parameters() const {
  std::vector<std::string> names;
  for (int layer = 0; find(fmt::format("init/dense_{}/kernel", layer)) != nullptr; ++layer) {
    names.push_back(fmt::format("dense_{}/kernel", layer));
    names.push_back(fmt::format("dense_{}/bias", layer));
  }
  return names;
}

std::int64_t Trace::epochs() const {
  if (order) return size_of(*order) / rows();
  for (const auto& [name, array] : arrays) {
    const bool has_each_epoch = !boost::starts_with(name, "epoch/param/") || !epoch_index;
    if (boost::starts_with(name, "epoch/") && has_each_epoch) return array.shape.at(0);
  }
  return 0;
}

std::vector<std::int64_t> Trace::order_of(std::int64_t epoch) const {
  if (!order) return count_from_zero(rows());
  const auto begin = order->begin() + epoch * rows();
  return {begin, begin + rows()};
}

std::vector<std::int64_t> Trace::recorded_updates() const {
  if (update_index) return *update_index;
  const auto first = arrays.lower_bound("step/");
  return count_from_zero(first != arrays.end() && boost::starts_with(first->first, "step/") ? first->second.shape.at(0)
                                                                                            : 0);
}

std::vector<std::int64_t> Trace::recorded_epochs() const {
  if (epoch_index) return *epoch_index;
  const bool records_parameters = std::any_of(
      arrays.begin(), arrays.end(), [](const auto& array) { return boost::starts_with(array.first, "epoch/param/"); });
  return count_from_zero(records_parameters ? epochs() : 0);
}

Trace parse_trace(std::string_view bytes, const std::string& source) {
  Safetensors contents = parse_safetensors(bytes, source);
  check_trace(contents, source);
  return trace_from(std::move(contents));
}

Trace read_trace(const std::filesystem::path& file) { return parse_trace(read_file(file), file.string()); }

void require_observations(const Trace& trace, const std::string& source) {
  for (const auto& [name, array] : trace.arrays) {
    if (!boost::starts_with(name, "init/") && !array.values.empty()) return;
  }
  throw UserError(source + ": nothing was observed, expected at least one tensor in step/, epoch/ or final/");
}

std::string format_trace(const Trace& trace, const std::string& source) {
  std::string bytes = format_safetensors(contents_from(trace), source);
  parse_trace(bytes, source);  // never write what would not be read
  return bytes;
}

void write_trace(const std::filesystem::path& file, const Trace& trace) {
  write_file_atomically(file, format_trace(trace, file.string()));
}

}  // namespace touchstone

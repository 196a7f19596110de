#include "trace/check_trace.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "data/epoch_metrics.h"
#include "experiment/suggestion.h"
#include "optim/optimizer.h"
#include "optim/registry.h"
#include "trace/quote.h"
#include "trace/trace_error.h"

namespace touchstone {
namespace {

/// A shape in symbols, each of which stands for the same number all over the trace.
using Symbols = std::vector<std::string>;

struct Parameter {
  std::string name;  // "dense_0/kernel"
  Symbols shape;
};

/// A series of all parameters: "step/param/" records each as `prefix` plus its name, in its own shape after
/// the `leading` one.
struct Family {
  std::string prefix;
  Symbols leading;
};

std::vector<Family> recorded_families(const std::string& epoch_symbol) {
  std::vector<Family> families{{"step/grad/", {"S"}}, {"step/param/", {"S"}}, {"epoch/param/", {epoch_symbol}}};
  std::set<std::string> slots;
  for (const OptimizerEntry& entry : optimizer_entries()) slots.insert(entry.slots.begin(), entry.slots.end());
  for (const std::string& slot : slots) {
    families.push_back({fmt::format("step/slot/{}/", slot), {"S"}});
    families.push_back({fmt::format("final/slot/{}/", slot), {}});
  }
  return families;
}

struct Column {
  std::string name;
  std::string symbol;
};

std::vector<Column> real_columns() {
  std::vector<Column> columns = {{"step/loss", "S"}, {"step/lr", "S"}};
  for (const std::string& name : metric_names()) columns.push_back({"epoch/" + name, "E"});
  return columns;
}

const std::vector<Column> index_columns = {{"step/index", "S"}, {"epoch/index", "K"}};

class TraceChecker {
 public:
  TraceChecker(const Safetensors& contents, const std::string& source) : contents_(contents), source_(source) {
    for (const auto& [name, tensor] : contents.tensors) unknown_.insert(name);
  }

  void check() {
    check_metadata();
    check_data();
    check_layers();
    check_order();
    check_observations();
    if (!unknown_.empty()) refuse_unknown(*unknown_.begin());
  }

 private:
  struct Meaning {
    std::int64_t number;
    std::string tensor;  // that said so
  };

  enum class Kind { reals, integers };

  void check_metadata() const {
    const auto format = contents_.metadata.find("format");
    if (format == contents_.metadata.end()) {
      fail_metadata("format", fmt::format("missing, expected {}: is this a trace?", quote(trace_format)));
    }
    if (format->second != trace_format) {
      fail_metadata("format", fmt::format("found {}, expected {}: was it written for another version?",
                                          quote(format->second), quote(trace_format)));
    }
    if (contents_.metadata.count("experiment") == 0) {
      fail_metadata("experiment", "missing, expected the run's model, optimizer, callbacks and fit as JSON");
    }
  }

  void check_data() {
    require("data/train/x", Kind::reals, {"N", "F"});
    require("data/train/y", Kind::integers, {"N"});
    require("data/test/x", Kind::reals, {"M", "F"});
    require("data/test/y", Kind::integers, {"M"});
    check_finite("data/train/x");
    check_finite("data/test/x");
  }

  void check_layers() {
    std::string fan_in = "F";
    std::string layer = "dense_0";
    do {
      const std::string units = "units of " + layer;
      parameters_.push_back({layer + "/kernel", {fan_in, units}});
      parameters_.push_back({layer + "/bias", {units}});
      for (std::size_t i = parameters_.size() - 2; i < parameters_.size(); ++i) {
        require("init/" + parameters_[i].name, Kind::reals, parameters_[i].shape);
        check_finite("init/" + parameters_[i].name);
      }
      fan_in = units;
      layer = fmt::format("dense_{}", parameters_.size() / 2);
    } while (has("init/" + layer + "/kernel") || has("init/" + layer + "/bias"));
    check_labels("data/train/y", meanings_.at(fan_in).number);
    check_labels("data/test/y", meanings_.at(fan_in).number);
  }

  void check_order() {
    if (!has("order")) return;
    require("order", Kind::integers, {"E", "N"});
    const std::vector<std::int64_t> order = integers_of(contents_.tensors.at("order"));
    const std::int64_t rows = meanings_.at("N").number;
    std::vector<std::int64_t> last_seen(static_cast<std::size_t>(rows), -1);  // in which epoch
    for (std::size_t i = 0; i < order.size(); ++i) {
      const std::int64_t epoch = static_cast<std::int64_t>(i) / rows;
      if (order[i] < 0 || order[i] >= rows) {
        fail("order", fmt::format("found row {} in epoch {}, expected 0 to {}", order[i], epoch, rows - 1));
      }
      if (std::exchange(last_seen[static_cast<std::size_t>(order[i])], epoch) == epoch) {
        fail("order", fmt::format("found row {} twice in epoch {}, expected each row once", order[i], epoch));
      }
    }
  }

  void check_observations() {
    for (const Column& column : real_columns()) accept(column.name, Kind::reals, {column.symbol});
    for (const Column& column : index_columns) {
      accept(column.name, Kind::integers, {column.symbol});
      if (has(column.name)) check_rising(column.name);
    }
    families_ = recorded_families(has("epoch/index") ? "K" : "E");
    for (const Family& family : families_) {
      for (const Parameter& parameter : parameters_) {
        Symbols shape = family.leading;
        shape.insert(shape.end(), parameter.shape.begin(), parameter.shape.end());
        accept(family.prefix + parameter.name, Kind::reals, shape);
      }
    }
    if (has("epoch/index")) check_epochs_exist();
  }

  bool has(const std::string& name) const { return contents_.tensors.count(name) != 0; }

  void require(const std::string& name, Kind kind, const Symbols& shape) {
    if (!has(name)) {
      fail(name, fmt::format("missing, expected a tensor of shape [{}]", fmt::join(shape, ", ")));
    }
    accept(name, kind, shape);
  }

  /// Checks the tensor's type and shape if it is there.
  void accept(const std::string& name, Kind kind, const Symbols& shape) {
    const auto tensor = contents_.tensors.find(name);
    if (tensor == contents_.tensors.end()) return;
    unknown_.erase(name);
    check_dtype(name, tensor->second.dtype, kind);
    if (tensor->second.shape.size() != shape.size()) {
      fail(name, fmt::format("shape {}, expected [{}]", tensor->second.shape, fmt::join(shape, ", ")));
    }
    for (std::size_t i = 0; i < shape.size(); ++i) check_dimension(name, tensor->second.shape, shape, i);
  }

  void check_dtype(const std::string& name, DType found, Kind kind) {
    if (kind == Kind::integers) {
      if (found != DType::i64) fail(name, fmt::format("dtype {}, expected I64", dtype_name(found)));
      return;
    }
    if (found == DType::i64) fail(name, "dtype I64, expected F32 or F64");
    if (first_real_.empty()) first_real_ = name;
    const DType expected = contents_.tensors.at(first_real_).dtype;
    if (found != expected) {
      fail(name, fmt::format("dtype {}, expected {} as in {}: a trace has one type of reals", dtype_name(found),
                             dtype_name(expected), quote(first_real_)));
    }
  }

  void check_dimension(const std::string& name, const std::vector<std::int64_t>& found, const Symbols& shape,
                       std::size_t i) {
    const bool may_be_none = shape[i] == "S" || shape[i] == "K";
    if (found[i] == 0 && !may_be_none) {
      fail(name, fmt::format("shape {}, expected [{}] with {} at least 1", found, fmt::join(shape, ", "), shape[i]));
    }
    const auto [symbol, is_new] = meanings_.try_emplace(shape[i], Meaning{found[i], name});
    const Meaning& meaning = symbol->second;
    if (meaning.number != found[i]) {
      fail(name, fmt::format("shape {}, expected [{}] with {} = {} as in {}", found, fmt::join(shape, ", "), shape[i],
                             meaning.number, quote(meaning.tensor)));
    }
  }

  void check_finite(const std::string& name) const {
    const std::vector<double> values = reals_of(contents_.tensors.at(name));
    const auto bad = std::find_if_not(values.begin(), values.end(), [](double value) { return std::isfinite(value); });
    if (bad != values.end()) {
      fail(name, fmt::format("element {} is {}, expected a finite number", bad - values.begin(), *bad));
    }
  }

  void check_labels(const std::string& name, std::int64_t classes) const {
    for (const std::int64_t label : integers_of(contents_.tensors.at(name))) {
      if (label < 0 || label >= classes) {
        fail(name, fmt::format("found label {}, expected 0 to {}, as the output layer has {} units", label, classes - 1,
                               classes));
      }
    }
  }

  void check_rising(const std::string& name) const {
    std::int64_t last = -1;
    for (const std::int64_t index : integers_of(contents_.tensors.at(name))) {
      if (index < 0) fail(name, fmt::format("found {}, expected numbers from 0", index));
      if (index <= last) fail(name, fmt::format("found {} after {}, expected rising numbers", index, last));
      last = index;
    }
  }

  void check_epochs_exist() const {
    const auto epochs = meanings_.find("E");
    const std::vector<std::int64_t> index = integers_of(contents_.tensors.at("epoch/index"));
    if (epochs == meanings_.end() || index.empty() || index.back() < epochs->second.number) return;
    fail("epoch/index", fmt::format("found {}, expected 0 to {}, as {} has {} epochs", index.back(),
                                    epochs->second.number - 1, quote(epochs->second.tensor), epochs->second.number));
  }

  [[noreturn]] void refuse_unknown(const std::string& name) const {
    std::vector<std::string> known{"data/train/x", "data/train/y", "data/test/x", "data/test/y", "order"};
    for (const Column& column : real_columns()) known.emplace_back(column.name);
    for (const Column& column : index_columns) known.emplace_back(column.name);
    std::vector<Family> families = families_;
    families.push_back({"init/", {}});
    for (const Family& family : families) {
      for (const Parameter& parameter : parameters_) known.push_back(family.prefix + parameter.name);
    }
    fail(name, fmt::format("unknown tensor{}; the layers in init/ are dense_0 to dense_{}", suggestion(name, known),
                           parameters_.size() / 2 - 1));
  }

  [[noreturn]] void fail_metadata(const char* key, const std::string& message) const {
    throw UserError(fmt::format("{}: __metadata__ \"{}\": {}", source_, key, message));
  }

  [[noreturn]] void fail(const std::string& name, const std::string& message) const {
    throw trace_error(source_, name, message);
  }

  const Safetensors& contents_;
  const std::string& source_;
  std::set<std::string> unknown_;
  std::string first_real_;
  std::map<std::string, Meaning> meanings_;
  std::vector<Parameter> parameters_;
  std::vector<Family> families_;
};

}  // namespace

void check_trace(const Safetensors& contents, const std::string& source) { TraceChecker(contents, source).check(); }

}  // namespace touchstone

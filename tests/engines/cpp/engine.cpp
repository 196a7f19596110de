// A training engine that stands alone: reads a case, trains, writes a trace.
//   engine CASE OUT [--mistake NAME[=NUMBER]]... [--from-update N] [--sum natural|reversed|pairwise|fma] [--arithmetic
//   N]
//   [--argument NAME=VALUE]... [--outside RULE] [--inject NAME[=NUMBER]]...
//   [--private-state yes|no] [--compute-in float32]
//   engine --list-mistakes | --list-outside
// Build it with: g++ -std=c++17 -O2 engine.cpp -o engine
#include <cstdio>
#include <cstring>
#include <numeric>

#include "arithmetic.h"
#include "mistakes.h"
#include "network.h"
#include "optimizers.h"
#include "schedules.h"
#include "trace_io.h"

namespace example {
namespace {

struct Options {
  std::string input;
  std::string output;
  Mistakes mistakes;
  SumOrder order = SumOrder::natural;
  Arithmetic arithmetic;
  std::map<std::string, double> arguments;  // of the optimizer or a callback, in place of the case's
  std::string outside;                      // a rule of outside.h, in Adam's place
  Injections injections;                    // of injected.h
  bool private_state = false;               // the optimizer's state is not recorded
  bool computes_in_float32 = false;         // whatever the case's precision
};

// One run: the case's data, configuration and weights, in the case's precision.
template <typename Real>
class Run {
 public:
  Run(const TraceFile& file, const Options& options)
      : case_(file),
        mistakes_(options.mistakes),
        arithmetic_(options.arithmetic),
        outside_(options.outside),
        injections_(options.injections),
        config_(nlohmann::json::parse(file.metadata.at("experiment"))),
        train_x_(reals("data/train/x")),
        test_x_(reals("data/test/x")),
        train_y_(file.at("data/train/y").integers),
        test_y_(file.at("data/test/y").integers),
        features_(file.at("data/train/x").shape.at(1)),
        batch_size_(config_.at("fit").at("batch_size").get<std::int64_t>()),
        epochs_(config_.at("fit").at("epochs").get<std::int64_t>()),
        lr_(static_cast<Real>(config_.at("optimizer").at("lr").get<double>())) {
    for (const auto& [name, value] : options.arguments) set_argument(name, value);
    lr_ = static_cast<Real>(config_.at("optimizer").at("lr").get<double>());
    build_network(options.order);
    choose_what_is_recorded();
    records_slots_ = records_slots_ && !options.private_state;
    for (const auto& callback : config_.value("callbacks", nlohmann::json::array())) {
      if (mistakes_.made("callbacks_ignored")) break;
      callbacks_.emplace_back(callback, mistakes_);
    }
  }

  TraceFile train() {
    std::vector<std::size_t> sizes;
    for (const auto* parameter : parameters()) sizes.push_back(parameter->size());
    Optimizer<Real> optimizer(config_.at("optimizer"), sizes, mistakes_, arithmetic_);
    if (!outside_.empty()) optimizer.take_outside_rule(outside_);
    if (!injections_.empty()) optimizer.inject(injections_);
    if (gives_gradients()) {
      make_updates(optimizer);
    } else {
      for (std::int64_t epoch = 0; epoch < epochs_; ++epoch) train_epoch(epoch, optimizer);
    }
    if (records_slots_) record_final(optimizer);
    return trace();
  }

 private:
  std::vector<Real> reals(const std::string& name) const {
    const std::vector<double>& values = case_.at(name).reals;
    return {values.begin(), values.end()};
  }

  void set_argument(const std::string& name, double value) {
    bool is_a_callbacks = false;
    for (auto& callback : config_["callbacks"]) {
      if (!callback.contains(name)) continue;
      callback[name] = value;
      is_a_callbacks = true;
    }
    if (!is_a_callbacks) config_["optimizer"][name] = value;
  }

  void build_network(SumOrder order) {
    network_.order = order;
    network_.arithmetic = arithmetic_;
    const auto& model = config_.at("model");
    network_.clips_probabilities =
        (model.value("loss_from", "logits") == "probabilities" && !mistakes_.made("loss_from_ignored")) ||
        mistakes_.made("probabilities_clipped");
    network_.clip = static_cast<Real>(mistakes_.number("probabilities_clipped", 1e-7));
    make_mistakes_in_network();
    std::size_t index = 0;
    for (const auto& layer : model.at("layers")) {
      const std::string name = "dense_" + std::to_string(index++);
      const auto& shape = case_.at("init/" + name + "/kernel").shape;
      std::vector<Real> kernel = reals("init/" + name + "/kernel");
      if (mistakes_.made("kernel_transposed")) kernel = read_transposed(kernel, shape[0], shape[1]);
      network_.layers.push_back(
          {shape[0], shape[1], layer.at("activation"), std::move(kernel), reals("init/" + name + "/bias")});
      names_.push_back(name + "/kernel");
      names_.push_back(name + "/bias");
    }
    for (const char* activation : {"linear", "relu", "sigmoid", "tanh"}) {
      if (!mistakes_.made(std::string("activation_") + activation)) continue;
      for (auto& layer : network_.layers) layer.activation = activation;
    }
    network_.layers.back().activation = "linear";  // the loss takes the logits
  }

  void make_mistakes_in_network() {
    if (mistakes_.made("loss_clipped")) {
      const auto least = static_cast<Real>(mistakes_.number("loss_clipped", 1e-7));
      network_.told_probability = [least](Real p) { return std::max(p, least); };
    }
    if (mistakes_.made("loss_padded")) {
      const auto added = static_cast<Real>(mistakes_.number("loss_padded", 1e-7));
      network_.told_probability = [added](Real p) { return p + added; };
    }
    network_.takes_softmax_twice = mistakes_.made("softmax_twice");
    if (mistakes_.made("label_smoothing")) {
      network_.smoothing = static_cast<Real>(mistakes_.number("label_smoothing", 0.1));
    }
    network_.has_zero_times_log_zero = mistakes_.made("zero_times_log_zero");
    for (const auto& [name, activation] : mistaken_activations<Real>()) {
      const bool is_number = name == "relu_leaks";
      if (!mistakes_.made(is_number ? name : "activation_" + name)) continue;
      network_.mistaken = &activation;
      network_.mistaken_number = static_cast<Real>(mistakes_.number(name, 0.01));
    }
  }

  // The buffer of a kernel [in, out] taken for one of shape [out, in].
  static std::vector<Real> read_transposed(const std::vector<Real>& kernel, std::int64_t in, std::int64_t out) {
    std::vector<Real> result(kernel.size());
    for (std::int64_t i = 0; i < in; ++i) {
      for (std::int64_t o = 0; o < out; ++o) {
        result[static_cast<std::size_t>(i * out + o)] = kernel[static_cast<std::size_t>(o * in + i)];
      }
    }
    return result;
  }

  // Every update, unless the case names some or asks for the first N.
  void choose_what_is_recorded() {
    const auto record = nlohmann::json::parse(case_.metadata.count("record") > 0 ? case_.metadata.at("record") : "{}");
    first_steps_ = record.value("steps", std::int64_t{0});
    records_slots_ = record.value("slots", true);
    if (first_steps_ == 0) first_steps_ = INT64_MAX;
  }

  bool is_recorded(std::int64_t update) const {
    if (!case_.has("step/index")) return update < first_steps_;
    const auto& index = case_.at("step/index").integers;
    return std::binary_search(index.begin(), index.end(), update);
  }

  bool is_epoch_recorded(std::int64_t epoch) const {
    if (!case_.has("epoch/index")) return true;
    const auto& index = case_.at("epoch/index").integers;
    return std::binary_search(index.begin(), index.end(), epoch);
  }

  std::vector<std::vector<Real>*> parameters() {
    std::vector<std::vector<Real>*> result;
    for (Layer<Real>& layer : network_.layers) {
      result.push_back(&layer.kernel);
      result.push_back(&layer.bias);
    }
    return result;
  }

  std::vector<std::int64_t> order(std::int64_t epoch) const {
    const auto rows = static_cast<std::int64_t>(train_y_.size());
    std::vector<std::int64_t> order(train_y_.size());
    std::iota(order.begin(), order.end(), std::int64_t{0});
    if (!case_.has("order") || mistakes_.made("order_ignored", update_)) return order;
    const auto& all = case_.at("order").integers;
    return {all.begin() + epoch * rows, all.begin() + (epoch + 1) * rows};
  }

  // A case that asks for the optimizer's updates alone brings their gradients.
  bool gives_gradients() const {
    const auto note = case_.metadata.find("gradients");
    return note != case_.metadata.end() && note->second == "given";
  }

  void make_updates(Optimizer<Real>& optimizer) {
    const auto rows = static_cast<std::int64_t>(train_y_.size());
    const std::int64_t updates_per_epoch = (rows + batch_size_ - 1) / batch_size_;
    for (const std::int64_t update : case_.at("step/index").integers) {
      const std::int64_t epoch = update / updates_per_epoch;
      if (update % updates_per_epoch == 0) {
        for (auto& callback : callbacks_) callback.on_epoch_begin(epoch, update, lr_);
      }
      std::vector<std::vector<Real>> gradients;
      for (std::size_t i = 0; i < names_.size(); ++i) {
        const auto& all = case_.at("step/grad/" + names_[i]).reals;
        const auto size = static_cast<std::ptrdiff_t>(parameters()[i]->size());
        gradients.emplace_back(all.begin() + update * size, all.begin() + (update + 1) * size);
      }
      const Real lr = rate_of(update, epoch);
      optimizer.step(parameters(), gradients, lr);
      record_result(lr, optimizer);
    }
  }

  Real rate_of(std::int64_t update, std::int64_t epoch) const {
    const auto& optimizer = config_.at("optimizer");
    if (update == 0 && mistakes_.made("schedule_late_by_one_update", update)) return optimizer.at("lr").get<Real>();
    return decayed_rate(lr_, optimizer.value("decay", 0.0), update, epoch, mistakes_);
  }

  void train_epoch(std::int64_t epoch, Optimizer<Real>& optimizer) {
    for (auto& callback : callbacks_) callback.on_epoch_begin(epoch, update_, lr_);
    const std::vector<std::int64_t> rows = order(epoch);
    double loss = 0;
    double correct = 0;
    double seen = 0;
    std::vector<double> losses;
    std::vector<double> accuracies;
    for (std::size_t begin = 0; begin < rows.size(); begin += static_cast<std::size_t>(batch_size_)) {
      const std::size_t end = std::min(rows.size(), begin + static_cast<std::size_t>(batch_size_));
      const bool is_short = begin > 0 && end - begin < static_cast<std::size_t>(batch_size_);
      if (is_short && mistakes_.made("partial_batch_dropped", update_)) break;
      const auto length = static_cast<double>(end - begin);
      const auto result = train_batch(
          {rows.begin() + static_cast<std::ptrdiff_t>(begin), rows.begin() + static_cast<std::ptrdiff_t>(end)},
          is_short, epoch, optimizer);
      loss += static_cast<double>(result.loss) * length;
      correct += static_cast<double>(result.correct);
      seen += length;
      losses.push_back(static_cast<double>(result.loss));
      accuracies.push_back(static_cast<double>(result.correct) / length);
    }
    std::map<std::string, double> metrics{{"loss", loss / seen}, {"accuracy", correct / seen}};
    if (mistakes_.made("metrics_by_batch", update_ - 1)) {
      metrics = {{"loss", mean(losses)}, {"accuracy", mean(accuracies)}};
    }
    if (mistakes_.made("metrics_after_epoch", update_ - 1)) measure(train_x_, train_y_, "", metrics);
    measure(test_x_, test_y_, "val_", metrics);
    if (mistakes_.made("validation_by_batch", update_ - 1)) measure_by_batch(metrics);
    metrics["lr"] = static_cast<double>(lr_);
    for (auto& callback : callbacks_) callback.on_epoch_end(metrics, update_ - 1, lr_);
    metrics["lr"] = static_cast<double>(lr_);
    for (const auto& [name, value] : metrics) append("epoch/" + name, value);
    if (!is_epoch_recorded(epoch)) return;
    for (std::size_t i = 0; i < names_.size(); ++i) append("epoch/param/", i, *parameters()[i]);
  }

  void measure(const std::vector<Real>& x, const std::vector<std::int64_t>& y, const std::string& prefix,
               std::map<std::string, double>& metrics) const {
    const BatchResult<Real> result = network_.evaluate(x, y);
    metrics[prefix + "loss"] = static_cast<double>(result.loss);
    metrics[prefix + "accuracy"] = static_cast<double>(result.correct) / static_cast<double>(y.size());
  }

  static double mean(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  }

  // The test rows, as the mean of the batches' means.
  void measure_by_batch(std::map<std::string, double>& metrics) const {
    std::vector<double> losses;
    std::vector<double> accuracies;
    const auto rows = static_cast<std::int64_t>(test_y_.size());
    for (std::int64_t begin = 0; begin < rows; begin += batch_size_) {
      const std::int64_t end = std::min(rows, begin + batch_size_);
      std::map<std::string, double> of_batch;
      measure({test_x_.begin() + begin * features_, test_x_.begin() + end * features_},
              {test_y_.begin() + begin, test_y_.begin() + end}, "", of_batch);
      losses.push_back(of_batch["loss"]);
      accuracies.push_back(of_batch["accuracy"]);
    }
    metrics["val_loss"] = mean(losses);
    metrics["val_accuracy"] = mean(accuracies);
  }

  BatchResult<Real> train_batch(const std::vector<std::int64_t>& rows, bool is_short, std::int64_t epoch,
                                Optimizer<Real>& optimizer) {
    std::vector<Real> x;
    std::vector<std::int64_t> y;
    for (const std::int64_t row : rows) {
      x.insert(x.end(), train_x_.begin() + row * features_, train_x_.begin() + (row + 1) * features_);
      y.push_back(train_y_[static_cast<std::size_t>(row)]);
    }
    auto divisor = static_cast<Real>(rows.size());
    if (is_short && mistakes_.made("partial_batch_nominal", update_)) divisor = static_cast<Real>(batch_size_);
    if (mistakes_.made("loss_summed", update_)) divisor = 1;

    BatchResult<Real> result = network_.gradients(x, y, divisor);
    if (mistakes_.made("weight_decay", update_)) add_weight_decay(result.gradients);
    if (mistakes_.made("gradients_accumulate", update_)) accumulate(result.gradients);

    const Real lr = rate_of(update_, epoch);
    optimizer.step(parameters(), result.gradients, lr);
    if (is_recorded(update_)) record_update(result, lr, optimizer);
    ++update_;
    return result;
  }

  void add_weight_decay(std::vector<std::vector<Real>>& gradients) {
    for (std::size_t i = 0; i < gradients.size(); i += 2) {
      for (std::size_t j = 0; j < gradients[i].size(); ++j) gradients[i][j] += Real(0.01) * (*parameters()[i])[j];
    }
  }

  void accumulate(std::vector<std::vector<Real>>& gradients) {
    for (std::size_t i = 0; i < accumulated_.size(); ++i) {
      for (std::size_t j = 0; j < gradients[i].size(); ++j) gradients[i][j] += accumulated_[i][j];
    }
    accumulated_ = gradients;
  }

  void record_update(const BatchResult<Real>& result, Real lr, const Optimizer<Real>& optimizer) {
    append("step/loss", static_cast<double>(result.loss));
    for (std::size_t i = 0; i < names_.size(); ++i) append("step/grad/", i, result.gradients[i]);
    record_result(lr, optimizer);
  }

  void record_result(Real lr, const Optimizer<Real>& optimizer) {
    append("step/lr", static_cast<double>(lr));
    for (std::size_t i = 0; i < names_.size(); ++i) {
      append("step/param/", i, *parameters()[i]);
      if (!records_slots_) continue;
      for (const auto& [slot, values] : optimizer.states()[i]) append("step/slot/" + slot + "/", i, values);
    }
  }

  void record_final(const Optimizer<Real>& optimizer) {
    for (std::size_t i = 0; i < names_.size(); ++i) {
      for (const auto& [slot, values] : optimizer.states()[i]) {
        Tensor& tensor = observed_["final/slot/" + slot + "/" + names_[i]];
        tensor.shape = case_.at("init/" + names_[i]).shape;
        tensor.reals.assign(values.begin(), values.end());
      }
    }
  }

  void append(const std::string& series, double value) {
    Tensor& tensor = observed_[series];
    tensor.reals.push_back(value);
    tensor.shape = {static_cast<std::int64_t>(tensor.reals.size())};
  }

  void append(const std::string& prefix, std::size_t parameter, const std::vector<Real>& values) {
    Tensor& tensor = observed_[prefix + names_[parameter]];
    if (tensor.shape.empty()) {
      tensor.shape = case_.at("init/" + names_[parameter]).shape;
      tensor.shape.insert(tensor.shape.begin(), 0);
    }
    ++tensor.shape[0];
    tensor.reals.insert(tensor.reals.end(), values.begin(), values.end());
  }

  // The case as it was given, with what was observed.
  TraceFile trace() const {
    TraceFile file;
    file.is_float32 = case_.is_float32;
    file.metadata = case_.metadata;
    file.metadata["engine"] = std::string("example engine in C++, ") + (case_.is_float32 ? "float32" : "float64");
    for (const auto& [name, tensor] : case_.tensors) {
      const bool observed = name.rfind("step/", 0) == 0 || name.rfind("epoch/", 0) == 0 || name.rfind("final/", 0) == 0;
      const bool given = gives_gradients() && name.rfind("step/grad/", 0) == 0;
      if (!observed || given || name == "step/index" || name == "epoch/index") file.tensors[name] = tensor;
    }
    file.tensors.insert(observed_.begin(), observed_.end());
    return file;
  }

  const TraceFile& case_;
  const Mistakes& mistakes_;
  const Arithmetic& arithmetic_;
  std::string outside_;
  Injections injections_;
  nlohmann::json config_;
  std::vector<Real> train_x_;
  std::vector<Real> test_x_;
  std::vector<std::int64_t> train_y_;
  std::vector<std::int64_t> test_y_;
  std::int64_t features_;
  std::int64_t batch_size_;
  std::int64_t epochs_;
  Real lr_;
  Network<Real> network_;
  std::vector<std::string> names_;
  std::vector<RateCallback<Real>> callbacks_;
  std::vector<std::vector<Real>> accumulated_;
  std::map<std::string, Tensor> observed_;
  std::int64_t first_steps_ = 0;
  bool records_slots_ = true;
  std::int64_t update_ = 0;
};

SumOrder sum_order(const std::string& name) {
  if (name == "natural") return SumOrder::natural;
  if (name == "reversed") return SumOrder::reversed;
  if (name == "pairwise") return SumOrder::pairwise;
  if (name == "fma") return SumOrder::fma;
  throw std::runtime_error("--sum: found '" + name + "', expected natural, reversed, pairwise or fma");
}

Options read_options(const std::vector<std::string>& arguments) {
  Options options;
  std::vector<std::string> files;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (argument.rfind("--", 0) != 0) {
      files.push_back(argument);
      continue;
    }
    if (i + 1 == arguments.size()) throw std::runtime_error(argument + ": expected a value after it");
    const std::string& value = arguments[++i];
    if (argument == "--outside") {
      options.outside = value;
    } else if (argument == "--private-state") {
      options.private_state = value == "yes";
    } else if (argument == "--compute-in") {
      options.computes_in_float32 = value == "float32";
    } else if (argument == "--inject") {
      const std::size_t equals = value.find('=');
      options.injections.add(value.substr(0, equals),
                             equals == std::string::npos ? 1.0 : std::stod(value.substr(equals + 1)));
    } else if (argument == "--argument") {
      const std::size_t equals = value.find('=');
      if (equals == std::string::npos) throw std::runtime_error("--argument: expected NAME=VALUE");
      options.arguments[value.substr(0, equals)] = std::stod(value.substr(equals + 1));
    } else if (argument == "--mistake") {
      const std::size_t equals = value.find('=');
      if (equals == std::string::npos) {
        options.mistakes.add(value);
      } else {
        options.mistakes.add(value.substr(0, equals), std::stod(value.substr(equals + 1)));
      }
    } else if (argument == "--from-update") {
      options.mistakes.begin_at(std::stoll(value));
    } else if (argument == "--arithmetic") {
      options.arithmetic = Arithmetic(std::stoull(value));
    } else if (argument == "--sum") {
      options.order = sum_order(value);
    } else {
      throw std::runtime_error("'" + argument + "' is no option");
    }
  }
  if (files.size() != 2) throw std::runtime_error("expected two files: CASE OUT");
  options.input = files[0];
  options.output = files[1];
  return options;
}

void run(const Options& options) {
  const TraceFile file = read_trace(options.input);
  const bool is_float32 = file.is_float32 || options.computes_in_float32;
  write_trace(options.output, is_float32 ? Run<float>(file, options).train() : Run<double>(file, options).train());
}

}  // namespace
}  // namespace example

int main(int argc, char** argv) {
  try {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    if (arguments == std::vector<std::string>{"--list-mistakes"}) {
      for (const std::string& name : example::all_mistakes()) std::puts(name.c_str());
      return 0;
    }
    if (arguments == std::vector<std::string>{"--list-outside"}) {
      for (const auto& [name, rule] : example::outside_rules()) std::puts(name.c_str());
      return 0;
    }
    example::run(example::read_options(arguments));
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "engine: %s\n", error.what());
    return 2;
  }
}

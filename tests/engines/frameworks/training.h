// The loop that the adapters in C++ share: a case's data, order and rates, around a framework's own network, loss,
// gradients and optimizer, in float32.
#pragma once

#include <algorithm>
#include <cstdio>
#include <map>
#include <numeric>
#include <string>
#include <vector>

#include "../cpp/schedules.h"
#include "../cpp/trace_io.h"

namespace example {

struct Unsupported {};  // what the framework has not

using Floats = std::vector<float>;

// Of a batch: the loss over its rows summed, how many are answered rightly.
struct Sums {
  double loss = 0.0;
  double correct = 0.0;
};

// What is there after an update, of kernel and bias of each layer; the gradients as the optimizer was given them.
struct Observed {
  std::vector<Floats> gradients;
  std::vector<Floats> parameters;
  std::vector<std::map<std::string, Floats>> slots;
};

class Framework {
 public:
  virtual ~Framework() = default;
  virtual std::string name() const = 0;
  virtual Sums train(const std::vector<Floats>& x, const std::vector<std::size_t>& y, float lr, Observed& observed) = 0;
  virtual Sums evaluate(const std::vector<Floats>& x, const std::vector<std::size_t>& y) = 0;
};

class Training {
 public:
  Training(const TraceFile& file, Framework& framework)
      : case_(file), config_(nlohmann::json::parse(file.metadata.at("experiment"))), framework_(framework) {
    for (std::size_t i = 0; i < config_.at("model").at("layers").size(); ++i) {
      for (const char* part : {"/kernel", "/bias"}) names_.push_back("dense_" + std::to_string(i) + part);
    }
    for (const auto& callback : config_.value("callbacks", nlohmann::json::array())) {
      callbacks_.emplace_back(callback, none_);
    }
  }

  TraceFile trace() {
    std::vector<std::int64_t> test(case_.at("data/test/y").integers.size());
    std::iota(test.begin(), test.end(), std::int64_t{0});
    lr_ = config_.at("optimizer").at("lr").get<float>();
    for (std::int64_t epoch = 0; epoch < config_.at("fit").at("epochs").get<std::int64_t>(); ++epoch) {
      for (auto& callback : callbacks_) callback.on_epoch_begin(epoch, done_, lr_);
      std::map<std::string, double> metrics;
      train_epoch(epoch, metrics);
      const Sums sums = framework_.evaluate(x("test", test), y("test", test));
      metrics["val_loss"] = sums.loss / static_cast<double>(test.size());
      metrics["val_accuracy"] = sums.correct / static_cast<double>(test.size());
      metrics["lr"] = static_cast<double>(lr_);
      for (auto& callback : callbacks_) callback.on_epoch_end(metrics, done_ - 1, lr_);
      metrics["lr"] = static_cast<double>(lr_);
      for (const auto& [name, value] : metrics) record("epoch/" + name, {}, {static_cast<float>(value)});
    }
    TraceFile trace = case_;
    trace.metadata["engine"] = framework_.name();
    for (const auto& [series, tensor] : observed_) trace.tensors[series] = tensor;
    return trace;
  }

 private:
  std::vector<Floats> x(const std::string& set, const std::vector<std::int64_t>& rows) const {
    const auto& all = case_.at("data/" + set + "/x");
    std::vector<Floats> result;
    for (const std::int64_t row : rows) {
      const auto begin = all.reals.begin() + row * all.shape[1];
      result.emplace_back(begin, begin + all.shape[1]);
    }
    return result;
  }

  std::vector<std::size_t> y(const std::string& set, const std::vector<std::int64_t>& rows) const {
    std::vector<std::size_t> result;
    for (const std::int64_t row : rows) {
      result.push_back(
          static_cast<std::size_t>(case_.at("data/" + set + "/y").integers[static_cast<std::size_t>(row)]));
    }
    return result;
  }

  void train_epoch(std::int64_t epoch, std::map<std::string, double>& metrics) {
    const auto count = static_cast<std::int64_t>(case_.at("data/train/y").integers.size());
    const auto batch_size = config_.at("fit").at("batch_size").get<std::int64_t>();
    std::vector<std::int64_t> order(static_cast<std::size_t>(count));
    std::iota(order.begin(), order.end(), std::int64_t{0});
    if (case_.has("order")) std::copy_n(case_.at("order").integers.begin() + epoch * count, count, order.begin());
    Sums all;
    for (std::int64_t begin = 0; begin < count; begin += batch_size, ++done_) {
      const std::vector<std::int64_t> rows(order.begin() + begin, order.begin() + std::min(count, begin + batch_size));
      const float lr = decayed_rate(lr_, config_.at("optimizer").value("decay", 0.0), done_, epoch, none_);
      Observed observed;
      const Sums sums = framework_.train(x("train", rows), y("train", rows), lr, observed);
      all.loss += sums.loss;
      all.correct += sums.correct;
      record("step/loss", {}, {static_cast<float>(sums.loss / static_cast<double>(rows.size()))});
      record("step/lr", {}, {lr});
      record_update(observed);
    }
    metrics["loss"] = all.loss / static_cast<double>(count);
    metrics["accuracy"] = all.correct / static_cast<double>(count);
  }

  void record_update(const Observed& observed) {
    for (std::size_t i = 0; i < names_.size(); ++i) {
      const auto& shape = case_.at("init/" + names_[i]).shape;
      record("step/grad/" + names_[i], shape, observed.gradients[i]);
      record("step/param/" + names_[i], shape, observed.parameters[i]);
      for (const auto& [slot, values] : observed.slots[i]) record("step/slot/" + slot + "/" + names_[i], shape, values);
    }
  }

  void record(const std::string& series, const std::vector<std::int64_t>& shape, const Floats& values) {
    Tensor& tensor = observed_[series];
    if (tensor.shape.empty()) {
      tensor.shape = shape;
      tensor.shape.insert(tensor.shape.begin(), 0);
    }
    ++tensor.shape[0];
    tensor.reals.insert(tensor.reals.end(), values.begin(), values.end());
  }

  const TraceFile& case_;
  nlohmann::json config_;
  Framework& framework_;
  Mistakes none_;
  std::vector<std::string> names_;
  std::vector<RateCallback<float>> callbacks_;
  std::map<std::string, Tensor> observed_;
  float lr_ = 0.0F;
  std::int64_t done_ = 0;
};

// ADAPTER CASE OUT; exit code 77: the framework does not support the case.
template <typename Adapter>
int run_adapter(int argc, char** argv) {
  constexpr int not_supported = 77;
  try {
    if (argc != 3) throw std::runtime_error("expected two files: CASE OUT");
    const TraceFile file = read_trace(argv[1]);
    if (file.has("step/grad/dense_0/kernel")) return not_supported;  // it asks for updates of given gradients
    Adapter adapter(file, nlohmann::json::parse(file.metadata.at("experiment")));
    write_trace(argv[2], Training(file, adapter).trace());
    return 0;
  } catch (const Unsupported&) {
    return not_supported;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", argv[0], error.what());
    return 2;
  }
}

}  // namespace example

// tiny-dnn (Debian: tiny-dnn): its layers, its cross_entropy_multiclass and its optimizers, in float32.
//   tiny_dnn CASE OUT      exit code 77: tiny-dnn does not support the case

#include <tiny_dnn/tiny_dnn.h>

#include <memory>

#include "training.h"

namespace {

using example::Floats;
using example::Unsupported;
using nlohmann::json;
using tiny_dnn::tensor_t;
using tiny_dnn::vec_t;
using Loss = tiny_dnn::cross_entropy_multiclass;

Floats floats(const vec_t& values) { return {values.begin(), values.end()}; }

/// Reports what an optimizer receives and stores at each update(): kernel, bias, kernel, bias, ...
class Watched : public tiny_dnn::optimizer {
 public:
  virtual void set_rate(float lr) = 0;
  example::Observed seen;
};

template <typename Optimizer, int Count>
class WatchedAs : public Watched {
 public:
  std::vector<std::string> names;  ///< of its slots

  void set_rate(float lr) override { inner.alpha = lr; }
  void update(const vec_t& gradient, vec_t& weights, bool parallelize) override {
    inner.update(gradient, weights, parallelize);
    seen.gradients.push_back(floats(gradient));
    seen.parameters.push_back(floats(weights));
    seen.slots.emplace_back();
    if constexpr (Count > 0) seen.slots.back()[names[0]] = floats(inner.template state<0>(weights));
    if constexpr (Count > 1) seen.slots.back()[names[1]] = floats(inner.template state<1>(weights));
  }

  struct Open : Optimizer {  // its state is protected
    template <int I>
    const vec_t& state(const vec_t& weights) {
      return this->template get<I>(weights);
    }
  } inner;
};

template <typename Optimizer, int Count, typename Set>
std::unique_ptr<Watched> watched(const std::vector<std::string>& names, const Set& set) {
  auto result = std::make_unique<WatchedAs<Optimizer, Count>>();
  result->names = names;
  set(result->inner);
  return result;
}

std::unique_ptr<Watched> optimizer_of(const json& c) {
  const std::string name = c.at("name");
  const auto number = [&](const char* argument) { return c.at(argument).get<float>(); };
  if (c.contains("clipnorm") || c.contains("clipvalue") || c.value("nesterov", false) || c.value("amsgrad", false) ||
      (name == "RMSprop" && (c.contains("momentum") || c.contains("centered")))) {
    throw Unsupported();
  }
  if (name == "SGD" && number("momentum") > 0) {
    return watched<tiny_dnn::momentum, 1>({"moment"}, [&](auto& inner) { inner.mu = number("momentum"); });
  }
  if (name == "SGD") return watched<tiny_dnn::gradient_descent, 0>({}, [](auto&) {});
  if (name == "Adagrad") return watched<tiny_dnn::adagrad, 1>({"accumulator"}, [](auto&) {});
  const auto with_rho = [&](auto& inner) { inner.mu = number("rho"); };
  if (name == "RMSprop") return watched<tiny_dnn::RMSprop, 1>({"accumulator"}, with_rho);
  if (name != "Adam") throw Unsupported();
  return watched<tiny_dnn::adam, 2>({"m", "v"}, [&](auto& inner) {
    inner.b1 = inner.b1_t = number("beta_1");
    inner.b2 = inner.b2_t = number("beta_2");
  });
}

std::shared_ptr<tiny_dnn::layer> layer_of(const std::string& activation, unsigned in, unsigned out) {
  namespace act = tiny_dnn::activation;
  if (activation == "relu") return std::make_shared<tiny_dnn::fully_connected_layer<act::relu>>(in, out);
  if (activation == "tanh") return std::make_shared<tiny_dnn::fully_connected_layer<act::tan_h>>(in, out);
  if (activation == "sigmoid") return std::make_shared<tiny_dnn::fully_connected_layer<act::sigmoid>>(in, out);
  if (activation == "softmax") return std::make_shared<tiny_dnn::fully_connected_layer<act::softmax>>(in, out);
  throw Unsupported();
}

class TinyDnn : public example::Framework {
 public:
  TinyDnn(const example::TraceFile& file, const json& config) : optimizer_(optimizer_of(config.at("optimizer"))) {
    if (!file.is_float32 || config.at("model").value("loss_from", "logits") != "logits") throw Unsupported();
    std::vector<std::shared_ptr<tiny_dnn::layer>> layers;
    for (const json& layer : config.at("model").at("layers")) {
      const auto& shape = file.at("init/dense_" + std::to_string(layers.size()) + "/kernel").shape;
      layers.push_back(
          layer_of(layer.at("activation"), static_cast<std::size_t>(shape[0]), static_cast<std::size_t>(shape[1])));
      network_.add(layers.back());
    }
    network_.setup(true);
    for (std::size_t i = 0; i < 2 * layers.size(); ++i) {
      const auto& values = file.at("init/dense_" + std::to_string(i / 2) + (i % 2 == 0 ? "/kernel" : "/bias")).reals;
      std::copy(values.begin(), values.end(), layers[i / 2]->weights()[i % 2]->begin());
    }
  }

  std::string name() const override { return "tiny-dnn 1.0.0a3"; }

  example::Sums train(const std::vector<Floats>& x, const std::vector<std::size_t>& y, float lr,
                      example::Observed& observed) override {
    std::vector<tensor_t> gradient;
    const example::Sums sums = measure(x, y, gradient);
    network_.backward(gradient);
    optimizer_->seen = {};
    optimizer_->set_rate(lr);
    network_.update_weights(optimizer_.get(), static_cast<int>(y.size()));
    observed = optimizer_->seen;
    return sums;
  }

  example::Sums evaluate(const std::vector<Floats>& x, const std::vector<std::size_t>& y) override {
    std::vector<tensor_t> gradient;
    return measure(x, y, gradient);
  }

 private:
  example::Sums measure(const std::vector<Floats>& x, const std::vector<std::size_t>& y,
                        std::vector<tensor_t>& gradient) {
    std::vector<tensor_t> inputs;
    for (const Floats& row : x) inputs.push_back({vec_t(row.begin(), row.end())});
    const std::vector<tensor_t> outputs = network_.forward(inputs);
    example::Sums sums;
    for (std::size_t i = 0; i < y.size(); ++i) {
      const vec_t& output = outputs[i][0];
      vec_t target(output.size(), 0.0F);
      target[y[i]] = 1.0F;
      sums.loss += static_cast<double>(Loss::f(output, target));
      gradient.push_back({Loss::df(output, target)});
      const auto answer = static_cast<std::size_t>(std::max_element(output.begin(), output.end()) - output.begin());
      sums.correct += answer == y[i] ? 1.0 : 0.0;
    }
    return sums;
  }

  std::unique_ptr<Watched> optimizer_;
  tiny_dnn::sequential network_;
};

}  // namespace

int main(int argc, char** argv) { return example::run_adapter<TinyDnn>(argc, argv); }

// A training engine of some sixty lines, for softmax regression by SGD with momentum, held to the reference.
#include <touchstone/conformance/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace {

using touchstone::Array;
using touchstone::Trace;

/// What the engine trains: y = softmax(x kernel + bias), kernel [features, classes].
struct Regression {
  std::vector<double> kernel;
  std::vector<double> bias;
};

/// Gradient of the mean loss over `rows`; returns that loss.
double gradient(const Trace& given, const Regression& model, const std::vector<std::int64_t>& rows,
                Regression& result) {
  const std::size_t features = given.train.features;
  const std::size_t classes = model.bias.size();
  double loss = 0.0;
  result = {std::vector<double>(model.kernel.size()), std::vector<double>(classes)};
  for (const std::int64_t row : rows) {
    const double* x = &given.train.x[static_cast<std::size_t>(row) * features];
    const auto label = static_cast<std::size_t>(given.train.y[static_cast<std::size_t>(row)]);
    std::vector<double> z = model.bias;
    for (std::size_t f = 0; f < features; ++f) {
      for (std::size_t c = 0; c < classes; ++c) z[c] += x[f] * model.kernel[f * classes + c];
    }
    const double largest = *std::max_element(z.begin(), z.end());
    double sum = 0.0;
    for (const double value : z) sum += std::exp(value - largest);
    loss += std::log(sum) - (z[label] - largest);
    for (std::size_t c = 0; c < classes; ++c) {
      const double delta =
          (std::exp(z[c] - largest) / sum - (c == label ? 1.0 : 0.0)) / static_cast<double>(rows.size());
      result.bias[c] += delta;
      for (std::size_t f = 0; f < features; ++f) result.kernel[f * classes + c] += x[f] * delta;
    }
  }
  return loss / static_cast<double>(rows.size());
}

void append(Trace& trace, const std::string& series, std::vector<std::int64_t> shape,
            const std::vector<double>& values) {
  Array& array = trace.arrays[series];
  if (array.shape.empty()) {
    shape.insert(shape.begin(), 0);
    array.shape = shape;
  }
  ++array.shape[0];
  array.values.insert(array.values.end(), values.begin(), values.end());
}

/// Runs the case sgd_momentum.output_only: rate 0.02, momentum 0.9, batches of 32, three epochs.
Trace train(const Trace& given, double momentum) {
  Trace trace = given;
  trace.engine = "consumer";
  Regression model{given.find("init/dense_0/kernel")->values, given.find("init/dense_0/bias")->values};
  Regression velocity{std::vector<double>(model.kernel.size()), std::vector<double>(model.bias.size())};
  const auto step = [momentum](std::vector<double>& p, std::vector<double>& v, const std::vector<double>& g) {
    for (std::size_t i = 0; i < p.size(); ++i) p[i] += v[i] = momentum * v[i] - 0.02 * g[i];
  };
  for (auto row = given.order->begin(); row != given.order->end();) {
    const auto epoch_end = row + (given.rows() - (row - given.order->begin()) % given.rows());
    const auto batch_end = epoch_end - row > 32 ? row + 32 : epoch_end;
    Regression g;
    const double loss = gradient(given, model, {row, batch_end}, g);
    step(model.kernel, velocity.kernel, g.kernel);
    step(model.bias, velocity.bias, g.bias);
    row = batch_end;

    append(trace, "step/loss", {}, {loss});
    append(trace, "step/lr", {}, {0.02});
    append(trace, "step/grad/dense_0/kernel", given.find("init/dense_0/kernel")->shape, g.kernel);
    append(trace, "step/grad/dense_0/bias", given.find("init/dense_0/bias")->shape, g.bias);
    append(trace, "step/param/dense_0/kernel", given.find("init/dense_0/kernel")->shape, model.kernel);
    append(trace, "step/param/dense_0/bias", given.find("init/dense_0/bias")->shape, model.bias);
    append(trace, "step/slot/moment/dense_0/kernel", given.find("init/dense_0/kernel")->shape, velocity.kernel);
    append(trace, "step/slot/moment/dense_0/bias", given.find("init/dense_0/bias")->shape, velocity.bias);
  }
  return trace;
}

/// The case in whichever precision the suite has it.
std::string case_name() {
  const auto names = touchstone::conformance_case_names();
  return *std::find_if(names.begin(), names.end(),
                       [](const std::string& name) { return name.rfind("sgd_momentum.output_only.", 0) == 0; });
}

TEST(Consumer, MatchesTheReference) {
  EXPECT_MATCHES_REFERENCE([](const Trace& given) { return train(given, 0.9); }, case_name());
}

TEST(Consumer, IsToldWhereItDiffers) {
  const std::string message = touchstone::mismatch([](const Trace& given) { return train(given, 0.8); }, case_name());
  EXPECT_NE(message.find("update 1, step/slot/moment"), std::string::npos) << message;
}

/// Of an optimizer alone, in ten lines.
touchstone::MakeUpdate sgd_with_momentum(const touchstone::Elements& parameters, bool rate_outside) {
  touchstone::Elements velocity = parameters;
  for (auto& v : velocity) std::fill(v.begin(), v.end(), 0.0);
  return [velocity, rate_outside](touchstone::Elements& p, const touchstone::Elements& g, double lr) mutable {
    for (std::size_t i = 0; i < p.size(); ++i) {
      for (std::size_t k = 0; k < p[i].size(); ++k) {
        double& v = velocity[i][k];
        v = rate_outside ? 0.9 * v + g[i][k] : 0.9 * v - lr * g[i][k];
        p[i][k] += rate_outside ? -lr * v : v;
      }
    }
  };
}

TEST(Consumer, UpdatesMatchTheReference) {
  EXPECT_UPDATES_MATCH_REFERENCE(
      [](const std::string&, const touchstone::Elements& start) { return sgd_with_momentum(start, false); },
      "update.sgd_momentum.decay.f64");
}

TEST(Consumer, IsToldWhatItsUpdatesComputeInstead) {
  const auto engine = touchstone::updating_engine(
      [](const std::string&, const touchstone::Elements& start) { return sgd_with_momentum(start, true); });
  const std::string message = touchstone::mismatch(engine, "update.sgd_momentum.decay.f64");
  EXPECT_NE(message.find("follows convention torch instead of keras"), std::string::npos) << message;
}

}  // namespace

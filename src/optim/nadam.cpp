#include <cmath>
#include <vector>

#include "optim/bias_correction.h"
#include "optim/optimizer.h"

namespace touchstone {
namespace {

/// Dozat (2016), as Keras 2.3 (keras/optimizers.py, Nadam) and PyTorch (torch/optim/nadam.py) have it:
///   mu_t = beta_1 * (1 - 0.5 * 0.96^(t * schedule_decay)), M_t = mu_1 * ... * mu_t
///   p -= lr * ((1 - mu_t) / (1 - M_t) * g + mu_(t+1) / (1 - M_t * mu_(t+1)) * m) / (sqrt(v / (1 - beta_2^t)) +
///   epsilon)
struct Nadam {
  template <typename T>
  struct Coefficients {
    T rate_g;
    T rate_m;
    T keep_m;
    T take_m;
    T keep_v;
    T take_v;
    T correction_v;  ///< 1 - beta_2^t
    T epsilon;
  };
  template <typename T>
  static void apply(const Coefficients<T>& c, T& p, T g, T& m, T& v) {
    m = c.keep_m * m + c.take_m * g;
    v = c.keep_v * v + c.take_v * (g * g);
    p -= (c.rate_g * g + c.rate_m * m) / (root(v / c.correction_v) + c.epsilon);
  }
};

/// mu and M by t; Keras keeps them in the run's precision.
class MomentumSchedule {
 public:
  MomentumSchedule(double beta_1, double schedule_decay, Precision precision)
      : beta_1_(beta_1), schedule_decay_(schedule_decay), precision_(precision) {}

  double mu(std::int64_t t) const {
    const double power = std::pow(rounded(0.96, precision_), static_cast<double>(t) * schedule_decay_);
    return rounded(beta_1_ * rounded(1.0 - 0.5 * rounded(power, precision_), precision_), precision_);
  }

  double product(std::int64_t t) {
    while (static_cast<std::int64_t>(products_.size()) <= t) {
      products_.push_back(rounded(products_.back() * mu(static_cast<std::int64_t>(products_.size())), precision_));
    }
    return products_[static_cast<std::size_t>(t)];
  }

 private:
  double beta_1_;
  double schedule_decay_;
  Precision precision_;
  std::vector<double> products_ = {1.0};  ///< of the first t
};

Formula nadam_formula(const OptimizerConfig& config, Precision precision) {
  const double beta_1 = kept(config, "beta_1", precision);
  const double beta_2 = kept(config, "beta_2", precision);
  const double epsilon = config.number("epsilon");
  const Precision of_constants = config.convention == Convention::keras ? precision : Precision::float64;
  const auto coefficients = [=, schedule = MomentumSchedule(beta_1, config.number("schedule_decay"), of_constants)](
                                double lr, std::int64_t t) mutable {
    const double mu = schedule.mu(t);
    const double next = schedule.mu(t + 1);
    const double product = schedule.product(t);
    return Nadam::Coefficients<double>{lr * (1.0 - mu) / (1.0 - product),
                                       lr * next / (1.0 - product * next),
                                       beta_1,
                                       1.0 - beta_1,
                                       beta_2,
                                       1.0 - beta_2,
                                       bias_correction(beta_2, t, of_constants),
                                       epsilon};
  };
  return formula_of<Nadam>({{"m"}, {"v"}}, coefficients);
}

}  // namespace

OptimizerEntry nadam() {
  OptimizerEntry entry;
  entry.spec = {"Nadam",
                {{"lr", 0.002, at_least_zero},
                 {"beta_1", 0.9, below_one},
                 {"beta_2", 0.999, below_one},
                 {"epsilon", 1e-7, at_least_zero},
                 {"schedule_decay", 0.004, at_least_zero},
                 {"decay", 0.0, at_least_zero}}};
  entry.slots = {"m", "v"};
  entry.formula = &nadam_formula;
  entry.examples = {{"", {{"lr", 0.01}}},
                    {"arguments", {{"lr", 0.01}, {"beta_1", 0.8}, {"beta_2", 0.95}, {"schedule_decay", 0.1}}, {}}};
  return entry;
}

}  // namespace touchstone

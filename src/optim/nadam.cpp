#include <cmath>
#include <vector>

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

  template <typename Constants>
  auto mu(const Constants& constant, std::int64_t t) const {
    const double power = std::pow(rounded(0.96, precision_), static_cast<double>(t) * schedule_decay_);
    const auto half = constant(0.5) * constant.product(rounded(power, precision_), 1);
    return rounded(constant(beta_1_) * rounded(constant(1.0) - half, precision_), precision_);
  }

  template <typename Constants>
  auto product(const Constants& constant, std::int64_t t) {
    const ExactConstants exact;
    while (static_cast<std::int64_t>(products_.size()) <= t) {
      const double next = mu(exact, static_cast<std::int64_t>(products_.size()));
      products_.push_back(rounded(products_.back() * next, precision_));
    }
    return constant.product(products_[static_cast<std::size_t>(t)], t);
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
                                const auto& constant, const auto& lr, std::int64_t t) mutable {
    const auto one = constant(1.0);
    const auto mu = schedule.mu(constant, t);
    const auto next = schedule.mu(constant, t + 1);
    const auto product = schedule.product(constant, t);
    return Nadam::Coefficients<std::decay_t<decltype(lr)>>{lr * (one - mu) / (one - product),
                                                           lr * next / (one - product * next),
                                                           constant(beta_1),
                                                           complement(constant, beta_1),
                                                           constant(beta_2),
                                                           complement(constant, beta_2),
                                                           bias_correction(constant, beta_2, t, of_constants),
                                                           constant(epsilon)};
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

#include <fmt/format.h>

#include <cmath>
#include <string>
#include <vector>

#include "optim/optimizer.h"
#include "optim/variant.h"

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

/// Keras 3 has no such argument, as if it were 1 (keras/src/optimizers/nadam.py).
double schedule_decay_of(const OptimizerConfig& config) {
  return config.convention == Convention::keras3 ? 1.0 : config.number("schedule_decay");
}

/// mu and M by t; Keras keeps them in the run's precision.
class MomentumSchedule {
 public:
  MomentumSchedule(double beta_1, double schedule_decay, Precision precision)
      : beta_1_(beta_1), schedule_decay_(schedule_decay), precision_(precision) {}

  /// `name`: of t, in text.
  template <typename Constants>
  auto mu(const Constants& constant, std::int64_t t, const char* name) const {
    const double power = std::pow(rounded(0.96, precision_), static_cast<double>(t) * schedule_decay_);
    const auto text = [&] { return fmt::format("0.96^({:g}*{})", schedule_decay_, name); };
    const auto half = constant(0.5) * constant.product(rounded(power, precision_), 1, text);
    return rounded(constant(beta_1_) * rounded(constant(1.0) - half, precision_), precision_);
  }

  template <typename Constants>
  auto product(const Constants& constant, std::int64_t t) {
    const ExactConstants exact;
    while (static_cast<std::int64_t>(products_.size()) <= t) {
      const double next = mu(exact, static_cast<std::int64_t>(products_.size()), "t");
      products_.push_back(rounded(products_.back() * next, precision_));
    }
    return constant.product(products_[static_cast<std::size_t>(t)], t, [] { return "M(t)"; });
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
  const auto coefficients = [=, schedule = MomentumSchedule(beta_1, schedule_decay_of(config), of_constants)](
                                const auto& constant, const auto& lr, std::int64_t t) mutable {
    const auto one = constant(1.0);
    const auto mu = schedule.mu(constant, t, "t");
    const auto next = schedule.mu(constant, t + 1, "(t + 1)");
    const auto product = schedule.product(constant, t);
    return Nadam::Coefficients<std::decay_t<decltype(lr)>>{lr * (one - mu) / (one - product),
                                                           lr * next / (one - product * next),
                                                           constant(beta_1),
                                                           one_minus(constant, beta_1),
                                                           constant(beta_2),
                                                           one_minus(constant, beta_2),
                                                           bias_correction(constant, beta_2, t, of_constants),
                                                           constant(epsilon)};
  };
  return formula_of<Nadam>({{"m"}, {"v"}}, coefficients);
}

Formula nadam_variant(const OptimizerConfig& config, Precision /*precision*/) {
  const double beta_1 = config.number("beta_1");
  const double beta_2 = config.number("beta_2");
  const double epsilon = config.number("epsilon");
  const std::string place = choice(config, "epsilon.place");
  const std::string form = choice(config, "momentum.form");
  const bool uncorrected = is_chosen(config, "correction.form", "none");
  const double schedule_decay = form == "constant" ? 0.0 : schedule_decay_of(config);
  const auto coefficients = [=, schedule = MomentumSchedule(beta_1, schedule_decay, Precision::float64)](
                                const auto& constant, const auto& lr, std::int64_t t) mutable {
    using T = std::decay_t<decltype(lr)>;
    struct Coefficients {
      Nadam::Coefficients<T> right;
      T lr;
    };
    const auto one = constant(1.0);
    // Without a schedule mu is beta_1 itself, and M_t its power.
    const bool is_constant = form == "constant";
    const auto mu = is_constant ? constant(beta_1) : schedule.mu(constant, t, "t");
    const auto next = is_constant ? constant(beta_1) : schedule.mu(constant, t + 1, "(t + 1)");
    const auto product = is_constant ? constant.power(beta_1, t) : schedule.product(constant, t);
    const auto of_m = form == "adam" ? lr / bias_correction(constant, beta_1, t) : lr * next / (one - product * next);
    return Coefficients{
        {lr * (one - mu) / (one - product), of_m, constant(beta_1), one_minus(constant, beta_1), constant(beta_2),
         one_minus(constant, beta_2), uncorrected ? one : bias_correction(constant, beta_2, t),
         place == "nowhere" ? constant(no_epsilon) : constant(epsilon)},
        lr};
  };
  const auto apply = [=](const auto& all, auto& p, const auto& g, auto* slots) {
    const auto& c = all.right;
    slots[0] = c.keep_m * slots[0] + c.take_m * g;
    slots[1] = c.keep_v * slots[1] + c.take_v * (g * g);
    const auto second = slots[1] / c.correction_v;
    const auto by = place == "in_root"             ? root(second + c.epsilon)
                    : place == "before_correction" ? (root(slots[1]) + c.epsilon) / root(c.correction_v)
                                                   : root(second) + c.epsilon;
    form == "adam" ? p -= c.rate_m * slots[0] / by : p -= (c.rate_g * g + c.rate_m * slots[0]) / by;
  };
  return variant_of({{"m"}, {"v"}}, coefficients, apply);
}

std::vector<OptimizerMistake> nadam_mistakes() {
  return {chosen("epsilon.place", "in_root", "nadam_eps_inside_root",
                 "Nadam adds epsilon inside the square root instead of outside"),
          chosen("epsilon.place", "before_correction", "nadam_eps_before_correction",
                 "Nadam adds epsilon before the bias correction instead of after it"),
          chosen("epsilon.place", "nowhere", "nadam_eps_missing", "Nadam omits epsilon"),
          chosen("correction.form", "none", "nadam_v_uncorrected", "Nadam omits the bias correction of v"),
          chosen("momentum.form", "constant", "nadam_schedule_missing",
                 "Nadam's momentum is the constant beta_1 instead of the schedule's value"),
          chosen("momentum.form", "adam", "nadam_as_adam",
                 "computes Adam instead of Nadam: Nesterov's momentum is missing"),
          swapped("beta_1", "beta_2", "betas_swapped")};
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
  entry.mistakes = nadam_mistakes();
  entry.variant = &nadam_variant;
  return entry;
}

}  // namespace touchstone

#pragma once

#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "optim/constants.h"

namespace touchstone {

/// Nadam's momentum: mu_t = beta_1 * (1 - 0.5 * 0.96^(t * schedule_decay)), and M_t = mu_1 * ... * mu_t. Keras keeps
/// them in the run's precision.
class MomentumSchedule {
 public:
  MomentumSchedule(double beta_1, double schedule_decay, Precision precision)
      : beta_1_(beta_1), schedule_decay_(schedule_decay), precision_(precision) {}

  /// `name`: of t, in text.
  template <typename Constants>
  auto mu(const Constants& constant, std::int64_t t, const char* name) const {
    const double power = std::pow(rounded(0.96, precision_), static_cast<double>(t) * schedule_decay_);
    const auto text = [&] { return fmt::format("0.96^({}*{})", number_text(schedule_decay_), name); };
    const auto half = constant(0.5) * constant.product(rounded(power, precision_), 1, text);
    return rounded(constant(beta_1_) * rounded(constant(1.0) - half, precision_), precision_);
  }

  /// M_t.
  template <typename Constants>
  auto product(const Constants& constant, std::int64_t t) {
    const ExactConstants exact;
    while (static_cast<std::int64_t>(products_.size()) <= t) {
      const double next = mu(exact, static_cast<std::int64_t>(products_.size()), "t");
      products_.push_back(rounded(products_.back() * next, precision_));
    }
    return constant.product(products_[static_cast<std::size_t>(t)], t,
                            [&] { return fmt::format("product(i, t, {})", mu(TextConstants(t), t, "i").text()); });
  }

 private:
  double beta_1_;
  double schedule_decay_;
  Precision precision_;
  std::vector<double> products_ = {1.0};  ///< of the first t
};

}  // namespace touchstone

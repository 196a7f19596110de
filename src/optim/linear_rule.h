#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "optim/formula.h"

namespace touchstone {

/// An update rule whose lines are linear in a few quantities, with coefficients that depend on the rate and on the
/// update's number: what can be read off a trace. First each slot, then
///   p = p + beside; p = p + step / divisor.
struct LinearRule {
  /// What a line is linear in.
  struct Quantity {
    enum class Kind { gradient, gradient_squared, gradient_size, gradient_sign, parameter, one, slot, slot_before };
    Kind kind = Kind::gradient;
    std::size_t slot = 0;  ///< of the two last: after its own line, and before

    friend bool operator==(const Quantity& a, const Quantity& b) { return a.kind == b.kind && a.slot == b.slot; }
  };

  /// (1 - base^(t + shift))^exponent; shift -1, 0 or 1; t is the update's number, from 1, and t + shift at least 1.
  struct Correction {
    double base = 0.0;
    std::int64_t shift = 0;
    double exponent = 1.0;  ///< 1, -1, 1/2 or -1/2
  };

  /// factor * lr * corrections
  struct Coefficient {
    double factor = 1.0;
    bool has_rate = false;
    std::vector<Correction> corrections = {};

    double at(double lr, std::int64_t t) const;
  };

  struct Term {
    Coefficient coefficient;
    Quantity quantity;
  };
  using Line = std::vector<Term>;

  struct SlotLine {
    std::string name;
    double start = 0.0;
    Line line = {};
    bool is_at_least_size = false;               ///< the maximum of the line and |g|
    std::optional<std::size_t> maximum_of = {};  ///< the maximum of what it was and of this slot; without a line
  };

  enum class Divided { by_nothing, by_sqrt, by_sqrt_of_sum, by_itself };  ///< sqrt(x) + e, sqrt(x + e), x + e
  struct Divisor {
    Divided divided = Divided::by_nothing;
    Quantity of = {};
    Coefficient epsilon = {0.0};  ///< e
  };

  std::vector<SlotLine> slots;
  Line step;
  Divisor divisor;
  Line beside;
};

/// The rule over doubles, noise, tensors and text.
Formula formula_of(const LinearRule& rule);

}  // namespace touchstone

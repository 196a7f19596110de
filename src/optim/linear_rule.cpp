#include "optim/linear_rule.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "optim/constants.h"

namespace touchstone {
namespace {

using Kind = LinearRule::Quantity::Kind;
using Divided = LinearRule::Divided;

std::int64_t shifted(std::int64_t t, std::int64_t shift) { return std::max<std::int64_t>(t + shift, 1); }

/// Without its sign.
template <typename T, typename Constants>
T size_of(const LinearRule::Coefficient& coefficient, const Constants& constant, const T& lr, std::int64_t t) {
  const double size = std::abs(coefficient.factor);
  T value = coefficient.has_rate && size == 1.0 ? T(lr) : T(constant(size));
  if (coefficient.has_rate && size != 1.0) value = value * lr;
  for (const LinearRule::Correction& correction : coefficient.corrections) {
    const T base = constant(1.0) - constant.power(correction.base, shifted(t, correction.shift));
    const T root = std::abs(correction.exponent) == 0.5 ? T(sqrt(base)) : T(base);
    value = correction.exponent > 0.0 ? T(value * root) : T(value / root);
  }
  return value;
}

/// The coefficients of one update, without their signs: the same for every element.
template <typename T>
struct Sizes {
  std::vector<std::vector<T>> slots;
  std::vector<T> step;
  std::vector<T> beside;
  T epsilon;
  T nothing;
  T one;
};

template <typename T, typename Constants>
Sizes<T> sizes_of(const LinearRule& rule, const Constants& constant, const T& lr, std::int64_t t) {
  const auto of_line = [&](const LinearRule::Line& line) {
    std::vector<T> sizes;
    for (const LinearRule::Term& term : line) sizes.push_back(size_of<T>(term.coefficient, constant, lr, t));
    return sizes;
  };
  std::vector<std::vector<T>> slots;
  for (const LinearRule::SlotLine& slot : rule.slots) slots.push_back(of_line(slot.line));
  return {std::move(slots),     of_line(rule.step),
          of_line(rule.beside), size_of<T>(rule.divisor.epsilon, constant, lr, t),
          constant.exact(0.0),  constant.exact(1.0)};
}

/// One update of one element, over any kind of number.
template <typename T>
class ElementUpdate {
 public:
  ElementUpdate(const LinearRule& rule, const Sizes<T>& sizes, const T& g, T& p, T* slots)
      : rule_(rule), sizes_(sizes), g_(g), p_(p), slots_(slots), before_(slots, slots + rule.slots.size()) {}

  /// `keep_before`: what a slot was before its line, for lines after it that need it; text gives it a name.
  template <typename KeepBefore>
  void update(const KeepBefore& keep_before) {
    for (std::size_t s = 0; s < rule_.slots.size(); ++s) {
      if (is_needed_later(s)) before_[s] = keep_before(s, slots_[s]);
    }
    for (std::size_t s = 0; s < rule_.slots.size(); ++s) update_slot(s);
    updated_ = rule_.slots.size();
    if (!rule_.beside.empty()) move(rule_.beside, size_of_sum(rule_.beside, sizes_.beside));
    if (!rule_.step.empty()) move(rule_.step, divided(size_of_sum(rule_.step, sizes_.step)));
  }

 private:
  static bool uses_before(const LinearRule::Line& line, std::size_t slot) {
    return std::any_of(line.begin(), line.end(), [&](const LinearRule::Term& term) {
      return term.quantity.kind == Kind::slot_before && term.quantity.slot == slot;
    });
  }

  bool is_needed_later(std::size_t slot) const {
    bool is_needed = uses_before(rule_.step, slot) || uses_before(rule_.beside, slot) ||
                     (rule_.divisor.divided != Divided::by_nothing && rule_.divisor.of.kind == Kind::slot_before &&
                      rule_.divisor.of.slot == slot);
    for (std::size_t s = slot + 1; s < rule_.slots.size(); ++s) is_needed |= uses_before(rule_.slots[s].line, slot);
    return is_needed;
  }

  void update_slot(std::size_t s) {
    updated_ = s;
    const LinearRule::SlotLine& slot = rule_.slots[s];
    if (slot.maximum_of) {
      slots_[s] = max(T(slots_[s]), T(slots_[*slot.maximum_of]));
    } else if (slot.is_at_least_size) {
      slots_[s] = max(T(sum(slot.line, sizes_.slots[s])), T(abs(g_)));
    } else {
      slots_[s] = sum(slot.line, sizes_.slots[s]);
    }
  }

  T value(const LinearRule::Quantity& quantity) const {
    switch (quantity.kind) {
      case Kind::gradient: return g_;
      case Kind::gradient_squared: return g_ * g_;
      case Kind::gradient_size: return abs(g_);
      case Kind::gradient_sign: return sign(g_);
      case Kind::parameter: return p_;
      case Kind::one: return sizes_.one;
      case Kind::slot: return slots_[quantity.slot];
      case Kind::slot_before: break;
    }
    return quantity.slot < updated_ ? before_[quantity.slot] : T(slots_[quantity.slot]);
  }

  T term(const LinearRule::Term& each, const T& size) const {
    const LinearRule::Coefficient& of = each.coefficient;
    if (std::abs(of.factor) == 1.0 && !of.has_rate && of.corrections.empty()) return value(each.quantity);
    return each.quantity.kind == Kind::one ? T(size) : T(size * value(each.quantity));
  }

  static bool is_negative(const LinearRule::Line& line) { return line[0].coefficient.factor < 0.0; }

  /// With the sign that makes its first term positive.
  T size_of_sum(const LinearRule::Line& line, const std::vector<T>& sizes) const {
    T total = term(line[0], sizes[0]);
    for (std::size_t i = 1; i < line.size(); ++i) {
      const T next = term(line[i], sizes[i]);
      const bool is_against_first = (line[i].coefficient.factor < 0.0) != is_negative(line);
      total = is_against_first ? T(total - next) : T(total + next);
    }
    return total;
  }

  T sum(const LinearRule::Line& line, const std::vector<T>& sizes) const {
    if (line.empty()) return sizes_.nothing;
    const T size = size_of_sum(line, sizes);
    return is_negative(line) ? T(sizes_.nothing - size) : T(size);
  }

  void move(const LinearRule::Line& line, const T& size) { p_ = is_negative(line) ? T(p_ - size) : T(p_ + size); }

  T plus_epsilon(const T& number) const {
    const double factor = rule_.divisor.epsilon.factor;
    if (factor == 0.0) return number;
    return factor < 0.0 ? T(number - sizes_.epsilon) : T(number + sizes_.epsilon);
  }

  T divided(const T& numerator) const {
    const LinearRule::Divisor& divisor = rule_.divisor;
    if (divisor.divided == Divided::by_nothing) return numerator;
    const T of = value(divisor.of);
    if (divisor.divided == Divided::by_sqrt) return numerator / plus_epsilon(sqrt(of));
    if (divisor.divided == Divided::by_sqrt_of_sum) return numerator / sqrt(plus_epsilon(of));
    return numerator / plus_epsilon(of);
  }

  const LinearRule& rule_;
  const Sizes<T>& sizes_;
  const T& g_;
  T& p_;
  T* slots_;
  std::vector<T> before_;
  std::size_t updated_ = 0;  ///< so many slots have their new value
};

template <typename T>
void update(const LinearRule& rule, const Sizes<T>& sizes, const T& g, T& p, T* slots) {
  ElementUpdate<T>(rule, sizes, g, p, slots).update([](std::size_t /*slot*/, const T& value) { return value; });
}

struct TensorConstants {
  TensorNumber operator()(double value) const { return TensorNumber(value); }
  static TensorNumber exact(double value) { return TensorNumber(value); }
  static TensorNumber power(double base, std::int64_t t) {
    return TensorNumber(std::pow(base, static_cast<double>(t)));
  }
};

Statements text_of(const LinearRule& rule) {
  constexpr std::int64_t late = 1000;
  Statements statements;
  std::vector<std::string> names;
  for (const LinearRule::SlotLine& slot : rule.slots) names.push_back(slot.name);
  TextNumber parameter("p", statements);
  std::vector<TextNumber> slots = named_numbers(names, statements);
  const Sizes<TextNumber> sizes = sizes_of<TextNumber>(rule, TextConstants(late), TextNumber(std::string("lr")), late);
  const TextNumber g(std::string("g"));
  ElementUpdate<TextNumber>(rule, sizes, g, parameter, slots.data())
      .update([&](std::size_t slot, const TextNumber& value) {
        TextNumber kept(names[slot] + "_before", statements);
        kept = value;
        return TextNumber(names[slot] + "_before");
      });
  return statements;
}

}  // namespace

double LinearRule::Coefficient::at(double lr, std::int64_t t) const {
  double value = factor * (has_rate ? lr : 1.0);
  for (const Correction& correction : corrections) {
    value *= std::pow(1.0 - std::pow(correction.base, static_cast<double>(shifted(t, correction.shift))),
                      correction.exponent);
  }
  return value;
}

Formula formula_of(const LinearRule& rule) {
  const std::size_t slot_count = rule.slots.size();
  Formula formula;
  for (const LinearRule::SlotLine& slot : rule.slots) formula.slots.push_back({slot.name, slot.start, true});
  formula.in_doubles = [rule, slot_count](double lr, std::int64_t t, const ReplicaState<double>& state) {
    const Sizes<double> sizes = sizes_of<double>(rule, ExactConstants(), lr, t);
    std::vector<double> slots(slot_count + 1);
    for (std::size_t i = 0; i < state.size; ++i) {
      for (std::size_t s = 0; s < slot_count; ++s) slots[s] = state.slots[s][i];
      update(rule, sizes, state.gradients[i], state.parameters[i], slots.data());
      for (std::size_t s = 0; s < slot_count; ++s) state.slots[s][i] = slots[s];
    }
  };
  formula.in_noise = [rule, slot_count](double lr, std::int64_t t, Noise& noise, const ReplicaState<double>& state) {
    const Sizes<NoisyNumber> sizes =
        sizes_of<NoisyNumber>(rule, NoisyConstants(noise), NoisyNumber(noise.operation(lr), noise), t);
    std::vector<NoisyNumber> slots(slot_count + 1, {0.0, noise});
    for (std::size_t i = 0; i < state.size; ++i) {
      NoisyNumber parameter(state.parameters[i], noise);
      for (std::size_t s = 0; s < slot_count; ++s) slots[s] = {state.slots[s][i], noise};
      update(rule, sizes, NoisyNumber(state.gradients[i], noise), parameter, slots.data());
      state.parameters[i] = parameter.value();
      for (std::size_t s = 0; s < slot_count; ++s) state.slots[s][i] = slots[s].value();
    }
  };
  formula.in_tensors = [rule](double lr, std::int64_t t, TensorNumber& parameter, const TensorNumber& gradient,
                              std::vector<TensorNumber>& slots) {
    update(rule, sizes_of<TensorNumber>(rule, TensorConstants(), TensorNumber(lr), t), gradient, parameter,
           slots.data());
  };
  formula.text = [rule] { return text_of(rule); };
  return formula;
}

}  // namespace touchstone

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "experiment/optimizer_config.h"
#include "optim/constants.h"
#include "optim/formula.h"

namespace touchstone {

// An optimizer is one struct, which says what its YAML may say and what an update does, once for every number type:
//
//     struct Lion {
//       static ComponentSpec spec();                              // name and arguments: Keras's names, defaults,
//       ranges struct Options { ...; constexpr auto fields() const; };   // what conventions and other implementations
//       do
//                                                                 // differently; fields() is what == compares
//       static Options options(const OptimizerConfig&);
//       static constexpr std::array<Options, N> fused();          // all that configurations may ask for
//       static std::vector<Slot> slots(const Options&);           // the state, as `apply` receives it
//       static constexpr std::size_t slot_count(const Options&);
//       struct Hyperparameters { ...; static of(const OptimizerConfig&, Precision); };  // a configuration's numbers
//       template <typename T> struct Coefficients { T ...; };     // of one update
//       template <typename T, typename Constants>
//       static Coefficients<T> coefficients(const Options&, const Hyperparameters&, const Constants&, const T& lr,
//                                           std::int64_t t);
//       template <typename T>
//       static void apply(const Options&, const Coefficients<T>&, T& p, const T& g, T* state);
//     };
//
// The fused engine calls `apply` with constant options, so that their branches fold. Tensors, the verifier and text
// call it with the options of a configuration or of a hypothesis.

template <typename Options>
constexpr auto operator==(const Options& a, const Options& b) -> decltype(a.fields() == b.fields()) {
  return a.fields() == b.fields();
}

/// `lr` and `decay` are common to all optimizers.
inline ComponentSpec optimizer_spec(const char* name, double lr, std::vector<ArgumentSpec> arguments) {
  arguments.insert(arguments.begin(), {"lr", lr, at_least_zero});
  arguments.push_back({"decay", 0.0, at_least_zero});
  return {name, std::move(arguments)};
}

/// Either of Keras's: their rules are one, but for those that say otherwise.
constexpr bool is_keras(Convention convention) {
  return convention == Convention::keras || convention == Convention::keras3;
}

/// An argument that Keras 2 keeps in a variable of the run's precision.
inline double rounded_argument(const OptimizerConfig& config, const char* argument, Precision precision) {
  const double value = config.number(argument);
  return config.convention == Convention::keras ? rounded(value, precision) : value;
}

namespace rule {

template <typename Number, typename Coefficients, std::size_t... C>
auto over(const double* c, std::index_sequence<C...> /*coefficients*/) {
  return Coefficients{Number(c[C])...};
}

/// A rule with the I-th of its fused options, as update_loops takes it.
template <typename Rule, std::size_t I>
struct FusedAt {
  static constexpr typename Rule::Options options = Rule::fused()[I];
  static constexpr std::size_t slot_count = Rule::slot_count(options);

  template <typename T>
  using Coefficients = typename Rule::template Coefficients<T>;

  template <typename T, typename... Slot>
  static void apply(const Coefficients<T>& c, T& p, T g, Slot&... slots) {
    T state[sizeof...(Slot) + 1] = {slots..., T(g)};  // NOLINT(modernize-avoid-c-arrays): never empty
    Rule::template apply<T>(options, c, p, g, state);
    std::size_t s = 0;
    ((slots = state[s++]), ...);
  }
};

/// What decides between the text of the first update and that of late ones: the rule's own, or t == 1.
template <typename Rule, typename Options, typename Hyperparameters>
auto branch_of(const Options& options, const Hyperparameters& h, std::nullptr_t /*preferred*/)
    -> decltype(Rule::branch(options, h)) {
  return Rule::branch(options, h);
}
template <typename Rule, typename Options, typename Hyperparameters>
TextBranch branch_of(const Options& /*options*/, const Hyperparameters& /*h*/, const void* /*otherwise*/) {
  return {};
}

template <typename Rule, typename T, std::size_t... I>
UpdateLoopsOf<T> loops(const typename Rule::Options& options, std::index_sequence<I...> /*of fused()*/) {
  UpdateLoopsOf<T> found;
  const bool is_compiled =
      ((Rule::fused()[I] == options && (found = update_loops<FusedAt<Rule, I>, T>(), true)) || ...);
  if (!is_compiled) throw std::logic_error("the fused engine is not compiled for these options");
  return found;
}

}  // namespace rule

/// Throws std::logic_error if `options` are none of Rule::fused().
template <typename Rule>
CompiledFormula compiled(const typename Rule::Options& options, const typename Rule::Hyperparameters& h) {
  using Coefficients = typename Rule::template Coefficients<double>;
  constexpr auto indices = std::make_index_sequence<Rule::fused().size()>();
  return {Rule::slots(options), sizeof(Coefficients) / sizeof(double),
          [options, h](double lr, std::int64_t t, double* to) {
            const Coefficients values = Rule::template coefficients<double>(options, h, ExactConstants(), lr, t);
            std::memcpy(to, &values, sizeof values);
          },
          rule::loops<Rule, float>(options, indices), rule::loops<Rule, double>(options, indices)};
}

template <typename Rule>
Formula formula(const typename Rule::Options& options, const typename Rule::Hyperparameters& h) {
  using Exact = typename Rule::template Coefficients<double>;
  const auto exact = [options, h](double lr, std::int64_t t) {
    return Rule::template coefficients<double>(options, h, ExactConstants(), lr, t);
  };
  const std::size_t slot_count = Rule::slot_count(options);

  // An update has the same coefficients for every parameter, and powers in them.
  const auto in_doubles = [options, exact, slot_count, last = std::optional<std::tuple<double, std::int64_t, Exact>>()](
                              double lr, std::int64_t t, const ReplicaState<double>& state) mutable {
    if (!last || std::get<0>(*last) != lr || std::get<1>(*last) != t) last.emplace(lr, t, exact(lr, t));
    double slots[max_slots] = {};  // NOLINT(modernize-avoid-c-arrays)
    for (std::size_t i = 0; i < state.size; ++i) {
      for (std::size_t s = 0; s < slot_count; ++s) slots[s] = state.slots[s][i];
      Rule::apply(options, std::get<2>(*last), state.parameters[i], state.gradients[i], slots);
      for (std::size_t s = 0; s < slot_count; ++s) state.slots[s][i] = slots[s];
    }
  };

  const auto in_noise = [options, h, slot_count](double lr, std::int64_t t, Noise& noise,
                                                 const ReplicaState<double>& state) {
    const auto c = Rule::template coefficients<NoisyNumber>(options, h, NoisyConstants(noise),
                                                            NoisyNumber(noise.operation(lr), noise), t);
    std::vector<NoisyNumber> slots(slot_count, {0.0, noise});
    for (std::size_t i = 0; i < state.size; ++i) {
      NoisyNumber parameter(state.parameters[i], noise);
      for (std::size_t s = 0; s < slot_count; ++s) slots[s] = {state.slots[s][i], noise};
      Rule::apply(options, c, parameter, NoisyNumber(state.gradients[i], noise), slots.data());
      state.parameters[i] = parameter.value();
      for (std::size_t s = 0; s < slot_count; ++s) state.slots[s][i] = slots[s].value();
    }
  };

  const auto in_tensors = [options, exact](double lr, std::int64_t t, TensorNumber& parameter,
                                           const TensorNumber& gradient, std::vector<TensorNumber>& slots) {
    constexpr std::size_t count = sizeof(Exact) / sizeof(double);
    double values[count];  // NOLINT(modernize-avoid-c-arrays)
    const Exact of_update = exact(lr, t);
    std::memcpy(values, &of_update, sizeof values);
    const auto c = rule::over<TensorNumber, typename Rule::template Coefficients<TensorNumber>>(
        values, std::make_index_sequence<count>());
    Rule::apply(options, c, parameter, gradient, slots.data());
  };

  const auto text_at = [options, h](std::int64_t t) {
    Statements statements;
    std::vector<std::string> names;
    for (const Slot& slot : Rule::slots(options)) names.push_back(slot.name);
    TextNumber parameter("p", statements);
    std::vector<TextNumber> slots = named_numbers(names, statements);
    const TextNumber lr(std::string("lr"));
    const auto c = Rule::template coefficients<TextNumber>(options, h, TextConstants(t), lr, t);
    Rule::apply(options, c, parameter, TextNumber(std::string("g")), slots.data());
    return statements;
  };
  const auto text = [options, h, text_at] {
    constexpr std::int64_t late = 1000;
    const TextBranch branch = rule::branch_of<Rule>(options, h, nullptr);
    return in_branches(branch, text_at(branch.first), text_at(late));
  };

  return {Rule::slots(options), in_doubles, in_noise, in_tensors, text};
}

}  // namespace touchstone

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "experiment/optimizer_config.h"
#include "optim/formula.h"

namespace touchstone {

// An update rule is one struct, which is written once over its number:
//
//     struct RmsProp {
//       struct Options { ... };          // what conventions and other implementations do differently; comparable by ==
//       struct Hyperparameters { ... };  // a configuration's numbers
//       static constexpr std::array<Options, N> fused();           // the options that the fused engine is compiled for
//       static constexpr std::size_t slot_count(const Options&);
//       static std::vector<Slot> slots(const Options&);            // the state, as `apply` receives it
//       template <typename T> struct Coefficients { T ...; };      // of one update
//       template <typename T, typename Constants>
//       static Coefficients<T> coefficients(const Options&, const Hyperparameters&, const Constants&, const T& lr,
//                                           std::int64_t t);
//       template <typename T>
//       static void apply(const Options&, const Coefficients<T>&, T& p, const T& g, T* state);
//     };
//
// The fused engine calls `apply` with constant options, so that their branches fold; the verifier calls it with the
// options of a configuration, over doubles, noisy numbers and text.

/// A rule with the I-th of its fused options, as update_loops and formula_of take it.
template <typename Rule, std::size_t I>
struct FusedRuleAt {
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

/// A rule with its options and hyperparameters as a formula.
template <typename Rule>
class RuleFormula {
 public:
  RuleFormula(const typename Rule::Options& options, const typename Rule::Hyperparameters& hyperparameters)
      : options_(options), hyperparameters_(hyperparameters) {}

  Formula formula() const {
    Formula formula = fused(std::make_index_sequence<Rule::fused().size()>());
    formula.slots = Rule::slots(options_);
    formula.in_plain = in_plain();
    formula.in_noise = in_noise();
    formula.text = text();
    return formula;
  }

 private:
  template <typename T, typename Constants>
  auto coefficients(const Constants& constant, const T& lr, std::int64_t t) const {
    return Rule::template coefficients<T>(options_, hyperparameters_, constant, lr, t);
  }

  /// The loops for these options; none if the fused engine is not compiled for them.
  template <std::size_t... I>
  Formula fused(std::index_sequence<I...> /*indices*/) const {
    Formula formula;
    (void)((Rule::fused()[I] == options_ ? (formula = loops<I>(), true) : false) || ...);
    return formula;
  }

  template <std::size_t I>
  Formula loops() const {
    return formula_of<FusedRuleAt<Rule, I>>(Rule::slots(options_),
                                            [self = *this](const auto& constant, const auto& lr, std::int64_t t) {
                                              return self.coefficients(constant, lr, t);
                                            });
  }

  auto in_plain() const {
    struct OfUpdate {
      double lr;
      std::int64_t t;
      typename Rule::template Coefficients<double> coefficients;
    };
    // An update has the same coefficients for every parameter, and powers in them.
    return [self = *this, count = Rule::slot_count(options_), last = std::optional<OfUpdate>()](
               double lr, std::int64_t t, const ReplicaState<double>& state) mutable {
      if (!last || last->t != t || last->lr != lr) {
        last.emplace(OfUpdate{lr, t, self.coefficients(ExactConstants(), lr, t)});
      }
      double of_element[max_slots] = {};  // NOLINT(modernize-avoid-c-arrays)
      for (std::size_t i = 0; i < state.size; ++i) {
        for (std::size_t s = 0; s < count; ++s) of_element[s] = state.slots[s][i];
        Rule::apply(self.options_, last->coefficients, state.parameters[i], state.gradients[i], of_element);
        for (std::size_t s = 0; s < count; ++s) state.slots[s][i] = of_element[s];
      }
    };
  }

  auto in_noise() const {
    return [self = *this, count = Rule::slot_count(options_)](double lr, std::int64_t t, Noise& noise,
                                                              const ReplicaState<double>& state) {
      const auto c = self.coefficients(NoisyConstants(noise), NoisyNumber(noise.operation(lr), noise), t);
      std::vector<NoisyNumber> of_element(count, {0.0, noise});
      for (std::size_t i = 0; i < state.size; ++i) {
        NoisyNumber parameter(state.parameters[i], noise);
        for (std::size_t s = 0; s < count; ++s) of_element[s] = {state.slots[s][i], noise};
        Rule::apply(self.options_, c, parameter, NoisyNumber(state.gradients[i], noise), of_element.data());
        state.parameters[i] = parameter.value();
        for (std::size_t s = 0; s < count; ++s) state.slots[s][i] = of_element[s].value();
      }
    };
  }

  auto text() const {
    return [self = *this] {
      Statements statements;
      TextNumber parameter("p", statements);
      std::vector<TextNumber> state = named_numbers(names_of(Rule::slots(self.options_)), statements);
      const auto c = self.coefficients(TextConstants(), TextNumber(std::string("lr")), 1);
      Rule::apply(self.options_, c, parameter, TextNumber(std::string("g")), state.data());
      return statements;
    };
  }

  typename Rule::Options options_;
  typename Rule::Hyperparameters hyperparameters_;
};

}  // namespace touchstone

// The optimizers, by the formulas of Keras 2.3.1 (keras/optimizers.py), PyTorch and the papers.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "arithmetic.h"
#include "injected.h"
#include "mistakes.h"
#include "outside.h"

namespace example {

// One parameter tensor's state: slot name -> an element a parameter.
template <typename Real>
using State = std::map<std::string, std::vector<Real>>;

inline std::vector<std::string> slots_of(const nlohmann::json& config) {
  const auto name = config.at("name").get<std::string>();
  if (name == "SGD") return {"moment"};
  if (name == "Adagrad") return {"accumulator"};
  if (name == "RMSprop") {
    std::vector<std::string> slots = {"accumulator"};
    if (config.value("centered", false)) slots.emplace_back("mean");
    if (config.value("momentum", 0.0) > 0.0) slots.emplace_back("velocity");
    return slots;
  }
  if (name == "Lion") return {"m"};
  if (name == "Adadelta") return {"accumulator", "delta_accumulator"};
  if (name == "Adamax") return {"m", "u"};
  if (name == "Nadam") return {"m", "v"};
  if (name != "Adam" && name != "AdamW") throw std::runtime_error("optimizer.name: '" + name + "' is not known here");
  return config.at("amsgrad").get<bool>() ? std::vector<std::string>{"m", "v", "vhat"}
                                          : std::vector<std::string>{"m", "v"};
}

template <typename Real>
class Optimizer {
 public:
  Optimizer(nlohmann::json config, const std::vector<std::size_t>& sizes, const Mistakes& mistakes,
            const Arithmetic& arithmetic)
      : config_(std::move(config)),
        mistakes_(mistakes),
        arithmetic_(arithmetic),
        convention_(config_.value("convention", "keras")) {
    const bool starts_at_a_tenth = mistakes.made("adagrad_accumulator_0.1") || convention_ == "keras3";
    const Real start = starts_at_a_tenth && is("Adagrad") ? Real(0.1) : Real(0);
    for (const std::size_t size : sizes) {
      State<Real> state;
      for (const std::string& slot : slots_of(config_)) state[slot].assign(size, start);
      states_.push_back(std::move(state));
    }
  }

  // Takes a rule of outside.h from now on, with the state of Adam.
  void take_outside_rule(const std::string& name) { outside_ = outside_rules().at(name); }

  // Does what is injected from now on.
  void inject(const Injections& injections) {
    std::vector<std::size_t> sizes;
    for (const State<Real>& state : states_) sizes.push_back(state.begin()->second.size());
    planted_.emplace(config_, sizes, injections);
  }

  // Moves every parameter by its gradient with this update's rate.
  void step(const std::vector<std::vector<Real>*>& parameters, std::vector<std::vector<Real>> gradients, Real lr) {
    if (planted_) return step_planted(parameters, gradients, lr);
    clip(gradients);
    for (std::size_t i = 0; i < parameters.size(); ++i) step_one(i, *parameters[i], gradients[i], lr);
    ++updates_;
  }

  const std::vector<State<Real>>& states() const { return states_; }

 private:
  bool is(const char* name) const { return config_.at("name") == name; }
  double argument(const char* name) const { return config_.at(name).template get<double>(); }
  Real number(const char* name) const { return static_cast<Real>(argument(name)); }
  // Constants, each held as this engine does.
  double held(const char* name) const { return arithmetic_.constant<Real>(name, argument(name)); }
  double one_minus(const char* name) const { return arithmetic_.complement<Real>(name, argument(name)); }
  // 1 - beta^t. Keras takes it in the run's precision, PyTorch in double, and in float32 that shows.
  Real correction(const char* name, std::int64_t t) const {
    if (convention_ != "keras" && arithmetic_.choice(name, 2) == 0) {
      return static_cast<Real>(1.0 - std::pow(argument(name), static_cast<double>(t)));
    }
    return static_cast<Real>(arithmetic_.correction<Real>(name, argument(name), t));
  }
  bool wrong(const char* mistake) const { return mistakes_.made(mistake, updates_); }

  // Keras's: by the norm of all gradients together, then element by element.
  void clip(std::vector<std::vector<Real>>& gradients) const {
    const Real most = static_cast<Real>(config_.value("clipnorm", 0.0));
    const Real value = static_cast<Real>(config_.value("clipvalue", 0.0));
    const auto squares_of = [](const std::vector<Real>& gradient) {
      return std::inner_product(gradient.begin(), gradient.end(), gradient.begin(), Real(0));
    };
    Real squares = 0;
    for (const auto& gradient : gradients) squares += squares_of(gradient);
    for (auto& gradient : gradients) {
      // Of all gradients together, or, in Keras 3, of each its own.
      // LibTorch and PyTorch add 1e-6.
      const Real norm = std::sqrt(convention_ == "keras3" ? squares_of(gradient) : squares) +
                        static_cast<Real>(convention_ == "torch" ? 1e-6 : 0.0);
      for (Real& g : gradient) {
        if (most > 0 && norm >= most) g = g * most / norm;
        if (value > 0) g = std::min(std::max(g, -value), value);
      }
    }
  }

  void step_planted(const std::vector<std::vector<Real>*>& parameters, const std::vector<std::vector<Real>>& gradients,
                    Real lr) {
    planted_->step(parameters, gradients, lr);
    for (std::size_t i = 0; i < states_.size(); ++i) {
      for (auto& [slot, values] : states_[i]) values = planted_->state(slot)[i];
    }
  }

  void step_one(std::size_t index, std::vector<Real>& p, const std::vector<Real>& g, Real lr) {
    State<Real>& s = states_[index];
    if (outside_) return step_outside(s, p, g, lr);
    if (is("SGD")) return sgd(s, p, g, lr);
    if (is("RMSprop")) return rmsprop(s, p, g, lr);
    if (is("Adagrad")) return adagrad(s, p, g, lr);
    if (is("Adadelta")) return adadelta(s, p, g, lr);
    if (is("AdamW")) decay_weights(p, lr);
    if (is("Adam") || is("AdamW")) return adam(s, p, g, lr, index);
    if (is("Nadam")) return nadam(s, p, g, lr);
    if (is("Lion")) return lion(s, p, g, lr);
    adamax(s, p, g, lr);
  }

  void step_outside(State<Real>& s, std::vector<Real>& p, const std::vector<Real>& g, Real lr) {
    for (std::size_t i = 0; i < p.size(); ++i) {
      double value = static_cast<double>(p[i]);
      double m = static_cast<double>(s.at("m")[i]);
      double v = static_cast<double>(s.at("v")[i]);
      outside_({value, m, v, static_cast<double>(g[i])}, static_cast<double>(lr), static_cast<double>(updates_ + 1));
      p[i] = static_cast<Real>(value);
      s.at("m")[i] = static_cast<Real>(m);
      s.at("v")[i] = static_cast<Real>(v);
    }
  }

  void sgd(State<Real>& s, std::vector<Real>& p, const std::vector<Real>& g, Real lr) {
    const Real momentum = number("momentum");
    bool nesterov = config_.at("nesterov").template get<bool>() && momentum > 0;
    if (wrong("nesterov_missing")) nesterov = false;
    if (wrong("nesterov_unasked") && momentum > 0) nesterov = true;
    std::vector<Real>& v = s["moment"];
    for (std::size_t i = 0; i < p.size(); ++i) {
      if (convention_ == "torch" || (wrong("torch_momentum") && momentum > 0)) {
        v[i] = momentum * v[i] + g[i];
        p[i] -= lr * (nesterov ? g[i] + momentum * v[i] : v[i]);
      } else {
        v[i] = momentum * v[i] - lr * g[i];
        p[i] += nesterov ? momentum * v[i] - lr * g[i] : v[i];
      }
    }
  }

  double rho() const { return wrong("rho_mistaken") ? (is("RMSprop") ? 0.99 : 0.9) : argument("rho"); }

  // rho * a + (1 - rho) * b.
  Real mean(const char* thing, Real a, Real b) const {
    return arithmetic_.blend(thing, arithmetic_.constant<Real>("rho", rho()), a,
                             arithmetic_.complement<Real>("rho", rho()), b);
  }

  bool is_keras() const { return convention_ == "keras" || convention_ == "keras3"; }
  bool has_epsilon_in_root() const { return convention_ == "paper" || convention_ == "keras3"; }

  void rmsprop(State<Real>& s, std::vector<Real>& p, const std::vector<Real>& g, Real lr) {
    const Real epsilon = static_cast<Real>(held("epsilon"));
    const Real momentum = static_cast<Real>(config_.value("momentum", 0.0));
    std::vector<Real>& a = s["accumulator"];
    for (std::size_t i = 0; i < p.size(); ++i) {
      a[i] = mean("accumulator", a[i], g[i] * g[i]);
      Real variance = a[i];
      if (config_.value("centered", false)) {
        Real& center = s["mean"][i];
        center = mean("mean", center, g[i]);
        variance -= center * center;
      }
      const Real root = has_epsilon_in_root() ? std::sqrt(variance + epsilon) : std::sqrt(variance) + epsilon;
      if (!(momentum > 0)) {
        p[i] -= arithmetic_.quotient("step", lr, g[i], root);
        continue;
      }
      Real& velocity = s["velocity"][i];
      if (convention_ == "torch") {
        velocity = momentum * velocity + g[i] / root;
        p[i] -= lr * velocity;
      } else {
        velocity = momentum * velocity + arithmetic_.quotient("step", lr, g[i], root);
        p[i] -= velocity;
      }
    }
  }

  static Real sign(Real x) { return x > 0 ? Real(1) : x < 0 ? Real(-1) : x; }

  void lion(State<Real>& s, std::vector<Real>& p, const std::vector<Real>& g, Real lr) {
    const Real decay = static_cast<Real>(held("weight_decay"));
    for (std::size_t i = 0; i < p.size(); ++i) {
      Real& m = s["m"][i];
      const Real direction = arithmetic_.blend("direction", held("beta_1"), m, one_minus("beta_1"), g[i]);
      p[i] -= lr * (sign(direction) + decay * p[i]);
      m = arithmetic_.blend("m", held("beta_2"), m, one_minus("beta_2"), g[i]);
    }
  }

  void adagrad(State<Real>& s, std::vector<Real>& p, const std::vector<Real>& g, Real lr) {
    const Real epsilon = number("epsilon");
    std::vector<Real>& a = s["accumulator"];
    for (std::size_t i = 0; i < p.size(); ++i) {
      a[i] += g[i] * g[i];
      p[i] -= arithmetic_.quotient("step", lr, g[i],
                                   has_epsilon_in_root() ? std::sqrt(a[i] + epsilon) : std::sqrt(a[i]) + epsilon);
    }
  }

  void adadelta(State<Real>& s, std::vector<Real>& p, const std::vector<Real>& g, Real lr) {
    const Real epsilon = static_cast<Real>(held("epsilon"));
    std::vector<Real>& a = s["accumulator"];
    std::vector<Real>& d = s["delta_accumulator"];
    for (std::size_t i = 0; i < p.size(); ++i) {
      const Real a_before = a[i];
      a[i] = mean("accumulator", a[i], g[i] * g[i]);
      const Real under = wrong("adadelta_accumulators_stale") ? a_before : a[i];
      const Real update = arithmetic_.quotient("step", g[i], std::sqrt(d[i] + epsilon), std::sqrt(under + epsilon));
      p[i] -= lr * update;
      d[i] = mean("delta_accumulator", d[i], update * update);
    }
  }

  void adam(State<Real>& s, std::vector<Real>& p, const std::vector<Real>& g, Real lr, std::size_t index) {
    const Real epsilon = wrong("adam_eps_1e-8") ? Real(1e-8) : static_cast<Real>(held("epsilon"));
    const bool amsgrad = config_.at("amsgrad").template get<bool>();
    std::int64_t t = updates_ + 1;
    if (wrong("bias_correction_per_tensor")) {
      t = updates_ * static_cast<std::int64_t>(states_.size()) + static_cast<std::int64_t>(index) + 1;
    }
    Real correction_1 = correction("beta_1", t);
    Real correction_2 = correction("beta_2", t);
    if (wrong("adam_no_bias_correction")) correction_1 = correction_2 = Real(1);
    const bool after = !is_keras() || wrong("adam_eps_after_correction");
    const Real factor = std::sqrt(correction_2) / correction_1;
    for (std::size_t i = 0; i < p.size(); ++i) {
      Real& m = s["m"][i];
      Real& v = s["v"][i];
      update_moments(m, v, g[i]);
      Real second = v;
      if (amsgrad) second = s["vhat"][i] = std::max(s["vhat"][i], v);
      if (wrong("adam_eps_inside_root")) {
        p[i] -= lr * factor * m / std::sqrt(second + epsilon);
      } else if (after) {
        const Real root = arithmetic_.choice("root", 2) == 0 ? std::sqrt(second) / std::sqrt(correction_2)
                                                             : std::sqrt(second / correction_2);
        p[i] -= arithmetic_.quotient("step", lr, m / correction_1, root + epsilon);
      } else {
        p[i] -= arithmetic_.quotient("step", lr * factor, m, std::sqrt(second) + epsilon);
      }
    }
  }

  void update_moments(Real& m, Real& v, Real g) const {
    m = arithmetic_.blend("m", held("beta_1"), m, one_minus("beta_1"), g);
    v = arithmetic_.blend("v", held("beta_2"), v, one_minus("beta_2"), g * g);
  }

  // Decoupled: by the rate, or in the paper by the schedule's factor, which is 1 at the initial rate.
  void decay_weights(std::vector<Real>& p, Real lr) {
    const Real factor = convention_ == "paper" ? lr / number("lr") : lr;
    for (Real& each : p) each -= factor * number("weight_decay") * each;
  }

  // mu_t of Nadam's momentum schedule.
  Real momentum_at(std::int64_t t) const {
    const Real decay = convention_ == "keras3" ? Real(1) : number("schedule_decay");
    return number("beta_1") * (Real(1) - Real(0.5) * std::pow(Real(0.96), static_cast<Real>(t) * decay));
  }

  void nadam(State<Real>& s, std::vector<Real>& p, const std::vector<Real>& g, Real lr) {
    const std::int64_t t = updates_ + 1;
    const Real mu = momentum_at(t);
    const Real next = momentum_at(t + 1);
    Real product = 1;
    for (std::int64_t i = 1; i <= t; ++i) product *= momentum_at(i);
    const Real epsilon = number("epsilon");
    for (std::size_t i = 0; i < p.size(); ++i) {
      Real& m = s["m"][i];
      Real& v = s["v"][i];
      update_moments(m, v, g[i]);
      const Real mean = (Real(1) - mu) * (g[i] / (Real(1) - product)) + next * (m / (Real(1) - product * next));
      p[i] -= lr * mean / (std::sqrt(v / correction("beta_2", t)) + epsilon);
    }
  }

  void adamax(State<Real>& s, std::vector<Real>& p, const std::vector<Real>& g, Real lr) {
    const Real beta_2 = static_cast<Real>(held("beta_2"));
    const Real epsilon = static_cast<Real>(held("epsilon"));
    const bool bare = convention_ == "paper" || wrong("adamax_eps_missing");
    const Real rate = lr / correction("beta_1", updates_ + 1);
    for (std::size_t i = 0; i < p.size(); ++i) {
      Real& m = s["m"][i];
      Real& u = s["u"][i];
      m = arithmetic_.blend("m", held("beta_1"), m, one_minus("beta_1"), g[i]);
      u = std::max(beta_2 * u, std::abs(g[i]) + (convention_ == "torch" ? epsilon : Real(0)));
      if (bare || convention_ == "torch") {
        p[i] -= u > 0 ? arithmetic_.quotient("step", rate, m, u) : Real(0);
      } else {
        p[i] -= arithmetic_.quotient("step", rate, m, u + epsilon);
      }
    }
  }

  nlohmann::json config_;
  const Mistakes& mistakes_;
  const Arithmetic& arithmetic_;
  std::string convention_;
  std::vector<State<Real>> states_;
  OutsideRule outside_;
  std::optional<PlantedOptimizer<Real>> planted_;
  std::int64_t updates_ = 0;
};

}  // namespace example

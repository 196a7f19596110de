// Optimizers that do otherwise than asked, in any combination: each thing that an engine may do in an update, injected
// by the name that a finding gives it. Written from the papers' and the libraries' formulas, a term at a time, without
// a look at how the judge reads them.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace example {

// What is injected: names, with a number each where they have one.
class Injections {
 public:
  void add(const std::string& name, double number) { numbers_[name] = number; }
  bool empty() const { return numbers_.empty(); }
  bool has(const std::string& name) const { return numbers_.count(name) > 0; }
  bool has_any(const std::vector<std::string>& names) const {
    return std::any_of(names.begin(), names.end(), [&](const std::string& name) { return has(name); });
  }
  double number(const std::string& name, double otherwise) const {
    const auto found = numbers_.find(name);
    return found == numbers_.end() ? otherwise : found->second;
  }
  // Of "weight_decay_decoupled" and "weight_decay_decoupled_of_kernels", whichever there is.
  double decay(const std::string& name, bool is_kernel) const {
    return number(name, 0.0) + (is_kernel ? number(name + "_of_kernels", 0.0) : 0.0);
  }

 private:
  std::map<std::string, double> numbers_;
};

template <typename Real>
class PlantedOptimizer {
 public:
  using Tensors = std::vector<std::vector<Real>>;

  PlantedOptimizer(nlohmann::json config, std::vector<std::size_t> sizes, Injections injections)
      : config_(std::move(config)), injections_(std::move(injections)), sizes_(std::move(sizes)) {
    name_ = config_.at("name").get<std::string>();
    for (const char* slot : {"moment", "accumulator", "delta_accumulator", "m", "v", "vhat", "u", "mean", "velocity"}) {
      double start = 0.0;
      if (std::string(slot) == "accumulator" && injections_.has("adagrad_accumulator_0.1")) start = 0.1;
      if (injections_.has(std::string("start.") + slot)) start = injections_.number(std::string("start.") + slot, 0.0);
      for (const std::size_t size : sizes_) states_[slot].emplace_back(size, static_cast<Real>(start));
    }
  }

  const Tensors& state(const std::string& slot) const { return states_.at(slot); }

  // Kernels are at even places, biases at odd ones.
  void step(const std::vector<std::vector<Real>*>& parameters, Tensors gradients, Real recorded_rate) {
    ++updates_;
    Real lr = recorded_rate;
    if (injections_.has("initial_rate_taken")) lr = static_cast<Real>(raw("lr"));
    if (injections_.has("rate_in_float32")) lr = static_cast<Real>(static_cast<float>(lr));
    lr *= static_cast<Real>(injections_.number("rate_mistaken", 1.0));
    if (injections_.has("gradient_ascended")) {
      for (auto& gradient : gradients) {
        for (Real& g : gradient) g = -g;
      }
    }
    clip(gradients);
    if (injections_.has("never_updated")) return;
    for (std::size_t i = 0; i < gradients.size(); ++i) {
      const bool is_kernel = i % 2 == 0;
      std::vector<Real>& p = *parameters[i];
      std::vector<Real>& g = gradients[i];
      const Real in_gradient = static_cast<Real>(injections_.decay("weight_decay_in_update", is_kernel));
      const Real before = lr * static_cast<Real>(injections_.decay("weight_decay_decoupled", is_kernel)) +
                          static_cast<Real>(injections_.decay("weight_decay_without_rate", is_kernel));
      const Real after = lr * static_cast<Real>(injections_.decay("weight_decay_after_step", is_kernel));
      for (std::size_t k = 0; k < p.size(); ++k) {
        g[k] += in_gradient * p[k];
        p[k] -= before * p[k];
      }
      for (int times = injections_.has("updated_twice") ? 2 : 1; times > 0; --times) {
        for (std::size_t k = 0; k < p.size(); ++k) step_one(i, k, p[k], g[k], lr);
      }
      for (std::size_t k = 0; k < p.size(); ++k) p[k] -= after * p[k];
    }
  }

 private:
  static constexpr Real nearly_zero = Real(1.17549435e-38);  // so that 0 / 0 stays 0

  double raw(const char* name) const { return config_.at(name).template get<double>(); }
  // An argument, or the number that was injected for it.
  Real number(const char* name) const {
    double value = raw(name);
    if (injections_.has("betas_swapped")) {
      if (std::string(name) == "beta_1") value = raw("beta_2");
      if (std::string(name) == "beta_2") value = raw("beta_1");
    }
    value = injections_.number(std::string(name) + "_mistaken", value);
    if (std::string(name) == "epsilon") value = injections_.has("adam_eps_1e-8") ? 1e-8 : value;
    if (injections_.has("arguments_in_float32")) value = static_cast<double>(static_cast<float>(value));
    return static_cast<Real>(value);
  }
  Real& slot(const char* name, std::size_t i, std::size_t k) { return states_.at(name)[i][k]; }
  Real correction(const char* beta, std::int64_t t) const {
    return Real(1) - std::pow(number(beta), static_cast<Real>(t));
  }
  bool does(const char* name) const { return injections_.has(name); }
  std::string convention() const { return config_.value("convention", "keras"); }

  void scale(std::vector<Real>& gradient, Real most, Real square) const {
    const Real norm = std::sqrt(square) + static_cast<Real>(convention() == "torch" ? 1e-6 : 0.0);
    if (norm < most) return;
    for (Real& g : gradient) g = g * most / norm;
  }

  void clip(Tensors& gradients) const {
    if (does("clipping_ignored")) return;
    Real most = static_cast<Real>(config_.value("clipnorm", 0.0));
    Real value = static_cast<Real>(config_.value("clipvalue", 0.0));
    most = static_cast<Real>(injections_.number("clipnorm_mistaken", static_cast<double>(most)));
    value = static_cast<Real>(injections_.number("clipvalue_mistaken", static_cast<double>(value)));
    most = static_cast<Real>(injections_.number("clipped_by_norm", static_cast<double>(most)));
    most = static_cast<Real>(injections_.number("clipped_by_norm_of_each", static_cast<double>(most)));
    value = static_cast<Real>(injections_.number("clipped_by_value", static_cast<double>(value)));
    const bool each = does("clipnorm_of_each") || does("clipped_by_norm_of_each");
    std::vector<Real> squares;
    Real all = 0;
    for (const auto& gradient : gradients) {
      Real sum = 0;
      for (const Real g : gradient) sum += g * g;
      squares.push_back(sum);
      all += sum;
    }
    for (std::size_t i = 0; i < gradients.size(); ++i) {
      if (most > 0) scale(gradients[i], most, each ? squares[i] : all);
      if (!(value > 0)) continue;
      for (Real& g : gradients[i]) g = std::min(std::max(g, -value), value);
    }
  }

  void step_one(std::size_t i, std::size_t k, Real& p, Real g, Real lr) {
    if (name_ == "SGD") return sgd(i, k, p, g, lr);
    if (name_ == "RMSprop") return rmsprop(i, k, p, g, lr);
    if (name_ == "Adagrad") return adagrad(i, k, p, g, lr);
    if (name_ == "Adadelta") return adadelta(i, k, p, g, lr);
    if (name_ == "Adamax") return adamax(i, k, p, g, lr);
    if (name_ == "Nadam") return nadam(i, k, p, g, lr);
    if (name_ == "Lion") return lion(i, k, p, g, lr);
    adam(i, k, p, g, lr);
  }

  void sgd(std::size_t i, std::size_t k, Real& p, Real g, Real lr) {
    Real& v = slot("moment", i, k);
    const Real mu = does("momentum_ignored") ? Real(0) : number("momentum");
    const bool outside = (convention() == "torch") != injections_.has_any({"torch_momentum", "keras_momentum"});
    bool nesterov = config_.at("nesterov").template get<bool>();
    if (does("nesterov_missing")) nesterov = false;
    if (does("nesterov_unasked")) nesterov = true;
    Real take = 1;
    if (does("momentum_complement")) take = Real(1) - mu;
    take -= static_cast<Real>(injections_.number("momentum_dampened", 0.0));
    if (updates_ > 1) take -= static_cast<Real>(injections_.number("momentum_dampened_after_first", 0.0));
    if (outside) {
      v = mu * v + take * g;
      p -= lr * (does("nesterov_against") ? g - mu * v : nesterov && mu > 0 ? g + mu * v : v);
    } else {
      v = mu * v - take * (lr * g);
      p += does("nesterov_against") ? -mu * v - lr * g : nesterov && mu > 0 ? mu * v - lr * g : v;
    }
  }

  void rmsprop(std::size_t i, std::size_t k, Real& p, Real g, Real lr) {
    Real& a = slot("accumulator", i, k);
    Real& mean = slot("mean", i, k);
    const Real rho = number("rho");
    const Real take = does("rmsprop_undamped") ? Real(1) : Real(1) - rho;
    const Real a_before = a;
    const Real mean_before = mean;
    a = rho * a + take * g * g;
    mean = rho * mean + take * g;
    Real under = does("rmsprop_accumulator_stale") ? a_before : a;
    const Real centre = does("rmsprop_accumulator_stale") ? mean_before : mean;
    const bool centered =
        config_.value("centered", false) != injections_.has_any({"rmsprop_centred", "rmsprop_not_centered"});
    if (centered) under -= centre * centre;
    if (does("rmsprop_corrected")) under /= correction("rho", updates_);
    const Real epsilon = does("rmsprop_eps_missing") ? nearly_zero : number("epsilon");
    const bool inside =
        does("rmsprop_eps_inside_root") ||
        (convention() == "paper" && !injections_.has_any({"rmsprop_eps_outside_root", "rmsprop_eps_missing"}));
    const Real by = does("rmsprop_root_missing") ? under + epsilon
                    : inside                     ? std::sqrt(under + epsilon)
                                                 : std::sqrt(under) + epsilon;
    const Real declared = config_.contains("momentum") ? number("momentum") : Real(0);
    const Real momentum =
        does("momentum_ignored")
            ? Real(0)
            : static_cast<Real>(injections_.number("rmsprop_momentum", static_cast<double>(declared)));
    if (!(momentum > 0)) {
      p -= lr * g / by;
      return;
    }
    Real& velocity = slot("velocity", i, k);
    const bool outside = (convention() == "torch") != injections_.has_any({"torch_momentum", "keras_momentum"});
    velocity = momentum * velocity + (outside ? g / by : lr * g / by);
    p -= outside ? lr * velocity : velocity;
  }

  void lion(std::size_t i, std::size_t k, Real& p, Real g, Real lr) {
    Real& m = slot("m", i, k);
    const Real beta_1 = number("beta_1");
    const Real beta_2 = number("beta_2");
    const Real decay = does("weight_decay_ignored") ? Real(0) : number("weight_decay");
    const Real before = m;
    m = beta_2 * m + (Real(1) - beta_2) * g;
    const Real direction = does("lion_m_updated_first") ? m : beta_1 * before + (Real(1) - beta_1) * g;
    const Real sign = direction > 0 ? Real(1) : direction < 0 ? Real(-1) : direction;
    p -= lr * ((does("lion_sign_missing") ? direction : sign) + decay * p);
  }

  void adagrad(std::size_t i, std::size_t k, Real& p, Real g, Real lr) {
    Real& a = slot("accumulator", i, k);
    const Real before = a;
    a += g * g;
    Real under = does("adagrad_accumulator_stale") ? before : a;
    if (does("adagrad_mean")) under /= static_cast<Real>(updates_);
    const Real epsilon = does("adagrad_eps_missing") ? nearly_zero : number("epsilon");
    const bool inside =
        does("adagrad_eps_inside_root") ||
        (convention() == "paper" && !injections_.has_any({"adagrad_eps_outside_root", "adagrad_eps_missing"}));
    const Real by = does("adagrad_root_missing") ? under + epsilon
                    : inside                     ? std::sqrt(under + epsilon)
                                                 : std::sqrt(under) + epsilon;
    p -= lr * g / by;
  }

  void adadelta(std::size_t i, std::size_t k, Real& p, Real g, Real lr) {
    Real& a = slot("accumulator", i, k);
    Real& d = slot("delta_accumulator", i, k);
    const Real rho = number("rho");
    const Real epsilon = number("epsilon");
    const Real take = does("adadelta_undamped") ? Real(1) : Real(1) - rho;
    const Real before = a;
    a = rho * a + take * g * g;
    const Real below = does("adadelta_accumulators_stale") ? before : a;
    Real ratio = std::sqrt(d + epsilon) / std::sqrt(below + epsilon);
    if (does("adadelta_eps_outside_roots")) ratio = (std::sqrt(d) + epsilon) / (std::sqrt(below) + epsilon);
    if (does("adadelta_eps_above_only")) ratio = std::sqrt(d + epsilon) / std::sqrt(below);
    const Real update = g * ratio;
    p -= lr * update;
    const Real kept = does("adadelta_delta_with_rate") ? lr * update : update;
    d = rho * d + take * kept * kept;
  }

  void adam(std::size_t i, std::size_t k, Real& p, Real gradient, Real lr) {
    const bool is_spared = does("weight_decay_ignored") || (does("weight_decay_on_kernels") && i % 2 == 1);
    const bool has_decay = config_.contains("weight_decay") && !is_spared;
    const Real decay = has_decay ? number("weight_decay") : Real(0);
    const Real factor = convention() == "paper" ? lr / static_cast<Real>(raw("lr")) : lr;
    Real g = gradient;
    if (does("decay_in_gradient")) {
      g += decay * p;
    } else if (does("decay_without_rate")) {
      p -= decay * p;
    } else if (!does("decay_after_step")) {
      p -= factor * decay * p;
    }
    Real& m = slot("m", i, k);
    Real& v = slot("v", i, k);
    const Real beta_1 = number("beta_1");
    const Real beta_2 = number("beta_2");
    const Real m_before = m;
    const Real v_before = v;
    m = beta_1 * m + (does("adam_m_undamped") ? Real(1) : Real(1) - beta_1) * g;
    v = beta_2 * v + (does("adam_v_undamped") ? Real(1) : Real(1) - beta_2) * g * g;
    const bool stale = does("adam_moments_stale");
    Real first = stale ? m_before : m;
    if (does("adam_nesterov")) first = beta_1 * first + (Real(1) - beta_1) * g;
    Real second = stale ? v_before : v;
    std::int64_t t = updates_;
    if (does("bias_correction_per_tensor")) {
      t = (updates_ - 1) * static_cast<std::int64_t>(sizes_.size()) + static_cast<std::int64_t>(i) + 1;
    }
    if (does("bias_correction_per_tensor_late")) {
      t = (updates_ - 1) * static_cast<std::int64_t>(sizes_.size()) + static_cast<std::int64_t>(i) + 2;
    }
    const auto behind = std::max<std::int64_t>(t - 1, 1);
    Real c1 = correction("beta_1", injections_.has_any({"adam_corrections_late", "adam_m_correction_late"}) ? t + 1
                                   : does("adam_corrections_behind")                                        ? behind
                                                                                                            : t);
    Real c2 = correction("beta_2", injections_.has_any({"adam_corrections_late", "adam_v_correction_late"}) ? t + 1
                                   : does("adam_corrections_behind")                                        ? behind
                                                                                                            : t);
    if (injections_.has_any({"adam_no_bias_correction", "adam_m_uncorrected"})) c1 = 1;
    if (injections_.has_any({"adam_no_bias_correction", "adam_v_uncorrected"})) c2 = 1;
    Real under = second / c2;  // corrected
    bool amsgrad = config_.at("amsgrad").template get<bool>();
    if (does("amsgrad_ignored")) amsgrad = false;
    if (does("amsgrad_unasked")) amsgrad = true;
    if (amsgrad) {
      Real& most = slot("vhat", i, k);
      most = std::max(most, does("amsgrad_of_corrected") ? under : second);
      under = does("amsgrad_of_corrected") ? most : most / c2;
      if (does("amsgrad_of_corrected")) c2 = 1;  // what is corrected once is corrected
    }
    const Real epsilon = does("adam_eps_missing") ? nearly_zero : number("epsilon");
    const Real uncorrected = under * c2;
    Real step = first / c1;
    double rectified = 1.0;
    bool adapts = true;
    if (does("adam_rectified")) rectify(static_cast<double>(beta_2), t, rectified, adapts);
    const bool keras = convention() == "keras" || does("adam_eps_before_correction");
    if (!adapts) {
      // by m alone
    } else if (does("adam_root_missing")) {
      step = keras && !does("adam_eps_after_correction") && !injections_.has_any({"adam_eps_inside_corrected_root"})
                 ? step * std::sqrt(c2) / (uncorrected + epsilon)
                 : step / (under + epsilon);
    } else if (does("adam_eps_inside_root")) {
      step = step * std::sqrt(c2) / std::sqrt(uncorrected + epsilon);
    } else if (does("adam_eps_inside_corrected_root")) {
      step = step / std::sqrt(under + epsilon);
    } else if (keras && !does("adam_eps_after_correction")) {
      step = step * std::sqrt(c2) / (std::sqrt(uncorrected) + epsilon);
    } else {
      step = step / (std::sqrt(under) + epsilon);
    }
    p -= lr * static_cast<Real>(rectified) * step;
    if (does("decay_after_step")) p -= factor * decay * p;
  }

  // Liu et al. (arXiv:1908.03265), algorithm 2.
  static void rectify(double beta_2, std::int64_t t, double& factor, bool& adapts) {
    const double limit = 2.0 / (1.0 - beta_2) - 1.0;
    const double power = std::pow(beta_2, static_cast<double>(t));
    const double length = limit - 2.0 * static_cast<double>(t) * power / (1.0 - power);
    adapts = length > 5.0;
    if (adapts) {
      factor = std::sqrt(((length - 4.0) * (length - 2.0) * limit) / ((limit - 4.0) * (limit - 2.0) * length));
    }
  }

  Real momentum_at(std::int64_t t) const {
    if (does("nadam_schedule_missing")) return number("beta_1");
    return number("beta_1") *
           (Real(1) - Real(0.5) * std::pow(Real(0.96), static_cast<Real>(t) * number("schedule_decay")));
  }

  void nadam(std::size_t i, std::size_t k, Real& p, Real g, Real lr) {
    Real& m = slot("m", i, k);
    Real& v = slot("v", i, k);
    const std::int64_t t = updates_;
    m = number("beta_1") * m + (Real(1) - number("beta_1")) * g;
    v = number("beta_2") * v + (Real(1) - number("beta_2")) * g * g;
    const Real c2 = does("nadam_v_uncorrected") ? Real(1) : correction("beta_2", t);
    const Real epsilon = does("nadam_eps_missing") ? nearly_zero : number("epsilon");
    Real by = std::sqrt(v / c2) + epsilon;
    if (does("nadam_eps_inside_root")) by = std::sqrt(v / c2 + epsilon);
    if (does("nadam_eps_before_correction")) by = (std::sqrt(v) + epsilon) / std::sqrt(c2);
    if (does("nadam_as_adam")) {
      p -= lr * (m / correction("beta_1", t)) / by;
      return;
    }
    Real product = 1;
    for (std::int64_t s = 1; s <= t; ++s) product *= momentum_at(s);
    const Real mu = momentum_at(t);
    const Real next = momentum_at(t + 1);
    p -= lr * ((Real(1) - mu) * g / (Real(1) - product) + next * m / (Real(1) - product * next)) / by;
  }

  void adamax(std::size_t i, std::size_t k, Real& p, Real g, Real lr) {
    Real& m = slot("m", i, k);
    Real& u = slot("u", i, k);
    const Real m_before = m;
    const Real u_before = u;
    const bool in_norm = does("adamax_eps_in_norm") ||
                         (convention() == "torch" && !injections_.has_any({"adamax_eps_missing", "adamax_eps_beside"}));
    const bool missing = does("adamax_eps_missing") ||
                         (convention() == "paper" && !injections_.has_any({"adamax_eps_in_norm", "adamax_eps_beside"}));
    const Real epsilon = missing ? nearly_zero : number("epsilon");
    m = number("beta_1") * m + (does("adamax_m_undamped") ? Real(1) : Real(1) - number("beta_1")) * g;
    u = std::max(number("beta_2") * u, std::abs(g) + (in_norm ? epsilon : Real(0)));
    const Real c = does("adamax_no_bias_correction")
                       ? Real(1)
                       : correction("beta_1", does("adamax_correction_late") ? updates_ + 1 : updates_);
    const bool stale = does("adamax_moments_stale");
    const Real first = stale ? m_before : m;
    const Real norm = (stale ? u_before : u) + (in_norm ? Real(0) : epsilon);
    if (norm > 0) p -= lr / c * first / norm;
  }

  nlohmann::json config_;
  Injections injections_;
  std::vector<std::size_t> sizes_;
  std::string name_;
  std::map<std::string, Tensors> states_;
  std::int64_t updates_ = 0;
};

}  // namespace example

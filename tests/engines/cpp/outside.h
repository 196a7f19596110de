// Rules that no optimizer of the suite has, and no mistake of the catalogue makes: what names one of them guesses. Each
// is given an element and its state m and v, at update t from 1.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <string>

namespace example {

struct Element {
  double& p;
  double& m;
  double& v;
  double g;
};

using OutsideRule = std::function<void(const Element& e, double lr, double t)>;

inline double sign(double x) { return x > 0 ? 1.0 : x < 0 ? -1.0 : 0.0; }

// m and v as Adam has them.
inline void moments(const Element& e) {
  e.m = 0.9 * e.m + 0.1 * e.g;
  e.v = 0.999 * e.v + 0.001 * e.g * e.g;
}

inline const std::map<std::string, OutsideRule>& outside_rules() {
  static const std::map<std::string, OutsideRule> rules = {
      {"sign",
       [](const Element& e, double lr, double) {
         moments(e);
         e.p -= lr * sign(e.g);
       }},
      {"lion",
       [](const Element& e, double lr, double) {
         e.p -= lr * sign(0.9 * e.m + 0.1 * e.g);
         moments(e);
       }},
      {"yogi",
       [](const Element& e, double lr, double) {
         const double q = e.g * e.g;
         e.m = 0.9 * e.m + 0.1 * e.g;
         e.v -= 0.001 * sign(e.v - q) * q;
         e.p -= lr * e.m / (std::sqrt(std::abs(e.v)) + 1e-3);
       }},
      {"adabelief",
       [](const Element& e, double lr, double) {
         e.m = 0.9 * e.m + 0.1 * e.g;
         e.v = 0.999 * e.v + 0.001 * (e.g - e.m) * (e.g - e.m) + 1e-16;
         e.p -= lr * e.m / (std::sqrt(e.v) + 1e-7);
       }},
      {"cube_root",
       [](const Element& e, double lr, double) {
         moments(e);
         e.p -= lr * e.m / (std::cbrt(e.v) + 1e-7);
       }},
      {"fourth_root",
       [](const Element& e, double lr, double) {
         moments(e);
         e.p -= lr * e.m / (std::sqrt(std::sqrt(e.v)) + 1e-7);
       }},
      {"tanh_of_gradient",
       [](const Element& e, double lr, double) {
         moments(e);
         e.p -= lr * std::tanh(e.g);
       }},
      {"tanh_of_step",
       [](const Element& e, double lr, double) {
         moments(e);
         e.p -= std::tanh(lr * e.m / (std::sqrt(e.v) + 1e-7));
       }},
      {"cubed_gradient",
       [](const Element& e, double lr, double) {
         moments(e);
         e.p -= lr * e.g * e.g * e.g;
       }},
      {"l1_decay",
       [](const Element& e, double lr, double) {
         moments(e);
         e.p -= lr * (e.m + 0.01 * sign(e.p));
       }},
      {"l1_decay_beside_adam",
       [](const Element& e, double lr, double t) {
         const double before = e.p;
         moments(e);
         e.p -= lr * std::sqrt(1 - std::pow(0.999, t)) / (1 - std::pow(0.9, t)) * e.m / (std::sqrt(e.v) + 1e-7);
         e.p -= lr * 0.01 * sign(before);
       }},
      {"cubic_decay",
       [](const Element& e, double lr, double) {
         moments(e);
         e.p -= lr * (e.m + 0.1 * e.p * e.p * e.p);
       }},
      {"weights_clipped",
       [](const Element& e, double lr, double) {
         moments(e);
         e.p = std::min(std::max(e.p - lr * e.m, -0.2), 0.2);
       }},
      {"step_clipped",
       [](const Element& e, double lr, double) {
         moments(e);
         e.p -= std::min(std::max(lr * e.m, -1e-4), 1e-4);
       }},
      {"soft_threshold",
       [](const Element& e, double lr, double) {
         moments(e);
         const double q = e.p - lr * e.m;
         e.p = sign(q) * std::max(std::abs(q) - 1e-3, 0.0);
       }},
      {"momentum_of_steps",
       [](const Element& e, double lr, double) {
         e.v = 0.999 * e.v + 0.001 * e.g * e.g;
         e.m = 0.9 * e.m + 0.1 * e.g / (std::sqrt(e.v) + 1e-7);
         e.p -= lr * e.m;
       }},
      {"norm_of_four",
       [](const Element& e, double lr, double) {
         e.m = 0.9 * e.m + 0.1 * e.g;
         e.v = 0.999 * e.v + 0.001 * std::pow(e.g, 4.0);
         e.p -= lr * e.m / (std::pow(e.v, 0.25) + 1e-7);
       }},
      {"mean_size",
       [](const Element& e, double lr, double) {
         e.m = 0.9 * e.m + 0.1 * e.g;
         e.v = 0.999 * e.v + 0.001 * std::abs(e.g);
         e.p -= lr * e.m / (e.v + 1e-7);
       }},
      {"logarithm",
       [](const Element& e, double lr, double) {
         moments(e);
         e.p -= lr * sign(e.g) * std::log1p(std::abs(e.g));
       }},
      {"larger_of_both",
       [](const Element& e, double lr, double) {
         moments(e);
         e.p -= lr * (std::abs(e.m) > std::abs(e.g) ? e.m : e.g);
       }},
      {"agreement",
       [](const Element& e, double lr, double) {
         moments(e);
         e.p -= e.m * e.g > 0 ? lr * e.g : 0.0;
       }},
      {"cautious",
       [](const Element& e, double lr, double) {
         moments(e);
         e.p -= (e.m * e.g > 0 ? 1.0 : 0.1) * lr * e.m / (std::sqrt(e.v) + 1e-7);
       }},
      {"warm_inside",
       [](const Element& e, double lr, double t) {
         moments(e);
         e.p -= lr * (1.0 - std::exp(-t)) * e.m / (std::sqrt(e.v) + 1e-7);
       }},
      {"cyclic",
       [](const Element& e, double lr, double t) {
         moments(e);
         e.p -= lr * std::cos(t) * e.g;
       }},
      {"growing_momentum",
       [](const Element& e, double lr, double t) {
         e.m = t / (t + 3.0) * e.m + e.g;
         e.v = e.g * e.g;
         e.p -= lr * e.m;
       }},
      {"squared_sum",
       [](const Element& e, double lr, double) {
         e.m = 0.9 * e.m + e.g * std::abs(e.g);
         e.v = e.m * e.m;
         e.p -= lr * e.m;
       }},
      {"relative",
       [](const Element& e, double lr, double) {
         moments(e);
         e.p -= lr * std::abs(e.p) * e.m;
       }},
      {"exponentiated",
       [](const Element& e, double lr, double) {
         moments(e);
         e.p *= std::exp(-lr * e.g * sign(e.p));
       }},
      {"quantised",
       [](const Element& e, double lr, double) {
         moments(e);
         e.p -= std::round(1e4 * lr * e.m) / 1e4;
       }},
      {"hyperbolic",
       [](const Element& e, double lr, double) {
         moments(e);
         e.p -= lr * e.m / (1.0 + std::abs(e.m) + e.v);
       }},
      {"asinh",
       [](const Element& e, double lr, double) {
         moments(e);
         e.p -= lr * std::asinh(e.m / (std::sqrt(e.v) + 1e-7));
       }},
      {"alternating",
       [](const Element& e, double lr, double t) {
         moments(e);
         e.p -= std::fmod(t, 2.0) < 1.0 ? lr * e.m : lr * e.g;
       }},
  };
  return rules;
}

}  // namespace example

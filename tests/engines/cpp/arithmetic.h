// What correct engines do differently, and all of it is right: in which precision each constant is held, how powers of
// a beta are come by, in which order products are taken, which formula gives the loss. An engine of your own has one of
// each.
#pragma once

#include <cmath>
#include <cstdint>
#include <functional>
#include <string>

namespace example {

class Arithmetic {
 public:
  // 0: the plain ones. Any other number is a mixture of its own.
  explicit Arithmetic(std::uint64_t mixture = 0) : mixture_(mixture) {}

  // Which of `count` ways a thing is done.
  std::uint64_t choice(const std::string& thing, std::uint64_t count) const {
    if (mixture_ == 0) return 0;
    std::uint64_t x = mixture_ * 0x9e3779b97f4a7c15ULL ^ std::hash<std::string>()(thing);
    x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27U)) * 0x94d049bb133111ebULL;
    return (x ^ (x >> 31U)) % count;
  }

  // A constant: in the run's precision, or in double.
  template <typename Real>
  double constant(const std::string& name, double value) const {
    return choice("constant " + name, 2) == 0 ? static_cast<double>(static_cast<Real>(value)) : value;
  }

  // 1 - beta: of doubles, of the run's precision, or of doubles from a beta of the run's precision.
  template <typename Real>
  double complement(const std::string& name, double beta) const {
    const Real held = static_cast<Real>(beta);
    switch (choice("complement " + name, 4)) {
      case 0: return static_cast<double>(Real(1) - held);
      case 1: return 1.0 - beta;
      case 2: return static_cast<double>(static_cast<Real>(1.0 - beta));
      default: return 1.0 - static_cast<double>(held);
    }
  }

  // 1 - beta^t: by pow or by products, each in the run's precision or in double, or by a pow that is two units off.
  template <typename Real>
  double correction(const std::string& name, double beta, std::int64_t t) const {
    const Real held = static_cast<Real>(beta);
    switch (choice("correction " + name, 7)) {
      case 0: return static_cast<double>(Real(1) - std::pow(held, static_cast<Real>(t)));
      case 1: return 1.0 - std::pow(beta, static_cast<double>(t));
      case 2: return static_cast<double>(Real(1) - product<Real>(held, t));
      case 3: return 1.0 - product<double>(beta, t);
      case 4: return 1.0 - std::pow(static_cast<double>(held), static_cast<double>(t));
      case 5: return static_cast<double>(Real(1) - off_by_two(std::pow(held, static_cast<Real>(t)), Real(2)));
      default: return static_cast<double>(Real(1) - off_by_two(std::pow(held, static_cast<Real>(t)), Real(0)));
    }
  }

  // keep * a + take * b, where keep + take = 1.
  template <typename Real>
  Real blend(const std::string& thing, double keep, Real a, double take, Real b) const {
    const Real k = static_cast<Real>(keep);
    const Real l = static_cast<Real>(take);
    switch (choice("blend " + thing, 4)) {
      case 0: return k * a + l * b;
      case 1: return std::fma(k, a, l * b);
      case 2: return a + l * (b - a);
      default: return static_cast<Real>(keep * static_cast<double>(a) + take * static_cast<double>(b));
    }
  }

  // a * b * c, in any order.
  template <typename Real>
  Real product_of(const std::string& thing, Real a, Real b, Real c) const {
    switch (choice("order " + thing, 3)) {
      case 0: return a * b * c;
      case 1: return a * (b * c);
      default: return c * a * b;
    }
  }

  // numerator * factor / denominator.
  template <typename Real>
  Real quotient(const std::string& thing, Real factor, Real numerator, Real denominator) const {
    switch (choice("quotient " + thing, 3)) {
      case 0: return factor * numerator / denominator;
      case 1: return factor * (numerator / denominator);
      default: return numerator * (factor / denominator);
    }
  }

 private:
  template <typename Real>
  static Real product(Real base, std::int64_t t) {
    Real result = 1;
    for (std::int64_t i = 0; i < t; ++i) result *= base;
    return result;
  }

  template <typename Real>
  static Real off_by_two(Real value, Real towards) {
    return std::nextafter(std::nextafter(value, towards), towards);
  }

  std::uint64_t mixture_;
};

}  // namespace example

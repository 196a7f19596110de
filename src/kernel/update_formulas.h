#pragma once

// The update rules element by element, for the kernels alone (see vector_math.h). src/optim has each rule's source.

#include "kernel/formula.h"

namespace touchstone {
namespace {

template <typename T>
T larger(T a, T b) {
  return a > b ? a : b;
}

template <typename T>
T magnitude(T a) {
  return a < T(0) ? -a : a;
}

inline float root(float a) { return __builtin_sqrtf(a); }
inline double root(double a) { return __builtin_sqrt(a); }

/// Calls f(parameter, gradient, slots...) for every element.
template <typename T, typename F>
void each_with_1(const ReplicaState<T>& state, F f) {
  T* __restrict p = state.parameters;
  const T* __restrict g = state.gradients;
  T* __restrict a = state.slots[0];
  for (std::size_t i = 0; i < state.size; ++i) f(p[i], g[i], a[i]);
}

template <typename T, typename F>
void each_with_2(const ReplicaState<T>& state, F f) {
  T* __restrict p = state.parameters;
  const T* __restrict g = state.gradients;
  T* __restrict a = state.slots[0];
  T* __restrict b = state.slots[1];
  for (std::size_t i = 0; i < state.size; ++i) f(p[i], g[i], a[i], b[i]);
}

template <typename T, typename F>
void each_with_3(const ReplicaState<T>& state, F f) {
  T* __restrict p = state.parameters;
  const T* __restrict g = state.gradients;
  T* __restrict a = state.slots[0];
  T* __restrict b = state.slots[1];
  T* __restrict c = state.slots[2];
  for (std::size_t i = 0; i < state.size; ++i) f(p[i], g[i], a[i], b[i], c[i]);
}

template <typename T>
void apply_formula(Formula formula, const Coefficients<T>& coefficients, const ReplicaState<T>& state) {
  const Coefficients<T> c = coefficients;  // a copy that no store can change
  switch (formula) {
    case Formula::sgd:
      return each_with_1(state, [c](T& p, T g, T& v) {
        v = c.keep_1 * v - c.lr * g;
        p += v;
      });
    case Formula::sgd_nesterov:
      return each_with_1(state, [c](T& p, T g, T& v) {
        v = c.keep_1 * v - c.lr * g;
        p += c.keep_1 * v - c.lr * g;
      });
    case Formula::torch_sgd:
      return each_with_1(state, [c](T& p, T g, T& b) {
        b = c.keep_1 * b + g;
        p -= c.lr * b;
      });
    case Formula::torch_sgd_nesterov:
      return each_with_1(state, [c](T& p, T g, T& b) {
        b = c.keep_1 * b + g;
        p -= c.lr * (g + c.keep_1 * b);
      });
    case Formula::rmsprop:
      return each_with_1(state, [c](T& p, T g, T& a) {
        a = c.keep_1 * a + c.take_1 * (g * g);
        p -= c.lr * g / (root(a) + c.epsilon);
      });
    case Formula::paper_rmsprop:
      return each_with_1(state, [c](T& p, T g, T& a) {
        a = c.keep_1 * a + c.take_1 * (g * g);
        p -= c.lr * g / root(a + c.epsilon);
      });
    case Formula::adagrad:
      return each_with_1(state, [c](T& p, T g, T& a) {
        a += g * g;
        p -= c.lr * g / (root(a) + c.epsilon);
      });
    case Formula::paper_adagrad:
      return each_with_1(state, [c](T& p, T g, T& a) {
        a += g * g;
        p -= c.lr * g / root(a + c.epsilon);
      });
    case Formula::adadelta:
      return each_with_2(state, [c](T& p, T g, T& a, T& d) {
        a = c.keep_1 * a + c.take_1 * (g * g);
        const T update = g * root(d + c.epsilon) / root(a + c.epsilon);
        p -= c.lr * update;
        d = c.keep_1 * d + c.take_1 * (update * update);
      });
    case Formula::adam:
      return each_with_2(state, [c](T& p, T g, T& m, T& v) {
        m = c.keep_1 * m + c.take_1 * g;
        v = c.keep_2 * v + c.take_2 * (g * g);
        p -= c.lr * m / (root(v) + c.epsilon);
      });
    case Formula::adam_amsgrad:
      return each_with_3(state, [c](T& p, T g, T& m, T& v, T& vhat) {
        m = c.keep_1 * m + c.take_1 * g;
        v = c.keep_2 * v + c.take_2 * (g * g);
        vhat = larger(vhat, v);
        p -= c.lr * m / (root(vhat) + c.epsilon);
      });
    case Formula::adamax:
      return each_with_2(state, [c](T& p, T g, T& m, T& u) {
        m = c.keep_1 * m + c.take_1 * g;
        u = larger(c.keep_2 * u, magnitude(g));
        p -= c.lr * m / (u + c.epsilon);
      });
    case Formula::torch_adamax:
      return each_with_2(state, [c](T& p, T g, T& m, T& u) {
        m = c.keep_1 * m + c.take_1 * g;
        u = larger(c.keep_2 * u, magnitude(g) + c.epsilon);
        p -= c.lr * m / u;
      });
    case Formula::paper_adamax:
      return each_with_2(state, [c](T& p, T g, T& m, T& u) {
        m = c.keep_1 * m + c.take_1 * g;
        u = larger(c.keep_2 * u, magnitude(g));
        p -= c.lr * m / larger(u, T(1.17549435e-38F));  // 0 / 0: a parameter that never had a gradient stays
      });
  }
}

}  // namespace
}  // namespace touchstone

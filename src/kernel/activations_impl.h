#pragma once

// A layer's activations on vectors, for the kernels alone (see vector_math.h): what becomes of its sums z, and of the
// gradient g of its outputs h, as that of its sums. A new one is a struct, a line of with_activation, and an entry in
// src/model/activations.cpp.

#include "kernel/dense_plan.h"
#include "kernel/vector_math.h"

namespace touchstone {
namespace {

template <typename T>
struct Linear {
  static Vector<T> of(const Vector<T>& z) { return z; }
  static Vector<T> gradient(const Vector<T>& g, const T* /*h*/) { return g; }
};

template <typename T>
struct Relu {
  static Vector<T> of(const Vector<T>& z) { return z < T(0) ? Vector<T>{} : z; }  // NaN stays
  static Vector<T> gradient(const Vector<T>& g, const T* h) { return load(h) <= T(0) ? Vector<T>{} : g; }
};

template <typename T>
struct Sigmoid {
  static Vector<T> of(const Vector<T>& z) { return sigmoid<T>(z); }
  static Vector<T> gradient(const Vector<T>& g, const T* h) { return g * load(h) * (T(1) - load(h)); }
};

template <typename T>
struct Tanh {
  static Vector<T> of(const Vector<T>& z) { return tanh<T>(z); }
  static Vector<T> gradient(const Vector<T>& g, const T* h) { return g * (T(1) - load(h) * load(h)); }
};

/// Calls f with the activation.
template <typename T, typename F>
void with_activation(LayerActivation activation, const F& f) {
  switch (activation) {
    case LayerActivation::linear: return f(Linear<T>());
    case LayerActivation::relu: return f(Relu<T>());
    case LayerActivation::sigmoid: return f(Sigmoid<T>());
    case LayerActivation::tanh: return f(Tanh<T>());
  }
}

}  // namespace
}  // namespace touchstone

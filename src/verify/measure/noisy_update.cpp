#include "verify/measure/noisy_update.h"

#include <cmath>

namespace touchstone {
namespace {

void clip(const Clipping& clipping, Noise& noise, UpdateState::Elements& gradients) {
  if (clipping.norm > 0.0) {
    double squares = 0.0;
    for (const auto& gradient : gradients) {
      for (const double g : gradient) squares += g * g;
    }
    const Wide norm = noise.operation(std::sqrt(squares));
    if (norm >= clipping.norm) {
      for (auto& gradient : gradients) {
        for (double& g : gradient) g = static_cast<double>(noise.operation(noise.operation(g * clipping.norm) / norm));
      }
    }
  }
  if (clipping.value > 0.0) {
    const auto most = static_cast<double>(noise.constant(clipping.value));
    for (auto& gradient : gradients) {
      for (double& g : gradient) g = g > most ? most : g < -most ? -most : g;  // NaN stays
    }
  }
}

}  // namespace

void noisy_update(const Formula& formula, const Clipping& clipping, double lr, std::int64_t t, Noise& noise,
                  UpdateState& state) {
  clip(clipping, noise, state.gradients);
  const std::size_t count = state.parameters.size();
  for (std::size_t p = 0; p < count; ++p) {
    ReplicaState<double> elements{
        state.parameters[p].size(), state.parameters[p].data(), state.gradients[p].data(), {}};
    for (std::size_t s = 0; s < state.slots.size(); ++s) elements.slots[s] = state.slots[s][p].data();
    formula.in_noise(lr, formula.count == nullptr ? t : formula.count(t, p, count), noise, elements);
  }
}

}  // namespace touchstone

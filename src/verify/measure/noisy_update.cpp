#include "verify/measure/noisy_update.h"

#include <cmath>
#include <numeric>

namespace touchstone {
namespace {

/// In place of a Noise: operations and constants as doubles have them.
struct NoNoise {
  static double operation(double exact) { return exact; }
  static double constant(double value) { return value; }
};

std::vector<double> squares_of(const UpdateState& state) {
  if (!state.gradient_squares.empty()) return state.gradient_squares;
  std::vector<double> squares;
  for (const auto& gradient : state.gradients) {
    squares.push_back(std::inner_product(gradient.begin(), gradient.end(), gradient.begin(), 0.0));
  }
  return squares;
}

template <typename AnyNoise>
void clip_norm(std::vector<double>& gradient, const Clipping& clipping, double square, AnyNoise& noise) {
  const auto norm = noise.operation(noise.operation(std::sqrt(square)) + clipping.epsilon);
  if (!clipping.scales(static_cast<double>(norm))) return;
  for (double& g : gradient) g = static_cast<double>(noise.operation(noise.operation(g * clipping.norm) / norm));
}

template <typename AnyNoise>
void clip(const UpdatePipeline& pipeline, AnyNoise& noise, UpdateState& state) {
  const Clipping& clipping = pipeline.clipping;
  if (clipping.norm > 0.0) {
    const std::vector<double> squares = squares_of(state);
    const double all = std::accumulate(squares.begin(), squares.end(), 0.0);
    for (std::size_t p = 0; p < squares.size(); ++p) {
      clip_norm(state.gradients[p], clipping, clipping.each ? squares[p] : all, noise);
    }
  }
  if (clipping.value > 0.0) {
    const auto most = static_cast<double>(noise.constant(clipping.value));
    for (auto& gradient : state.gradients) {
      for (double& g : gradient) g = g > most ? most : g < -most ? -most : g;  // NaN stays
    }
  }
}

template <typename AnyNoise>
void decay(const UpdatePipeline& pipeline, double lr, AnyNoise& noise, std::vector<double>& parameters) {
  const auto by = noise.constant(pipeline.decay);
  const auto share = pipeline.weight_decay == UpdatePipeline::WeightDecay::by_itself ? by : noise.operation(by * lr);
  for (double& p : parameters) p = static_cast<double>(noise.operation(p - noise.operation(share * p)));
}

template <typename AnyNoise>
void add_decay(const UpdatePipeline& pipeline, const std::vector<double>& parameters, AnyNoise& noise,
               std::vector<double>& gradients) {
  const auto by = noise.constant(pipeline.decay);
  for (std::size_t i = 0; i < gradients.size(); ++i) {
    gradients[i] = static_cast<double>(noise.operation(gradients[i] + noise.operation(by * parameters[i])));
  }
}

/// `apply(lr, t, elements)` for each parameter, with what is around it.
template <typename AnyNoise, typename Apply>
void update(const UpdatePipeline& pipeline, double lr, std::int64_t t, AnyNoise& noise, UpdateState& state,
            const Apply& apply) {
  if (pipeline.times == 0) return;
  if (pipeline.uses_initial_rate) lr = pipeline.initial_rate;
  if (pipeline.rounds_rate) lr = static_cast<double>(static_cast<float>(lr));
  lr *= pipeline.rate_factor;
  if (pipeline.sign < 0.0) {
    for (auto& gradient : state.gradients) {
      for (double& g : gradient) g = -g;
    }
  }
  clip(pipeline, noise, state);
  const std::size_t count = state.parameters.size();
  for (std::size_t p = 0; p < count; ++p) {
    const bool decays = pipeline.weight_decay != UpdatePipeline::WeightDecay::none &&
                        (!pipeline.decays_kernels_only || state.is_kernel[p]);
    if (decays && pipeline.weight_decay == UpdatePipeline::WeightDecay::in_gradient) {
      add_decay(pipeline, state.parameters[p], noise, state.gradients[p]);
    } else if (decays && pipeline.weight_decay != UpdatePipeline::WeightDecay::after) {
      decay(pipeline, lr, noise, state.parameters[p]);
    }
    ReplicaState<double> elements{
        state.parameters[p].size(), state.parameters[p].data(), state.gradients[p].data(), {}};
    for (std::size_t s = 0; s < state.slots.size(); ++s) elements.slots[s] = state.slots[s][p].data();
    for (int time = 0; time < pipeline.times; ++time) {
      apply(lr, pipeline.count(t, p, count), elements);
    }
    if (decays && pipeline.weight_decay == UpdatePipeline::WeightDecay::after)
      decay(pipeline, lr, noise, state.parameters[p]);
  }
}

}  // namespace

void noisy_update(const Formula& formula, const UpdatePipeline& pipeline, double lr, std::int64_t t, Noise& noise,
                  UpdateState& state) {
  update(pipeline, lr, t, noise, state, [&](double rate, std::int64_t at, const ReplicaState<double>& elements) {
    formula.in_noise(rate, at, noise, elements);
  });
}

void plain_update(const Formula& formula, const UpdatePipeline& pipeline, double lr, std::int64_t t,
                  UpdateState& state) {
  NoNoise none;
  update(pipeline, lr, t, none, state, [&](double rate, std::int64_t at, const ReplicaState<double>& elements) {
    formula.in_doubles(rate, at, elements);
  });
}

}  // namespace touchstone

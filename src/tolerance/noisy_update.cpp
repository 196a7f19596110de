#include "tolerance/noisy_update.h"

#include <numeric>

#include "kernel/noisy_number.h"
#include "optim/apply_pipeline.h"

namespace touchstone {
namespace {

/// One parameter's elements in an UpdateState.
class StateTensor {
 public:
  StateTensor(UpdateState& state, std::size_t parameter) : state_(state), parameter_(parameter) {}

  bool is_kernel() const { return state_.is_kernel[parameter_]; }

 protected:
  double exact_square_sum() const {
    if (!state_.gradient_squares.empty()) return state_.gradient_squares[parameter_];
    const std::vector<double>& gradient = state_.gradients[parameter_];
    return std::inner_product(gradient.begin(), gradient.end(), gradient.begin(), 0.0);
  }
  std::vector<double>& parameters() { return state_.parameters[parameter_]; }
  std::vector<double>& gradients() { return state_.gradients[parameter_]; }

 private:
  UpdateState& state_;
  std::size_t parameter_;
};

class DoubleTensor : public StateTensor {
 public:
  using StateTensor::StateTensor;

  double square_sum() const { return exact_square_sum(); }
  static double exact(double value) { return value; }
  static double constant(double value) { return value; }
  template <typename F>
  void each(const F& f) {
    for (std::size_t i = 0; i < gradients().size(); ++i) f(parameters()[i], gradients()[i]);
  }
};

class NoisyTensor : public StateTensor {
 public:
  NoisyTensor(UpdateState& state, std::size_t parameter, Noise& noise) : StateTensor(state, parameter), noise_(noise) {}

  NoisyNumber square_sum() const { return {exact_square_sum(), noise_}; }
  NoisyNumber exact(double value) const { return {value, noise_}; }
  NoisyNumber constant(double value) const { return {noise_.constant(value), noise_}; }
  template <typename F>
  void each(const F& f) {
    for (std::size_t i = 0; i < gradients().size(); ++i) {
      NoisyNumber parameter(parameters()[i], noise_);
      NoisyNumber gradient(gradients()[i], noise_);
      f(parameter, gradient);
      parameters()[i] = parameter.value();
      gradients()[i] = gradient.value();
    }
  }

 private:
  Noise& noise_;
};

struct DoubleTensors {
  UpdateState& state;
  std::size_t size() const { return state.parameters.size(); }
  DoubleTensor operator[](std::size_t parameter) const { return {state, parameter}; }
};

struct NoisyTensors {
  UpdateState& state;
  Noise& noise;
  std::size_t size() const { return state.parameters.size(); }
  NoisyTensor operator[](std::size_t parameter) const { return {state, parameter, noise}; }
};

ReplicaState<double> elements_of(UpdateState& state, std::size_t p) {
  ReplicaState<double> elements{state.parameters[p].size(), state.parameters[p].data(), state.gradients[p].data(), {}};
  for (std::size_t s = 0; s < state.slots.size(); ++s) elements.slots[s] = state.slots[s][p].data();
  return elements;
}

}  // namespace

void noisy_update(const Formula& formula, const UpdatePipeline& pipeline, double lr, std::int64_t t, Noise& noise,
                  UpdateState& state) {
  apply_update(pipeline, lr, t, NoisyTensors{state, noise}, [&](double rate, std::int64_t count, std::size_t p) {
    formula.in_noise(rate, count, noise, elements_of(state, p));
  });
}

void plain_update(const Formula& formula, const UpdatePipeline& pipeline, double lr, std::int64_t t,
                  UpdateState& state) {
  apply_update(pipeline, lr, t, DoubleTensors{state}, [&](double rate, std::int64_t count, std::size_t p) {
    formula.in_doubles(rate, count, elements_of(state, p));
  });
}

}  // namespace touchstone

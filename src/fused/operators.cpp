#include "fused/operators.h"

#include <ATen/Dispatch.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <torch/library.h>

#include "kernel/clip.h"

namespace touchstone {
namespace {

void check(const at::Tensor& tensor, at::ScalarType dtype, at::IntArrayRef shape, const char* name) {
  TORCH_CHECK(tensor.scalar_type() == dtype && tensor.sizes() == shape && tensor.is_contiguous(), name, ": found ",
              tensor.scalar_type(), tensor.sizes(), ", expected contiguous ", dtype, shape);
}

void check_stack(const FusedNetwork& network, const at::Tensor& stack, std::int64_t replicas, const char* name) {
  check(stack, network.dtype(), {replicas, static_cast<std::int64_t>(network.plan().row)}, name);
}

void check_data(const FusedNetwork& network, const at::Tensor& x, const at::Tensor& y) {
  check(x, network.dtype(), {x.size(0), static_cast<std::int64_t>(network.plan().features())}, "x");
  check(y, at::kLong, {x.size(0)}, "y");
}

/// An index outside would be read from, or written to, memory that is not the tensor's.
void check_rows(const std::int64_t* rows, std::int64_t count, std::int64_t all) {
  std::int64_t outside = 0;
  for (std::int64_t i = 0; i < count; ++i) outside += rows[i] < 0 || rows[i] >= all ? 1 : 0;
  TORCH_CHECK(outside == 0, "rows: found ", outside, " outside 0 to ", all - 1);
}

void gradients_on_cpu(const NetworkHandle& network, const at::Tensor& parameters, const at::Tensor& x,
                      const at::Tensor& y, const at::Tensor& rows, std::int64_t begin, std::int64_t count,
                      const at::Tensor& gradients, const at::Tensor& losses, const at::Tensor& correct) {
  const std::int64_t replicas = parameters.size(0);
  check_stack(*network, parameters, replicas, "parameters");
  check_stack(*network, gradients, replicas, "gradients");
  check_data(*network, x, y);
  check(rows, at::kLong, {replicas, x.size(0)}, "rows");
  check(losses, at::kDouble, {replicas}, "losses");
  check(correct, at::kLong, {replicas}, "correct");
  TORCH_CHECK(begin >= 0 && count > 0 && begin + count <= x.size(0), "found rows ", begin, " to ", begin + count,
              ", expected some of ", x.size(0));

  AT_DISPATCH_FLOATING_TYPES(network->dtype(), "dense_gradients", [&] {
    const DenseKernel<scalar_t>& kernel = network->kernel<scalar_t>();
    const std::size_t row = network->plan().row;
    const auto* parameter = parameters.data_ptr<scalar_t>();
    auto* gradient = gradients.data_ptr<scalar_t>();
    const auto* order = rows.data_ptr<std::int64_t>() + begin;
    const auto* features = x.data_ptr<scalar_t>();
    const auto* labels = y.data_ptr<std::int64_t>();
    auto* workspace = network->workspace().data_ptr<scalar_t>();
    auto* loss = losses.data_ptr<double>();
    auto* answers = correct.data_ptr<std::int64_t>();
    for (std::int64_t r = 0; r < replicas; ++r, parameter += row, gradient += row, order += x.size(0)) {
      check_rows(order, count, x.size(0));
      const RowSums sums =
          kernel.gradients(network->plan(), parameter, {features, labels, order, static_cast<std::size_t>(count)},
                           static_cast<scalar_t>(count), workspace, gradient);
      loss[r] = sums.loss / static_cast<double>(count);
      answers[r] = sums.correct;
    }
  });
}

void evaluate_on_cpu(const NetworkHandle& network, const at::Tensor& parameters, const at::Tensor& x,
                     const at::Tensor& y, const at::Tensor& losses, const at::Tensor& correct) {
  const std::int64_t replicas = parameters.size(0);
  check_stack(*network, parameters, replicas, "parameters");
  check_data(*network, x, y);
  check(losses, at::kDouble, {replicas}, "losses");
  check(correct, at::kLong, {replicas}, "correct");

  AT_DISPATCH_FLOATING_TYPES(network->dtype(), "dense_evaluate", [&] {
    const DenseKernel<scalar_t>& kernel = network->kernel<scalar_t>();
    const auto* parameter = parameters.data_ptr<scalar_t>();
    for (std::int64_t r = 0; r < replicas; ++r, parameter += network->plan().row) {
      const RowSums sums = kernel.evaluate(
          network->plan(), parameter,
          {x.data_ptr<scalar_t>(), y.data_ptr<std::int64_t>(), nullptr, static_cast<std::size_t>(x.size(0))},
          network->workspace().data_ptr<scalar_t>());
      losses.data_ptr<double>()[r] = sums.loss / static_cast<double>(x.size(0));
      correct.data_ptr<std::int64_t>()[r] = sums.correct;
    }
  });
}

void clip_on_cpu(const NetworkHandle& network, const at::Tensor& gradients, double norm, double value, bool each) {
  const std::int64_t replicas = gradients.size(0);
  check_stack(*network, gradients, replicas, "gradients");
  AT_DISPATCH_FLOATING_TYPES(network->dtype(), "dense_clip", [&] {
    auto* gradient = gradients.data_ptr<scalar_t>();
    for (std::int64_t r = 0; r < replicas; ++r, gradient += network->plan().row) {
      clip(network->plan(), gradient, norm, value, each);
    }
  });
}

void update_on_cpu(const NetworkHandle& network, const FormulaHandle& handle, const at::Tensor& coefficients,
                   const at::Tensor& parameters, const at::Tensor& gradients, at::TensorList slots) {
  const Formula& formula = handle->formula();
  const std::int64_t replicas = parameters.size(0);
  check_stack(*network, parameters, replicas, "parameters");
  check_stack(*network, gradients, replicas, "gradients");
  check(coefficients, network->dtype(), {replicas, static_cast<std::int64_t>(formula.coefficient_count)},
        "coefficients");
  TORCH_CHECK(slots.size() == formula.slots.size(), "slots: found ", slots.size(), ", expected ", formula.slots.size());
  for (const at::Tensor& slot : slots) check_stack(*network, slot, replicas, "slots");

  AT_DISPATCH_FLOATING_TYPES(network->dtype(), "dense_update", [&] {
    const auto update = formula.loops<scalar_t>().on(network->kernel<scalar_t>().instruction_set);
    const std::size_t row = network->plan().row;
    const auto* c = coefficients.data_ptr<scalar_t>();
    for (std::size_t r = 0; r < static_cast<std::size_t>(replicas); ++r, c += formula.coefficient_count) {
      ReplicaState<scalar_t> state{
          row, parameters.data_ptr<scalar_t>() + r * row, gradients.data_ptr<scalar_t>() + r * row, {}};
      for (std::size_t s = 0; s < slots.size(); ++s) state.slots[s] = slots[s].data_ptr<scalar_t>() + r * row;
      update(c, state);
      clear_padding(network->plan(), state.parameters);
    }
  });
}

/// The operator's handle, looked up once.
template <typename Signature>
c10::TypedOperatorHandle<Signature> find_operator(const char* name) {
  return c10::Dispatcher::singleton().findSchemaOrThrow(name, "").typed<Signature>();
}

}  // namespace

TORCH_LIBRARY(touchstone, library) {
  library.class_<FusedNetwork>("FusedNetwork");
  library.class_<FusedFormula>("FusedFormula");
  library.def(
      "dense_gradients(__torch__.torch.classes.touchstone.FusedNetwork network, Tensor parameters, Tensor x, Tensor y, "
      "Tensor rows, int begin, int count, Tensor(a!) gradients, Tensor(b!) losses, Tensor(c!) correct) -> ()");
  library.def(
      "dense_evaluate(__torch__.torch.classes.touchstone.FusedNetwork network, Tensor parameters, Tensor x, Tensor y, "
      "Tensor(a!) losses, Tensor(b!) correct) -> ()");
  library.def(
      "dense_clip(__torch__.torch.classes.touchstone.FusedNetwork network, Tensor(a!) gradients, float norm, float "
      "value, bool each) "
      "-> ()");
  library.def(
      "dense_update(__torch__.torch.classes.touchstone.FusedNetwork network, "
      "__torch__.torch.classes.touchstone.FusedFormula formula, Tensor coefficients, "
      "Tensor(a!) parameters, Tensor gradients, Tensor(b!)[] slots) -> ()");
}

TORCH_LIBRARY_IMPL(touchstone, CPU, library) {
  library.impl("dense_gradients", &gradients_on_cpu);
  library.impl("dense_evaluate", &evaluate_on_cpu);
  library.impl("dense_clip", &clip_on_cpu);
  library.impl("dense_update", &update_on_cpu);
}

void dense_gradients(const NetworkHandle& network, const at::Tensor& parameters, const at::Tensor& x,
                     const at::Tensor& y, const at::Tensor& rows, std::int64_t begin, std::int64_t count,
                     const at::Tensor& gradients, const at::Tensor& losses, const at::Tensor& correct) {
  static const auto call = find_operator<decltype(gradients_on_cpu)>("touchstone::dense_gradients");
  call.call(network, parameters, x, y, rows, begin, count, gradients, losses, correct);
}

void dense_evaluate(const NetworkHandle& network, const at::Tensor& parameters, const at::Tensor& x,
                    const at::Tensor& y, const at::Tensor& losses, const at::Tensor& correct) {
  static const auto call = find_operator<decltype(evaluate_on_cpu)>("touchstone::dense_evaluate");
  call.call(network, parameters, x, y, losses, correct);
}

void dense_clip(const NetworkHandle& network, const at::Tensor& gradients, double norm, double value, bool each) {
  static const auto call = find_operator<decltype(clip_on_cpu)>("touchstone::dense_clip");
  call.call(network, gradients, norm, value, each);
}

void dense_update(const NetworkHandle& network, const FormulaHandle& formula, const at::Tensor& coefficients,
                  const at::Tensor& parameters, const at::Tensor& gradients, const std::vector<at::Tensor>& slots) {
  static const auto call = find_operator<decltype(update_on_cpu)>("touchstone::dense_update");
  call.call(network, formula, coefficients, parameters, gradients, slots);
}

}  // namespace touchstone

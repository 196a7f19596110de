#include "fused/operators.h"

#include <ATen/Dispatch.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <c10/util/SmallVector.h>
#include <torch/library.h>

#include "kernel/clip.h"

namespace touchstone {
namespace {

void check(const at::Tensor& tensor, at::ScalarType dtype, at::IntArrayRef shape, const char* name) {
  TORCH_CHECK(tensor.scalar_type() == dtype && tensor.sizes() == shape && tensor.is_contiguous(), name, ": found ",
              tensor.scalar_type(), tensor.sizes(), ", expected contiguous ", dtype, shape);
}

void check_stack(const FusedNetwork& network, const at::Tensor& stack, std::int64_t replicas, const char* name) {
  const std::int64_t groups = (replicas + network.lanes() - 1) / network.lanes();
  const bool in_lanes = network.lanes() > 1;
  // Element by element: the expected shape is made only to be told.
  const bool fits = stack.scalar_type() == network.dtype() && stack.dim() == (in_lanes ? 3 : 2) &&
                    stack.size(0) == groups && stack.size(1) == static_cast<std::int64_t>(network.plan().row) &&
                    (!in_lanes || stack.size(2) == network.lanes()) && stack.is_contiguous();
  if (!fits) check(stack, network.dtype(), network.stack_shape(replicas), name);
}

void check_data(const FusedNetwork& network, const at::Tensor& x, const at::Tensor& y) {
  check(x, network.dtype(), {x.size(0), static_cast<std::int64_t>(network.plan().features())}, "x");
  check(y, at::kLong, {x.size(0)}, "y");
}

/// An index outside would be read from, or written to, memory that is not the tensor's.
void check_rows(const std::int64_t* rows, std::int64_t count, std::int64_t all) {
  // Whatever is below 0, or beyond the last, has the highest bit set.
  std::uint64_t outside = 0;
  const auto last = static_cast<std::uint64_t>(all) - 1;
  for (std::int64_t i = 0; i < count; ++i) {
    const auto row = static_cast<std::uint64_t>(rows[i]);
    outside |= row | (last - row);
  }
  TORCH_CHECK(outside >> 63U == 0, "rows: found some outside 0 to ", all - 1);
}

/// Of each of a group's replicas; an update makes no allocation for it.
using SumsOfGroup = c10::SmallVector<RowSums, 16>;

/// Rows that a group of replicas reads: each those that its order names, `next_order` after that of the one before; or,
/// if there is none, all of them.
template <typename T>
struct GroupRows {
  const T* x;
  const std::int64_t* y;
  const std::int64_t* order;
  std::int64_t next_order;
  std::size_t count;
};

template <typename T>
void gradients_of_group(const FusedNetwork& network, const T* parameters, const GroupRows<T>& rows, T* gradients,
                        SumsOfGroup& sums) {
  const DenseKernel<T>& kernel = network.kernel<T>();
  T* workspace = network.workspace().template data_ptr<T>();
  const auto divisor = static_cast<T>(rows.count);
  if (sums.size() == 1) {
    sums[0] = kernel.gradients(network.plan(), parameters, {rows.x, rows.y, rows.order, rows.count}, divisor, workspace,
                               gradients);
    return;
  }
  c10::SmallVector<const std::int64_t*, 16> orders(sums.size());
  for (std::size_t lane = 0; lane < orders.size(); ++lane) {
    orders[lane] = rows.order + static_cast<std::int64_t>(lane) * rows.next_order;
  }
  kernel.lane_gradients(network.plan(), parameters, {rows.x, rows.y, orders.data(), rows.count}, divisor, workspace,
                        gradients, sums.data());
}

template <typename T>
void evaluate_group(const FusedNetwork& network, const T* parameters, const GroupRows<T>& rows, SumsOfGroup& sums) {
  const DenseKernel<T>& kernel = network.kernel<T>();
  T* workspace = network.workspace().template data_ptr<T>();
  if (sums.size() == 1) {
    sums[0] = kernel.evaluate(network.plan(), parameters, {rows.x, rows.y, nullptr, rows.count}, workspace);
  } else {
    kernel.lane_evaluate(network.plan(), parameters, {rows.x, rows.y, nullptr, rows.count}, workspace, sums.data());
  }
}

/// A group's mean losses and correct answers where its replicas have theirs.
void put(const SumsOfGroup& sums, double count, std::int64_t first, const at::Tensor& losses,
         const at::Tensor& correct) {
  for (std::size_t lane = 0; lane < sums.size(); ++lane) {
    losses.data_ptr<double>()[first + static_cast<std::int64_t>(lane)] = sums[lane].loss / count;
    correct.data_ptr<std::int64_t>()[first + static_cast<std::int64_t>(lane)] = sums[lane].correct;
  }
}

void gradients_on_cpu(const NetworkHandle& network, const at::Tensor& parameters, const at::Tensor& x,
                      const at::Tensor& y, const at::Tensor& rows, std::int64_t begin, std::int64_t count,
                      const at::Tensor& gradients, const at::Tensor& losses, const at::Tensor& correct) {
  const std::int64_t replicas = network->replicas_in(parameters);
  check_stack(*network, parameters, replicas, "parameters");
  check_stack(*network, gradients, replicas, "gradients");
  check_data(*network, x, y);
  check(rows, at::kLong, {replicas, x.size(0)}, "rows");
  check(losses, at::kDouble, {replicas}, "losses");
  check(correct, at::kLong, {replicas}, "correct");
  TORCH_CHECK(begin >= 0 && count > 0 && begin + count <= x.size(0), "found rows ", begin, " to ", begin + count,
              ", expected some of ", x.size(0));

  AT_DISPATCH_FLOATING_TYPES(network->dtype(), "dense_gradients", [&] {
    const std::int64_t* order = rows.data_ptr<std::int64_t>() + begin;
    for (std::int64_t r = 0; r < replicas; ++r) check_rows(order + r * x.size(0), count, x.size(0));
    const std::size_t row = network->plan().row;
    const std::int64_t lanes = network->lanes();
    SumsOfGroup sums(static_cast<std::size_t>(lanes));
    for (std::int64_t r = 0; r < replicas; r += lanes) {
      std::fill(sums.begin(), sums.end(), RowSums{});
      gradients_of_group<scalar_t>(*network, parameters.data_ptr<scalar_t>() + r * row,
                                   {x.data_ptr<scalar_t>(), y.data_ptr<std::int64_t>(), order + r * x.size(0),
                                    x.size(0), static_cast<std::size_t>(count)},
                                   gradients.data_ptr<scalar_t>() + r * row, sums);
      put(sums, static_cast<double>(count), r, losses, correct);
    }
  });
}

void evaluate_on_cpu(const NetworkHandle& network, const at::Tensor& parameters, const at::Tensor& x,
                     const at::Tensor& y, const at::Tensor& losses, const at::Tensor& correct) {
  const std::int64_t replicas = network->replicas_in(parameters);
  check_stack(*network, parameters, replicas, "parameters");
  check_data(*network, x, y);
  check(losses, at::kDouble, {replicas}, "losses");
  check(correct, at::kLong, {replicas}, "correct");

  AT_DISPATCH_FLOATING_TYPES(network->dtype(), "dense_evaluate", [&] {
    const std::int64_t lanes = network->lanes();
    SumsOfGroup sums(static_cast<std::size_t>(lanes));
    for (std::int64_t r = 0; r < replicas; r += lanes) {
      std::fill(sums.begin(), sums.end(), RowSums{});
      evaluate_group<scalar_t>(
          *network, parameters.data_ptr<scalar_t>() + r * network->plan().row,
          {x.data_ptr<scalar_t>(), y.data_ptr<std::int64_t>(), nullptr, 0, static_cast<std::size_t>(x.size(0))}, sums);
      put(sums, static_cast<double>(x.size(0)), r, losses, correct);
    }
  });
}

void clip_on_cpu(const NetworkHandle& network, const at::Tensor& gradients, double norm, double value, bool each) {
  const std::int64_t replicas = network->replicas_in(gradients);
  check_stack(*network, gradients, replicas, "gradients");
  AT_DISPATCH_FLOATING_TYPES(network->dtype(), "dense_clip", [&] {
    const std::int64_t lanes = network->lanes();
    const auto row = static_cast<std::int64_t>(network->plan().row);
    for (std::int64_t r = 0; r < replicas; ++r) {
      auto* first = gradients.data_ptr<scalar_t>() + r / lanes * lanes * row + r % lanes;
      clip(network->plan(), first, norm, value, each, static_cast<std::size_t>(lanes));
    }
  });
}

void update_on_cpu(const NetworkHandle& network, const FormulaHandle& handle, const at::Tensor& coefficients,
                   const at::Tensor& parameters, const at::Tensor& gradients, at::TensorList slots) {
  const Formula& formula = handle->formula();
  const std::int64_t replicas = network->replicas_in(parameters);
  check_stack(*network, parameters, replicas, "parameters");
  check_stack(*network, gradients, replicas, "gradients");
  check(coefficients, network->dtype(), {replicas, static_cast<std::int64_t>(formula.coefficient_count)},
        "coefficients");
  TORCH_CHECK(slots.size() == formula.slots.size(), "slots: found ", slots.size(), ", expected ", formula.slots.size());
  for (const at::Tensor& slot : slots) check_stack(*network, slot, replicas, "slots");

  AT_DISPATCH_FLOATING_TYPES(network->dtype(), "dense_update", [&] {
    const auto lanes = static_cast<std::size_t>(network->lanes());
    const UpdateLoopsOf<scalar_t>& loops = formula.loops<scalar_t>();
    const auto update = (lanes == 1 ? loops.replica : loops.lanes).on(network->kernel<scalar_t>().instruction_set);
    const std::size_t row = network->plan().row;
    const auto* c = coefficients.data_ptr<scalar_t>();
    c10::SmallVector<scalar_t, 16> turned(lanes == 1 ? 0 : formula.coefficient_count * lanes);
    for (std::size_t r = 0; r < static_cast<std::size_t>(replicas);
         r += lanes, c += formula.coefficient_count * lanes) {
      ReplicaState<scalar_t> state{
          row, parameters.data_ptr<scalar_t>() + r * row, gradients.data_ptr<scalar_t>() + r * row, {}};
      for (std::size_t s = 0; s < slots.size(); ++s) state.slots[s] = slots[s].data_ptr<scalar_t>() + r * row;
      if (lanes == 1) {
        update(c, state);
        clear_padding(network->plan(), state.parameters);
        continue;
      }
      for (std::size_t i = 0; i < turned.size(); ++i) turned[i] = c[i % lanes * formula.coefficient_count + i / lanes];
      update(turned.data(), state);
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

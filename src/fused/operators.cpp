#include "fused/operators.h"

#include <ATen/Dispatch.h>
#include <ATen/core/Tensor.h>

#include <algorithm>

#include "fused/replica_group.h"

namespace touchstone {
namespace {

void check(const at::Tensor& tensor, at::ScalarType dtype, at::IntArrayRef shape, const char* name) {
  TORCH_CHECK(tensor.scalar_type() == dtype && tensor.sizes() == shape && tensor.is_contiguous(), name, ": found ",
              tensor.scalar_type(), tensor.sizes(), ", expected contiguous ", dtype, shape);
}

void check_stack(const FusedNetwork& network, const at::Tensor& stack, std::int64_t replicas, const char* name) {
  const std::int64_t groups = (replicas + network.lanes() - 1) / network.lanes();
  const bool in_lanes = network.lanes() > 1;
  // Element by element: the expected shape is only computed for the message.
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

template <typename T>
ReplicaState<T> state_of(const ReplicaGroup<T>& group, const FusedNetwork& network, const at::Tensor& parameters,
                         const at::Tensor& gradients, const std::vector<at::Tensor>& slots) {
  ReplicaState<T> state{network.plan().row, group.part_of(parameters), group.part_of(gradients), {}};
  for (std::size_t s = 0; s < slots.size(); ++s) state.slots[s] = group.part_of(slots[s]);
  return state;
}

void check_batch(const FusedNetwork& network, std::int64_t replicas, const at::Tensor& x, const at::Tensor& y,
                 const at::Tensor& rows, std::int64_t begin, std::int64_t count) {
  check_data(network, x, y);
  check(rows, at::kLong, {replicas, x.size(0)}, "rows");
  TORCH_CHECK(begin >= 0 && count > 0 && begin + count <= x.size(0), "found rows ", begin, " to ", begin + count,
              ", expected some of ", x.size(0));
  for (std::int64_t r = 0; r < replicas; ++r) {
    check_rows(rows.data_ptr<std::int64_t>() + r * x.size(0) + begin, count, x.size(0));
  }
}

void check_formula(const FusedNetwork& network, const CompiledFormula& formula, std::int64_t replicas,
                   const std::vector<at::Tensor>& slots) {
  TORCH_CHECK(slots.size() == formula.slots.size(), "slots: found ", slots.size(), ", expected ", formula.slots.size());
  for (const at::Tensor& slot : slots) check_stack(network, slot, replicas, "slots");
}

void check_rates(const std::vector<double>& rates, std::int64_t expected) {
  TORCH_CHECK(static_cast<std::int64_t>(rates.size()) == expected, "rates: found ", rates.size(), ", expected ",
              expected);
}

}  // namespace

void dense_gradients(const FusedNetwork& network, const at::Tensor& parameters, const at::Tensor& x,
                     const at::Tensor& y, const at::Tensor& rows, std::int64_t begin, std::int64_t count,
                     const at::Tensor& gradients, const at::Tensor& losses, const at::Tensor& correct) {
  const std::int64_t replicas = network.replicas_in(parameters);
  check_stack(network, parameters, replicas, "parameters");
  check_stack(network, gradients, replicas, "gradients");
  check_batch(network, replicas, x, y, rows, begin, count);
  check(losses, at::kDouble, {replicas}, "losses");
  check(correct, at::kLong, {replicas}, "correct");

  AT_DISPATCH_FLOATING_TYPES(network.dtype(), "dense_gradients", [&] {
    for (std::int64_t r = 0; r < replicas; r += network.lanes()) {
      ReplicaGroup<scalar_t> group(network, r);
      const GroupRows<scalar_t> batch{x.data_ptr<scalar_t>(), y.data_ptr<std::int64_t>(),
                                      rows.data_ptr<std::int64_t>() + r * x.size(0) + begin, x.size(0),
                                      static_cast<std::size_t>(count)};
      group.differentiate(group.part_of(parameters), batch, group.part_of(gradients));
      group.put_means(batch.count, losses.data_ptr<double>(), correct.data_ptr<std::int64_t>());
    }
  });
}

void dense_evaluate(const FusedNetwork& network, const at::Tensor& parameters, const at::Tensor& x, const at::Tensor& y,
                    const at::Tensor& losses, const at::Tensor& correct) {
  const std::int64_t replicas = network.replicas_in(parameters);
  check_stack(network, parameters, replicas, "parameters");
  check_data(network, x, y);
  check(losses, at::kDouble, {replicas}, "losses");
  check(correct, at::kLong, {replicas}, "correct");

  AT_DISPATCH_FLOATING_TYPES(network.dtype(), "dense_evaluate", [&] {
    const GroupRows<scalar_t> all{x.data_ptr<scalar_t>(), y.data_ptr<std::int64_t>(), nullptr, 0,
                                  static_cast<std::size_t>(x.size(0))};
    for (std::int64_t r = 0; r < replicas; r += network.lanes()) {
      ReplicaGroup<scalar_t> group(network, r);
      group.evaluate(group.part_of(parameters), all);
      group.put_means(all.count, losses.data_ptr<double>(), correct.data_ptr<std::int64_t>());
    }
  });
}

void dense_update(const FusedNetwork& network, const CompiledFormula& formula, const UpdatePipeline& pipeline,
                  const std::vector<double>& rates, const at::Tensor& coefficients, const at::Tensor& parameters,
                  const at::Tensor& gradients, const std::vector<at::Tensor>& slots) {
  const std::int64_t replicas = network.replicas_in(parameters);
  check_stack(network, parameters, replicas, "parameters");
  check_stack(network, gradients, replicas, "gradients");
  check(coefficients, network.dtype(), {replicas, static_cast<std::int64_t>(formula.coefficient_count)},
        "coefficients");
  check_formula(network, formula, replicas, slots);
  check_rates(rates, replicas);

  AT_DISPATCH_FLOATING_TYPES(network.dtype(), "dense_update", [&] {
    for (std::int64_t r = 0; r < replicas; r += network.lanes()) {
      ReplicaGroup<scalar_t> group(network, r);
      const auto state = state_of(group, network, parameters, gradients, slots);
      group.apply_pipeline(pipeline, rates.data(), state.parameters, group.part_of(gradients));
      group.update(formula, coefficients.data_ptr<scalar_t>(), state);
    }
  });
}

void dense_train(const FusedNetwork& network, const CompiledFormula& formula, const at::Tensor& x, const at::Tensor& y,
                 const at::Tensor& rows, std::int64_t begin, std::int64_t batch_size, const UpdatePipeline& pipeline,
                 const std::vector<double>& rates, const at::Tensor& coefficients, const at::Tensor& parameters,
                 const at::Tensor& gradients, const std::vector<at::Tensor>& slots, const at::Tensor& losses,
                 const at::Tensor& correct) {
  const std::int64_t replicas = network.replicas_in(parameters);
  const std::int64_t updates = coefficients.size(0);
  check_stack(network, parameters, replicas, "parameters");
  check_stack(network, gradients, replicas, "gradients");
  check(coefficients, network.dtype(), {updates, replicas, static_cast<std::int64_t>(formula.coefficient_count)},
        "coefficients");
  check_formula(network, formula, replicas, slots);
  check_rates(rates, updates * replicas);
  const std::int64_t left = begin >= 0 && begin < x.size(0) ? x.size(0) - begin : 0;
  const std::int64_t batches = left > 0 && batch_size > 0 ? (left - 1) / batch_size + 1 : 0;
  TORCH_CHECK(updates > 0 && updates <= batches, "found ", updates, " updates of ", batch_size, " rows from ", begin,
              " on, expected some of ", x.size(0));
  const std::int64_t count = updates < batches ? updates * batch_size : left;
  check_batch(network, replicas, x, y, rows, begin, count);
  check(losses, at::kDouble, {updates, replicas}, "losses");
  check(correct, at::kLong, {updates, replicas}, "correct");

  AT_DISPATCH_FLOATING_TYPES(network.dtype(), "dense_train", [&] {
    // All updates of a group before the next group's: meanwhile its numbers are in the core's own cache.
    for (std::int64_t r = 0; r < replicas; r += network.lanes()) {
      ReplicaGroup<scalar_t> group(network, r);
      const auto state = state_of(group, network, parameters, gradients, slots);
      scalar_t* of_group = group.part_of(gradients);
      GroupRows<scalar_t> batch{x.data_ptr<scalar_t>(), y.data_ptr<std::int64_t>(),
                                rows.data_ptr<std::int64_t>() + r * x.size(0) + begin, x.size(0), 0};
      const scalar_t* of_update = coefficients.data_ptr<scalar_t>();
      const double* of_rates = rates.data();
      auto* loss = losses.data_ptr<double>();
      auto* answers = correct.data_ptr<std::int64_t>();
      for (std::int64_t done = 0; done < count; done += static_cast<std::int64_t>(batch.count)) {
        batch.count = static_cast<std::size_t>(std::min(batch_size, count - done));
        group.differentiate(state.parameters, batch, of_group);
        group.put_means(batch.count, loss, answers);
        group.apply_pipeline(pipeline, of_rates, state.parameters, of_group);
        group.update(formula, of_update, state);
        batch.order += batch.count;
        of_update += coefficients.stride(0);
        of_rates += replicas;
        loss += replicas;
        answers += replicas;
      }
    }
  });
}

}  // namespace touchstone

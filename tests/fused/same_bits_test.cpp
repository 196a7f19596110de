// A replica's numbers are the same bits, whoever sits beside it, in a row or in a lane, on every instruction set that
// has fused multiply-add.

#include <ATen/Context.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/isnan.h>
#include <ATen/ops/randint.h>
#include <ATen/ops/randperm.h>
#include <ATen/ops/stack.h>
#include <gtest/gtest.h>

#include <cmath>

#include "all_examples.h"
#include "fused/fused_rule.h"
#include "fused/operators.h"
#include "optim/optimizer.h"
#include "optim/registry.h"
#include "random_network.h"

namespace touchstone {
namespace {

constexpr std::int64_t all_rows = 45;
constexpr std::size_t lost_replica = 7;  ///< whose parameters no number can hold for long

/// What replicas start from: as many as do not fill their last group.
struct Start {
  at::Tensor x;
  at::Tensor y;
  std::vector<std::vector<at::Tensor>> parameters;  ///< of each replica
  std::vector<at::Tensor> orders;
};

Start random_start(const Network& network, at::ScalarType dtype) {
  Start start;
  start.x = at::randn({all_rows, network.features}, at::kDouble).to(dtype);
  start.y = at::randint(network.config.layers.back().units, {all_rows}, at::kLong);
  for (std::size_t r = 0; r < 19; ++r) {
    start.parameters.push_back(random_parameters(network, dtype));
    if (r == lost_replica) start.parameters.back()[0].fill_(dtype == at::kFloat ? 1e38 : 1e308);
    start.orders.push_back(at::randperm(all_rows, at::kLong));
  }
  return start;
}

/// What became of one replica.
struct End {
  std::vector<at::Tensor> parameters;
  std::vector<double> losses;
  std::vector<std::int64_t> correct;
};

/// Some batches of the replicas that are named, side by side; the rest of the last group does what the first does.
std::vector<End> train_some(const Network& network, const Start& start, const std::vector<std::size_t>& replicas,
                            const OptimizerConfig& optimizer, std::size_t kernel, ReplicaLayout layout) {
  const at::NoGradGuard no_grad;
  const at::ScalarType dtype = start.x.scalar_type();
  const FusedNetwork fused(network.config, network.features, dtype, kernel, layout);
  const at::Tensor parameters = fused.make_stack(static_cast<std::int64_t>(replicas.size()));
  const at::Tensor gradients = fused.make_stack(static_cast<std::int64_t>(replicas.size()));
  const auto places = static_cast<std::size_t>(fused.replicas_in(parameters));
  std::vector<at::Tensor> orders;
  std::vector<double> rates;
  for (std::size_t place = 0; place < places; ++place) {
    const std::size_t replica = place < replicas.size() ? replicas[place] : replicas[0];
    const std::vector<at::Tensor> views = fused.views(parameters, static_cast<std::int64_t>(place));
    for (std::size_t i = 0; i < views.size(); ++i) views[i].copy_(start.parameters[replica][i]);
    orders.push_back(start.orders[replica]);
    rates.push_back(0.01 * static_cast<double>(replica + 1));
  }
  const at::Tensor order = at::stack(orders);
  const at::Tensor losses = at::empty({order.size(0)}, at::kDouble);
  const at::Tensor correct = at::empty({order.size(0)}, at::kLong);
  FusedRule rule(fused, parameters, gradients, optimizer);
  std::vector<End> ends(replicas.size());
  const auto take = [&] {
    for (std::size_t r = 0; r < ends.size(); ++r) {
      ends[r].losses.push_back(losses[static_cast<std::int64_t>(r)].item<double>());
      ends[r].correct.push_back(correct[static_cast<std::int64_t>(r)].item<std::int64_t>());
    }
  };
  for (const auto& [begin, count] : {std::pair<std::int64_t, std::int64_t>{0, 37}, {37, 8}, {0, 1}}) {
    dense_gradients(fused, parameters, start.x, start.y, order, begin, count, gradients, losses, correct);
    take();
    rule.step(rates);
  }
  dense_evaluate(fused, parameters, start.x, start.y, losses, correct);
  take();
  for (std::size_t r = 0; r < ends.size(); ++r) {
    for (const at::Tensor& view : fused.views(parameters, static_cast<std::int64_t>(r))) {
      ends[r].parameters.push_back(view.contiguous().clone());
    }
  }
  return ends;
}

bool same_number(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

bool same_bits(const End& a, const End& b) {
  for (std::size_t i = 0; i < a.losses.size(); ++i) {
    if (!same_number(a.losses[i], b.losses[i]) || a.correct[i] != b.correct[i]) return false;
  }
  for (std::size_t i = 0; i < a.parameters.size(); ++i) {
    const at::Tensor equal = a.parameters[i] == b.parameters[i];
    const at::Tensor both_lost = at::isnan(a.parameters[i]).logical_and(at::isnan(b.parameters[i]));
    if (!equal.logical_or(both_lost).all().item<bool>()) return false;
  }
  return true;
}

/// An optimizer that there is, with its examples' arguments, clipping or weight decay.
std::vector<OptimizerConfig> all_optimizers() {
  std::vector<OptimizerConfig> all;
  for (const OptimizerEntry& entry : optimizer_entries()) {
    all.push_back(default_config(entry.spec.name));
    for (const OptimizerExample& example : all_examples_of(entry.spec.name)) {
      all.push_back(default_config(entry.spec.name));
      for (const auto& [argument, value] : example.arguments) all.back().arguments[argument] = value;
    }
  }
  for (const char* argument : {"clipnorm", "clipvalue"}) {
    all.push_back(default_config("Adam"));
    all.back().arguments[argument] = 0.3;
  }
  for (const Convention convention : {Convention::torch, Convention::keras3}) {
    all.push_back(default_config("Adam"));
    all.back().convention = convention;
    all.back().arguments["weight_decay"] = 0.3;
  }
  return all;
}

template <typename T>
void expect_same_bits(const Network& network, at::ScalarType dtype, const OptimizerConfig& optimizer) {
  const Start start = random_start(network, dtype);
  std::vector<std::size_t> all(start.parameters.size());
  for (std::size_t r = 0; r < all.size(); ++r) all[r] = r;
  const auto& kernels = dense_kernels<T>();
  const auto alone = [&](std::size_t replica, std::size_t kernel) {
    return train_some(network, start, {replica}, optimizer, kernel, ReplicaLayout::rows).front();
  };
  std::vector<std::vector<End>> first;  // of the first kernel with fused multiply-add
  for (std::size_t kernel = 0; kernel < kernels.size(); ++kernel) {
    SCOPED_TRACE(kernels[kernel].name);
    const std::vector<End> in_rows = train_some(network, start, all, optimizer, kernel, ReplicaLayout::rows);
    const std::vector<End> in_lanes = train_some(network, start, all, optimizer, kernel, ReplicaLayout::lanes);
    std::vector<std::size_t> backwards(all.rbegin(), all.rend());
    const std::vector<End> turned = train_some(network, start, backwards, optimizer, kernel, ReplicaLayout::lanes);
    for (std::size_t r = 0; r < all.size(); ++r) {
      EXPECT_TRUE(same_bits(in_rows[r], in_lanes[r])) << "replica " << r << " in a row and in a lane";
      EXPECT_TRUE(same_bits(turned[all.size() - 1 - r], in_lanes[r])) << "replica " << r << " in two lanes";
    }
    EXPECT_FALSE(same_bits(in_lanes[0], in_lanes[1])) << "two replicas";
    for (const std::size_t r : {std::size_t{0}, lost_replica, std::size_t{18}}) {
      EXPECT_TRUE(same_bits(alone(r, kernel), in_lanes[r])) << "replica " << r << " alone";
    }
    if (kernels[kernel].instruction_set == InstructionSet::portable) continue;
    first.push_back(in_lanes);
    for (std::size_t r = 0; r < all.size(); ++r) {
      EXPECT_TRUE(same_bits(first.front()[r], in_lanes[r])) << "replica " << r << " on two instruction sets";
    }
  }
}

TEST(SameBits, WhereverAReplicaSits) {
  at::manual_seed(5);
  std::mt19937 random(11);
  const std::vector<OptimizerConfig> optimizers = all_optimizers();
  for (std::size_t i = 0; i < 2 * optimizers.size(); ++i) {
    const Network network = random_network(random);
    const OptimizerConfig& optimizer = optimizers[i % optimizers.size()];
    SCOPED_TRACE(describe(network) + ", " + optimizer.name);
    expect_same_bits<float>(network, at::kFloat, optimizer);
    expect_same_bits<double>(network, at::kDouble, optimizer);
  }
}

}  // namespace
}  // namespace touchstone

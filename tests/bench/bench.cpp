// What an update costs: the hand-written loop, the fused engine with replicas, and autograd; in microseconds per
// update, of one replica where there are several; and how many operations of its arithmetic that are a second (`peak`:
// what the processor's vectors can do, in one core). Names are CONTESTANT/OPTIMIZER/bBATCH, then rREPLICAS, wWIDTH (of
// the hidden layer, 50 unless named) and nROWS (500 unless named).
//   touchstone_bench [--benchmark_filter=REGEX] [--benchmark_out=FILE --benchmark_out_format=json]

#include <ATen/Parallel.h>
#include <benchmark/benchmark.h>
#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "limit.h"
#include "peak.h"
#include "training/fit_fused.h"
#include "workload.h"

namespace touchstone {
namespace {

struct Optimizer {
  const char* name;
  const char* configuration;
  Limit::Rule rule;
};

constexpr std::array<Optimizer, 6> optimizers = {{{"sgd", "{name: SGD, momentum: 0.9}", Limit::Rule::sgd},
                                                  {"rmsprop", "{name: RMSprop}", Limit::Rule::rmsprop},
                                                  {"adagrad", "{name: Adagrad}", Limit::Rule::adagrad},
                                                  {"adadelta", "{name: Adadelta}", Limit::Rule::adadelta},
                                                  {"adam", "{name: Adam}", Limit::Rule::adam},
                                                  {"adamax", "{name: Adamax}", Limit::Rule::adamax}}};
constexpr Optimizer sgd = optimizers.front();

/// Of an update, by the multiply-adds of its products alone: forwards, to the parameters, and to the hidden units.
double operations(const WorkloadSize& size) {
  const auto width = static_cast<double>(size.width);
  const double row = 2.0 * (2.0 * (2.0 * width + 3.0 * width) + 3.0 * width);
  return row * static_cast<double>(std::min(size.batch, size.rows));
}

void count_operations(benchmark::State& state, const WorkloadSize& size) {
  state.counters["flops"] = benchmark::Counter(operations(size), benchmark::Counter::kIsIterationInvariantRate);
}

void time_peak(benchmark::State& state) {
  constexpr std::int64_t rounds = 100000;
  float sink = 0.0F;
  double done = 0.0;
  while (state.KeepRunning()) done += multiply_adds(rounds, sink);
  benchmark::DoNotOptimize(sink);
  state.counters["flops"] = benchmark::Counter(done, benchmark::Counter::kIsRate);
}

void time_limit(benchmark::State& state, const Optimizer& optimizer, const WorkloadSize& size) {
  const Workload workload = make_workload(optimizer.configuration, size);
  const auto* x = workload.data.train_x.data_ptr<float>();
  const auto* y = workload.data.train_y.data_ptr<std::int64_t>();
  const std::vector<Batch> batches = batches_of({size.batch}, size.rows);
  Limit limit;
  while (state.KeepRunningBatch(static_cast<benchmark::IterationCount>(batches.size()))) {
    for (const Batch& batch : batches) {
      limit.update(optimizer.rule, x, y, workload.order.data() + batch.begin, static_cast<std::size_t>(batch.length));
    }
    benchmark::DoNotOptimize(limit);
  }
  count_operations(state, size);
}

void time_fused(benchmark::State& state, const Optimizer& optimizer, const WorkloadSize& size, std::uint32_t replicas) {
  const Workload workload = make_workload(optimizer.configuration, size);
  std::vector<SeededStart> starts;
  for (std::uint32_t replica = 0; replica < replicas; ++replica) starts.push_back(make_start(workload, replica));
  Observer nobody;
  while (state.KeepRunningBatch(workload.updates() * replicas)) {
    benchmark::DoNotOptimize(fit_fused(workload.config, workload.data, starts, nobody));
  }
  count_operations(state, size);
}

void time_autograd(benchmark::State& state, const Optimizer& optimizer, const WorkloadSize& size) {
  const Workload workload = make_workload(optimizer.configuration, size);
  const SeededStart start = make_start(workload, 0);
  Observer nobody;
  while (state.KeepRunningBatch(workload.updates())) {
    benchmark::DoNotOptimize(train(EngineKind::autograd, workload.config, workload.data, start, nobody));
  }
  count_operations(state, size);
}

template <typename Function, typename... Arguments>
void add(const std::string& name, Function function, Arguments... arguments) {
  benchmark::RegisterBenchmark(name.c_str(), function, arguments...)->Unit(benchmark::kMicrosecond);
}

void add_all() {
  add("peak", time_peak);
  for (const Optimizer& optimizer : optimizers) {
    for (const std::int64_t batch : {5, 32, 256}) {
      const std::string work = fmt::format("{}/b{}", optimizer.name, batch);
      const WorkloadSize size{batch};
      add("limit/" + work, time_limit, optimizer, size);
      for (const std::uint32_t replicas : {1U, 30U, 100U}) {
        add(fmt::format("fused/{}/r{}", work, replicas), time_fused, optimizer, size, replicas);
      }
      add("autograd/" + work, time_autograd, optimizer, size);
    }
  }
  // As tests/bench/peers has it: full batches only.
  for (const Optimizer& optimizer : {optimizers[0], optimizers[4]}) {
    for (const std::int64_t batch : {32, 256}) {
      const WorkloadSize size{batch, 50, 512};
      add(fmt::format("limit/{}/b{}/n512", optimizer.name, batch), time_limit, optimizer, size);
      add(fmt::format("fused/{}/b{}/n512/r1", optimizer.name, batch), time_fused, optimizer, size, 1U);
      add(fmt::format("fused/{}/b{}/n512/r30", optimizer.name, batch), time_fused, optimizer, size, 30U);
    }
  }
  for (const std::int64_t width : {128, 512, 1024, 4096}) {
    add(fmt::format("fused/sgd/b32/r1/w{}", width), time_fused, sgd, WorkloadSize{32, width}, 1U);
    add(fmt::format("fused/sgd/b32/r30/w{}", width), time_fused, sgd, WorkloadSize{32, width}, 30U);
    add(fmt::format("autograd/sgd/b32/w{}", width), time_autograd, sgd, WorkloadSize{32, width});
  }
  for (const std::int64_t rows : {5000, 50000, 500000}) {
    add(fmt::format("fused/sgd/b32/r1/n{}", rows), time_fused, sgd, WorkloadSize{32, 50, rows}, 1U);
    add(fmt::format("autograd/sgd/b32/n{}", rows), time_autograd, sgd, WorkloadSize{32, 50, rows});
  }
  for (const std::uint32_t replicas : {3U, 10U, 300U, 1000U}) {
    add(fmt::format("fused/sgd/b32/r{}", replicas), time_fused, sgd, WorkloadSize{32}, replicas);
  }
}

}  // namespace
}  // namespace touchstone

int main(int argc, char** argv) {
  at::set_num_threads(1);
  touchstone::add_all();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
}

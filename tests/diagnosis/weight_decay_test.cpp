// A declared weight decay: a correct run agrees, and what an engine does instead is named.
#include <gmock/gmock.h>

#include "check/recorded.h"
#include "diagnosis/diagnose.h"
#include "trace/replay.h"
#include "training/training_spec.h"

namespace touchstone {
namespace {

using WeightDecay = UpdatePipeline::WeightDecay;

std::string run_with(const std::string& optimizer) {
  return R"({"model": {"layers": [{"units": 20, "activation": "tanh"}, {"units": 3, "activation": "softmax"}]},
             "optimizer": {"name": "Adam", "lr": 0.01, )" +
         optimizer + R"(}, "fit": {"epochs": 4, "batch_size": 16}})";
}

/// The run that `optimizer` declares, done by an engine whose pipeline `edit` has changed.
Trace done_otherwise(const std::string& optimizer, void (*edit)(UpdatePipeline&)) {
  Trace trace = recorded(run_with(optimizer), DType::f64);
  TrainingSpec spec = spec_of(read_configuration(trace, "the run"));
  edit(spec.update.pipeline);
  ReplayOptions options;
  options.plan = {trace.recorded_updates(), trace.recorded_epochs(), true};
  for (auto& [series, array] : replay(trace, spec, options).arrays) trace.arrays[series] = array;
  return trace;
}

std::vector<std::string> findings_of(Trace trace) {
  const Candidate candidate(std::move(trace), "the run");
  const Verdict verdict = verify(candidate, spec_of(candidate.config), {}, 1);
  if (verdict.agrees()) return {"agrees"};
  const Diagnosis diagnosis = diagnose(candidate, verdict, std::chrono::seconds(0), 1);
  std::vector<std::string> names;
  for (const Hypothesis& explanation : diagnosis.explanations) {
    for (const Edit& edit : explanation.edits) names.push_back(edit.name);
  }
  return names;
}

TEST(WeightDecay, ACorrectRunAgrees) {
  const auto leave = [](UpdatePipeline&) {};
  for (const char* optimizer : {R"("convention": "torch", "weight_decay": 0.1)",
                                R"("convention": "torch", "weight_decay": 0.1, "weight_decay_on": "kernels")",
                                R"("convention": "keras3", "weight_decay": 0.1)",
                                R"("convention": "keras3", "weight_decay": 0.1, "clipnorm": 0.1)"}) {
    EXPECT_THAT(findings_of(done_otherwise(optimizer, leave)), testing::ElementsAre("agrees")) << optimizer;
  }
}

TEST(WeightDecay, WhatIsDoneInsteadIsNamed) {
  const char* torch = R"("convention": "torch", "weight_decay": 0.1)";
  const char* keras3 = R"("convention": "keras3", "weight_decay": 0.1)";
  const auto ignore = [](UpdatePipeline& p) { p.weight_decay = WeightDecay::none; };
  const auto on_kernels = [](UpdatePipeline& p) { p.decays_kernels_only = true; };
  const auto by_rate = [](UpdatePipeline& p) { p.weight_decay = WeightDecay::by_rate; };
  const auto in_gradient = [](UpdatePipeline& p) { p.weight_decay = WeightDecay::in_gradient; };
  const auto less = [](UpdatePipeline& p) { p.decay = 0.03; };
  EXPECT_THAT(findings_of(done_otherwise(torch, ignore)), testing::ElementsAre("weight_decay_ignored"));
  EXPECT_THAT(findings_of(done_otherwise(torch, on_kernels)), testing::ElementsAre("weight_decay_on_kernels"));
  EXPECT_THAT(findings_of(done_otherwise(torch, by_rate)), testing::ElementsAre("weight_decay_decoupled"));
  EXPECT_THAT(findings_of(done_otherwise(keras3, in_gradient)), testing::ElementsAre("weight_decay_in_update"));
  EXPECT_THAT(findings_of(done_otherwise(keras3, less)), testing::ElementsAre("weight_decay_mistaken"));
}

}  // namespace
}  // namespace touchstone

// A real framework: tiny-dnn runs every case that it can, and the verdict under each convention is held to what its
// source says (tiny_dnn/optimizers/optimizer.h and lossfunctions/loss_function.h of 1.0.0a3).
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "diagnosis/report.h"
#include "engines.h"
#include "experiment/run_json.h"
#include "training/training_spec.h"
#include "training/vocabulary.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;

/// SGD is everyone's; the momentum has its rate inside the velocity. Of the others, epsilon is 1e-8, whatever was
/// asked.
bool follows(const OptimizerConfig& optimizer) {
  if (optimizer.name != "SGD") return false;
  return !(optimizer.number("momentum") > 0.0) || optimizer.convention != Convention::torch;
}

/// 0 * log 0, of a class that is not the row's and whose probability has underflowed.
bool has_nan_loss(const Trace& trace) {
  for (const char* series : {"step/loss", "epoch/loss", "epoch/val_loss"}) {
    for (const double loss : trace.find(series)->values) {
      if (std::isnan(loss)) return true;
    }
  }
  return false;
}

class TinyDnn : public testing::TestWithParam<std::size_t> {};

TEST_P(TinyDnn, IsJudgedByWhatItsSourceSays) {
  const ConformanceCase& conformance_case = every_case().at(GetParam());
  const fs::path folder = fs::temp_directory_path() / fmt::format("touchstone_tiny_dnn_{}", GetParam());
  fs::create_directories(folder);
  write_trace(folder / "case", trace_of(conformance_case, 0));
  const EngineRun run =
      run_engine(TOUCHSTONE_TINY_DNN " {case} {trace}", {folder / "case", folder / "trace", folder / "log"},
                 std::chrono::seconds(100), [] { return false; });
  if (run.end == EngineRun::End::unsupported) {
    fs::remove_all(folder);
    GTEST_SKIP() << "tiny-dnn does not support this case";
  }
  ASSERT_EQ(run.end, EngineRun::End::done) << run.message;
  Trace trace = read_trace(folder / "trace");
  fs::remove_all(folder);
  RunConfig config = run_config_from_json(trace.experiment, "experiment", vocabulary());
  for (const Convention convention : {Convention::keras, Convention::torch, Convention::paper}) {
    config.optimizer.convention = convention;
    trace.experiment = run_config_to_json(config);
    const Candidate candidate(trace, conformance_case.name);
    Scope scope;
    scope.judged_only = true;
    const Verdict verdict = verify(candidate, spec_of(candidate.config), scope, 1);
    EXPECT_GT(verdict.compared, 0);
    EXPECT_EQ(verdict.agrees(), follows(config.optimizer) && !has_nan_loss(trace))
        << static_cast<int>(convention) << ": " << (verdict.first ? describe(*verdict.first, trace) : "agrees");
  }
}

INSTANTIATE_TEST_SUITE_P(All, TinyDnn, testing::Range(std::size_t{0}, every_case().size()), case_at);

}  // namespace
}  // namespace touchstone

// The fused engine is held to what every other engine is: the whole suite. (Keras's own runs: tests/training.)

#include <gtest/gtest.h>

#include <iterator>

#include "conformance/check_engine.h"
#include "engines.h"
#include "trace/replay.h"
#include "training/training_spec.h"

namespace touchstone {
namespace {

/// Everything that can be recorded of a run on the fused engine.
Trace run_fused(const Trace& given) {
  const RunConfig config = read_configuration(given, "the case");
  ReplayOptions options;
  options.precision = precision_of(given.dtype);
  options.plan = {count_from_zero(config.fit.epochs * updates_per_epoch({config.fit.batch_size}, given.rows())),
                  count_from_zero(config.fit.epochs), true};
  Trace trace = given;
  trace.update_index.reset();
  trace.epoch_index.reset();
  for (auto array = trace.arrays.begin(); array != trace.arrays.end();) {
    array = array->first.rfind("init/", 0) == 0 ? std::next(array) : trace.arrays.erase(array);
  }
  const Trace observed = replay(given, config, EngineKind::fused, options);
  trace.arrays.insert(observed.arrays.begin(), observed.arrays.end());
  return trace;
}

std::vector<std::string> runs() {
  std::vector<std::string> names;
  for (const ConformanceCase& each : every_case()) {
    if (each.task == Task::training) names.push_back(each.name);
  }
  return names;
}

class FusedEngine : public testing::TestWithParam<std::string> {};

TEST_P(FusedEngine, PassesTheCase) { EXPECT_EQ(mismatch(&run_fused, GetParam()), ""); }

INSTANTIATE_TEST_SUITE_P(All, FusedEngine, testing::ValuesIn(runs()),
                         [](const auto& each) { return as_test_name(each.param); });

}  // namespace
}  // namespace touchstone

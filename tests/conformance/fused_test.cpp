// The fused engine is held to what every other engine is: the whole suite, and the runs that Keras was recorded in.

#include <gtest/gtest.h>

#include <filesystem>
#include <mutex>

#include "conformance/check_engine.h"
#include "trace/replay.h"
#include "training/parallel.h"
#include "verify/report.h"
#include "verify/verify.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;

/// Everything that can be recorded of a run on the fused engine.
Trace run_fused(const Trace& given) {
  const Setup setup{read_configuration(given, "the case"), {}};
  ReplayOptions options;
  options.dtype = scalar_type(given.dtype);
  options.engine = EngineKind::fused;
  options.plan = {count_from_zero(setup.config.fit.epochs * updates_per_epoch(setup, given.rows())),
                  count_from_zero(setup.config.fit.epochs), true};
  Trace trace = given;
  trace.update_index.reset();
  trace.epoch_index.reset();
  for (auto array = trace.arrays.begin(); array != trace.arrays.end();) {
    array = array->first.rfind("init/", 0) == 0 ? std::next(array) : trace.arrays.erase(array);
  }
  const Trace observed = replay(given, setup, options);
  trace.arrays.insert(observed.arrays.begin(), observed.arrays.end());
  return trace;
}

TEST(FusedEngine, PassesTheWholeSuite) {
  const std::vector<std::string> cases = conformance_case_names();
  EXPECT_GE(cases.size(), 120U);
  std::mutex failures;
  parallel_for(cases.size(), 2, [&](std::size_t i) {
    const std::string message = mismatch(&run_fused, cases[i]);
    if (message.empty()) return;
    const std::lock_guard lock(failures);
    ADD_FAILURE() << cases[i] << ": " << message;
  });
}

TEST(FusedEngine, RepeatsKerassRuns) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(TOUCHSTONE_SOURCE_DIR "/tests/golden")) {
    if (entry.path().extension() == ".safetensors") files.push_back(entry.path());
  }
  EXPECT_EQ(files.size(), 130U);
  std::mutex failures;
  parallel_for(files.size(), 2, [&](std::size_t i) {
    const std::string name = files[i].filename().string();
    const Candidate candidate(run_fused(read_trace(files[i])), name);
    const Verdict verdict = verify(candidate, {candidate.config, {}}, {}, 1);
    if (verdict.agrees()) return;
    const std::lock_guard lock(failures);
    ADD_FAILURE() << to_text({name, &candidate, verdict, {}}, false);
  });
}

}  // namespace
}  // namespace touchstone

#include "engines.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <stdexcept>

namespace touchstone {

namespace fs = std::filesystem;

ExampleEngine cpp_engine(const std::string& options) {
  return {"C++", TOUCHSTONE_EXAMPLE_ENGINE " {case} {trace} " + options};
}

ExampleEngine numpy_engine(const std::string& options) {
  return {"NumPy",
          TOUCHSTONE_PYTHON " " TOUCHSTONE_SOURCE_DIR "/tests/engines/numpy/engine.py {case} {trace} " + options};
}

CaseResult run_example(const ExampleEngine& engine, const ConformanceCase& conformance_case, std::uint32_t seed) {
  static std::atomic<int> runs = 0;
  const fs::path folder =
      fs::temp_directory_path() / ("touchstone_engine_" + std::to_string(getpid()) + "_" + std::to_string(++runs));
  fs::create_directories(folder);
  const Trace given = trace_of(conformance_case, seed);
  write_trace(folder / "case", given);
  const EngineRun run = run_engine(engine.command, {folder / "case", folder / "trace", folder / "log"},
                                   std::chrono::seconds(100), [] { return false; });
  CaseResult result = judge(given, run, folder / "trace");
  fs::remove_all(folder);
  return result;
}

const std::vector<ConformanceCase>& every_case() {
  static const std::vector<ConformanceCase> cases = conformance_cases();
  return cases;
}

const ConformanceCase& case_named(const std::string& name) {
  for (const ConformanceCase& each : every_case()) {
    if (each.name == name + ".f32" || each.name == name + ".f64") return each;
  }
  throw std::out_of_range("no case is called " + name);
}

std::string case_at(const testing::TestParamInfo<std::size_t>& info) {
  return as_test_name(every_case().at(info.param).name);
}

std::string as_test_name(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return text;
}

}  // namespace touchstone

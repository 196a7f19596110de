#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "conformance/judge.h"

namespace touchstone {

/// One of the example engines in tests/engines, with its options.
struct ExampleEngine {
  std::string name;
  std::string command;
};

ExampleEngine cpp_engine(const std::string& options = "");
ExampleEngine numpy_engine(const std::string& options = "");

/// Has the engine run a case, and judges what it wrote. May be called from several threads.
CaseResult run_example(const ExampleEngine& engine, const ConformanceCase& conformance_case, std::uint32_t seed);

/// The whole suite, made once for all tests and their names.
const std::vector<ConformanceCase>& every_case();

/// The case of that name without its precision: "adam.decay". Throws std::out_of_range.
const ConformanceCase& case_named(const std::string& name);

/// A test's name, from the case's index.
std::string case_at(const testing::TestParamInfo<std::size_t>& info);

/// A text as a test's name may be.
std::string as_test_name(std::string text);

}  // namespace touchstone

#pragma once

#include <gtest/gtest.h>

#include <string>

#include "conformance/check_engine.h"

namespace touchstone {

/// For EXPECT_TRUE: whether an engine runs a case as the reference does, and if not, why.
inline testing::AssertionResult matches_reference(const Engine& engine, const std::string& case_name) {
  const std::string difference = mismatch(engine, case_name);
  if (difference.empty()) return testing::AssertionSuccess();
  return testing::AssertionFailure() << case_name << ": " << difference;
}

}  // namespace touchstone

/// Fails the test unless `engine` (a touchstone::Engine) runs the case of that name as the reference does.
#define EXPECT_MATCHES_REFERENCE(engine, case_name) EXPECT_TRUE(::touchstone::matches_reference(engine, case_name))
#define ASSERT_MATCHES_REFERENCE(engine, case_name) ASSERT_TRUE(::touchstone::matches_reference(engine, case_name))

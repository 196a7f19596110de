#pragma once

#include <gtest/gtest.h>

#include <string>

#include "conformance/check_engine.h"

namespace touchstone {

/// For EXPECT_TRUE: whether an engine agrees with the reference in a case; the message has the diagnosis.
inline testing::AssertionResult matches_reference(const Engine& engine, const std::string& case_name) {
  const std::string difference = mismatch(engine, case_name);
  if (difference.empty()) return testing::AssertionSuccess();
  return testing::AssertionFailure() << case_name << ": " << difference;
}

/// The same for an optimizer in an update case.
inline testing::AssertionResult updates_match_reference(const Optimizer& optimizer, const std::string& case_name) {
  return matches_reference(updating_engine(optimizer), case_name);
}

}  // namespace touchstone

/// Fails the test unless `engine` (a touchstone::Engine) runs the case of that name as the reference does.
#define EXPECT_MATCHES_REFERENCE(engine, case_name) EXPECT_TRUE(::touchstone::matches_reference(engine, case_name))
#define ASSERT_MATCHES_REFERENCE(engine, case_name) ASSERT_TRUE(::touchstone::matches_reference(engine, case_name))

/// Fails the test unless `optimizer` (a touchstone::Optimizer) makes the updates of the case of that name as the
/// reference does.
#define EXPECT_UPDATES_MATCH_REFERENCE(optimizer, case_name) \
  EXPECT_TRUE(::touchstone::updates_match_reference(optimizer, case_name))
#define ASSERT_UPDATES_MATCH_REFERENCE(optimizer, case_name) \
  ASSERT_TRUE(::touchstone::updates_match_reference(optimizer, case_name))

#pragma once

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "experiment/load.h"
#include "training/vocabulary.h"

namespace touchstone {

/// A training with every section, in lines that tests replace. It is right as it stands.
inline std::vector<std::string> training_lines() {
  return {"kind: training",                                  // 1
          "title: A small training",                         // 2
          "data:",                                           // 3
          "  make_blobs: {n_samples: 10, random_state: 1}",  // 4
          "  n_train: 5",                                    // 5
          "model:",                                          // 6
          "  layers:",                                       // 7
          "    - {units: 4, activation: relu}",              // 8
          "    - {units: 3, activation: softmax}",           // 9
          "optimizer: {name: SGD, lr: 0.5}",                 // 10
          "fit: {epochs: 2, batch_size: 3}"};                // 11
}

inline std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

/// The training with further lines from line 12 on.
inline std::string training_with(const std::string& more) { return joined(training_lines()) + more + "\n"; }

/// Writes experiment files into a folder of the test's own, and loads them.
class ExperimentTest : public testing::Test {
 protected:
  ExperimentTest() {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  ~ExperimentTest() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return folder_ / name;
  }

  Experiment load(const std::string& text, const std::vector<std::string>& overrides = {}) const {
    return load_experiment(write("experiment.yaml", text), overrides, vocabulary());
  }

  /// The message without the file's folder.
  std::string error(const std::string& text, const std::vector<std::string>& overrides = {}) const {
    try {
      load(text, overrides);
    } catch (const UserError& config_error) {
      return without_folder(config_error.what());
    }
    return "no error";
  }

  std::string without_folder(std::string text) const {
    const std::string prefix = folder_.string() + "/";
    for (std::size_t at = text.find(prefix); at != std::string::npos; at = text.find(prefix)) {
      text.erase(at, prefix.size());
    }
    return text;
  }

  const std::filesystem::path folder_ = std::filesystem::path(testing::TempDir()) / "touchstone_experiment" /
                                        testing::UnitTest::GetInstance()->current_test_info()->name();
};

inline const RunConfig& run_of(const Experiment& experiment, std::size_t arm = 0) {
  return std::get<RunConfig>(experiment.arms.at(arm).config);
}

inline std::vector<std::string> labels_of(const Experiment& experiment) {
  std::vector<std::string> labels;
  for (const Arm& arm : experiment.arms) labels.push_back(arm.label);
  return labels;
}

/// The resolved value of a key, which must be there once.
inline ResolvedValue resolved(const Arm& arm, const std::string& key) {
  std::vector<ResolvedValue> found;
  for (const ResolvedValue& value : arm.resolved) {
    if (value.key == key) found.push_back(value);
  }
  EXPECT_EQ(found.size(), 1U) << key;
  return found.empty() ? ResolvedValue{} : found.front();
}

}  // namespace touchstone

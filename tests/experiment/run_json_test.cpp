#include "experiment/run_json.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "experiment/load.h"
#include "training/vocabulary.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// A trace's `experiment`: safetensors begins with the JSON header's length, 8 bytes, little-endian.
std::string experiment_of(const fs::path& trace) {
  std::ifstream stream(trace, std::ios::binary);
  std::uint64_t length = 0;
  for (int byte = 0; byte < 8; ++byte) length |= static_cast<std::uint64_t>(stream.get()) << (8 * byte);
  std::string header(length, ' ');
  stream.read(header.data(), static_cast<std::streamsize>(length));
  return json::parse(header).at("__metadata__").at("experiment").get<std::string>();
}

std::vector<fs::path> golden_traces() {
  std::vector<fs::path> traces;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(TOUCHSTONE_SOURCE_DIR) / "tests/golden")) {
    if (entry.path().extension() == ".safetensors") traces.push_back(entry.path());
  }
  return traces;
}

void expect_component(const Component& component, const json& expected, const std::string& where) {
  for (const auto& [key, value] : expected.items()) {
    if (key == "name") {
      EXPECT_EQ(component.name, value.get<std::string>()) << where;
    } else if (value.is_boolean()) {
      EXPECT_EQ(component.flag(key), value.get<bool>()) << where << key;
    } else if (value.is_string()) {
      EXPECT_EQ(component.text(key), value.get<std::string>()) << where << key;
    } else if (key == "patience" || key == "cooldown") {
      EXPECT_EQ(component.integer(key), value.get<std::int64_t>()) << where << key;
    } else {
      EXPECT_EQ(component.number(key), value.get<double>()) << where << key;
    }
  }
}

void expect_run(const RunConfig& run, const json& expected, const std::string& where) {
  const json& layers = expected.at("model").at("layers");
  ASSERT_EQ(run.model.layers.size(), layers.size()) << where;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    EXPECT_EQ(run.model.layers[i].units, layers[i].at("units").get<std::int64_t>()) << where;
    EXPECT_EQ(run.model.layers[i].activation, layers[i].at("activation").get<std::string>()) << where;
    EXPECT_EQ(run.model.layers[i].kernel_initializer, layers[i].at("kernel_initializer").get<std::string>()) << where;
  }
  const bool clipped = expected.at("model").value("loss_from", "logits") == "probabilities";
  EXPECT_EQ(run.model.loss_from == LossFrom::probabilities, clipped) << where;
  expect_component(run.optimizer, expected.at("optimizer"), where);
  EXPECT_EQ(run.optimizer.convention, Convention::keras);
  ASSERT_EQ(run.callbacks.size(), expected.at("callbacks").size()) << where;
  for (std::size_t i = 0; i < run.callbacks.size(); ++i) {
    expect_component(run.callbacks[i], expected.at("callbacks")[i], where);
  }
  EXPECT_EQ(run.fit.epochs, expected.at("fit").at("epochs").get<std::int64_t>()) << where;
  EXPECT_EQ(run.fit.batch_size, expected.at("fit").at("batch_size").get<std::int64_t>()) << where;
  EXPECT_EQ(run.fit.shuffle, expected.at("fit").at("shuffle").get<bool>()) << where;
}

TEST(RunJson, ReadsEveryGoldenTrace) {
  const std::vector<fs::path> traces = golden_traces();
  ASSERT_GT(traces.size(), 100U);
  for (const fs::path& trace : traces) {
    const std::string text = experiment_of(trace);
    const RunConfig run = run_config_from_json(text, trace.filename().string(), vocabulary());
    expect_run(run, json::parse(text), trace.filename().string() + ": ");
  }
}

TEST(RunJson, WritesWhatItReads) {
  for (const fs::path& trace : golden_traces()) {
    const RunConfig run = run_config_from_json(experiment_of(trace), "trace", vocabulary());
    const std::string written = run_config_to_json(run);
    const RunConfig again = run_config_from_json(written, "trace", vocabulary());
    expect_run(again, json::parse(experiment_of(trace)), trace.filename().string() + ": ");
    EXPECT_EQ(run_config_to_json(again), written);
  }
}

TEST(RunJson, WritesTheKeysOfExperimentFiles) {
  const std::string run = R"({"model": {"layers": [{"units": 2, "activation": "softmax"}]},
      "optimizer": {"name": "Adagrad", "convention": "paper", "lr": 1}, "fit": {"epochs": 3}})";
  const json expected = json::parse(R"({
      "model": {"loss": "categorical_crossentropy", "loss_from": "logits",
                "layers": [{"units": 2, "activation": "softmax", "kernel_initializer": "glorot_uniform"}]},
      "optimizer": {"name": "Adagrad", "convention": "paper", "lr": 1.0, "epsilon": 1e-07, "decay": 0.0},
      "callbacks": [], "fit": {"epochs": 3, "batch_size": 32, "shuffle": true}})");
  EXPECT_EQ(json::parse(run_config_to_json(run_config_from_json(run, "trace", vocabulary()))), expected);
}

TEST(RunJson, KeepsASchedulersSchedule) {
  const std::string run = R"({"model": {"layers": [{"units": 2, "activation": "softmax"}]},
      "optimizer": {"name": "SGD"}, "fit": {},
      "callbacks": [{"name": "LearningRateScheduler", "schedule": "step_decay", "epochs_drop": 32}]})";
  const RunConfig read = run_config_from_json(run, "trace", vocabulary());
  const RunConfig again = run_config_from_json(run_config_to_json(read), "trace", vocabulary());
  EXPECT_EQ(again.callbacks.at(0).text("schedule"), "step_decay");
  EXPECT_EQ(again.callbacks.at(0).number("epochs_drop"), 32.0);
}

TEST(RunJson, IsAsStrictAsFiles) {
  const auto error = [](const std::string& optimizer, const std::string& more = "") -> std::string {
    try {
      run_config_from_json(R"({"model": {"layers": [{"units": 2, "activation": "softmax"}]}, "optimizer": )" +
                               optimizer + R"(, "fit": {"epochs": 3})" + more + "}",
                           "t.safetensors", vocabulary());
    } catch (const UserError& config_error) {
      return config_error.what();
    }
    return "no error";
  };
  EXPECT_EQ(error(R"({"name": "SGD"})"), "no error");
  EXPECT_THAT(error(R"({"name": "SGD", "momentun": 0.9})"),
              testing::StartsWith("t.safetensors: optimizer.momentun: found a key that SGD does not have"));
  EXPECT_EQ(error(R"({"name": "SGD", "lr": "0.1"})"),
            "t.safetensors: optimizer.lr: found '0.1', expected a number of at least 0");
  EXPECT_EQ(error(R"({"name": "SGD", "nesterov": 1})"),
            "t.safetensors: optimizer.nesterov: found '1', expected true or false");
  EXPECT_THAT(error(R"({"name": "SGD"})", R"(, "data": {})"), testing::StartsWith("t.safetensors: data: found a key"));
  EXPECT_THAT(error("3"), testing::StartsWith("t.safetensors: optimizer: found '3', expected a map"));
  EXPECT_THROW(run_config_from_json("[]", "t", vocabulary()), UserError);
  EXPECT_THROW(run_config_from_json("", "t", vocabulary()), UserError);
}

}  // namespace
}  // namespace touchstone

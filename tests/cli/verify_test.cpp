#include <gmock/gmock.h>

#include <algorithm>

#include "program.h"

namespace touchstone {
namespace {

using testing::HasSubstr;

const std::string short_run = "trace cell_07 --arm 4 --set fit.epochs=3 --slots -o t.safetensors ";

TEST(Trace, OfTheReferenceAgreesWithItself) {
  for (const char* dtype : {"float32", "float64"}) {
    const Workplace workplace;
    const Outcome traced = workplace.run(short_run + "--dtype " + dtype);
    ASSERT_EQ(traced.exit_code, 0) << traced.err;
    EXPECT_THAT(traced.out, HasSubstr("t.safetensors: 6 updates and 3 epochs"));
    const Outcome verified = workplace.run("verify t.safetensors");
    EXPECT_EQ(verified.exit_code, 0) << verified.out;
    EXPECT_THAT(verified.out, HasSubstr("6 updates one by one, all of them"));
  }
}

TEST(Trace, IsTheSameBytesEveryTime) {
  const Workplace workplace;
  ASSERT_EQ(workplace.run(short_run).exit_code, 0);
  const std::string first = workplace.read("t.safetensors");
  ASSERT_EQ(workplace.run(short_run).exit_code, 0);
  EXPECT_EQ(workplace.read("t.safetensors"), first);
}

TEST(Trace, RecordsTheFirstUpdatesOnly) {
  const Workplace workplace;
  EXPECT_THAT(workplace.run(short_run + "--steps 2").out, HasSubstr("2 updates and 3 epochs"));
  EXPECT_EQ(workplace.run("verify t.safetensors --quiet").exit_code, 0);
}

// Adam's run declared as one with another epsilon: every update from the first on is wrong, and the output says why.
TEST(Verify, NamesTheMistake) {
  const Workplace workplace;
  ASSERT_EQ(workplace
                .run("trace cell_07 --set 'arms=[{label: small, optimizer: {name: Adam, epsilon: 1.0e-8}}]' "
                     "--set fit.epochs=3 --slots -o t.safetensors")
                .exit_code,
            0);
  std::string trace = workplace.read("t.safetensors");
  const std::string written = R"(\"epsilon\":1e-08)";
  const auto at = trace.find(written);
  ASSERT_NE(at, std::string::npos);
  workplace.write("wrong.safetensors", trace.replace(at, written.size(), R"(\"epsilon\":1e-07)"));
  const Outcome outcome = workplace.run("verify wrong.safetensors");
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.out, HasSubstr("diverges: update 0, step/param/"));
  EXPECT_THAT(outcome.out, HasSubstr("adam_eps_1e-8 (epsilon 1e-08 instead of 1e-07)"));
  const Outcome json = workplace.run("verify wrong.safetensors --json");
  EXPECT_EQ(json.exit_code, 1);
  EXPECT_THAT(json.out, HasSubstr("\"agrees\": false"));
  EXPECT_THAT(json.out, HasSubstr("adam_eps_1e-8"));
}

TEST(Verify, ComparesTwoTracesWithoutTraining) {
  const Workplace workplace;
  ASSERT_EQ(workplace.run(short_run).exit_code, 0);
  ASSERT_EQ(workplace.run("trace cell_07 --arm 4 --set fit.epochs=3 --seed 1 -o other.safetensors").exit_code, 0);
  EXPECT_EQ(workplace.run("verify t.safetensors --against t.safetensors").exit_code, 0);
  const Outcome outcome = workplace.run("verify t.safetensors --against other.safetensors");
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.out, HasSubstr("differs: first in the inputs: init/dense_0/kernel[0,0]: "));
}

TEST(Verify, SaysTheVerdictFirstAndTheSeriesIfAsked) {
  const Workplace workplace;
  ASSERT_EQ(workplace.run(short_run).exit_code, 0);
  const std::string brief = workplace.run("verify t.safetensors").out;
  EXPECT_THAT(brief, testing::StartsWith("agrees: "));
  EXPECT_THAT(brief, testing::Not(HasSubstr("step/grad/")));
  const std::string whole = workplace.run("verify t.safetensors --table").out;
  EXPECT_THAT(whole, testing::StartsWith(brief));
  EXPECT_THAT(whole, HasSubstr("step/grad/dense_0/kernel"));
}

TEST(Verify, RefusesWhatIsNoTraceInOneLine) {
  const Workplace workplace;
  workplace.write("bad.safetensors", "no trace");
  ASSERT_EQ(workplace.run(short_run).exit_code, 0);
  std::string trace = workplace.read("t.safetensors");
  workplace.write("cut.safetensors", trace.substr(0, trace.size() / 2));
  const auto layers = trace.find(R"(\"units\":50)");
  ASSERT_NE(layers, std::string::npos);
  workplace.write("layers.safetensors", std::string(trace).replace(layers, 12, R"(\"units\":51)"));
  for (const char* file : {"bad.safetensors", "cut.safetensors", "missing.safetensors", "layers.safetensors"}) {
    const Outcome outcome = workplace.run(std::string("verify ") + file);
    EXPECT_EQ(outcome.exit_code, 2) << file;
    EXPECT_THAT(outcome.err, testing::StartsWith(std::string("touchstone: ") + file)) << file;
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
  }
}

TEST(Conformance, ListsAtLeastOneHundredAndTwentyCases) {
  const Outcome outcome = Workplace().run("conformance --list");
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_GE(std::count(outcome.out.begin(), outcome.out.end(), '\n'), 120);
}

TEST(Conformance, GoesOnAfterAnEngineThatFails) {
  const Workplace workplace;
  const Outcome outcome = workplace.run(
      "conformance --engine 'echo no idea; exit 5; : {case} {trace}' --filter 'sgd.*' --junit r.xml --keep kept "
      "--verbose");
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.out, testing::ContainsRegex("the engine ended with exit code 5: no idea: [0-9]+ cases\n"));
  EXPECT_THAT(outcome.out, HasSubstr("ERROR sgd.constant.f32: the engine ended with exit code 5: no idea"));
  EXPECT_THAT(outcome.out, HasSubstr("ERROR sgd.plateau."));
  EXPECT_THAT(workplace.read("r.xml"), HasSubstr("<error message=\"the engine ended with exit code 5: no idea\""));
  EXPECT_THAT(workplace.read("kept/sgd.constant.f32.report.txt"), HasSubstr("exit code 5: no idea"));
  EXPECT_THAT(workplace.read("kept/results.json"), HasSubstr("\"outcome\": \"error\""));
}

TEST(Conformance, WhatAnEngineDoesNotSupportIsSkipped) {
  const Workplace workplace;
  const Outcome outcome = workplace.run(
      "conformance --engine 'echo no momentum; exit 77; : {case} {trace}' --filter 'update.sgd.*' --junit r.xml");
  EXPECT_EQ(outcome.exit_code, 1);  // nothing passed
  EXPECT_THAT(outcome.out, HasSubstr("not supported by the engine, not judged\n  no momentum: "));
  EXPECT_THAT(outcome.out, testing::ContainsRegex("0 of [0-9]+ cases passed, the engine does not support [0-9]+\n"));
  EXPECT_THAT(workplace.read("r.xml"), HasSubstr("<skipped message=\"no momentum\"/>"));
}

TEST(Conformance, AsksAServedEngineForEveryCase) {
  const Workplace workplace;
  const Outcome outcome = workplace.run(
      "conformance --serve --jobs 1 --engine 'echo . >> starts; while read a b; do echo unsupported: $b; done' "
      "--filter "
      "'update.sgd.*'");
  EXPECT_EQ(outcome.exit_code, 1);  // nothing passed
  EXPECT_THAT(outcome.out, HasSubstr("update.sgd.decay.f64.trace.safetensors"));
  EXPECT_EQ(workplace.read("starts"), ".\n");
}

TEST(Conformance, IsPutInOtherTypesAndUnderOtherConventions) {
  const Workplace workplace;
  EXPECT_EQ(workplace.run("conformance --list --filter 'update.sgd.constant*'").out, "update.sgd.constant.f32\n");
  EXPECT_EQ(workplace.run("conformance --list --dtype both --filter 'update.sgd.constant*'").out,
            "update.sgd.constant.f32\nupdate.sgd.constant.f64\n");
  EXPECT_EQ(workplace.run("conformance --list --dtype float64 --filter 'update.sgd.constant*'").out,
            "update.sgd.constant.f64\n");
  EXPECT_THAT(workplace.run("conformance --list --dtype float16").err, HasSubstr("expected one of float32, float64"));
  EXPECT_THAT(workplace.run("conformance --list --convention tensorflow").err, HasSubstr("keras, torch, paper"));
  EXPECT_THAT(workplace.run("conformance --list --convention keras3 --filter '*.decay.*'").err, HasSubstr("no case"));
}

TEST(Conformance, RefusesACommandWithoutItsFiles) {
  const Outcome outcome = Workplace().run("conformance --engine true");
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("expected a command with {case} and {trace} in it"));
}

}  // namespace
}  // namespace touchstone

// Wrong command lines, as a user would type them: each must end with the right exit code and one line that
// names the place, what was found and what was expected. (Wrong experiment files: tests/experiment.)
#include <gmock/gmock.h>

#include "program.h"

namespace touchstone {
namespace {

using testing::HasSubstr;

struct BadLine {
  const char* arguments;
  int exit_code;
  const char* message;  ///< part of the one line on stderr
};

class BadInput : public testing::TestWithParam<BadLine> {};

TEST_P(BadInput, EndsWithOneLineAndTheRightCode) {
  const Workplace workplace;
  const Outcome outcome = workplace.run(GetParam().arguments);
  EXPECT_EQ(outcome.exit_code, GetParam().exit_code) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr(GetParam().message));
  EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
  EXPECT_THAT(workplace.files_in("results"), testing::IsEmpty());
  EXPECT_THAT(workplace.files_in("plots"), testing::IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    CommandLine, BadInput,
    testing::Values(
        BadLine{"ruin", 2,
                "unknown command 'ruin'; expected one of list, show, run, plot, study, compare, report, "
                "merge, trace, verify, "
                "conformance, explain, completion (did you mean "
                "run?)"},
        BadLine{"run --sede 3", 2, "sede"}, BadLine{"run cell_99", 2, "unknown experiment 'cell_99'"},
        BadLine{"run 22", 2, "unknown experiment '22'"},
        BadLine{"run cell_03_batch_sise", 2, "(did you mean cell_03_batch_size?)"},
        BadLine{"run cell_", 2, "several experiments begin with 'cell_': cell_01_scatter"},
        BadLine{"run missing/file.yaml", 2, "missing/file.yaml: no such file"},
        BadLine{"run cell_19 --seed -1", 2, "--seed: found '-1', expected a whole number from 0 to 4294967295"},
        BadLine{"run cell_19 --seed 3x", 2, "--seed: found '3x'"},
        BadLine{"run cell_19 --jobs 0", 2, "--jobs: found '0'"},
        BadLine{"run cell_19 --dtype float16", 2, "--dtype: found 'float16', expected one of float32, float64"},
        BadLine{"run cell_19 --engine autograde", 2, "(did you mean autograd?)"},
        BadLine{"run cell_19 --format gif", 2, "--format: found 'gif', expected one of png, svg, pdf, dumb, none"},
        BadLine{"run cell_19 --device tpu", 2, "--device: found 'tpu', expected cpu, cuda or cuda:N"},
        BadLine{"run cell_19 --device cuda:x", 2, "--device: found 'cuda:x'"},
        BadLine{"run cell_19 --set optimizer.lr", 2, "expected KEY=VALUE"},
        BadLine{"run cell_19 --set optimizer.lr=fast", 2, "optimizer.lr: found 'fast', expected a number"},
        BadLine{"run cell_19 --set optimizer.momentun=0.5", 2, "(did you mean momentum?)"},
        BadLine{"run cell_19 --set optimizer.name=Adam", 2, "optimizer.momentum: found a key that Adam does not have"},
        BadLine{"run cell_19 --set optimizer.momentum=1.5", 2, "expected a number of at least 0 and below 1"},
        BadLine{"run cell_19 --set fit.batch_size=0", 2, "fit.batch_size: found '0', expected a whole number"},
        BadLine{"run cell_19 --set fit.epochs=-5", 2, "fit.epochs: found '-5'"},
        BadLine{"run cell_19 --set model.layers.0.units=-50", 2, "model.layers.0.units: found '-50'"},
        BadLine{"run cell_19 --set model.layers.0.activation=rellu", 2, "(did you mean relu?)"},
        BadLine{"run cell_19 --set data.n_train=1000", 2, "data.n_train: found '1000'"},
        BadLine{"run cell_03 --set arms={}", 2, "arms"}, BadLine{"run cell_03 --set [=2", 2, "--set"},
        BadLine{"run cell_19 --set data={csv:\\ {path:\\ nowhere.csv,\\ label:\\ y},\\ n_train:\\ 3}", 2,
                "nowhere.csv"},
        BadLine{"show", 2, "expected the NAME of an experiment"},
        BadLine{"show cell_99", 2, "unknown experiment 'cell_99'"}, BadLine{"plot", 2, "expected a RESULT_DIR"},
        BadLine{"plot nowhere", 2, "nowhere/manifest.json: no such file"},
        BadLine{"plot nowhere --format jpeg", 2, "--format: found 'jpeg'"}));

TEST(Environment, NoCudaIsToldWithAWayOut) {
  const Workplace workplace;
  const Outcome outcome = workplace.run("run cell_19 --device cuda:99");
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.err, HasSubstr("CUDA device"));
}

TEST(Environment, MissingGnuplotIsToldBeforeTraining) {
  const Workplace workplace;
  const Outcome outcome = workplace.run("run cell_19", "PATH=/nonexistent");
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.err, HasSubstr("gnuplot is not on the PATH"));
  EXPECT_THAT(workplace.files_in("results"), testing::IsEmpty());
}

TEST(Environment, UnwritableResultsFolderIsTold) {
  const Workplace workplace;
  workplace.write("results", "a file where the folder should be");
  const Outcome outcome = workplace.run("run cell_13 --format none");
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.err, HasSubstr("cannot be written: Not a directory"));
}

// A limit on the size of files stands in for a full disk.
TEST(Environment, FullDiskLeavesNoHalfFile) {
  const Workplace workplace;
  const Outcome outcome = workplace.run_by_shell("ulimit -f 1; trap '' XFSZ;", "run cell_13 --format none");
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.err, HasSubstr("cannot be written: File too large"));
  EXPECT_THAT(workplace.files_in("results"), testing::Not(testing::Contains(HasSubstr(".tmp"))));
  EXPECT_THAT(workplace.files_in("results"), testing::Not(testing::Contains(HasSubstr("rates.csv"))));
}

TEST(Plot, TrustsNothingInAManifest) {
  const Workplace workplace;
  ASSERT_EQ(workplace.run("run text_time_based --format none").exit_code, 0);
  const std::string manifest = workplace.read("results/text_time_based_schedule/manifest.json");
  const auto with = [&](const std::string& from, const std::string& to) {
    const auto at = manifest.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    workplace.write("results/text_time_based_schedule/manifest.json",
                    std::string(manifest).replace(at, from.size(), to));
    const Outcome outcome = workplace.run("plot results/text_time_based_schedule");
    EXPECT_EQ(outcome.exit_code, 2) << outcome.err;
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("manifest.json: "));
  };
  with(R"("experiment": "text)", R"("experiment": "../../text)");
  with(R"("suffix": "")", R"("suffix": "/../../x")");
  with(R"("type": "schedule")", R"("type": "panels", "series": ["lr\n!touch owned"])");
  EXPECT_THAT(workplace.files_in("."), testing::Not(testing::Contains("owned")));
}

TEST(Csv, BadDataIsToldWithItsPlace) {
  const Workplace workplace;
  const std::string experiment =
      "kind: training\ntitle: own data\ndata: {csv: {path: points.csv, label: LABEL}, n_train: 2}\n"
      "model: {layers: [{units: 2, activation: softmax}]}\noptimizer: {name: SGD}\nfit: {epochs: 1}\n";
  const auto run = [&](const std::string& csv, const std::string& label) {
    workplace.write("points.csv", csv);
    std::string text = experiment;
    workplace.write("own.yaml", text.replace(text.find("LABEL"), 5, label));
    return workplace.run("run ./own.yaml --format none --quiet");
  };
  EXPECT_EQ(run("a,y\n1,0\n2,1\n3,0\n", "y").exit_code, 0);
  EXPECT_THAT(run("a,y\n1,0\nnan,1\n3,0\n", "y").err,
              HasSubstr("points.csv:3:1: a: found 'nan', expected a finite number"));
  EXPECT_THAT(run("a,y\n1,0\n2,1\n3,0\n", "z").err, HasSubstr("points.csv:1:1: found no column 'z'"));
  EXPECT_THAT(
      run("a,y\n1,0\n2,1\n3,5\n", "y").err,
      HasSubstr("own.yaml:4:26: model.layers.0.units: found 2 units, so expected classes 0 to 1, but test row 0 has "
                "class 5"));
  EXPECT_THAT(run("a,y\n1,0\n2,1\n", "y").err, HasSubstr("own.yaml:3:52: data.n_train: found 2, expected 1 to 1"));
}

}  // namespace
}  // namespace touchstone

#include "trace/trace_file.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <functional>
#include <limits>
#include <string>

#include "data/make_blobs.h"
#include "data/random_state.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;
using testing::ThrowsMessage;

const fs::path golden = TOUCHSTONE_SOURCE_DIR "/tests/golden";

std::vector<fs::path> golden_traces() {
  std::vector<fs::path> files;
  for (const auto& file : fs::recursive_directory_iterator(golden)) {
    if (file.path().extension() == ".safetensors") files.push_back(file.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// Three rows to train, one to test, two features, two epochs, layers of three and two units.
Trace small_trace() {
  Trace trace;
  trace.engine = "by hand";
  trace.experiment = "{}";
  trace.train = {2, {1, 2, 3, 4, 5, 6}, {0, 1, 1}};
  trace.test = {2, {7, 8}, {0}};
  trace.arrays["init/dense_0/kernel"] = {{2, 3}, {1, 2, 3, 4, 5, 6}};
  trace.arrays["init/dense_0/bias"] = {{3}, {0, 0, 0}};
  trace.arrays["init/dense_1/kernel"] = {{3, 2}, {1, 2, 3, 4, 5, 6}};
  trace.arrays["init/dense_1/bias"] = {{2}, {0, 0}};
  trace.arrays["epoch/loss"] = {{2}, {0.7, 0.6}};
  return trace;
}

/// As parse_trace sees it: small_trace, its file's contents changed.
std::string refusal_after(const std::function<void(Safetensors&)>& change) {
  Safetensors contents = parse_safetensors(format_trace(small_trace(), "small"), "small");
  change(contents);
  try {
    parse_trace(format_safetensors(contents, "small"), "t.safetensors");
  } catch (const UserError& error) {
    return error.what();
  }
  return "accepted";
}

struct Wrong {
  const char* name;
  std::function<void(Safetensors&)> change;
  std::string message;
};

class WrongTrace : public testing::TestWithParam<Wrong> {};

TEST_P(WrongTrace, IsRefusedWithTheReason) {
  EXPECT_THAT(refusal_after(GetParam().change), AllOf(StartsWith("t.safetensors: "), HasSubstr(GetParam().message)));
}

std::function<void(Safetensors&)> without(const std::string& name) {
  return [=](Safetensors& contents) { contents.tensors.erase(name); };
}

std::function<void(Safetensors&)> with(const std::string& name, const TensorEntry& tensor) {
  return [=](Safetensors& contents) { contents.tensors[name] = tensor; };
}

std::function<void(Safetensors&)> with_text(const std::string& key, const std::string& text) {
  return [=](Safetensors& contents) { contents.metadata[key] = text; };
}

TensorEntry reals(std::vector<std::int64_t> shape, const std::vector<double>& values) {
  return tensor_of_reals(DType::f64, std::move(shape), values);
}

TensorEntry integers(std::vector<std::int64_t> shape, const std::vector<std::int64_t>& values) {
  return tensor_of_integers(std::move(shape), values);
}

TensorEntry zeros(std::vector<std::int64_t> shape, std::size_t count) {
  return reals(std::move(shape), std::vector<double>(count));
}

const double nan = std::numeric_limits<double>::quiet_NaN();
const double infinity = std::numeric_limits<double>::infinity();

INSTANTIATE_TEST_SUITE_P(
    Metadata, WrongTrace,
    testing::Values(Wrong{"NoFormat", [](Safetensors& c) { c.metadata.erase("format"); },
                          "__metadata__ \"format\": missing, expected \"touchstone-trace/1\": is this a trace?"},
                    Wrong{"AnotherVersion", with_text("format", "touchstone-trace/2"),
                          "found \"touchstone-trace/2\", expected \"touchstone-trace/1\": was it written for another "
                          "version?"},
                    Wrong{"NoExperiment", [](Safetensors& c) { c.metadata.erase("experiment"); },
                          "\"experiment\": missing"}),
    [](const auto& test) { return test.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Names, WrongTrace,
    testing::Values(
        Wrong{"NoData", without("data/test/y"), "\"data/test/y\": missing, expected a tensor of shape [M]"},
        Wrong{"NoLayers",
              [](Safetensors& c) {
                for (const char* name : {"dense_0/kernel", "dense_0/bias", "dense_1/kernel", "dense_1/bias"}) {
                  c.tensors.erase(std::string("init/") + name);
                }
              },
              "\"init/dense_0/kernel\": missing"},
        Wrong{"NoBias", without("init/dense_1/bias"),
              "\"init/dense_1/bias\": missing, expected a tensor of shape [units of dense_1]"},
        Wrong{"LayerGap", with("init/dense_3/bias", zeros({2}, 2)),
              "\"init/dense_3/bias\": unknown tensor (did you mean init/dense_0/bias?); the layers in init/ "
              "are dense_0 to dense_1"},
        Wrong{"Misspelt", with("step/parm/dense_0/kernel", zeros({1, 2, 3}, 6)),
              "did you mean step/param/dense_0/kernel?"},
        Wrong{"UnknownSlot", with("final/slot/momentum/dense_0/bias", zeros({3}, 3)),
              "did you mean final/slot/moment/dense_0/bias?"},
        Wrong{"UnknownLayer", with("step/grad/dense_2/bias", zeros({1, 2}, 2)),
              "\"step/grad/dense_2/bias\": unknown tensor"},
        Wrong{"NothingLikeIt", with("optimizer", zeros({}, 1)), "\"optimizer\": unknown tensor; the layers"}),
    [](const auto& test) { return test.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Shapes, WrongTrace,
    testing::Values(
        Wrong{"Labels", with("data/train/y", integers({2}, {0, 1})),
              "\"data/train/y\": shape [2], expected [N] with N = 3 as in \"data/train/x\""},
        Wrong{"Features", with("data/test/x", zeros({1, 3}, 3)),
              "\"data/test/x\": shape [1, 3], expected [M, F] with F = 2 as in \"data/train/x\""},
        Wrong{"FlatData", with("data/test/x", zeros({2}, 2)), "\"data/test/x\": shape [2], expected [M, F]"},
        Wrong{"NoRows",
              [](Safetensors& c) {
                c.tensors["data/test/x"] = zeros({0, 2}, 0), c.tensors["data/test/y"] = integers({0}, {});
              },
              "\"data/test/x\": shape [0, 2], expected [M, F] with M at least 1"},
        Wrong{"FirstKernel", with("init/dense_0/kernel", zeros({3, 3}, 9)),
              "\"init/dense_0/kernel\": shape [3, 3], expected [F, units of dense_0] with F = 2"},
        Wrong{"Chain", with("init/dense_1/kernel", zeros({4, 2}, 8)),
              "expected [units of dense_0, units of dense_1] with units of dense_0 = 3 as in "
              "\"init/dense_0/kernel\""},
        Wrong{"Bias", with("init/dense_1/bias", zeros({3}, 3)), "with units of dense_1 = 2"},
        Wrong{"Epochs", with("epoch/val_loss", zeros({3}, 3)),
              "\"epoch/val_loss\": shape [3], expected [E] with E = 2 as in \"epoch/loss\""},
        Wrong{"OrderEpochs", with("order", integers({1, 3}, {0, 1, 2})),
              "\"epoch/loss\": shape [2], expected [E] with E = 1 as in \"order\""},
        Wrong{"Updates",
              [](Safetensors& c) {
                c.tensors["step/loss"] = zeros({4}, 4), c.tensors["step/grad/dense_0/bias"] = zeros({5, 3}, 15);
              },
              "\"step/grad/dense_0/bias\": shape [5, 3], expected [S, units of dense_0] with S = 4 as in "
              "\"step/loss\""},
        Wrong{"SlotOfOtherShape", with("final/slot/m/dense_0/kernel", zeros({3, 2}, 6)),
              "expected [F, units of dense_0] with F = 2"},
        Wrong{"AllEpochsWithoutIndex", with("epoch/param/dense_1/bias", zeros({1, 2}, 2)),
              "expected [E, units of dense_1] with E = 2"},
        Wrong{"IndexOfOtherLength",
              [](Safetensors& c) {
                c.tensors["epoch/index"] = integers({1}, {0}), c.tensors["epoch/param/dense_1/bias"] = zeros({2, 2}, 4);
              },
              "expected [K, units of dense_1] with K = 1 as in \"epoch/index\""}),
    [](const auto& test) { return test.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Values, WrongTrace,
    testing::Values(
        Wrong{"RealLabels", with("data/train/y", zeros({3}, 3)), "\"data/train/y\": dtype F64, expected I64"},
        Wrong{"WholeData", with("epoch/lr", integers({2}, {1, 1})), "\"epoch/lr\": dtype I64, expected F32 or F64"},
        Wrong{"MixedReals", with("epoch/lr", tensor_of_reals(DType::f32, {2}, {1, 1})),
              "\"epoch/lr\": dtype F32, expected F64 as in \"data/train/x\""},
        Wrong{"NanInData", with("data/train/x", reals({3, 2}, {0, 0, 0, nan, 0, 0})),
              "\"data/train/x\": element 3 is nan, expected a finite number"},
        Wrong{"NanInTestData", with("data/test/x", reals({1, 2}, {0, nan})), "\"data/test/x\": element 1 is nan"},
        Wrong{"InfiniteWeight", with("init/dense_0/bias", reals({3}, {0, -infinity, 0})),
              "\"init/dense_0/bias\": element 1 is -inf"},
        Wrong{"LabelTooLarge", with("data/train/y", integers({3}, {0, 1, 2})),
              "\"data/train/y\": found label 2, expected 0 to 1, as the output layer has 2 units"},
        Wrong{"LabelNegative", with("data/test/y", integers({1}, {-1})), "\"data/test/y\": found label -1"},
        Wrong{"RowTwice", with("order", integers({2, 3}, {0, 1, 2, 1, 0, 1})),
              "\"order\": found row 1 twice in epoch 1, expected each row once"},
        Wrong{"RowBeyond", with("order", integers({2, 3}, {0, 1, 3, 1, 0, 2})),
              "\"order\": found row 3 in epoch 0, expected 0 to 2"},
        Wrong{"RowNegative", with("order", integers({2, 3}, {0, 1, 2, INT64_MIN, 0, 2})),
              "found row -9223372036854775808 in epoch 1"},
        Wrong{"IndexFalls", with("step/index", integers({2}, {4, 3})),
              "\"step/index\": found 3 after 4, expected rising numbers"},
        Wrong{"IndexRepeats", with("step/index", integers({2}, {INT64_MAX, INT64_MAX})), "expected rising numbers"},
        Wrong{"IndexNegative", with("epoch/index", integers({1}, {-1})),
              "\"epoch/index\": found -1, expected numbers from 0"},
        Wrong{"EpochBeyond", with("epoch/index", integers({2}, {0, 2})),
              "\"epoch/index\": found 2, expected 0 to 1, as \"epoch/loss\" has 2 epochs"}),
    [](const auto& test) { return test.param.name; });

TEST(TraceFile, WritesAndReadsEverything) {
  Trace trace = small_trace();
  trace.notes["noise"] = "{\"ulp_weights\": 1e-7}";
  trace.order = {{0, 1, 2, 2, 0, 1}};
  trace.update_index = {{0, 5, 7}};
  trace.epoch_index = {{1}};
  trace.arrays["step/loss"] = {{3}, {1, nan, infinity}};
  trace.arrays["step/slot/vhat/dense_1/bias"] = {{3, 2}, {1, 2, 3, 4, 5, 6}};
  trace.arrays["epoch/param/dense_0/bias"] = {{1, 3}, {1, 2, 3}};
  trace.arrays["final/slot/u/dense_0/bias"] = {{3}, {1, 2, 0.1}};
  const fs::path file = fs::path(testing::TempDir()) / "everything.safetensors";
  write_trace(file, trace);

  const Trace read = read_trace(file);
  EXPECT_EQ(read.engine, "by hand");
  EXPECT_EQ(read.experiment, "{}");
  EXPECT_THAT(read.notes, ElementsAre(testing::Pair("noise", "{\"ulp_weights\": 1e-7}")));
  EXPECT_EQ(read.dtype, DType::f64);
  EXPECT_EQ(read.train.x, trace.train.x);
  EXPECT_EQ(read.train.y, trace.train.y);
  EXPECT_EQ(read.test.x, trace.test.x);
  EXPECT_EQ(read.test.y, trace.test.y);
  EXPECT_EQ(read.order, trace.order);
  EXPECT_EQ(read.update_index, trace.update_index);
  EXPECT_EQ(read.epoch_index, trace.epoch_index);
  EXPECT_EQ(read.arrays.size(), trace.arrays.size());
  EXPECT_THAT(read.find("step/loss")->values, ElementsAre(1, testing::NanSensitiveDoubleEq(nan), infinity));
  EXPECT_THAT(read.find("step/slot/vhat/dense_1/bias")->shape, ElementsAre(3, 2));
  EXPECT_THAT(read.find("final/slot/u/dense_0/bias")->values, ElementsAre(1, 2, 0.1));
  EXPECT_EQ(read.find("step/lr"), nullptr);
}

TEST(TraceFile, TellsItsSizes) {
  Trace trace = small_trace();
  EXPECT_EQ(trace.rows(), 3);
  EXPECT_EQ(trace.test_rows(), 1);
  EXPECT_EQ(trace.features(), 2);
  EXPECT_EQ(trace.epochs(), 2);
  EXPECT_THAT(trace.parameters(), ElementsAre("dense_0/kernel", "dense_0/bias", "dense_1/kernel", "dense_1/bias"));
  EXPECT_THAT(trace.recorded_updates(), ElementsAre());
  EXPECT_THAT(trace.recorded_epochs(), ElementsAre());

  trace.arrays["epoch/param/dense_0/bias"] = {{2, 3}, {1, 2, 3, 4, 5, 6}};
  trace.arrays["step/grad/dense_0/bias"] = {{2, 3}, {1, 2, 3, 4, 5, 6}};
  EXPECT_THAT(trace.recorded_updates(), ElementsAre(0, 1));
  EXPECT_THAT(trace.recorded_epochs(), ElementsAre(0, 1));

  trace.update_index = {{3, 9}};
  trace.epoch_index = {{4, 6}};
  EXPECT_THAT(trace.recorded_updates(), ElementsAre(3, 9));
  EXPECT_THAT(trace.recorded_epochs(), ElementsAre(4, 6));

  trace.arrays.erase("epoch/loss");
  EXPECT_EQ(trace.epochs(), 0) << "parameters of some epochs do not show how many there were";
  trace.order = {{0, 1, 2, 0, 1, 2, 0, 1, 2}};
  EXPECT_EQ(trace.epochs(), 3);
}

TEST(TraceFile, EngineMayBeUnnamedAndObservationsMissing) {
  Trace trace = small_trace();
  EXPECT_NO_THROW(require_observations(trace, "small"));
  trace.engine.clear();
  trace.arrays.erase("epoch/loss");
  const Trace read = parse_trace(format_trace(trace, "small"), "small");
  EXPECT_EQ(read.engine, "");
  EXPECT_EQ(read.epochs(), 0);
  EXPECT_THAT([&] { require_observations(read, "small"); },
              ThrowsMessage<UserError>(StartsWith("small: nothing was observed")));
  trace.arrays["step/loss"] = {{0}, {}};
  EXPECT_THROW(require_observations(trace, "small"), UserError) << "no update is no observation";
}

TEST(TraceFile, SinglePrecisionTracesAreRoundedOnce) {
  Trace trace = small_trace();
  trace.dtype = DType::f32;
  trace.train.x[0] = 0.1;
  const Trace read = parse_trace(format_trace(trace, "small"), "small");
  EXPECT_EQ(read.dtype, DType::f32);
  EXPECT_EQ(read.train.x[0], static_cast<double>(0.1F));
  EXPECT_EQ(format_trace(read, "small"), format_trace(trace, "small"));
}

TEST(TraceFile, RefusesToWriteWhatItWouldNotRead) {
  Trace trace = small_trace();
  trace.arrays["epoch/loss"].shape = {3};
  EXPECT_THAT([&] { format_trace(trace, "small"); },
              ThrowsMessage<UserError>(HasSubstr("\"epoch/loss\": found 16 bytes")));
  trace = small_trace();
  trace.order = {{0, 1, 2, 0}};
  EXPECT_THAT([&] { format_trace(trace, "small"); }, ThrowsMessage<UserError>(HasSubstr("\"order\": found 32 bytes")));
  trace = small_trace();
  trace.train = {};
  trace.order = {{0}};
  EXPECT_THROW(format_trace(trace, "small"), UserError);
}

TEST(TraceFile, FailedWriteLeavesNoFile) {
  const fs::path file = fs::path(testing::TempDir()) / "never.safetensors";
  fs::remove(file);
  Trace trace = small_trace();
  trace.train.y[0] = 7;
  EXPECT_THROW(write_trace(file, trace), UserError);
  EXPECT_FALSE(fs::exists(file));
}

class GoldenTrace : public testing::TestWithParam<fs::path> {};

TEST_P(GoldenTrace, ReadsBackAsItWasAfterWriting) {
  const Safetensors original = read_safetensors(GetParam());
  const std::string rewritten = format_trace(read_trace(GetParam()), "rewritten");
  const Safetensors again = parse_safetensors(rewritten, "rewritten");
  EXPECT_EQ(again.metadata, original.metadata);
  EXPECT_EQ(again.tensors, original.tensors) << "tensors differ in some byte";
  EXPECT_EQ(format_trace(parse_trace(rewritten, "rewritten"), "again"), rewritten);
}

TEST_P(GoldenTrace, HoldsTheNotebooksRun) {
  const Trace trace = read_trace(GetParam());
  EXPECT_NO_THROW(require_observations(trace, "golden"));
  EXPECT_THAT(trace.engine, HasSubstr("Keras 2.3.1"));
  EXPECT_EQ(trace.dtype == DType::f32, GetParam().stem().extension() == ".f32");
  EXPECT_EQ(trace.rows(), 500);
  EXPECT_EQ(trace.test_rows(), 500);
  EXPECT_GE(trace.epochs(), 1);
  EXPECT_THAT(trace.parameters(), ElementsAre("dense_0/kernel", "dense_0/bias", "dense_1/kernel", "dense_1/bias"));
  EXPECT_EQ(trace.recorded_updates().size(), trace.find("step/loss") == nullptr ? 0U : 20U);
}

std::string trace_name(const testing::TestParamInfo<fs::path>& file) {
  std::string name = fs::relative(file.param, golden).string();
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Keras, GoldenTrace, testing::ValuesIn(golden_traces()), trace_name);

TEST(GoldenTraces, AreAllThere) { EXPECT_EQ(golden_traces().size(), 130U); }

/// The value as a trace of this type holds it.
double rounded(DType dtype, double value) { return dtype == DType::f32 ? static_cast<float>(value) : value; }

// tests/golden/README.md says from which of NumPy's and scikit-learn's calls data and weights came.
TEST_P(GoldenTrace, HasTheDataAndWeightsItsReadmeTells) {
  const Trace trace = read_trace(GetParam());
  BlobsParameters parameters;
  parameters.n_samples = 1000;
  parameters.centers = 3;
  parameters.n_features = 2;
  parameters.cluster_std = {2.0};
  parameters.random_state = 2;
  const Split blobs = split(make_blobs(parameters), 500);
  EXPECT_EQ(trace.train.y, blobs.train.y);
  EXPECT_EQ(trace.test.y, blobs.test.y);
  for (std::size_t i = 0; i < blobs.train.x.size(); ++i) {
    ASSERT_EQ(trace.train.x[i], rounded(trace.dtype, blobs.train.x[i])) << i;
    ASSERT_EQ(trace.test.x[i], rounded(trace.dtype, blobs.test.x[i])) << i;
  }
  RandomState random(0);
  for (const double weight : trace.find("init/dense_0/kernel")->values) {
    ASSERT_EQ(weight, rounded(trace.dtype, random.uniform(-std::sqrt(6.0 / 2), std::sqrt(6.0 / 2))));
  }
  for (const double weight : trace.find("init/dense_1/kernel")->values) {
    ASSERT_EQ(weight, rounded(trace.dtype, random.uniform(-std::sqrt(6.0 / 53), std::sqrt(6.0 / 53))));
  }
}

}  // namespace
}  // namespace touchstone

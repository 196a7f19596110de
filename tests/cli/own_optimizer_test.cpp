// An optimizer that the project does not have, given as one struct: everything learns of it from there. Its update is
// Keras's SGD with momentum under other names, so that is what its numbers are held to.
#include <gmock/gmock.h>

#include <cmath>
#include <sstream>

#include "optim/optimizer.h"
#include "optim/registry.h"
#include "program.h"

namespace touchstone {
namespace {

using testing::HasSubstr;

struct HeavyBall {
  struct Options {
    static constexpr auto fields() { return std::make_tuple(); }
  };
  static ComponentSpec spec() { return optimizer_spec("HeavyBall", 0.01, {{"inertia", 0.9, below_one}}); }
  static Options options(const OptimizerConfig& /*config*/) { return {}; }
  static constexpr std::array<Options, 1> fused() { return {Options{}}; }
  static constexpr std::size_t slot_count(const Options& /*options*/) { return 1; }
  static std::vector<Slot> slots(const Options& /*options*/) { return {{"speed"}}; }

  struct Hyperparameters {
    double inertia;
    static Hyperparameters of(const OptimizerConfig& config, Precision precision) {
      return {rounded_argument(config, "inertia", precision)};
    }
  };
  template <typename T>
  struct Coefficients {
    T rate, inertia;
  };
  template <typename T, typename Constants>
  static Coefficients<T> coefficients(const Options& /*options*/, const Hyperparameters& h, const Constants& constant,
                                      const T& lr, std::int64_t /*t*/) {
    return {lr, constant(h.inertia)};
  }
  template <typename T>
  static void apply(const Options& /*options*/, const Coefficients<T>& c, T& p, const T& g, T* state) {
    state[0] = c.inertia * state[0] - c.rate * g;
    p += state[0];
  }
};

void add_heavy_ball() { add_optimizer(entry_of<HeavyBall>()); }

class OwnOptimizer : public testing::Test {
 protected:
  OwnOptimizer() {
    const std::string rest =
        "model: {layers: [{units: 50, activation: relu, kernel_initializer: he_uniform}, {units: 3, activation: "
        "softmax}]}\n"
        "data: {make_blobs: {n_samples: 200, centers: 3, n_features: 2, cluster_std: 2, random_state: 2}, n_train: "
        "100}\n"
        "fit: {epochs: 3, batch_size: 32}\n";
    place_.write("ball.yaml",
                 "title: A ball\nkind: training\noptimizer: {name: HeavyBall, lr: 0.02, decay: 0.01}\n" + rest);
    place_.write("sgd.yaml",
                 "title: SGD\nkind: training\noptimizer: {name: SGD, lr: 0.02, momentum: 0.9, decay: 0.01}\n" + rest);
  }

  Outcome run(const std::string& arguments) const { return place_.run(arguments, "", &add_heavy_ball); }

  std::vector<double> numbers_of(const std::string& results) const {
    std::istringstream text(place_.read(results + "/arm_00/history.csv"));
    std::string line;
    std::getline(text, line);
    std::vector<double> numbers;
    while (std::getline(text, line)) {
      std::istringstream cells(line);
      for (std::string cell; std::getline(cells, cell, ',');) numbers.push_back(std::stod(cell));
    }
    return numbers;
  }

  const Workplace place_;
};

TEST_F(OwnOptimizer, RunsInBothEngines) {
  for (const char* engine : {"autograd", "fused"}) {
    const std::string options = std::string(" --quiet --format none --dtype float64 --engine ") + engine;
    const Outcome ball = run("run ball.yaml --results ball" + options);
    ASSERT_EQ(ball.exit_code, 0) << ball.err;
    ASSERT_EQ(run("run sgd.yaml --results sgd" + options).exit_code, 0);
    const std::vector<double> got = numbers_of("ball/ball");
    const std::vector<double> expected = numbers_of("sgd/sgd");
    ASSERT_FALSE(expected.empty());
    ASSERT_EQ(got.size(), expected.size());
    for (std::size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got[i], expected[i], 1e-12) << engine << ", number " << i;
  }
}

TEST_F(OwnOptimizer, IsShownAndToldInErrors) {
  EXPECT_THAT(run("show ball.yaml").out, HasSubstr("inertia"));
  const Outcome mistyped = run("show ball.yaml --set optimizer.inertai=0.5");
  EXPECT_EQ(mistyped.exit_code, 2);
  EXPECT_THAT(mistyped.err, HasSubstr("did you mean inertia?"));
  EXPECT_EQ(run("show ball.yaml --set optimizer.inertia=1.5").exit_code, 2);
  EXPECT_EQ(place_.run("show ball.yaml").exit_code, 2) << "without the entry there is no such optimizer";
}

TEST_F(OwnOptimizer, IsTracedAndVerified) {
  for (const char* dtype : {"float32", "float64"}) {
    const Outcome traced = run(std::string("trace ball.yaml --steps 12 --slots -o ball.safetensors --dtype ") + dtype);
    ASSERT_EQ(traced.exit_code, 0) << traced.err;
    EXPECT_THAT(place_.read("ball.safetensors"), HasSubstr("step/slot/speed/dense_0/kernel"));
    const Outcome verified = run("verify ball.safetensors --table");
    EXPECT_EQ(verified.exit_code, 0) << verified.out << verified.err;
    EXPECT_THAT(verified.out, HasSubstr("step/slot/speed"));
  }
}

TEST_F(OwnOptimizer, HasConformanceCases) {
  EXPECT_THAT(run("conformance --list").out, HasSubstr("heavyball.constant.f32"));
}

}  // namespace
}  // namespace touchstone

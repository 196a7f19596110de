#include "model/initializers.h"

#include <array>
#include <cmath>
#include <functional>

#include "experiment/find_named.h"

namespace touchstone {
namespace {

struct Initializer {
  const char* name;
  double scale;  ///< 0: zeros
  double (*fan)(double fan_in, double fan_out);
  bool normal;
};

double fan_in_of(double fan_in, double /*fan_out*/) { return fan_in; }
double mean_fan_of(double fan_in, double fan_out) { return (fan_in + fan_out) / 2.0; }

constexpr std::array<Initializer, 7> all = {{
    {"glorot_uniform", 1.0, &mean_fan_of, false},
    {"glorot_normal", 1.0, &mean_fan_of, true},
    {"he_uniform", 2.0, &fan_in_of, false},
    {"he_normal", 2.0, &fan_in_of, true},
    {"lecun_uniform", 1.0, &fan_in_of, false},
    {"lecun_normal", 1.0, &fan_in_of, true},
    {"zeros", 0.0, &fan_in_of, false},
}};

/// The deviation of a standard normal truncated at two, by which Keras divides (scipy.stats.truncnorm.std).
constexpr double truncated_deviation = 0.87962566103423978;

double truncated_normal(double deviation, RandomState& random) {
  double draw = random.standard_normal();
  while (std::abs(draw) > 2.0) draw = random.standard_normal();
  return draw * deviation / truncated_deviation;
}

}  // namespace

std::vector<std::string> initializer_names() {
  std::vector<std::string> names;
  for (const Initializer& initializer : all) names.emplace_back(initializer.name);
  return names;
}

std::vector<double> draw_kernel(const std::string& initializer, std::int64_t fan_in, std::int64_t fan_out,
                                RandomState& random) {
  const Initializer& found =
      find_named(all, initializer, "initializer", [](const Initializer& entry) { return entry.name; });

  const auto size = static_cast<std::size_t>(fan_in) * static_cast<std::size_t>(fan_out);
  if (found.scale == 0.0) return std::vector<double>(size, 0.0);  // NOLINT(modernize-return-braced-init-list)

  const double fan = found.fan(static_cast<double>(fan_in), static_cast<double>(fan_out));
  const double variance = found.scale / fan;
  if (!found.normal) {
    const double limit = std::sqrt(3.0 * variance);
    return random.uniform(-limit, limit, size);
  }
  std::vector<double> kernel(size);
  for (double& weight : kernel) weight = truncated_normal(std::sqrt(variance), random);
  return kernel;
}

}  // namespace touchstone

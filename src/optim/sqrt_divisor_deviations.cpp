#include "optim/sqrt_divisor_deviations.h"

namespace touchstone {
namespace {

bool is_inside(Convention convention) {
  return SqrtDivisor::of(convention).epsilon == SqrtDivisor::Epsilon::inside_sqrt;
}

}  // namespace

SqrtDivisor divisor_of(const OptimizerConfig& config) {
  SqrtDivisor divisor = SqrtDivisor::of(config.convention);
  if (is_chosen(config, "epsilon.place", "in_root")) divisor.epsilon = SqrtDivisor::Epsilon::inside_sqrt;
  if (is_chosen(config, "epsilon.place", "outside")) divisor.epsilon = SqrtDivisor::Epsilon::outside_sqrt;
  if (is_chosen(config, "epsilon.place", "nowhere")) divisor.epsilon = SqrtDivisor::Epsilon::none;
  divisor.has_sqrt = !is_chosen(config, "root.kept", "no");
  return divisor;
}

std::vector<OptimizerMistake> sqrt_divisor_mistakes(const std::string& name, const std::string& prefix) {
  const auto inside = [](const OptimizerConfig& right) { return is_inside(right.convention); };
  const auto outside = [](const OptimizerConfig& right) { return !is_inside(right.convention); };
  return {chosen("epsilon.place", "in_root", prefix + "_eps_inside_root",
                 name + " adds epsilon inside the square root, sqrt(a + epsilon), instead of outside", outside),
          chosen("epsilon.place", "outside", prefix + "_eps_outside_root",
                 name + " adds epsilon outside the square root, sqrt(a) + epsilon, instead of inside", inside),
          chosen("epsilon.place", "nowhere", prefix + "_eps_missing", name + " omits epsilon"),
          chosen("root.kept", "no", prefix + "_root_missing",
                 name + " divides by the accumulator instead of its square root")};
}

}  // namespace touchstone

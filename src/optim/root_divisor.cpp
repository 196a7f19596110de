#include "optim/root_divisor.h"

namespace touchstone {

RootDivisor::RootDivisor(const OptimizerConfig& config)
    : has_root_(!is_chosen(config, "root.kept", "no")),
      is_inside_(is_chosen(config, "epsilon.place", "in_root") ||
                 (choice(config, "epsilon.place").empty() && has_epsilon_inside(config.convention))),
      epsilon_(is_chosen(config, "epsilon.place", "nowhere") ? no_epsilon : config.number("epsilon")) {}

SqrtDivisor divisor_of(const OptimizerConfig& config) {
  SqrtDivisor divisor = SqrtDivisor::of(config.convention);
  if (is_chosen(config, "epsilon.place", "in_root")) divisor.epsilon = SqrtDivisor::Epsilon::inside_sqrt;
  if (is_chosen(config, "epsilon.place", "outside")) divisor.epsilon = SqrtDivisor::Epsilon::outside_sqrt;
  if (is_chosen(config, "epsilon.place", "nowhere")) divisor.epsilon = SqrtDivisor::Epsilon::none;
  divisor.has_sqrt = !is_chosen(config, "root.kept", "no");
  return divisor;
}

std::vector<OptimizerMistake> root_divisor_mistakes(const std::string& name, const std::string& prefix) {
  const auto inside = [](const OptimizerConfig& right) { return has_epsilon_inside(right.convention); };
  const auto outside = [](const OptimizerConfig& right) { return !has_epsilon_inside(right.convention); };
  return {chosen("epsilon.place", "in_root", prefix + "_eps_inside_root",
                 name + " adds epsilon inside the square root, sqrt(a + epsilon), instead of outside", outside),
          chosen("epsilon.place", "outside", prefix + "_eps_outside_root",
                 name + " adds epsilon outside the square root, sqrt(a) + epsilon, instead of inside", inside),
          chosen("epsilon.place", "nowhere", prefix + "_eps_missing", name + " omits epsilon"),
          chosen("root.kept", "no", prefix + "_root_missing",
                 name + " divides by the accumulator instead of its square root")};
}

}  // namespace touchstone

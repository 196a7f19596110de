#include "verify/mistake.h"

namespace touchstone {
namespace {

bool has_momentum(const Setup& setup) {
  return setup.config.optimizer.name == "SGD" && setup.config.optimizer.number("momentum") > 0.0;
}

std::vector<Setup> rate_outside(const Setup& right) {
  if (!has_momentum(right) || right.config.optimizer.convention == Convention::torch) return {};
  Setup setup = right;
  setup.config.optimizer.convention = Convention::torch;
  return {setup};
}

std::vector<Setup> nesterov_set_to(const Setup& right, bool nesterov) {
  if (!has_momentum(right) || right.config.optimizer.flag("nesterov") == nesterov) return {};
  Setup setup = right;
  setup.config.optimizer.arguments["nesterov"] = nesterov;
  return {setup};
}

}  // namespace

std::vector<Mistake> momentum_mistakes() {
  return {
      {"torch_momentum",
       "the rate stands outside the velocity, as in PyTorch (v = momentum*v + g; p -= lr*v), where it belongs inside "
       "(v = momentum*v - lr*g; p += v): the two part as soon as the rate changes",
       &rate_outside},
      {"nesterov_missing", "plain momentum is done where nesterov: true asks for Nesterov's",
       [](const Setup& right) { return nesterov_set_to(right, false); }},
      {"nesterov_unasked", "Nesterov's momentum is done where nesterov: false asks for the plain one",
       [](const Setup& right) { return nesterov_set_to(right, true); }},
  };
}

}  // namespace touchstone

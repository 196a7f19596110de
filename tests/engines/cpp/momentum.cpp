// An optimizer of one's own, held to the update cases: SGD, with Keras's momentum or PyTorch's.
#include "touchstone_cases.h"

struct Momentum {
  template <typename Real>
  example::Step<Real> of(const nlohmann::json& config, const example::Arrays<Real>& start) const {
    if (config.at("name") != "SGD" || config.at("nesterov") || config.contains("clipnorm") ||
        config.contains("clipvalue")) {
      throw example::Unsupported("all but SGD, plain or with momentum");
    }
    const auto momentum = config.at("momentum").get<Real>();
    const bool outside = config.at("convention") == "torch";  // the rate outside the velocity
    example::Arrays<Real> velocity = start;
    for (auto& v : velocity) std::fill(v.begin(), v.end(), Real(0));
    return [=](auto& parameters, const auto& gradients, Real lr) mutable {
      for (std::size_t i = 0; i < parameters.size(); ++i) {
        for (std::size_t k = 0; k < parameters[i].size(); ++k) {
          Real& v = velocity[i][k];
          v = outside ? momentum * v + gradients[i][k] : momentum * v - lr * gradients[i][k];
          parameters[i][k] += outside ? -lr * v : v;
        }
      }
      return momentum > 0 ? std::map<std::string, example::Arrays<Real>>{{"moment", velocity}}
                          : std::map<std::string, example::Arrays<Real>>{};
    };
  }
};

int main(int argc, char** argv) { return example::adapter(argc, argv, Momentum()); }

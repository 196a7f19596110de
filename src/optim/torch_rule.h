#pragma once

#include <memory>
#include <vector>

#include "optim/update_rule.h"

namespace touchstone {

/// A rule that a torch::optim::Optimizer carries out: LibTorch's own, or one of the two that its C++ API lacks.
/// LibTorch's headers for them take seconds to compile, so only the torch_*.cpp files include them.
class TorchRule : public UpdateRule {
 public:
  /// For rules whose epsilon depends on the update.
  virtual void set_epsilon(double epsilon) = 0;
};

/// torch::optim::SGD: b = momentum * b + g; p -= lr * b, or with Nesterov p -= lr * (g + momentum * b). Its state is
/// `moment`, b; without momentum there is none.
std::unique_ptr<TorchRule> torch_sgd(const std::vector<at::Tensor>& parameters, double momentum, bool nesterov);

/// torch::optim::Adam: algorithm 1 of Kingma and Ba (arXiv:1412.6980), epsilon after the bias correction.
std::unique_ptr<TorchRule> torch_adam(const std::vector<at::Tensor>& parameters, double beta_1, double beta_2,
                                      double epsilon, bool amsgrad);

/// torch::optim::RMSprop: a = rho * a + (1 - rho) * g^2; p -= lr * g / (sqrt(a) + epsilon).
std::unique_ptr<TorchRule> torch_rmsprop(const std::vector<at::Tensor>& parameters, double rho, double epsilon);

/// torch::optim::Adagrad from 0: a += g^2; p -= lr * g / (sqrt(a) + epsilon).
std::unique_ptr<TorchRule> torch_adagrad(const std::vector<at::Tensor>& parameters, double epsilon);

/// touchstone::Adamax (torch_adamax.h).
std::unique_ptr<TorchRule> torch_adamax(const std::vector<at::Tensor>& parameters, double beta_1, double beta_2,
                                        double epsilon);

/// touchstone::Adadelta (torch_adadelta.h).
std::unique_ptr<TorchRule> torch_adadelta(const std::vector<at::Tensor>& parameters, double rho, double epsilon);

}  // namespace touchstone

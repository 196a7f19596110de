#include "keras_vocabulary.h"

namespace touchstone {
namespace {

const ArgumentSpec decay{"decay", 0.0, at_least_zero};
const ArgumentSpec epsilon{"epsilon", 1e-7, at_least_zero};
const ArgumentSpec beta_1{"beta_1", 0.9, below_one};
const ArgumentSpec beta_2{"beta_2", 0.999, below_one};

ArgumentSpec lr(double value) { return {"lr", value, at_least_zero}; }
ArgumentSpec rho(double value) { return {"rho", value, below_one}; }

std::vector<ComponentSpec> optimizers() {
  return {{"SGD", {lr(0.01), {"momentum", 0.0, below_one}, {"nesterov", false}, decay}},
          {"RMSprop", {lr(0.001), rho(0.9), epsilon, decay}},
          {"Adagrad", {lr(0.01), epsilon, decay}},
          {"Adadelta", {lr(1.0), rho(0.95), epsilon, decay}},
          {"Adam", {lr(0.001), beta_1, beta_2, epsilon, {"amsgrad", false}, decay}},
          {"Adamax", {lr(0.002), beta_1, beta_2, epsilon, decay}}};
}

std::vector<ComponentSpec> callbacks() {
  return {{"LearningRateScheduler", {}},
          {"ReduceLROnPlateau",
           {{"monitor", std::string("val_loss"), any_number, {"loss", "accuracy", "val_loss", "val_accuracy"}},
            {"factor", 0.1, below_one},
            {"patience", std::int64_t{10}, at_least_zero},
            {"min_delta", 1e-4, at_least_zero},
            {"cooldown", std::int64_t{0}, at_least_zero},
            {"min_lr", 0.0, at_least_zero},
            {"mode", std::string("auto"), any_number, {"auto", "min", "max"}}}}};
}

std::vector<ArgumentSpec> drops() {
  return {{"initial_lrate", 0.1, at_least_zero}, {"drop", 0.5, above_zero}, {"epochs_drop", 10.0, above_zero}};
}

Vocabulary make() {
  Vocabulary words;
  words.optimizers = optimizers();
  words.callbacks = callbacks();
  words.epoch_schedules = {{"step_decay", drops()},
                           {"exponential", {{"initial_lrate", 0.1, at_least_zero}, {"k", 0.05, at_least_zero}}}};
  words.schedules = words.epoch_schedules;
  words.schedules.push_back({"drop", drops()});
  words.schedules.push_back({"time_decay", {lr(0.01), decay}});
  words.schedules.push_back({"compounded_time_decay", {lr(0.01), decay}});
  words.activations = {"linear", "relu", "tanh", "sigmoid", "softmax"};
  words.initializers = {"he_uniform", "glorot_uniform", "zeros"};
  return words;
}

}  // namespace

const Vocabulary& keras_vocabulary() {
  static const Vocabulary words = make();
  return words;
}

}  // namespace touchstone

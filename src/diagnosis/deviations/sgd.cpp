#include "optim/sgd.h"

#include "diagnosis/deviation_table.h"
#include "diagnosis/deviations/tables.h"

namespace touchstone {
namespace {

/// Where there is a momentum the options of the velocity make a difference.
bool has_momentum(const Sgd::Options& options) { return options.has_momentum; }

FreeParameter dampening() {
  return {NumberPlace::argument("dampening"), "dampening", "", "", 0.5, FreeParameter::Kind::share, {1e-4, 0.3}};
}

}  // namespace

std::vector<KnownDeviation> sgd_deviations(const UpdateSpec& declared) {
  DeviationTable<Sgd::Options> table(declared);
  table.add<bool>(
      "rate.place", "applies the learning rate", &Sgd::Options::rate_inside,
      {{false, "torch_momentum", "outside the velocity, as PyTorch does (v = momentum*v + g; p -= lr*v),", "outside"},
       {true, "keras_momentum", "inside the velocity, as Keras does (v = momentum*v - lr*g; p += v),",
        "inside (they differ as soon as the rate changes)"}},
      &has_momentum);
  using Lookahead = Sgd::Lookahead;
  table.add<Lookahead>(
      "nesterov", "uses", &Sgd::Options::lookahead,
      {{Lookahead::none, "nesterov_missing", "plain momentum, although nesterov is true", ""},
       {Lookahead::nesterov, "nesterov_unasked", "Nesterov's momentum, although nesterov is false", ""}},
      &has_momentum);
  table.add<Lookahead>("nesterov", "Nesterov's look-ahead has", &Sgd::Options::lookahead,
                       {{Lookahead::backward, "nesterov_against", "the wrong sign: it is against the velocity"}},
                       [](const Sgd::Options& o) { return o.has_momentum && o.lookahead == Lookahead::nesterov; });
  table.add(with_number("momentum", NumberPlace::argument("momentum"), 0.0, "momentum_ignored", "ignores momentum",
                        [](double momentum) { return momentum > 0.0; }));
  using Dampening = Sgd::Dampening;
  table.add<Dampening>(
      "momentum", "the velocity adds", &Sgd::Options::dampening,
      {{Dampening::none, "", "", "the gradient"},
       {Dampening::one_minus_momentum, "momentum_complement", "(1 - momentum) times the gradient"},
       {Dampening::constant, "momentum_dampened", "a fraction of the gradient (dampening)", "", {dampening()}},
       {Dampening::after_first_update,
        "momentum_dampened_after_first",
        "from the second update on a fraction of the gradient (PyTorch's dampening)",
        "",
        {dampening()}}},
      &has_momentum);
  return std::move(table).rows();
}

}  // namespace touchstone

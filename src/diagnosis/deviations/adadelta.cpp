#include "optim/adadelta.h"

#include "diagnosis/deviation_table.h"
#include "diagnosis/deviations/tables.h"

namespace touchstone {

std::vector<KnownDeviation> adadelta_deviations(const UpdateSpec& declared) {
  using Options = Adadelta::Options;
  using Epsilon = Adadelta::Epsilon;
  DeviationTable<Options> table(declared);
  table.add<Epsilon>("epsilon.place", "Adadelta adds epsilon", &Options::epsilon,
                     {{Epsilon::inside_sqrts, "", "", "inside both"},
                      {Epsilon::outside_sqrts, "adadelta_eps_outside_roots", "outside the square roots"},
                      {Epsilon::inside_numerator, "adadelta_eps_above_only", "in the numerator's square root only"}});
  table.add<bool>("state", "Adadelta uses", &Options::uses_previous_state,
                  {{true, "adadelta_accumulators_stale", "the previous update's accumulators"},
                   {false, "", "", "the current ones"}});
  table.add<bool>("undamped", "Adadelta's accumulators add", &Options::undamped,
                  {{true, "adadelta_undamped", "the whole squares"}, {false, "", "", "(1 - rho) times them"}});
  table.add<bool>("delta", "Adadelta accumulates", &Options::accumulates_rate,
                  {{true, "adadelta_delta_with_rate", "updates that include the learning rate"},
                   {false, "", "", "updates without it"}});
  return std::move(table).rows();
}

}  // namespace touchstone

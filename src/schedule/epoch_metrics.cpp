#include "schedule/epoch_metrics.h"

#include <stdexcept>

namespace touchstone {

double metric(const EpochMetrics& epoch, const std::string& series) {
  if (series == "loss") return epoch.loss;
  if (series == "accuracy") return epoch.accuracy;
  if (series == "val_loss") return epoch.val_loss;
  if (series == "val_accuracy") return epoch.val_accuracy;
  if (series == "lr") return epoch.lr;
  throw std::invalid_argument("no metric is called '" + series + "'");
}

}  // namespace touchstone

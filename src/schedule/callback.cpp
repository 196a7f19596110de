#include "schedule/callback.h"

#include "experiment/find_named.h"

namespace touchstone {

void Callback::on_epoch_begin(std::int64_t /*epoch*/, Rate& /*rate*/) {}
void Callback::on_epoch_end(std::int64_t /*epoch*/, const EpochMetrics& /*metrics*/, Rate& /*rate*/) {}

double Callback::size(std::int64_t /*epoch*/) const { return 0.0; }

const std::vector<CallbackEntry>& callback_entries() {
  static const std::vector<CallbackEntry> all = {learning_rate_scheduler(), reduce_lr_on_plateau()};
  return all;
}

std::unique_ptr<Callback> make_callback(const Component& config) {
  return find_named(callback_entries(), config.name, "callback",
                    [](const CallbackEntry& entry) { return entry.spec.name; })
      .make(config);
}

}  // namespace touchstone

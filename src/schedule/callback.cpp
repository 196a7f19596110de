#include "schedule/callback.h"

#include <algorithm>
#include <stdexcept>

namespace touchstone {

void Callback::on_epoch_begin(std::int64_t /*epoch*/, Rate& /*rate*/) {}
void Callback::on_epoch_end(std::int64_t /*epoch*/, const EpochMetrics& /*metrics*/, Rate& /*rate*/) {}

const std::vector<CallbackEntry>& callback_entries() {
  static const std::vector<CallbackEntry> all = {learning_rate_scheduler(), reduce_lr_on_plateau()};
  return all;
}

std::unique_ptr<Callback> make_callback(const Component& config) {
  const auto found = std::find_if(callback_entries().begin(), callback_entries().end(),
                                  [&](const CallbackEntry& entry) { return entry.spec.name == config.name; });
  if (found == callback_entries().end()) {
    throw std::out_of_range("no callback is called '" + config.name + "'");
  }
  return found->make(config);
}

}  // namespace touchstone

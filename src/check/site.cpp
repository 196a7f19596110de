#include "check/site.h"

#include <array>
#include <boost/algorithm/string/predicate.hpp>

namespace touchstone {
namespace {

int rank_of(const std::string& series) {
  static constexpr std::array<const char*, 12> by_cause = {
      "step/lr",    "step/loss",      "step/grad/",     "step/slot/",         "step/param/", "epoch/param/",
      "epoch/loss", "epoch/accuracy", "epoch/val_loss", "epoch/val_accuracy", "epoch/lr",    "final/slot/"};
  int rank = 0;
  while (rank < static_cast<int>(by_cause.size()) &&
         !boost::starts_with(series, by_cause.at(static_cast<std::size_t>(rank)))) {
    ++rank;
  }
  return rank;
}

}  // namespace

Site update_site(const std::string& series, std::int64_t update) {
  return {series, update, 2 * update, rank_of(series)};
}

Site epoch_site(const std::string& series, std::int64_t epoch, std::int64_t updates_per_epoch) {
  return {series, epoch, 2 * (epoch + 1) * updates_per_epoch - 1, rank_of(series)};
}

Site final_site(const std::string& series, std::int64_t updates) {
  return {series, updates - 1, 2 * updates - 1, rank_of(series)};
}

Site site_of(const std::string& series, std::int64_t index, std::int64_t updates_per_epoch, std::int64_t updates) {
  if (boost::starts_with(series, "step/")) return update_site(series, index);
  if (boost::starts_with(series, "epoch/")) return epoch_site(series, index, updates_per_epoch);
  return final_site(series, updates);
}

}  // namespace touchstone

#pragma once

#include <map>
#include <string>
#include <vector>

#include "training/observer.h"

namespace touchstone {

/// A run in a trace's terms: of each series ("step/loss", "epoch/param/dense_0/kernel") the records, one per update or
/// epoch, and of the final state ("final/slot/m/dense_0/kernel") the only one.
class Recording : public UpdateObserver {
 public:
  using Series = std::vector<std::vector<double>>;

  /// `names` are the parameters', in order; after `updates` updates no further one is recorded.
  Recording(std::vector<std::string> names, std::size_t updates);

  void on_gradients(const Progress& progress, double loss, double lr,
                    const std::vector<at::Tensor>& parameters) override;
  void on_update(const Progress& progress, const std::vector<at::Tensor>& parameters, const UpdateRule& rule) override;
  void on_epoch_end(std::int64_t epoch, const EpochMetrics& metrics,
                    const std::vector<at::Tensor>& parameters) override;
  void on_train_end(const UpdateRule& rule) override;

  const std::map<std::string, Series>& series() const { return series_; }

 private:
  void append(const std::string& prefix, const std::vector<at::Tensor>& tensors);

  std::vector<std::string> names_;
  std::int64_t updates_;
  std::map<std::string, Series> series_;
};

}  // namespace touchstone

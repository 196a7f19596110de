#pragma once

#include <ATen/Tensor.h>

#include <cstdint>
#include <string>
#include <vector>

#include "trace/trace_file.h"
#include "training/observer.h"

namespace touchstone {

/// What of a run is recorded, besides each epoch's metrics.
struct RecordingPlan {
  std::vector<std::int64_t> updates;  ///< rising, from 0: loss, rate, gradients and parameters
  std::vector<std::int64_t> epochs;   ///< rising, from 0: parameters
  bool slots = true;                  ///< the optimizer's state: after those updates, and the last
};

/// Writes a run into `trace`'s arrays as it goes, in the format's names and in Keras's terms.
class Recorder : public Observer {
 public:
  /// `parameters` are the names of the run's, in order.
  Recorder(Trace& trace, std::vector<std::string> parameters, RecordingPlan plan);

  void on_gradients(const Progress& progress, double loss, double lr,
                    const std::vector<at::Tensor>& parameters) override;
  void on_update(const Progress& progress, const std::vector<at::Tensor>& parameters, const UpdateRule& rule) override;
  void on_epoch_end(std::int64_t epoch, const EpochMetrics& metrics,
                    const std::vector<at::Tensor>& parameters) override;
  void on_train_end(const UpdateRule& rule) override;

 private:
  bool records(const Progress& progress) const;
  void append(const std::string& series, double value);
  void append(const std::string& prefix, std::size_t parameter, const at::Tensor& tensor);

  Trace& trace_;
  std::vector<std::string> parameters_;
  RecordingPlan plan_;
};

}  // namespace touchstone

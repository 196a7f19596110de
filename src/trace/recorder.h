#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "data/tensor_fwd.h"
#include "trace/trace_file.h"
#include "training/observer.h"

namespace touchstone {

/// What of a run is recorded, besides each epoch's metrics.
struct RecordingPlan {
  std::vector<std::int64_t> updates;  ///< rising, from 0: loss, rate, gradients and parameters
  std::vector<std::int64_t> epochs;   ///< rising, from 0: parameters
  bool slots = true;                  ///< the optimizer's state: after those updates, and the last
};

/// Receives each record of a run: its series, its shape and its values.
using RecordSink = std::function<void(const std::string& series, const std::vector<std::int64_t>& shape,
                                      const std::vector<double>& values)>;

/// Appends records to a trace's arrays; what is of the end of a run is there once.
RecordSink appending_to(Trace& trace);

/// Records a run as it goes, in the format's names and in Keras's terms.
class Recorder : public UpdateObserver {
 public:
  /// `parameters` are the names of the run's, in order.
  Recorder(RecordSink sink, std::vector<std::string> parameters, RecordingPlan plan,
           std::function<bool()> stop_requested);

  void on_gradients(const Progress& progress, double loss, double lr,
                    const std::vector<at::Tensor>& parameters) override;
  void on_update(const Progress& progress, const std::vector<at::Tensor>& parameters, const UpdateRule& rule) override;
  void on_epoch_end(std::int64_t epoch, const EpochMetrics& metrics,
                    const std::vector<at::Tensor>& parameters) override;
  void on_train_end(const UpdateRule& rule) override;
  bool stop_requested() override { return stop_requested_(); }

 private:
  bool records(const Progress& progress) const;
  void record(const std::string& prefix, const std::vector<at::Tensor>& tensors) const;

  RecordSink sink_;
  std::vector<std::string> parameters_;
  RecordingPlan plan_;
  std::function<bool()> stop_requested_;
};

}  // namespace touchstone

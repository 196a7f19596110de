#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "experiment/config.h"
#include "trace/replay.h"
#include "trace/trace_file.h"

namespace touchstone {

/// A trace under examination, with what examining it needs again and again.
struct Candidate {
  /// Throws UserError or UserError, as read_configuration does, and UserError for a run that would take hours or
  /// gigabytes to repeat.
  Candidate(Trace recorded, const std::string& source);

  Trace trace;
  RunConfig config;  ///< as it declares
  std::vector<std::string> parameters;
  std::vector<std::int64_t> updates;  ///< recorded, from 0
  std::vector<std::int64_t> epochs;   ///< whose parameters are recorded, from 0

  /// How many epochs of the run something was observed of; all, if the optimizer's final state was.
  std::int64_t observed_epochs() const;

  std::optional<Precision> computed_in;  ///< if that is another precision than that of its records

  Precision precision() const { return computed_in.value_or(precision_of(trace.dtype)); }
  double ulp() const;  ///< in the last place, relative

  /// One record of a series, or nothing if the trace lacks it.
  std::optional<std::vector<double>> record(const std::string& series, std::size_t index) const;
  /// The record of update t or the epoch's parameters, or nothing.
  std::optional<std::vector<double>> at_update(const std::string& series, std::int64_t update) const;
  std::optional<std::vector<double>> at_epoch_index(const std::string& series, std::int64_t epoch) const;

  /// All parameters after update t (-1: the initial ones), or nothing unless all are recorded.
  std::optional<std::vector<at::Tensor>> parameters_after(std::int64_t update) const;
  /// The same at the end of an epoch, from wherever they are recorded.
  std::optional<std::vector<at::Tensor>> parameters_after_epoch(std::int64_t epoch,
                                                                std::int64_t updates_per_epoch) const;
  /// `prefix` and each parameter's name, after update t, [parameter][element]; nothing unless all are recorded.
  std::optional<std::vector<std::vector<double>>> elements_at(const std::string& prefix, std::int64_t update) const;
  /// The same as tensors.
  std::optional<std::vector<at::Tensor>> tensors_at(const std::string& prefix, std::int64_t update) const;
};

}  // namespace touchstone

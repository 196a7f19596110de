#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/dataset.h"
#include "files/errors.h"
#include "trace/safetensors.h"

namespace touchstone {

/// A tensor of reals. A trace in F32 has each value exactly.
struct Array {
  std::vector<std::int64_t> shape;
  std::vector<double> values;  ///< row-major

  /// The values at `index` along the first dimension.
  std::vector<double> record(std::size_t index) const;
};

/// One run, as the format touchstone-trace/1 records it. In shapes, N rows train and M test, each has F
/// features, the run has E epochs, S updates are recorded, and the parameters after K epochs.
struct Trace {
  std::string engine;                        ///< whose run it is, free text, may be empty
  std::string experiment;                    ///< JSON: model, optimizer, callbacks and fit; not read here
  std::map<std::string, std::string> notes;  ///< metadata that the format does not know, kept
  DType dtype = DType::f64;                  ///< of all reals: F32 or F64

  Dataset train;                                          ///< N rows, finite
  Dataset test;                                           ///< M rows, finite
  std::optional<std::vector<std::int64_t>> order;         ///< [E, N]: rows of each epoch as visited; none: 0..N-1
  std::optional<std::vector<std::int64_t>> update_index;  ///< step/index [S], rising from 0; none: 0..S-1
  std::optional<std::vector<std::int64_t>> epoch_index;   ///< epoch/index [K], rising from 0; none: all E

  /// The rest by their names in the file: init/*, step/*, epoch/*, final/*. Observations may be NaN or
  /// infinite.
  std::map<std::string, Array> arrays;

  /// "step/param/dense_0/kernel", say, or null if it was not recorded.
  const Array* find(const std::string& name) const;

  /// dense_0/kernel, dense_0/bias, dense_1/kernel, ...
  std::vector<std::string> parameters() const;

  /// The gradients were not computed from the data and the parameters but given, as `notes` say: only what is made of
  /// them can be judged.
  bool has_given_gradients() const;
  void give_gradients() { notes["gradients"] = "given"; }

  std::int64_t rows() const { return static_cast<std::int64_t>(train.rows()); }        ///< N
  std::int64_t test_rows() const { return static_cast<std::int64_t>(test.rows()); }    ///< M
  std::int64_t features() const { return static_cast<std::int64_t>(train.features); }  ///< F
  std::int64_t epochs() const;                                   ///< E; 0 if nothing recorded shows it
  std::vector<std::int64_t> order_of(std::int64_t epoch) const;  ///< N rows, as visited: from `order` or its default
  std::vector<std::int64_t> recorded_updates() const;            ///< S numbers from 0: step/index or its default
  std::vector<std::int64_t> recorded_epochs() const;             ///< K numbers from 0: epoch/index or its default
};

/// 0..size-1: which updates or epochs are recorded where no index says otherwise.
std::vector<std::int64_t> count_from_zero(std::int64_t size);

/// Reads a trace from the bytes of a file that `source` names in messages. Everything the format says is
/// checked: tensors known and complete, dtypes, shapes that agree with each other, orders that are
/// permutations, rising indices, labels that the output layer has, finite data and initial parameters.
/// Whether it agrees with its own `experiment` is for the reader of that to see. Throws UserError.
Trace parse_trace(std::string_view bytes, const std::string& source);
Trace read_trace(const std::filesystem::path& file);

/// Throws UserError if nothing was observed, as in the cases that engines are given to run.
void require_observations(const Trace& trace, const std::string& source);

/// The bytes of a trace: equal traces give equal bytes. Reals are rounded to the trace's dtype. Throws
/// UserError on a trace that parse_trace would refuse.
std::string format_trace(const Trace& trace, const std::string& source);

/// Writes the file atomically. Throws UserError as format_trace does, and EnvironmentError.
void write_trace(const std::filesystem::path& file, const Trace& trace);

}  // namespace touchstone

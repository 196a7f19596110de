#include "results/arm_files.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "data/epoch_metrics.h"
#include "files/atomic_file.h"
#include "results/csv.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> rates_header = {"step", "lr"};

/// As in a data set of nine-digit labels.
constexpr double largest_class = 999999999.0;

std::vector<std::string> history_header() {
  std::vector<std::string> header = {"epoch"};
  header.insert(header.end(), metric_names().begin(), metric_names().end());
  return header;
}

std::vector<std::string> points_header(std::size_t features) {
  std::vector<std::string> header;
  for (std::size_t f = 0; f < features; ++f) header.push_back(fmt::format("x{}", f));
  header.emplace_back("class");
  return header;
}

std::string history_text(const History& history) {
  std::string text = csv_row(history_header());
  for (std::size_t e = 0; e < history.epochs.size(); ++e) {
    std::vector<std::string> cells = {std::to_string(e + 1)};
    for (const std::string& name : metric_names()) cells.push_back(csv_number(metric(history.epochs[e], name)));
    text += csv_row(cells);
  }
  return text;
}

std::string rates_text(const std::vector<double>& rates) {
  std::string text = csv_row(rates_header);
  for (std::size_t s = 0; s < rates.size(); ++s) text += csv_row({std::to_string(s), csv_number(rates[s])});
  return text;
}

std::string points_text(const Dataset& data) {
  std::string text = csv_row(points_header(data.features));
  for (std::size_t r = 0; r < data.rows(); ++r) {
    std::vector<std::string> cells;
    for (std::size_t f = 0; f < data.features; ++f) cells.push_back(csv_number(data.x[r * data.features + f]));
    cells.push_back(std::to_string(data.y[r]));
    text += csv_row(cells);
  }
  return text;
}

void read_points(const fs::path& file, Dataset& data) {
  const std::string text = read_saved_file(file);
  const auto line_end = text.begin() + static_cast<std::ptrdiff_t>(std::min(text.find('\n'), text.size()));
  data.features = static_cast<std::size_t>(std::count(text.begin(), line_end, ','));
  for (const auto& row : read_number_table(file, points_header(data.features))) {
    data.x.insert(data.x.end(), row.begin(), row.end() - 1);
    if (!(row.back() >= 0.0 && row.back() <= largest_class) || row.back() != std::floor(row.back())) {
      throw UserError(fmt::format("{}:{}: found class {}, expected a whole number from 0 to {:.0f}", file.string(),
                                  data.y.size() + 2, row.back(), largest_class));
    }
    data.y.push_back(static_cast<std::int64_t>(row.back()));
  }
  if (data.y.empty() || data.features == 0) {
    throw UserError(fmt::format("{}: found no points", file.string()));
  }
}

}  // namespace

fs::path arm_folder(const fs::path& folder, std::size_t index) { return folder / fmt::format("arm_{:02}", index); }

void write_arm(const fs::path& folder, Kind kind, std::size_t index, const ArmResult& arm) {
  const fs::path own = arm_folder(folder, index);
  if (kind == Kind::training) write_file_atomically(own / "history.csv", history_text(arm.history));
  if (kind == Kind::schedule) write_file_atomically(own / "rates.csv", rates_text(arm.rates));
  if (kind == Kind::scatter) write_file_atomically(own / "points.csv", points_text(arm.data));
}

void read_arm(const fs::path& folder, Kind kind, std::size_t index, ArmResult& arm) {
  const fs::path own = arm_folder(folder, index);
  if (kind == Kind::training) {
    for (const auto& row : read_number_table(own / "history.csv", history_header())) {
      EpochMetrics& epoch = arm.history.epochs.emplace_back();
      for (std::size_t i = 0; i < metric_names().size(); ++i) metric(epoch, metric_names()[i]) = row[i + 1];
    }
  }
  if (kind == Kind::schedule) {
    for (const auto& row : read_number_table(own / "rates.csv", rates_header)) arm.rates.push_back(row[1]);
  }
  if (kind == Kind::scatter) read_points(own / "points.csv", arm.data);
}

}  // namespace touchstone

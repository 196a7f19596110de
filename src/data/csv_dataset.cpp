#include "data/csv_dataset.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "data/dataset.h"
#include "files/csv_reader.h"
#include "files/errors.h"
#include "files/read_file.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& file, std::size_t line, std::size_t column, const std::string& message) {
  throw UserError(fmt::format("{}:{}:{}: {}", file.string(), line, column, message));
}

std::string trimmed(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string::npos) return "";
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

double parse_number(const fs::path& file, const CsvCell& cell, const std::string& column_name) {
  const std::string text = trimmed(cell.text);
  const bool has_plus = text.size() > 1 && text[0] == '+' && text[1] != '-';  // from_chars accepts no plus
  const char* begin = text.data() + (has_plus ? 1 : 0);
  double value = 0.0;
  const auto [end, error] = std::from_chars(begin, text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) {
    fail(file, cell.line, cell.column, fmt::format("{}: found '{}', expected a finite number", column_name, cell.text));
  }
  return value;
}

std::vector<std::string> header_names(const fs::path& file, const CsvRow& header) {
  std::vector<std::string> names;
  std::set<std::string> seen;
  for (const CsvCell& cell : header) {
    names.push_back(trimmed(cell.text));
    if (!seen.insert(names.back()).second) {
      fail(file, cell.line, cell.column, fmt::format("found column '{}' a second time", names.back()));
    }
  }
  return names;
}

std::size_t find_label(const fs::path& file, const CsvRow& header, const std::vector<std::string>& names,
                       const std::string& label) {
  const auto found = std::find(names.begin(), names.end(), label);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
  fail(file, header[0].line, header[0].column,
       fmt::format("found no column '{}', expected the label among: {}", label, all));
}

bool is_class_index(const std::string& text) {
  return !text.empty() && text.size() < 10 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Class indices as they are written; or, if any label is another text, the texts' ranks.
std::vector<std::int64_t> class_indices(const std::vector<std::string>& labels) {
  const bool numbered = std::all_of(labels.begin(), labels.end(), is_class_index);
  std::map<std::string, std::int64_t> ranks;
  for (const std::string& label : labels) ranks.emplace(label, 0);
  std::int64_t rank = 0;
  for (auto& entry : ranks) entry.second = numbered ? std::stoll(entry.first) : rank++;
  std::vector<std::int64_t> indices;
  indices.reserve(labels.size());
  for (const std::string& label : labels) indices.push_back(ranks.at(label));
  return indices;
}

}  // namespace

Dataset read_csv_dataset(const fs::path& file, const std::string& label) {
  CsvReader reader(file, read_file(file));
  const CsvRow header = reader.next_row();
  if (header.empty()) fail(file, 1, 1, "found an empty file, expected a header and rows");
  const std::vector<std::string> names = header_names(file, header);
  const std::size_t label_column = find_label(file, header, names, label);
  if (names.size() < 2) fail(file, 1, 1, "found only the label, expected at least one feature column");

  Dataset dataset;
  dataset.features = names.size() - 1;
  std::vector<std::string> labels;
  for (CsvRow row = reader.next_row(); !row.empty(); row = reader.next_row()) {
    if (row.size() != names.size()) {
      fail(file, row[0].line, row[0].column,
           fmt::format("found {} cells, expected {} as in the header", row.size(), names.size()));
    }
    for (std::size_t c = 0; c < row.size(); ++c) {
      if (c == label_column) {
        labels.push_back(trimmed(row[c].text));
        if (labels.back().empty()) fail(file, row[c].line, row[c].column, label + ": found no label");
      } else {
        dataset.x.push_back(parse_number(file, row[c], names[c]));
      }
    }
  }
  if (labels.empty()) fail(file, header[0].line, 1, "found a header without rows");
  dataset.y = class_indices(labels);
  return dataset;
}

}  // namespace touchstone

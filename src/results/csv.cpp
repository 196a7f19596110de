#include "results/csv.h"

#include <fmt/format.h>

#include <boost/algorithm/string/replace.hpp>
#include <charconv>
#include <cstdint>
#include <utility>

#include "files/csv_reader.h"
#include "files/read_file.h"

namespace touchstone {
namespace {

[[noreturn]] void fail(const std::filesystem::path& file, std::size_t line, const std::string& message) {
  throw UserError(fmt::format("{}:{}: {}", file.string(), line, message));
}

std::string quote(const std::string& cell) {
  if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
  return '"' + boost::replace_all_copy(cell, "\"", "\"\"") + '"';
}

std::vector<std::string> texts_of(CsvRow row) {
  std::vector<std::string> texts;
  for (CsvCell& cell : row) texts.push_back(std::move(cell.text));
  return texts;
}

}  // namespace

std::string csv_row(const std::vector<std::string>& cells) {
  std::string row;
  for (std::size_t i = 0; i < cells.size(); ++i) row += (i == 0 ? "" : ",") + quote(cells[i]);
  return row + "\n";
}

std::string csv_number(double value) { return fmt::format("{}", value); }

std::string read_saved_file(const std::filesystem::path& file) {
  constexpr std::uint64_t max_bytes = std::uint64_t{1} << 32U;
  try {
    return read_file(file, max_bytes);
  } catch (const UserError& error) {
    throw UserError(fmt::format("{}, expected a saved result", error.what()));
  }
}

double parse_number(const std::filesystem::path& file, std::size_t line, const std::string& cell) {
  double value = 0.0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (error != std::errc() || end != cell.data() + cell.size()) {
    fail(file, line, fmt::format("found '{}', expected a number", cell));
  }
  return value;
}

std::vector<std::vector<std::string>> read_table(const std::filesystem::path& file,
                                                 const std::vector<std::string>& header) {
  CsvReader reader(file, read_saved_file(file));
  const std::vector<std::string> found = texts_of(reader.next_row());
  if (found != header) {
    fail(file, 1,
         fmt::format("found '{}', expected '{}'", fmt::format("{}", fmt::join(found, ",")).substr(0, 80),
                     fmt::join(header, ",")));
  }
  std::vector<std::vector<std::string>> table;
  for (CsvRow row = reader.next_row(); !row.empty(); row = reader.next_row()) {
    if (row.size() != header.size()) {
      fail(file, row.front().line, fmt::format("found {} cells, expected {}", row.size(), header.size()));
    }
    table.push_back(texts_of(std::move(row)));
  }
  return table;
}

std::vector<std::vector<double>> read_number_table(const std::filesystem::path& file,
                                                   const std::vector<std::string>& header) {
  std::vector<std::vector<double>> table;
  for (const std::vector<std::string>& cells : read_table(file, header)) {
    std::vector<double> row;
    for (const std::string& cell : cells) row.push_back(parse_number(file, table.size() + 2, cell));
    table.push_back(std::move(row));
  }
  return table;
}

}  // namespace touchstone

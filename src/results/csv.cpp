#include "results/csv.h"

#include <fmt/format.h>

#include <boost/algorithm/string/classification.hpp>
#include <boost/algorithm/string/replace.hpp>
#include <boost/algorithm/string/split.hpp>
#include <charconv>
#include <cstdint>
#include <sstream>

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
  std::istringstream lines(read_saved_file(file));
  std::string line;
  std::getline(lines, line);
  const std::string expected = fmt::format("{}", fmt::join(header, ","));
  if (line != expected) fail(file, 1, fmt::format("found '{}', expected '{}'", line.substr(0, 80), expected));
  std::vector<std::vector<std::string>> table;
  while (std::getline(lines, line)) {
    std::vector<std::string> cells;
    boost::split(cells, line, [](char c) { return c == ','; });
    if (cells.size() != header.size()) {
      fail(file, table.size() + 2, fmt::format("found {} cells, expected {}", cells.size(), header.size()));
    }
    table.push_back(std::move(cells));
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

#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace touchstone {

/// A row of comma-separated values, quoted where RFC 4180 asks for it, with its line end.
std::string csv_row(const std::vector<std::string>& cells);

/// A number that reads back exactly; nan, inf and -inf as such.
std::string csv_number(double value);

/// Reads a file under exactly this header. Returns [row][column]. Throws UserError, naming FILE:LINE and
/// what was expected.
std::vector<std::vector<std::string>> read_table(const std::filesystem::path& file,
                                                 const std::vector<std::string>& header);

/// A cell's number. Throws UserError, naming `file` and `line`, for another text.
double parse_number(const std::filesystem::path& file, std::size_t line, const std::string& cell);

/// Reads a file of numbers under exactly this header. Returns [row][column]. Throws UserError, naming
/// FILE:LINE and what was expected.
std::vector<std::vector<double>> read_number_table(const std::filesystem::path& file,
                                                   const std::vector<std::string>& header);

/// The text of a file of saved results. Throws UserError if there is none.
std::string read_saved_file(const std::filesystem::path& file);

}  // namespace touchstone

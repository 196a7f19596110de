#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace touchstone {

/// A cell and where its text begins, both counted from 1.
struct CsvCell {
  std::string text;
  std::size_t line;
  std::size_t column;
};

using CsvRow = std::vector<CsvCell>;

/// Splits comma-separated text into rows of cells (RFC 4180: quoted cells, doubled quotes, CRLF or LF; empty lines and
/// a byte order mark are passed over).
class CsvReader {
 public:
  /// `file` is named in errors.
  CsvReader(std::filesystem::path file, std::string text);

  /// The next row that is not empty; an empty row at the end. Throws UserError, naming FILE:LINE:COLUMN, for a quote
  /// that is never closed and for text after a closing quote.
  CsvRow next_row();

 private:
  bool at_end() const { return position_ >= text_.size(); }
  bool at_line_end() const { return text_[position_] == '\n' || text_[position_] == '\r'; }
  std::size_t column() const { return position_ - line_begin_ + 1; }
  void skip_line_end();
  void begin_line();
  CsvCell next_cell();
  void read_quoted(CsvCell& cell);

  std::filesystem::path file_;
  std::string text_;
  std::size_t position_ = 0;
  std::size_t line_ = 1;
  std::size_t line_begin_ = 0;
};

}  // namespace touchstone

#include "files/csv_reader.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "files/errors.h"

namespace touchstone {
namespace {

[[noreturn]] void fail(const std::filesystem::path& file, std::size_t line, std::size_t column,
                       const std::string& message) {
  throw UserError(fmt::format("{}:{}:{}: {}", file.string(), line, column, message));
}

std::string without_byte_order_mark(std::string text) {
  const std::string byte_order_mark = "\xEF\xBB\xBF";
  if (text.compare(0, byte_order_mark.size(), byte_order_mark) == 0) text.erase(0, byte_order_mark.size());
  return text;
}

}  // namespace

CsvReader::CsvReader(std::filesystem::path file, std::string text)
    : file_(std::move(file)), text_(without_byte_order_mark(std::move(text))) {}

CsvRow CsvReader::next_row() {
  while (!at_end() && at_line_end()) skip_line_end();
  CsvRow row;
  if (at_end()) return row;
  row.push_back(next_cell());
  while (!at_end() && text_[position_] == ',') {
    ++position_;
    row.push_back(next_cell());
  }
  if (!at_end()) {
    if (!at_line_end()) fail(file_, line_, column(), "found text after a closing quote, expected a comma");
    skip_line_end();
  }
  return row;
}

void CsvReader::skip_line_end() {
  if (text_[position_] == '\r' && position_ + 1 < text_.size() && text_[position_ + 1] == '\n') ++position_;
  ++position_;
  begin_line();
}

void CsvReader::begin_line() {
  ++line_;
  line_begin_ = position_;
}

CsvCell CsvReader::next_cell() {
  CsvCell cell{"", line_, column()};
  if (!at_end() && text_[position_] == '"') {
    read_quoted(cell);
  } else {
    const std::size_t end = std::min(text_.find_first_of(",\r\n", position_), text_.size());
    cell.text = text_.substr(position_, end - position_);
    position_ = end;
  }
  return cell;
}

void CsvReader::read_quoted(CsvCell& cell) {
  ++position_;
  while (true) {
    if (at_end()) fail(file_, cell.line, cell.column, "found a quote that is never closed");
    const char c = text_[position_++];
    if (c == '"' && (at_end() || text_[position_] != '"')) return;
    if (c == '"') ++position_;
    cell.text += c;
    if (c == '\n') begin_line();
  }
}

}  // namespace touchstone

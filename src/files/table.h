#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

namespace touchstone {

/// A plain text table, columns as wide as they need.
class Table {
 public:
  explicit Table(std::vector<std::string> header);

  void align_right(std::set<std::size_t> columns) { right_ = std::move(columns); }
  void add(std::vector<std::string> row);

  /// The header's line, then one per row.
  std::vector<std::string> lines() const;
  /// On stdout.
  void print() const;

 private:
  std::vector<std::vector<std::string>> rows_;
  std::set<std::size_t> right_;
};

}  // namespace touchstone

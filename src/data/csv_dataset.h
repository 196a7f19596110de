#pragma once

#include <filesystem>
#include <string>

namespace touchstone {

struct Dataset;

/// Reads a comma-separated file with a header row. Column `label` holds the class (an integer from 0, or
/// any text: distinct texts are numbered in sorted order); every other column is a feature.
/// Throws UserError for a file that cannot be read and, naming file:line:column, for a missing column, a
/// cell that is no finite number, a row of the wrong length, or a file without rows.
Dataset read_csv_dataset(const std::filesystem::path& file, const std::string& label);

}  // namespace touchstone

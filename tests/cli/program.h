#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace touchstone {

/// What the program left: its exit code and what it printed.
struct Outcome {
  int exit_code;
  std::string out;
  std::string err;
};

/// A folder of its own to run the program in, with the project's experiments at hand; removed in the end.
class Workplace {
 public:
  Workplace();
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;
  ~Workplace();

  /// Runs `touchstone ARGUMENTS`, quoted as for a shell; `environment` as in "PATH=/x". In a child of this process,
  /// which has LibTorch loaded already, and calls `before` first, if given.
  Outcome run(const std::string& arguments, const std::string& environment = "", void (*before)() = nullptr) const;

  /// Has a shell run the program itself, with `before` in front of it.
  Outcome run_by_shell(const std::string& before, const std::string& arguments) const;

  const std::filesystem::path& folder() const { return folder_; }
  void write(const std::string& file, const std::string& text) const;
  std::string read(const std::string& file) const;
  /// The files below a folder, as paths relative to it; none if it is no folder.
  std::vector<std::string> files_in(const std::string& folder) const;
  /// The same, with what is in each.
  std::map<std::string, std::string> contents_of(const std::string& folder) const;

 private:
  Outcome outcome_of(int status) const;

  std::filesystem::path folder_;
};

}  // namespace touchstone

#pragma once

#include <filesystem>
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

  /// Runs `touchstone ARGUMENTS` through the shell. `environment` as in "PATH=/x"; `before` goes in front.
  Outcome run(const std::string& arguments, const std::string& environment = "", const std::string& before = "") const;

  void write(const std::string& file, const std::string& text) const;
  std::string read(const std::string& file) const;
  /// The files below a folder, as paths relative to it; none if it is no folder.
  std::vector<std::string> files_in(const std::string& folder) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace touchstone

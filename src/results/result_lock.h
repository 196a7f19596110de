#pragma once

#include <filesystem>

namespace touchstone {

/// This process's claim to a folder of results, from construction to destruction (flock on the folder). Creates the
/// folder, and removes the temporary files that killed processes left in it and below it.
class ResultLock {
 public:
  enum class Mode {
    exclusive,  ///< nobody else writes there
    shared      ///< shards of one study may write side by side
  };

  /// Throws FileError if another process has a claim that excludes this one. Where the file system has no locks, there
  /// is none.
  explicit ResultLock(const std::filesystem::path& folder, Mode mode = Mode::exclusive);
  ResultLock(const ResultLock&) = delete;
  ResultLock& operator=(const ResultLock&) = delete;
  ~ResultLock();

 private:
  int descriptor_;
};

}  // namespace touchstone

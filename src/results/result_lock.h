#pragma once

#include <filesystem>

namespace touchstone {

/// Locks a result folder for this process while the object lives (flock on the folder). Creates the folder, and removes
/// temporary files that killed processes left in it or below.
class ResultLock {
 public:
  enum class Mode {
    exclusive,  ///< no other process writes there
    shared      ///< shards of one study may write side by side
  };

  /// Throws EnvironmentError if another process holds a conflicting lock. On file systems without locks there is no
  /// lock.
  explicit ResultLock(const std::filesystem::path& folder, Mode mode = Mode::exclusive);
  ResultLock(const ResultLock&) = delete;
  ResultLock& operator=(const ResultLock&) = delete;
  ~ResultLock();

 private:
  int descriptor_;
};

}  // namespace touchstone

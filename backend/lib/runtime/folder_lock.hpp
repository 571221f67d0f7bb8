#pragma once

#include <filesystem>
#include <stdexcept>

namespace nxg::runtime {

/// The folder is served by another process.
class folder_in_use : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// It cannot be made or written; `what()` is a sentence.
class folder_unusable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A process's own folder: made with mode 0700 if absent, and, for the one process that serves it, locked until that
/// process ends, however it ends.
class folder_lock {
 public:
  /// Throws `folder_in_use`, `folder_unusable`.
  folder_lock(const std::filesystem::path& folder, bool exclusive);
  ~folder_lock();
  folder_lock(const folder_lock&) = delete;
  folder_lock& operator=(const folder_lock&) = delete;

 private:
  int file_ = -1;
};

}  // namespace nxg::runtime

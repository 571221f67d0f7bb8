#pragma once

#include <filesystem>

namespace nxg::store::sqlite {

/// The folder of a store: made if absent, and, for the one process that serves it, locked until that process ends,
/// however it ends.
class folder_lock {
 public:
  /// Throws `folder_in_use`, and `error` (unavailable) where the folder cannot be made or written.
  folder_lock(const std::filesystem::path& folder, bool exclusive);
  ~folder_lock();
  folder_lock(const folder_lock&) = delete;
  folder_lock& operator=(const folder_lock&) = delete;

 private:
  int file_ = -1;
};

}  // namespace nxg::store::sqlite

#pragma once

#include "contract/suite.hpp"
#include "store/sqlite.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace nxg::store::testing {

/// A folder that is gone afterwards.
class temporary_folder {
 public:
  temporary_folder();
  ~temporary_folder();
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

class sqlite_host final : public engine_host {
 public:
  std::shared_ptr<engine> open() override { return sqlite_engine::open({.folder = folder.path(), .strict = true}); }
  temporary_folder folder;
};

}  // namespace nxg::store::testing

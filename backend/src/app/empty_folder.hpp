#pragma once

#include "app/settings.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <string_view>
#include <system_error>

namespace nxg::app {

/// The data folder of a process that only tells what is declared: empty, and gone afterwards.
class empty_folder {
 public:
  explicit empty_folder(std::string_view name)
      : path_{std::filesystem::temp_directory_path() / fmt::format("nxg-{}-{}", name, getpid())} {}
  ~empty_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  empty_folder(const empty_folder&) = delete;
  empty_folder& operator=(const empty_folder&) = delete;

  /// Of such a process.
  [[nodiscard]] settings values() const {
    settings result;
    result.data_dir = path_;
    result.io_threads = 1;
    result.docs_assets.clear();
    return result;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace nxg::app

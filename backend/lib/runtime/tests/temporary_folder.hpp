#pragma once

#include "runtime/clock.hpp"
#include "runtime/random.hpp"
#include "runtime/uuid.hpp"

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

namespace nxg::runtime {

/// A folder of a test's own, which nobody else may enter; gone with all that is in it afterwards.
class temporary_folder {
 public:
  explicit temporary_folder(std::string_view name) : path_{place_for(name)} {
    if (!std::filesystem::create_directory(path_)) throw std::runtime_error{"there is " + path_.string() + " already"};
    std::filesystem::permissions(path_, std::filesystem::perms::owner_all);
  }
  ~temporary_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  static std::filesystem::path place_for(std::string_view name) {
    secure_random random;
    const auto unique = uuid::version_7(clock{}.now(), random);
    return std::filesystem::temp_directory_path() / ("nxg-" + std::string{name} + "-" + unique.to_string());
  }

  std::filesystem::path path_;
};

}  // namespace nxg::runtime

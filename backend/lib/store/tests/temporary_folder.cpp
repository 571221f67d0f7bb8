#include "temporary_folder.hpp"

#include <cstdlib>
#include <stdexcept>
#include <string>
#include <system_error>

namespace nxg::store::testing {

temporary_folder::temporary_folder() {
  std::string name = (std::filesystem::temp_directory_path() / "nxg-store-XXXXXX").string();
  if (!mkdtemp(name.data())) throw std::runtime_error{"no temporary folder"};
  path_ = name;
}

temporary_folder::~temporary_folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace nxg::store::testing

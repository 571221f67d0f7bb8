#include "sqlite_host.hpp"

#include <cstdlib>
#include <stdexcept>

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

INSTANTIATE_TEST_SUITE_P(sqlite, store_contract,
                         ::testing::Values(engine_factory{"sqlite", [] { return std::make_unique<sqlite_host>(); }}),
                         [](const auto& one) { return one.param.name; });

}  // namespace nxg::store::testing

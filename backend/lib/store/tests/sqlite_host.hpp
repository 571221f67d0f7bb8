#pragma once

#include "contract/suite.hpp"
#include "store/sqlite.hpp"
#include "temporary_folder.hpp"

#include <memory>

namespace nxg::store::testing {

class sqlite_host final : public engine_host {
 public:
  std::shared_ptr<engine> open() override { return sqlite_engine::open({.folder = folder.path(), .strict = true}); }
  temporary_folder folder;
};

}  // namespace nxg::store::testing

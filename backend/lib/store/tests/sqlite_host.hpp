#pragma once

#include "contract/suite.hpp"
#include "runtime/tests/temporary_folder.hpp"
#include "store/sqlite.hpp"

#include <memory>

namespace nxg::store::testing {

class sqlite_host final : public engine_host {
 public:
  std::shared_ptr<engine> open() override { return sqlite_engine::open({.folder = folder.path(), .strict = true}); }
  runtime::temporary_folder folder{"store"};
};

}  // namespace nxg::store::testing

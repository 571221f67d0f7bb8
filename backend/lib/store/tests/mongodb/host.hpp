#pragma once

#include "../contract/suite.hpp"
#include "server.hpp"
#include "store/mongodb.hpp"

#include <memory>
#include <string>

namespace nxg::store::testing {

/// The engine all tests of this program share; a database each.
mongodb_server& shared_server();
std::string url_of_new_database();

class mongodb_host final : public engine_host {
 public:
  std::shared_ptr<engine> open() override {
    return mongodb_engine::open({.url = url_of_new_database(), .workers = 4, .strict = true});
  }
};

}  // namespace nxg::store::testing

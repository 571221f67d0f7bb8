#pragma once

#include "store/declare.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <string>

namespace nxg {

/// What production gets from its environment, and processes of a developer's machine share through their store.
struct development_secret {
  /// What it is for.
  std::string id{};
  std::int64_t version = 0;
  std::string value{};
};
BOOST_DESCRIBE_STRUCT(development_secret, (), (id, version, value))

store::declaration<development_secret> declare(store::tag<development_secret>);

}  // namespace nxg

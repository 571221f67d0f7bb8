#pragma once

#include "objects/object_store.hpp"
#include "runtime/random.hpp"
#include "runtime/task.hpp"

#include <string>

namespace nxg::objects::detail {

/// What `object_store::check` does. `prefix` stands in front of what the error says.
task<void> check(object_store& of, runtime::random& random, std::string prefix);

/// Hexadecimal digits of `octets` random octets.
[[nodiscard]] std::string random_name(runtime::random& random, std::size_t octets);

}  // namespace nxg::objects::detail

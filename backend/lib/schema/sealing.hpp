#pragma once

#include "schema/problems.hpp"

#include <string>
#include <string_view>

namespace nxg::schema::detail {

/// The field a cipher is told: dotted, without list indexes, below `base`.
[[nodiscard]] inline std::string sealed_path(std::string_view base, const place* here) {
  if (here == nullptr) return std::string{base};
  auto path = sealed_path(base, here->parent);
  if (here->index != place::no_index) return path;
  if (!path.empty()) path += '.';
  return path.append(here->key);
}

}  // namespace nxg::schema::detail

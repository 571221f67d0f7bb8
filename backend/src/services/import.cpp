#include "services/import.hpp"

#include "schema/json.hpp"

#include <fmt/format.h>

namespace nxg {

std::vector<schema::any_json> rows_of_file(std::string_view json, std::string_view what, std::size_t most) {
  auto rows = schema::try_from_json<std::vector<schema::any_json>>(json);
  if (!rows) {
    const auto& first = rows.error().front();
    throw unreadable_file{fmt::format("not an array of {}: {} at '{}'", what, first.message, first.pointer)};
  }
  if (rows->size() > most) throw unreadable_file{fmt::format("more than {} rows", most)};
  return std::move(*rows);
}

}  // namespace nxg

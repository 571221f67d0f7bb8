#pragma once

#include <cstdint>
#include <string>

namespace nxg::schema::detail {

void append_json_number(std::string& out, std::int64_t value);
/// Finite.
void append_json_number(std::string& out, double value);

}  // namespace nxg::schema::detail

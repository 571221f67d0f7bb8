#pragma once

#include <cstdint>
#include <string>

/// How JSON is spelled: what readers and writers of it share. Private to the library.
namespace nxg::schema::detail {

void append_json_number(std::string& out, std::int64_t value);
/// Finite.
void append_json_number(std::string& out, double value);

}  // namespace nxg::schema::detail

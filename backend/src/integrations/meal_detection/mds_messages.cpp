#include "integrations/meal_detection/mds_messages.hpp"

#include <charconv>

namespace nxg::integrations::mds {

std::optional<double> parse_quantity(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (error != std::errc{} || end != text.data() + text.size() || !(value > 0) || value > 10'000) return std::nullopt;
  return value;
}

void identified_food::check(const identified_food& read, schema::problems& found) {
  if (!parse_quantity(read.quantity.value())) {
    found.add_at("/quantity", schema::codes::bad_format, "must be a number above 0");
  }
}

}  // namespace nxg::integrations::mds

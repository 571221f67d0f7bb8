#include "integrations/meal_detection/mds_mapping.hpp"

#include "integrations/instructions.hpp"
#include "integrations/meal_detection/mds_messages.hpp"
#include "integrations/planning/outgoing_text.hpp"
#include "schema/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace nxg::integrations::mds {
namespace {

constexpr std::size_t longest_name = 100;
constexpr std::size_t longest_unit = 40;
constexpr std::size_t longest_description = 300;
constexpr std::size_t longest_correction = 1000;

bool contradicts(double whole, const std::optional<schema::bounded<double, 0.0, 20'000.0>>& each, double quantity) {
  // Texts and figures are rounded by the service: small ones may be far off in proportion.
  return each && std::abs(whole - each->value() * quantity) > std::max(5.0, 0.1 * whole);
}

std::string text_of(std::string_view text, std::size_t longest) {
  if (reads_like_instructions(text)) throw instructing_answer{"instructions where the name of a food belongs"};
  return incoming_text(text, longest);
}

meal_item mapped(const identified_food& read) {
  meal_item item;
  item.name = text_of(read.name.value(), longest_name);
  if (item.name.empty()) throw malformed_answer{"a food without a name"};
  item.quantity = *parse_quantity(read.quantity.value());
  item.unit = text_of(read.unit.value(), longest_unit);
  if (read.description_) item.description_ = text_of(read.description_->value(), longest_description);
  const auto& whole = read.nutrition;
  if (contradicts(whole.calories, read.calories_per_quantity, item.quantity)) {
    throw malformed_answer{"the energy of a food is not its quantity times the energy of one"};
  }
  item.nutrition = rounded(
      {whole.calories.value(), whole.carbs.value(), whole.protein.value(), whole.fat.value(), whole.fiber.value()});
  return item;
}

std::string bracketed(std::string_view text, std::size_t longest) { return "[" + outgoing_text(text, longest) + "]"; }

}  // namespace

detected_meal read_answer(std::string_view body) {
  auto read = schema::try_from_json<identified_meal>(body, schema::unknown::ignored);
  if (!read) {
    const auto& first = read.error().front();
    throw malformed_answer{
        fmt::format("{} problems, the first is {} at '{}'", read.error().size(), first.code, first.pointer)};
  }
  detected_meal seen;
  for (const auto& one : read->foods.value()) seen.items.push_back(mapped(one));
  if (read->confidence) seen.confidence = read->confidence->value();
  return seen;
}

form identify_form(std::string_view jpeg, std::string_view boundary) {
  form made{.content_type = fmt::format("multipart/form-data; boundary={}", boundary), .body = {}};
  made.body.reserve(jpeg.size() + 512);
  made.body +=
      fmt::format("--{}\r\nContent-Disposition: form-data; name=\"user_prompt\"\r\n\r\nidentify\r\n", boundary);
  made.body += fmt::format(
      "--{}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"meal.jpg\"\r\nContent-Type: "
      "image/jpeg\r\n\r\n",
      boundary);
  made.body += jpeg;
  made.body += fmt::format("\r\n--{}--\r\n", boundary);
  return made;
}

std::string breakdown_of(const std::vector<meal_item>& items) {
  std::string text;
  intake totals;
  for (const auto& one : items) {
    text += bracketed(one.name, longest_name) +
            bracketed(fmt::format("{:g} {}", one.quantity, one.unit), longest_unit + 10) +
            bracketed(one.description_, longest_description) + "\n";
    totals = totals + one.nutrition;
  }
  text += fmt::format("Total: {:.0f} kcal, {:.1f} g carbs, {:.1f} g fat, {:.1f} g protein, {:.1f} g fiber",
                      totals.energy_kcal, totals.carbs_g, totals.fat_g, totals.protein_g, totals.fiber_g);
  return text;
}

std::string edit_body(const std::vector<meal_item>& before, std::string_view correction) {
  std::string body = R"({"previous_breakdown":)";
  schema::append_json_string(body, breakdown_of(before));
  body += R"(,"user_correction":)";
  schema::append_json_string(body, outgoing_text(correction, longest_correction));
  return body + "}";
}

}  // namespace nxg::integrations::mds

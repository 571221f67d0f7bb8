#include "app/object_families.hpp"

#include "models/meal.hpp"
#include "models/scan.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace nxg::app {
namespace {

/// Whose keys are `<prefix><id of the document>/…`.
std::function<std::optional<uuid>(std::string_view)> id_after(std::string_view prefix) {
  return [prefix](std::string_view key) {
    const auto rest = key.substr(prefix.size());
    return uuid::parse(rest.substr(0, rest.find('/')));
  };
}

}  // namespace

std::vector<jobs::object_family> object_families(storage& kept) {
  std::vector<jobs::object_family> all;
  all.push_back({std::string{scan_prefix}, id_after(scan_prefix),
                 [&kept](std::vector<uuid> ids) { return kept.scans.files_of(std::move(ids)); }});
  all.push_back({std::string{scan_upload_prefix}, id_after(scan_upload_prefix),
                 [&kept](std::vector<uuid> ids) { return kept.scans.parts_of(std::move(ids)); }});
  all.push_back({std::string{meal_picture_prefix}, meal_of_image_key,
                 [&kept](std::vector<uuid> ids) { return kept.meals.pictures_of(std::move(ids)); }});
  return all;
}

}  // namespace nxg::app

#include "routes/food_views.hpp"

namespace nxg::routes {

food_summary summary_of(const food& one) {
  const auto& n = one.per_100g;
  return {.id = one.id,
          .external_id = one.external_id,
          .name = one.name,
          .group = one.group,
          .energy_kcal = n.energy_kcal,
          .protein_g = n.protein_g,
          .carbs_g = n.carbs_g,
          .fat_g = n.fat_g,
          .fiber_g = n.fiber_g,
          .portions = one.portions,
          .allergens = one.allergens,
          .allergens_complete = one.allergens_complete};
}

food_view view_of(const food& one) {
  food_view view;
  view.id = one.id;
  view.external_id = one.external_id;
  view.name = one.name;
  view.source_name = one.source_name;
  view.group = one.group;
  view.per100g = one.per_100g;
  view.portions = one.portions;
  view.allergens = one.allergens;
  view.allergens_complete = one.allergens_complete;
  view.energy_fits = one.energy_fits;
  return view;
}

}  // namespace nxg::routes

#pragma once

#include "app/object_storage.hpp"
#include "app/outside_services.hpp"
#include "app/platform.hpp"
#include "app/storage.hpp"
#include "coordination/coordinator.hpp"
#include "integrations/meal_detection/meal_detector.hpp"
#include "pictures/workshop.hpp"
#include "services/meals/balance.hpp"
#include "services/meals/diary.hpp"
#include "services/meals/photographs.hpp"
#include "services/points/meal_awards.hpp"

#include <memory>

namespace nxg::app {

/// Meals, their pictures and what days come to, and the outside service that looks at pictures.
struct food_diaries {
  food_diaries(const settings& values, platform& on, storage& kept, coordination::coordinator& shared,
               object_storage& objects, outside_services& outside);

  outside_way way;
  std::unique_ptr<integrations::meal_detector> detector;
  pictures::workshop workshop;
  meals::balance balance;
  meals::diary diary;
  meals::photographs pictures;
  points::meal_awards awards;
};

}  // namespace nxg::app

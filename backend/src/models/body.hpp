#pragma once

#include "schema/types.hpp"

#include <boost/describe/enum.hpp>

#include <cstdint>

namespace nxg {

enum class gender : std::uint8_t { male, female, other };
BOOST_DESCRIBE_ENUM(gender, male, female, other)

enum class activity_level : std::uint8_t { sedentary, lightly_active, moderately_active, very_active, extra_active };
BOOST_DESCRIBE_ENUM(activity_level, sedentary, lightly_active, moderately_active, very_active, extra_active)

using body_height_cm = schema::bounded<double, 50.0, 300.0>;
using body_weight_kg = schema::bounded<double, 20.0, 500.0>;

}  // namespace nxg

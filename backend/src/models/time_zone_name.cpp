#include "models/time_zone_name.hpp"

#include "utilities/time_zones.hpp"

namespace nxg {

bool time_zone_rule::accept(std::string& text) { return utilities::is_time_zone(text); }

}  // namespace nxg

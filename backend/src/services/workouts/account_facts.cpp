#include "services/workouts/account_facts.hpp"

#include "utilities/time_zones.hpp"

namespace nxg {

task<body_facts> account_facts::body_of(uuid member) {
  body_facts facts;
  const auto account = co_await users_.find(member);
  if (!account) co_return facts;
  if (account->weight_kg) facts.weight_kg = static_cast<double>(account->weight_kg->value());
  if (account->date_of_birth) {
    const auto today = utilities::local_date_at(time_.now(), account->time_zone.value());
    facts.age_years = utilities::age_on(*account->date_of_birth, today);
  }
  if (account->gender == gender::male) facts.sex = body_sex::male;
  if (account->gender == gender::female) facts.sex = body_sex::female;
  co_return facts;
}

}  // namespace nxg

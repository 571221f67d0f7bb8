#include "repositories/meals.hpp"

#include "models/day_rows.hpp"
#include "store/wrote_first.hpp"

#include <utility>

namespace nxg::repositories {
namespace {

using namespace store;

constexpr int most_rounds = 16;
constexpr std::size_t page_size = 500;

template <class T>
task<bool> inserted(collection<T>& into, T made, events with) {
  bool written = true;
  try {
    co_await into.insert(std::move(made), std::move(with));
  } catch (const error& refused) {
    if (!refused.is(failure::duplicate) || refused.index() != "id") throw;
    written = false;
  }
  co_return written;
}

template <class T>
task<std::vector<T>> all_of_day(collection<T>& in, uuid member, schema::local_date date) {
  std::vector<T> found;
  std::optional<std::string> after;
  const auto wanted = eq<&T::member_id>(member) && eq<&T::local_date>(date);
  do {
    auto page = co_await in.find_page(wanted, sort<T>().template descending<&T::logged_at>(), page_size, after);
    for (auto& one : page.items) found.push_back(std::move(one));
    after = std::move(page.next);
  } while (after);
  co_return found;
}

}  // namespace

task<bool> meals::insert(meal made, events with) { return inserted(meals_, std::move(made), std::move(with)); }

task<std::optional<meal>> meals::find(uuid member, uuid id) {
  auto found = co_await meals_.find(id);
  if (found && found->member_id != member) found.reset();
  co_return found;
}

task<std::optional<meal>> meals::update(uuid member, uuid id, change make) {
  for (int round = 0; round < most_rounds; ++round) {
    auto found = co_await find(member, id);
    if (!found) co_return std::nullopt;
    auto with = make(*found);
    if (!with) co_return found;
    const bool written = co_await wrote_first(meals_.save(*found, std::move(*with)));
    ++found->version;
    if (written) co_return found;
  }
  throw error{failure::busy, "a meal is being changed by too many at once"};
}

task<void> meals::remove(const meal& gone, events with) {
  return meals_.remove(gone.id, std::move(with), gone.version);
}

task<store::page<meal>> meals::history(uuid member, schema::local_date from, schema::local_date to, std::size_t limit,
                                       std::optional<std::string> after) {
  return meals_.find_page(eq<&meal::member_id>(member) && gte<&meal::local_date>(from) && lte<&meal::local_date>(to),
                          sort<meal>().descending<&meal::local_date>().descending<&meal::logged_at>(), limit,
                          std::move(after));
}

task<std::vector<meal>> meals::of_day(uuid member, schema::local_date date) { return all_of_day(meals_, member, date); }

task<std::uint64_t> meals::count_of_day(uuid member, schema::local_date date) {
  return meals_.count(eq<&meal::member_id>(member) && eq<&meal::local_date>(date));
}

task<std::vector<meal>> meals::with_pictures(uuid member, std::size_t most) {
  auto page = co_await meals_.find_page(eq<&meal::member_id>(member) && exists<&meal::picture_looks>(),
                                        sort<meal>().descending<&meal::logged_at>(), most);
  co_return std::move(page.items);
}

task<std::vector<meal>> meals::waiting(instant now, std::size_t most) {
  auto page =
      co_await meals_.find_page(eq<&meal::detection>(detection_state::pending) && lte<&meal::next_detection_at>(now),
                                sort<meal>().ascending<&meal::next_detection_at>(), most);
  co_return std::move(page.items);
}

task<std::set<std::string>> meals::pictures_of(std::vector<uuid> ids) {
  const auto most = ids.size();
  const auto found = co_await meals_.find_page(in<&meal::id>(ids), {}, most);
  std::set<std::string> keys;
  for (const auto& one : found.items) {
    if (one.image_key) keys.insert(*one.image_key);
  }
  co_return keys;
}

task<bool> meals::insert(water_entry made, events with) { return inserted(water_, std::move(made), std::move(with)); }

task<std::vector<water_entry>> meals::water_of_day(uuid member, schema::local_date date) {
  return all_of_day(water_, member, date);
}

task<std::optional<nutrition_day>> meals::find_day(uuid member, schema::local_date date) {
  return days_.find(day_row_id(member, date));
}

task<store::page<nutrition_day>> meals::days(uuid member, schema::local_date from, schema::local_date to,
                                             std::size_t limit, std::optional<std::string> after) {
  return days_.find_page(eq<&nutrition_day::member_id>(member) && gte<&nutrition_day::local_date>(from) &&
                             lte<&nutrition_day::local_date>(to),
                         sort<nutrition_day>().descending<&nutrition_day::local_date>(), limit, std::move(after));
}

}  // namespace nxg::repositories

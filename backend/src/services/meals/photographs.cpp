#include "services/meals/photographs.hpp"

#include "schema/json.hpp"
#include "services/meals/errors.hpp"
#include "services/meals/judgement.hpp"
#include "utilities/digest.hpp"
#include "utilities/encoding.hpp"

#include <boost/describe/enum_to_string.hpp>

#include <algorithm>
#include <utility>

namespace nxg::meals {
namespace {

using namespace std::chrono_literals;
using integrations::detected_meal;
using integrations::service_unavailable;

// Left of a request's time for what follows a call outside.
constexpr auto reserve = 2s;
constexpr auto background_budget = 20s;
// A meal written and not looked at by then was left by a process that is gone.
constexpr auto left_alone = 60s;
constexpr std::size_t pictures_remembered = 50;
constexpr coordination::lifetime seen_lifetime{.fresh = seen_fresh_for, .stale = seen_stale_for, .negative = 0ms};

// The member's own, so that nobody learns from the speed of an answer what others have eaten.
std::string cache_key(const uuid& member, const std::string& hash) {
  return "mds:picture:" + utilities::hex(utilities::sha256(member.to_string() + hash));
}

detection_source source_of(coordination::freshness how) {
  switch (how) {
    case coordination::freshness::filled: return detection_source::service;
    case coordination::freshness::fresh: return detection_source::cache;
    case coordination::freshness::stale: return detection_source::stale_cache;
  }
  return detection_source::stale_cache;
}

bool is_alike(const meal& earlier, const std::string& hash, const pictures::perceptual_hash& looks) {
  if (earlier.picture_hash == hash) return true;
  const auto its = pictures::perceptual_hash::parse(earlier.picture_looks.value_or(""));
  return its && pictures::look_alike(*its, looks);
}

// 1 min, 2 min, … 32 min after the first, second, … attempt, or what the service asks for (at most `longest_pause`) if
// that is longer.
std::chrono::milliseconds pause_after(std::int32_t attempts, std::chrono::milliseconds asked_for) {
  const auto doubled = std::chrono::minutes{1} * (1 << std::clamp(attempts - 1, 0, 5));
  return std::max<std::chrono::milliseconds>(doubled, std::min<std::chrono::milliseconds>(asked_for, longest_pause));
}

[[noreturn]] void refuse_storage(const objects::error& why) {
  if (why.is(objects::failure::busy)) throw busy();
  throw unavailable("Pictures cannot be kept right now.");
}

}  // namespace

photographs::photographs(photograph_parts parts) : parts_{std::move(parts)} {}

void photographs::count(std::string_view result) const {
  parts_.metrics
      .make_counter("nxg_meal_pictures_total", "Pictures of meals, by what became of them",
                    {{"result", std::string{result}}})
      .increment();
}

task<pictures::picture> photographs::small(std::string picture, steady_instant deadline) {
  try {
    co_return co_await parts_.workshop.make_small(std::move(picture), deadline);
  } catch (const pictures::refused& why) {
    count("refused");
    throw meal_picture_unusable(std::string{pictures::to_string(why.why())}, why.what());
  }
}

task<void> photographs::keep(std::string key, std::string jpeg) {
  objects::put_options how;
  how.content_type = "image/jpeg";
  how.cache_control = "private, no-store";
  try {
    co_await parts_.objects.put(std::move(key), std::move(jpeg), std::move(how));
  } catch (const objects::error& why) {
    parts_.log.repeated(telemetry::log_level::warn, "a picture could not be kept", {{"error", why.what()}});
    refuse_storage(why);
  }
}

task<std::string> photographs::picture_of(const meal& one) {
  try {
    auto found = co_await parts_.objects.get(one.image_key.value_or(""));
    co_return std::move(found.content);
  } catch (const objects::error& why) {
    if (why.is(objects::failure::not_found)) co_return std::string{};
    refuse_storage(why);
  }
}

// --- looking --------------------------------------------------------------------------------------------------------

task<std::optional<seen_meal>> photographs::seen_before(const question& asked) {
  const auto looks = pictures::perceptual_hash::parse(asked.looks);
  if (!looks) co_return std::nullopt;
  const auto earlier = co_await parts_.kept.with_pictures(asked.member, pictures_remembered);
  for (const auto& one : earlier) {
    if (one.id == asked.meal || one.detection != detection_state::done || !is_alike(one, asked.hash, *looks)) continue;
    seen_meal seen{.from = detection_source::earlier_meal};
    seen.what.items = one.content->items;
    seen.what.confidence = one.confidence;
    // What the member has confirmed once is not doubted again.
    if (!one.is_verified) seen.doubts = one.doubts;
    co_return seen;
  }
  co_return std::nullopt;
}

task<seen_meal> photographs::ask(const question& asked) {
  const integrations::still_allowed allowed = [&] { return may_show(asked.member); };
  const coordination::cache::fill_function fill = [&]() -> task<std::optional<std::string>> {
    const auto seen = co_await parts_.detector.identify(asked.jpeg, asked.background, asked.deadline, allowed);
    co_return schema::to_json(seen);
  };
  const auto key = cache_key(asked.member, asked.hash);
  const auto found = co_await parts_.cache.get_or_fill(key, seen_lifetime, fill);
  seen_meal seen{.from = source_of(found.how)};
  if (found.value) seen.what = schema::from_json<detected_meal>(*found.value, schema::unknown::ignored);
  seen.doubts = doubts_about(seen.what.items, seen.what.confidence);
  co_return seen;
}

task<seen_meal> photographs::answer(question asked) {
  auto known = co_await seen_before(asked);
  if (known) co_return std::move(*known);
  co_return co_await ask(asked);
}

task<seen_meal> photographs::look(uuid member, std::string picture, steady_instant deadline) {
  const auto place = co_await parts_.diary.place_of(member, parts_.time.now());
  if (!place.member.consents_to(consent_kind::health_data)) throw meal_picture_consent_required();
  auto made = co_await small(std::move(picture), deadline - reserve);
  question asked{.member = member, .deadline = deadline - reserve};
  asked.hash = utilities::hex(utilities::sha256(made.jpeg));
  asked.looks = made.looks.to_string();
  asked.jpeg = std::move(made.jpeg);
  try {
    auto seen = co_await answer(std::move(asked));
    count(boost::describe::enum_to_string(seen.from, ""));
    co_return seen;
  } catch (const service_unavailable& away) {
    parts_.log.repeated(telemetry::log_level::warn, "no answer from the meal detection service",
                        {{"reason", away.reason}, {"error", away.what()}});
    throw meal_detection_unavailable(away.retry_after.value_or(dependency().retry_after));
  }
}

// --- a meal with its picture ----------------------------------------------------------------------------------------

task<void> photographs::begin(uuid member, photographed_meal taken, uuid id, instant at, steady_instant deadline,
                              std::string& jpeg) {
  const auto place = co_await parts_.diary.place_of(member, at);
  if (!place.member.consents_to(consent_kind::health_data)) throw meal_picture_consent_required();
  co_await parts_.diary.require_room(member, place.date);
  auto made = co_await small(std::move(taken.picture), deadline - reserve);
  meal one{.id = id, .member_id = member, .source = meal_source::scan};
  one.meal_type = taken.meal_type.value_or(place.usual);
  one.logged_at = at;
  one.time_zone = place.time_zone;
  one.local_date = place.date;
  one.detection = detection_state::pending;
  one.next_detection_at = parts_.time.now() + left_alone;
  one.image_key = image_key_of(member, id);
  one.picture_hash = utilities::hex(utilities::sha256(made.jpeg));
  one.picture_looks = made.looks.to_string();
  one.content = meal_content{.notes = std::move(taken.notes)};
  one.created_at = one.updated_at = at;
  jpeg = std::move(made.jpeg);
  // The picture first: a meal never names one that is not there.
  co_await keep(*one.image_key, jpeg);
  auto with = change_of(one);
  co_await parts_.kept.insert(std::move(one), std::move(with));
}

task<meal> photographs::upload(uuid member, photographed_meal taken, uuid id, instant at, steady_instant deadline) {
  std::string jpeg;
  auto one = co_await parts_.kept.find(member, id);
  if (!one) {
    co_await begin(member, std::move(taken), id, at, deadline, jpeg);
    one = co_await parts_.kept.find(member, id);
    if (!one) throw meal_not_found();
  }
  if (one->detection != detection_state::pending) co_return std::move(*one);
  if (jpeg.empty()) jpeg = co_await picture_of(*one);
  question asked{.member = member, .meal = id, .deadline = deadline - reserve};
  asked.jpeg = std::move(jpeg);
  auto settled = co_await settle(*one, std::move(asked));
  // Removed meanwhile.
  if (!settled) throw meal_not_found();
  co_return std::move(*settled);
}

task<std::optional<meal>> photographs::settle(const meal& one, question asked) {
  asked.hash = one.picture_hash.value_or("");
  asked.looks = one.picture_looks.value_or("");
  std::optional<seen_meal> seen;
  std::string reason;
  std::chrono::milliseconds pause{0};
  try {
    seen = co_await answer(std::move(asked));
  } catch (const service_unavailable& away) {
    reason = away.reason;
    pause = away.retry_after.value_or(0ms);
    parts_.log.repeated(telemetry::log_level::warn, "no answer from the meal detection service",
                        {{"reason", away.reason}, {"error", away.what()}});
  }
  if (seen) co_return co_await note_seen(one, *seen);
  co_return co_await note_trouble(one, std::move(reason), pause);
}

task<std::optional<meal>> photographs::note_seen(const meal& one, const seen_meal& seen) {
  const repositories::meals::change make = [&](meal& now) -> std::optional<store::events> {
    // Somebody else was first, or the member has said what it was.
    if (now.detection != detection_state::pending) return std::nullopt;
    now.detection = detection_state::done;
    now.detected_by = seen.from;
    now.detection_trouble.reset();
    now.next_detection_at.reset();
    now.confidence = seen.what.confidence;
    now.doubts = seen.doubts;
    auto content = now.content.value();
    content.items = seen.what.items;
    content.totals = totals_of(content.items);
    now.content = std::move(content);
    now.updated_at = parts_.time.now();
    auto with = change_of(now);
    with.append(store::emit(meal_analyzed{now.id, now.member_id, now.detection}));
    return with;
  };
  count(boost::describe::enum_to_string(seen.from, ""));
  co_return co_await parts_.kept.update(one.member_id, one.id, make);
}

task<std::optional<meal>> photographs::note_trouble(const meal& one, std::string reason,
                                                    std::chrono::milliseconds pause) {
  const auto when = parts_.time.now();
  const bool hopeless = reason == "not_configured" || reason == "consent_withdrawn" || reason == "picture_lost" ||
                        when - one.created_at >= longest_wait;
  const repositories::meals::change make = [&](meal& now) -> std::optional<store::events> {
    if (now.detection != detection_state::pending) return std::nullopt;
    ++now.detection_attempts;
    now.detection_trouble = reason;
    now.updated_at = when;
    if (!hopeless) {
      now.next_detection_at = when + pause_after(now.detection_attempts, pause);
      return store::events{};
    }
    now.detection = detection_state::failed;
    now.next_detection_at.reset();
    auto with = change_of(now);
    with.append(store::emit(meal_analyzed{now.id, now.member_id, now.detection}));
    return with;
  };
  count(hopeless ? "given_up" : "put_off");
  co_return co_await parts_.kept.update(one.member_id, one.id, make);
}

task<corrected_meal> photographs::correct(uuid member, uuid id, std::string correction,
                                          std::optional<nxg::meal_type> type, instant at, steady_instant deadline) {
  const auto one = co_await parts_.diary.get(member, id);
  if (const auto made = before_correction(one, correction, at)) co_return corrected_meal{one, *made};
  if (one.content->items.empty()) throw meal_not_analyzed();
  const auto place = co_await parts_.diary.place_of(member, parts_.time.now());
  if (!place.member.consents_to(consent_kind::health_data)) throw meal_picture_consent_required();
  std::optional<detected_meal> seen;
  std::chrono::milliseconds pause{0};
  const integrations::still_allowed allowed = [&] { return may_show(member); };
  try {
    seen = co_await parts_.detector.correct(one.content->items, correction, deadline - reserve, allowed);
  } catch (const service_unavailable& away) {
    pause = away.retry_after.value_or(dependency().retry_after);
  }
  if (!seen || seen->items.empty()) throw meal_detection_unavailable(pause);
  intake before;
  const repositories::meals::change make = [&](meal& now) -> std::optional<store::events> {
    before = now.content->totals;
    replace_items(now, seen->items, correction, at);
    now.meal_type = type.value_or(now.meal_type);
    now.confidence = seen->confidence;
    now.doubts = doubts_about(seen->items, seen->confidence);
    now.is_verified = false;
    return change_of(now);
  };
  auto changed = co_await parts_.kept.update(member, id, make);
  if (!changed) throw meal_not_found();
  co_return corrected_meal{std::move(*changed), before};
}

// --- in the background ----------------------------------------------------------------------------------------------

task<std::size_t> photographs::catch_up(std::size_t most) {
  const auto waiting = co_await parts_.kept.waiting(parts_.time.now(), most);
  std::size_t settled = 0;
  for (const auto& one : waiting) {
    if (dependency().breaker == "open") break;
    const bool done = co_await catch_up_with(one);
    settled += done ? 1 : 0;
  }
  co_return settled;
}

task<bool> photographs::may_show(uuid member) {
  try {
    const auto place = co_await parts_.diary.place_of(member, parts_.time.now());
    co_return place.member.consents_to(consent_kind::health_data);
  } catch (const api_error& gone) {
    if (gone.code() != error_code::not_found) throw;
    co_return false;
  }
}

task<bool> photographs::catch_up_with(const meal& one) {
  question asked{.member = one.member_id, .meal = one.id, .background = true};
  asked.deadline = parts_.time.steady() + background_budget;
  std::string trouble;
  const bool allowed = co_await may_show(one.member_id);
  if (!allowed) {
    trouble = "consent_withdrawn";
  } else {
    asked.jpeg = co_await picture_of(one);
    if (asked.jpeg.empty()) trouble = "picture_lost";
  }
  std::optional<meal> settled;
  if (trouble.empty()) {
    settled = co_await settle(one, std::move(asked));
  } else {
    settled = co_await note_trouble(one, std::move(trouble), 0ms);
  }
  co_return settled && settled->detection != detection_state::pending;
}

task<void> photographs::forget(std::string image_key) { return parts_.objects.remove(std::move(image_key)); }

std::optional<std::string> photographs::url_of(const meal& one) const {
  if (!one.image_key) return std::nullopt;
  return parts_.objects.presign_get(*one.image_key, {.valid = url_life}).url;
}

}  // namespace nxg::meals

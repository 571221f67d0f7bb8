#include "services/telemetry/intake.hpp"

#include "models/sample_text.hpp"
#include "schema/json.hpp"
#include "services/api_error.hpp"
#include "services/live/floor_messages.hpp"
#include "services/machines/link_rules.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace nxg::samples {
namespace {

using namespace std::chrono_literals;

constexpr auto retry_soon = 100ms;
constexpr auto retry_later = 1'000ms;
constexpr std::size_t most_epochs = 4;

/// A small part of the 20 ms for which samples wait for the disk.
constexpr auto longest_rest = 1ms;

/// What a message says begins there.
std::int64_t lowest_seq(const parsed& message) {
  if (message.samples.empty()) return message.malformed.front().seq;
  if (message.malformed.empty()) return message.samples.front().seq;
  return std::min(message.samples.front().seq, message.malformed.front().seq);
}

void append_member(std::string& out, std::string_view start, const auto& id) {
  out += start;
  id.append_to(out);
}

ack answer_for(const epoch& of, const high_water& mark, std::vector<refusal> refused) {
  return {of.to_string(), mark.through(), std::move(refused), std::nullopt};
}

}  // namespace

intake::intake(machine_repository& machines, workout_repository& workouts, journal& into, live_channel& live,
               runtime::clock& time, runtime::random& random, telemetry::metrics& metrics, telemetry::logger log)
    : machines_{machines},
      workouts_{workouts},
      journal_{into},
      live_{live},
      time_{time},
      random_{random},
      log_{std::move(log)},
      accepted_{metrics.make_counter("nxg_samples_accepted_total", "Samples taken for the first time by this process")},
      flagged_{metrics.make_counter("nxg_samples_flagged_total", "Samples taken although something about them is odd")},
      refused_{metrics.make_counter("nxg_samples_refused_total", "Samples refused for good")},
      repeated_{metrics.make_counter("nxg_samples_repeated_total", "Samples that were sent again")},
      put_off_{metrics.make_counter("nxg_sample_messages_put_off_total",
                                    "Messages a machine was asked to send again later")} {}

task<std::shared_ptr<stream>> intake::open(uuid machine_id, executor where) {
  const auto found = co_await machines_.find(machine_id);
  if (!found) throw api_error{error_code::machine_not_found, "There is no such machine."};
  const auto limits = limits_of(found->class_, found->limits);
  auto state = states_.make(machine_id, limits);
  state->clock_offset_ms = found->clock_offset_ms.value_or(0);
  {
    const std::scoped_lock lock{state->mutex};
    state->use_limits(limits);
  }
  co_return std::make_shared<stream>(*this, machine_id, std::move(state), std::move(where));
}

task<ack> intake::take(uuid machine_id, std::string json) {
  namespace asio = boost::asio;
  const auto where = co_await asio::this_coro::executor;
  const auto one = co_await open(machine_id, where);
  auto message = parse_batch(json, one->clock_offset_ms());
  // Posted: an answer may be there before this coroutine has been put to sleep.
  auto offer = [one, where, message = std::move(message)]<class Handler>(Handler resume) mutable {
    one->offer(std::move(message), [where, handler = std::move(resume)](const ack& answered) mutable {
      asio::post(where,
                 [handler = std::move(handler), answered]() mutable { std::move(handler)(std::move(answered)); });
    });
  };
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(ack)>(std::move(offer),
                                                                                    asio::use_awaitable);
}

runtime::rests& intake::rests_of(const executor& where) {
  const std::scoped_lock lock{mutex_};
  const auto known = std::ranges::find(rests_, where, &runtime::rests::where);
  return known != rests_.end() ? *known : rests_.emplace_back(where, longest_rest);
}

void intake::measured_clock(const uuid& machine_id, std::int64_t offset_ms) {
  // Without a stream there is nobody to use it: the next one reads the machine.
  if (const auto state = states_.find(machine_id)) state->clock_offset_ms = offset_ms;
}

stream::stream(intake& through, uuid machine_id, std::shared_ptr<machine_state> state, executor where)
    : through_{through},
      machine_id_{machine_id},
      state_{std::move(state)},
      where_{std::move(where)},
      rests_{through.rests_of(where_)} {}

std::int64_t stream::clock_offset_ms() const { return state_->clock_offset_ms; }

void stream::offer(parsed message, answer then) {
  if (in_flight_ >= most_in_flight) {
    then(put_off(message, retry_soon));
    return;
  }
  ++in_flight_;
  rests_.served();
  // In the order they came in, also where a look-up holds them up: no answer may pass what is still under way.
  auto mark = begin_mark(message);
  pending one{std::move(message), std::move(then), std::move(mark)};
  if (looking_up_) {
    waiting_.push_back(std::move(one));
  } else {
    process(std::move(one));
  }
}

void stream::reply(answer then, const ack& answered) {
  --in_flight_;
  then(answered);
}

stream::shared_mark stream::known_mark(const epoch& of) const {
  const auto found = std::ranges::find(marks_, of, &std::pair<epoch, shared_mark>::first);
  return found == marks_.end() ? nullptr : found->second;
}

stream::shared_mark stream::begin_mark(const parsed& message) {
  const auto first = lowest_seq(message);
  if (auto known = known_mark(message.epoch)) {
    known->sent(first);
    return known;
  }
  static_assert(most_epochs > most_in_flight, "one of them is not under way");
  if (marks_.size() == most_epochs) {
    const auto unused = [](const auto& one) { return one.second.use_count() == 1; };
    marks_.erase(std::ranges::find_if(marks_, unused));
  }
  return marks_.emplace_back(message.epoch, std::make_shared<high_water>(first)).second;
}

ack stream::put_off(const parsed& message, std::chrono::milliseconds wait) {
  through_.put_off_.increment();
  const auto first = lowest_seq(message);
  const auto known = known_mark(message.epoch);
  if (known) known->sent(first);
  auto answered = answer_for(message.epoch, known ? *known : high_water{first}, {});
  answered.retry_after_ms = wait.count();
  return answered;
}

std::vector<uuid> stream::unknown_links(const parsed& message) const {
  std::vector<uuid> unknown;
  const auto now = through_.time_.now();
  const std::scoped_lock lock{state_->mutex};
  uuid last;
  for (const auto& one : message.samples) {
    if (one.link_id == last || one.link_id.is_nil()) continue;
    last = one.link_id;
    const auto* const holder = std::as_const(*state_).find_link(last);
    const bool known = holder != nullptr && now < holder->good_until;
    if (!known && std::ranges::find(unknown, last) == unknown.end()) unknown.push_back(last);
  }
  return unknown;
}

void stream::process(pending one) {
  if (!through_.journal_.accepts()) {
    reply(std::move(one.then), put_off(one.message, retry_later));
    return;
  }
  auto unknown = unknown_links(one.message);
  if (unknown.empty()) {
    finish(std::move(one));
    return;
  }
  looking_up_ = true;
  boost::asio::co_spawn(where_, look_up(std::move(one), std::move(unknown)), boost::asio::detached);
}

task<void> stream::look_up(pending one, std::vector<uuid> unknown) {
  const auto self = shared_from_this();
  bool failed = false;
  for (const auto& id : unknown) {
    const bool found_out = co_await look_up_link(id, one.links);
    if (!found_out) failed = true;
  }
  looking_up_ = false;
  if (failed) {
    reply(std::move(one.then), put_off(one.message, retry_later));
  } else {
    finish(std::move(one));
  }
  while (!waiting_.empty() && !looking_up_) {
    auto next = std::move(waiting_.front());
    waiting_.pop_front();
    process(std::move(next));
  }
}

/// False when the store could not say, and nothing is remembered of the link.
task<bool> stream::look_up_link(uuid link_id, looked_up_links& into) {
  constexpr auto good_for = 30s;
  try {
    const auto found = co_await links::holder_of(through_.workouts_, through_.machines_, machine_id_, link_id);
    const std::scoped_lock lock{state_->mutex};
    if (!found) {
      state_->forget_link(link_id);
      co_return true;
    }
    const link_holder holder{found->member_id, found->show, {}, through_.time_.now() + good_for};
    into.emplace_back(link_id, holder);
    state_->remember_link(link_id, holder);
    co_return true;
  } catch (const std::exception& error) {
    through_.log_.repeated(telemetry::log_level::warn, "a link could not be looked up", {{"error", error.what()}});
  }
  const std::scoped_lock lock{state_->mutex};
  co_return state_->find_link(link_id) != nullptr;
}

/// With the state locked.
link_holder* stream::holder_of(const uuid& link, looked_up_links& looked_up) const {
  if (link.is_nil()) return nullptr;
  if (auto* const known = state_->find_link(link)) return known;
  const auto found = std::ranges::find(looked_up, link, &looked_up_links::value_type::first);
  return found == looked_up.end() ? nullptr : &found->second;
}

void stream::enter_group(const epoch& epoch, const uuid& link) {
  if (!group_.line.empty() && group_.link_id == link && group_.epoch == epoch) return;
  group_ = {epoch, link, {}, {}};
  append_group(group_.line, {machine_id_, epoch}, link);
  append_member(group_.progress, R"(,"workoutId":")", link);
  append_member(group_.progress, R"(","machineId":")", machine_id_);
  append_member(group_.progress, R"(","epoch":")", epoch);
  group_.progress += R"(","samples":[)";
}

std::string stream::begin_progress(instant now) const {
  std::string json;
  json.reserve(768);
  append_member(json, R"({"id":")", uuid::version_7(now, through_.random_));
  json += R"(","at":)";
  schema::append_json(json, now);
  json += group_.progress;
  return json;
}

stream::sorted stream::sort_out(pending& one, const high_water& mark, instant now) {
  auto& message = one.message;
  sorted into;
  into.refused = std::move(message.malformed);
  const std::scoped_lock lock{state_->mutex};
  for (auto& sample : message.samples) {
    if (mark.is_done(sample.seq)) continue;
    auto* const holder = holder_of(sample.link_id, one.links);
    const bool known = sample.link_id.is_nil() || holder != nullptr;
    const auto judged = known ? state_->judge(message.epoch, sample) : verdict{refusal_codes::unknown_link, false};
    if (judged.refused) {
      into.refused.push_back({sample.seq, std::string{*judged.refused}});
      continue;
    }
    if (into.samples == 0 || sample.link_id != group_.link_id) {
      enter_group(message.epoch, sample.link_id);
      into.text += group_.line;
      if (holder != nullptr && holder->show && holder->renew_at <= now) {
        holder->renew_at = now + links::renewed_every;
        into.due.push_back(sample.link_id);
      }
    }
    append_line(into.text, sample);
    add_seq(into.kept, sample.seq);
    ++into.samples;
    if (!judged.fresh) continue;
    ++into.fresh;
    if (sample.flags != 0) ++into.flagged;
    if (holder == nullptr || !holder->show) continue;
    if (into.shown.empty() || into.shown.back().link_id != sample.link_id) {
      into.shown.push_back({sample.link_id, holder->member_id, begin_progress(now)});
    } else {
      into.shown.back().json += ',';
    }
    append_shown(into.shown.back().json, sample);
  }
  for (auto& each : into.shown) each.json += "]}";
  std::ranges::sort(into.refused, {}, &refusal::seq);
  return into;
}

void stream::count(const sorted& what, std::size_t sent) {
  through_.accepted_.increment(static_cast<double>(what.fresh));
  if (what.flagged > 0) through_.flagged_.increment(static_cast<double>(what.flagged));
  if (!what.refused.empty()) through_.refused_.increment(static_cast<double>(what.refused.size()));
  const auto repeated = sent - what.fresh - what.refused.size();
  if (repeated > 0) through_.repeated_.increment(static_cast<double>(repeated));
}

void stream::finish(pending one) {
  const auto now = through_.time_.now();
  auto& mark = *one.mark;
  const auto of = one.message.epoch;
  const auto sent = one.message.samples.size() + one.message.malformed.size();
  auto what = sort_out(one, mark, now);
  for (auto& each : what.shown)
    through_.live_.show<live::workout_progress_message>(each.member_id, std::move(each.json));
  count(what, sent);
  for (const auto& link : what.due)
    boost::asio::co_spawn(where_, renew(shared_from_this(), link, now + links::lives_for), boost::asio::detached);
  std::vector<seq_run> refused;
  for (const auto& bad : what.refused) add_seq(refused, bad.seq);
  mark.done(refused);
  if (what.kept.empty()) {
    reply(std::move(one.then), answer_for(of, mark, std::move(what.refused)));
    return;
  }
  auto& free = *std::ranges::find_if(flights_, [](const flight& each) { return !each.then; });
  free = {of, std::move(one.mark), std::move(what.kept), std::move(what.refused), std::move(one.then)};
  through_.journal_.append(
      what.text, static_cast<std::int64_t>(what.samples), where_,
      [self = shared_from_this(), &free](journal::outcome outcome) { self->written(free, outcome); });
}

void stream::written(flight& what, journal::outcome outcome) {
  const auto mark = std::move(what.mark);
  if (outcome == journal::outcome::durable) mark->done(what.kept);
  auto answered = answer_for(what.epoch, *mark, std::move(what.refused));
  if (outcome != journal::outcome::durable) answered.retry_after_ms = retry_later.count();
  reply(std::exchange(what.then, nullptr), answered);
}

task<void> stream::renew(std::shared_ptr<stream> self, uuid link_id, instant expires_at) {
  try {
    co_await self->through_.machines_.renew(self->machine_id_, link_id, expires_at);
  } catch (const std::exception& error) {
    // It is tried again with the next samples, well before the link runs out.
    self->through_.log_.repeated(telemetry::log_level::warn, "a link could not be renewed", {{"error", error.what()}});
  }
}

}  // namespace nxg::samples

#include "store/outbox.hpp"

#include "store/collection.hpp"
#include "store/delivery.hpp"
#include "store/evaluate.hpp"
#include "store/outbox_format.hpp"
#include "store/race.hpp"

#include "runtime/timer.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <deque>
#include <list>
#include <set>
#include <stdexcept>
#include <utility>

namespace nxg::store {

namespace asio = boost::asio;
using namespace detail;

declaration<dead_letter> declare(tag<dead_letter>) {
  return {.name = "deadLetters",
          .schema = 1,
          .shard = unsharded("few, or something is very wrong"),
          .owner = nobodys("what an operator has to look at; replayed or deleted within weeks"),
          .exported = not_exported("its consequences are, once replayed"),
          .erased = not_erased("handlers skip erased members when it is replayed"),
          .kept = kept_for<&dead_letter::died_at>(std::chrono::days{90}),
          .indexes = {index_of<dead_letter>("by_type").on<&dead_letter::type>().on<&dead_letter::died_at>()}};
}

namespace {

constexpr std::size_t swept_at_once = 100;
constexpr int settle_attempts = 20;
constexpr std::chrono::minutes look_again_at_unknown{1};
constexpr std::size_t longest_error = 500;
constexpr std::chrono::seconds last_wait{5};
constexpr std::chrono::minutes longest_drain{1};

using rules_pointer = std::shared_ptr<const collection_rules>;

struct document_key {
  rules_pointer rules;
  std::string id;
};

using key_pair = std::pair<std::string, std::string>;  // collection, id
key_pair text_of(const document_key& key) { return {key.rules->spec->name, key.id}; }

/// One document being delivered.
struct delivery {
  document_key key;
  instant claimed_until;
  bool again = false;  ///< something was written meanwhile
  asio::cancellation_signal stop;
};

/// What others say of an error may be no UTF-8, which no document holds.
std::string cut(const std::string& said) {
  auto text = schema::replace_bad_utf8(said);
  if (text.size() <= longest_error) return text;
  const auto continues = [&](std::size_t at) { return (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U; };
  std::size_t end = longest_error;
  while (end > 0 && continues(end)) --end;
  text.resize(end);
  return text;
}

std::string what_of(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& why) {
    return cut(why.what());
  } catch (...) {
    return "something that is no std::exception";
  }
}

bool is_cancellation(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const boost::system::system_error& why) {
    return why.code() == asio::error::operation_aborted;
  } catch (...) {
    return false;
  }
}

std::set<std::string> handled_by(const document_value& stored) {
  std::set<std::string> names;
  const document_value* list = value_at_path(stored, "handledBy");
  const auto* all = list ? list->get_if<document_value::array>() : nullptr;
  if (all) {
    for (const auto& one : *all) names.insert(*one.get_if<std::string>());
  }
  return names;
}

document_value::array list_of(const std::set<std::string>& names) { return {names.begin(), names.end()}; }

}  // namespace

struct dispatcher::state : std::enable_shared_from_this<state> {
  state(database& of, executor on, dispatch_options chosen)
      : base{&of},
        where{std::move(on)},
        options{chosen},
        access{of, "process " + uuid::version_7(of.clock().now(), of.random()).to_string()},
        dead_letters{of} {}

  database* base;
  executor where;
  dispatch_options options;
  outbox_access access;
  collection<dead_letter> dead_letters;
  std::map<std::string, event_route> routes;
  std::function<void(const dead_letter&)> alarm;
  std::function<void(const std::string&, const std::string&)> sweep_alarm;
  bool started = false;

  // Below: on `where` only.
  bool stopping = false;
  std::deque<document_key> waiting;
  std::set<key_pair> queued;
  std::map<key_pair, std::shared_ptr<delivery>> in_flight;
  std::list<std::shared_ptr<runtime::timer>> idle_waiters;
  asio::cancellation_signal stop_sweeping;
  bool sweeping = false;
  std::set<std::string> unswept;  ///< collections whose last sweep failed

  std::atomic<std::size_t> posted{0};
  std::atomic<std::uint64_t> delivered{0}, failed_tries{0}, dead{0}, swept{0}, failed_sweeps{0};
  std::atomic<std::size_t> waiting_now{0}, in_flight_now{0};

  // --- what is to be done -------------------------------------------------------------------------------------------

  /// From any thread. What does not fit is found by the sweep.
  void notify(const rules_pointer& rules, const std::string& id) {
    if (posted.fetch_add(1) >= options.queued) {
      posted.fetch_sub(1);
      return;
    }
    asio::post(where, [self = shared_from_this(), key = document_key{rules, id}]() mutable {
      self->posted.fetch_sub(1);
      self->enqueue(std::move(key));
      self->begin_waiting();
    });
  }

  bool enqueue(document_key key) {
    if (stopping) return false;
    const key_pair text = text_of(key);
    if (const auto working = in_flight.find(text); working != in_flight.end()) {
      working->second->again = true;
      return false;
    }
    if (waiting.size() >= options.queued || !queued.insert(text).second) return false;
    waiting.push_back(std::move(key));
    waiting_now = waiting.size();
    return true;
  }

  void begin_waiting() {
    while (!stopping && !waiting.empty() && in_flight.size() < options.in_flight) {
      auto one = std::make_shared<delivery>();
      one->key = std::move(waiting.front());
      waiting.pop_front();
      queued.erase(text_of(one->key));
      in_flight.emplace(text_of(one->key), one);
      asio::co_spawn(
          where, deliver(one),
          asio::bind_cancellation_slot(one->stop.slot(), [self = shared_from_this(), one](std::exception_ptr) {
            // What is thrown here is the store being away or the stop: the sweep comes back to it.
            self->in_flight.erase(text_of(one->key));
            self->begin_waiting();
            self->wake_idle();
          }));
    }
    waiting_now = waiting.size();
    in_flight_now = in_flight.size();
  }

  [[nodiscard]] bool idle() const { return waiting.empty() && in_flight.empty() && posted == 0; }

  void wake_idle() {
    in_flight_now = in_flight.size();
    if (!idle()) return;
    for (const auto& one : idle_waiters) one->cancel();
  }

  task<void> wait_until_idle(std::chrono::milliseconds within) {
    const steady_instant until = base->clock().steady() + within;
    while (!idle() && base->clock().steady() < until) {
      auto waiter = std::make_shared<runtime::timer>(where, base->clock());
      const auto position = idle_waiters.insert(idle_waiters.end(), waiter);
      // A posted notification has nobody to wake us when it is dropped, so look now and then.
      const std::chrono::milliseconds nap{posted > 0 ? 1 : 1'000};
      const auto leave = [this, position] { idle_waiters.erase(position); };
      try {
        co_await waiter->wait_until(std::min(until, base->clock().steady() + nap));
      } catch (...) {
        leave();
        throw;
      }
      leave();
    }
  }

  // --- one document -------------------------------------------------------------------------------------------------

  task<void> deliver(std::shared_ptr<delivery> one) {
    do {
      one->again = false;
      const bool more = co_await deliver_once(*one);
      if (more) one->again = true;
    } while (one->again && !stopping);
  }

  /// True where it has to be looked at again at once.
  task<bool> deliver_once(delivery& one) {
    auto seen = co_await access.read(one.key.rules, one.key.id);
    if (!seen || (seen->events.empty() && !seen->removed)) co_return false;
    const instant now = base->clock().now();
    if (seen->claimed_by != access.process() && seen->claimed_until > now) co_return false;
    std::vector<pending_event*> due = due_events(*seen, now);
    if (due.empty() && !seen->events.empty()) co_return false;
    // Until then other processes keep off without being told.
    one.claimed_until = seen->claimed_by == access.process() ? seen->claimed_until : implied_claim(due);
    if (one.claimed_until < now + left_to_writer / 2 && !co_await claim(one)) co_return false;
    std::map<std::string, settled> results;
    for (pending_event* event : due) {
      settled result = co_await handle(*event);
      results.emplace(event->info.id.to_string(), std::move(result));
    }
    co_return co_await settle_all(one, std::move(*seen), results);
  }

  /// Fresh events are due for the process that wrote them before they are due for a sweep.
  static std::vector<pending_event*> due_events(outbox_state& seen, instant now) {
    std::vector<pending_event*> due;
    for (auto& event : seen.events) {
      const bool fresh = !value_at_path(event.stored, "retryAt") && !value_at_path(event.stored, "notBefore");
      if (fresh || due_at(event.stored) <= now) due.push_back(&event);
    }
    return due;
  }

  static instant implied_claim(const std::vector<pending_event*>& due) {
    instant until = instant::max();
    for (const auto* event : due) until = std::min(until, due_at(event->stored));
    return due.empty() ? instant{} : until;
  }

  task<bool> claim(delivery& one) {
    const instant until = base->clock().now() + options.claim;
    if (!co_await access.claim(one.key.rules, one.key.id, until)) co_return false;
    one.claimed_until = until;
    co_return true;
  }

  /// True where something came in between, events that may be due among it.
  task<bool> settle_all(delivery& one, outbox_state seen, const std::map<std::string, settled>& results) {
    for (int attempt = 0; attempt < settle_attempts; ++attempt) {
      if (co_await access.settle(one.key.rules, one.key.id, seen, results)) co_return attempt > 0;
      auto now_there = co_await access.read(one.key.rules, one.key.id);
      if (!now_there) co_return false;
      seen = std::move(*now_there);
    }
    co_return false;
  }

  // --- one event ----------------------------------------------------------------------------------------------------

  task<settled> handle(pending_event& event) {
    const auto route = routes.find(event.info.type);
    const bool declared = route != routes.end() || is_declared(event.info.type);
    std::optional<document_value> payload;
    if (route != routes.end()) payload = payload_of(event.stored, route->second.type);
    if (!declared || (route != routes.end() && !payload)) {
      // From a newer program: one of that version will take it.
      event.stored.set("retryAt", base->clock().now() + look_again_at_unknown);
      co_return settled{false, event.stored};
    }
    std::set<std::string> done = handled_by(event.stored);
    std::string failure_text;
    if (route != routes.end()) failure_text = co_await call_handlers(route->second, *payload, event.info, done);
    if (failure_text.empty()) {
      delivered.fetch_add(1);
      co_return settled{true, {}};
    }
    failed_tries.fetch_add(1);
    co_return co_await failed_once(event, done, std::move(failure_text));
  }

  /// Calls those that have not taken it; the text of the last failure, empty: none.
  task<std::string> call_handlers(const event_route& route, const document_value& payload, const event_info& info,
                                  std::set<std::string>& done) {
    std::string failure_text;
    for (const auto& handler : route.handlers) {
      if (done.contains(handler.name)) continue;
      const std::string refused = co_await call(handler, payload, info);
      if (refused.empty()) {
        done.insert(handler.name);
      } else {
        failure_text = handler.name + ": " + refused;
      }
    }
    co_return failure_text;
  }

  task<std::string> call(const named_handler& handler, const document_value& payload, const event_info& info) {
    race_result first;
    try {
      first = co_await race(handler.call(payload, info), runtime::sleep_for(base->clock(), options.handler_time_out));
    } catch (...) {
      first = {true, std::current_exception()};  // it threw before it was a coroutine
    }
    if (!first.work_ended) co_return std::string{"took longer than its time"};
    if (!first.thrown) co_return std::string{};
    // The dispatcher is being stopped: no fault of the handler, the event stays as it was.
    const auto cancelled = co_await asio::this_coro::cancellation_state;
    if (is_cancellation(first.thrown) && cancelled.cancelled() != asio::cancellation_type::none)
      std::rethrow_exception(first.thrown);
    co_return what_of(first.thrown);
  }

  task<settled> failed_once(pending_event& event, const std::set<std::string>& done, std::string failure_text) {
    const int tries = event.info.delivery;
    document_value& stored = event.stored;
    stored.set("tries", std::int64_t{tries});
    stored.set("handledBy", list_of(done));
    stored.set("lastError", failure_text);
    stored.set("retryAt", base->clock().now() + pause_after(tries));
    if (tries < options.tries) co_return settled{false, stored};
    co_await bury(event, done, std::move(failure_text));
    co_return settled{true, {}};
  }

  std::chrono::milliseconds pause_after(int tries) const {
    const double full = static_cast<double>(options.first_retry.count()) * std::pow(2.0, std::min(tries - 1, 30));
    const double longest = std::min(full, static_cast<double>(options.longest_retry.count()));
    return std::chrono::milliseconds{static_cast<std::int64_t>(longest * (0.5 + 0.5 * base->random().unit()))};
  }

  task<void> bury(const pending_event& event, const std::set<std::string>& done, std::string failure_text) {
    std::string payload;
    schema::json_sink sink{payload};
    schema::write_value(sink, *event.stored.find("payload"));
    dead_letter letter{.id = event.info.id.to_string(),
                       .type = event.info.type,
                       .schema = static_cast<int>(integer_at(event.stored, "schema")),
                       .collection = event.info.collection,
                       .document = event.info.document,
                       .sequence = event.info.sequence,
                       .at = event.info.at,
                       .payload = schema::any_json{std::move(payload)},
                       .tries = event.info.delivery,
                       .handled_by = {done.begin(), done.end()},
                       .last_error = std::move(failure_text),
                       .died_at = base->clock().now()};
    try {
      co_await dead_letters.insert(letter);
    } catch (const error& why) {
      if (!why.is(failure::duplicate)) throw;  // a duplicate: a process died between this and settling
    }
    dead.fetch_add(1);
    if (alarm) alarm(letter);
  }

  [[nodiscard]] bool is_declared(const std::string& type) const {
    return std::ranges::any_of(base->collections(), [&](const rules_pointer& rules) {
      return std::ranges::find(rules->events, type, &event_spec::name) != rules->events.end();
    });
  }

  // --- sweeping -----------------------------------------------------------------------------------------------------

  /// How many documents were found that nobody here was at. A collection that cannot be swept keeps no other from it:
  /// what it failed with is thrown at the end.
  task<std::size_t> sweep_once() {
    std::size_t found = 0;
    std::exception_ptr failed;
    for (const auto& rules : base->collections()) {
      if (!rules->spec->has_outbox) continue;
      std::exception_ptr thrown;
      try {
        co_await sweep_collection(rules, found);
      } catch (...) {
        thrown = std::current_exception();
      }
      if (thrown && is_cancellation(thrown)) std::rethrow_exception(thrown);
      note_sweep(rules->spec->name, thrown);
      if (thrown) failed = thrown;
    }
    if (failed) std::rethrow_exception(failed);
    co_return found;
  }

  task<void> sweep_collection(rules_pointer rules, std::size_t& found) {
    const due_documents due = co_await access.due(rules, swept_at_once);
    for (const auto& id : due.ids) {
      const document_key key{rules, id};
      if (in_flight.contains(text_of(key)) || !enqueue(key)) continue;
      ++found;
      swept.fetch_add(1);
    }
    begin_waiting();
    if (due.unreadable) std::rethrow_exception(due.unreadable);
  }

  /// Told once, not once a second.
  void note_sweep(const std::string& name, const std::exception_ptr& thrown) {
    if (!thrown) {
      unswept.erase(name);
      return;
    }
    failed_sweeps.fetch_add(1);
    if (unswept.insert(name).second && sweep_alarm) sweep_alarm(name, what_of(thrown));
  }

  /// Handlers that take long keep their document.
  task<void> renew_claims() {
    const instant soon = base->clock().now() + std::max(options.claim / 3, left_to_writer);
    std::vector<std::shared_ptr<delivery>> ending;
    for (const auto& [text, one] : in_flight) {
      if (one->claimed_until != instant{} && one->claimed_until < soon) ending.push_back(one);
    }
    for (const auto& one : ending) {
      const instant until = base->clock().now() + options.claim;
      try {
        if (co_await access.claim(one->key.rules, one->key.id, until)) one->claimed_until = until;
      } catch (const error&) {
        // The others have claims that end too; this one is tried again.
      }
    }
  }

  task<void> sweep_for_ever() {
    for (;;) {
      co_await runtime::sleep_for(base->clock(), options.sweep_every);
      try {
        co_await renew_claims();
        co_await sweep_once();
      } catch (...) {
        if (is_cancellation(std::current_exception())) throw;  // stopped
        // The store is away, or something in it cannot be read; it is asked again.
      }
    }
  }

  // --- what others ask for; on `where` ------------------------------------------------------------------------------

  task<void> stop_within(std::chrono::milliseconds within) {
    stopping = true;
    waiting.clear();
    queued.clear();
    stop_sweeping.emit(asio::cancellation_type::all);
    co_await wait_until_idle(within);
    cut_off();
    co_await wait_until_idle(last_wait);
  }

  void cut_off() {
    stopping = true;
    stop_sweeping.emit(asio::cancellation_type::all);
    const auto still = in_flight;
    for (const auto& [text, one] : still) one->stop.emit(asio::cancellation_type::all);
  }

  task<void> drain_all() {
    std::size_t found = 0;
    do {
      co_await wait_until_idle(longest_drain);
      found = co_await sweep_once();
      // While we looked, the regular sweep may have begun what we then no longer found.
    } while (found > 0 || !in_flight.empty() || !waiting.empty());
  }

  task<bool> replay_letter(std::string id) {
    const dead_letter letter = co_await dead_letters.get(id);
    const auto route = routes.find(letter.type);
    if (route == routes.end())
      throw error{failure::unavailable, "nothing here handles events of type '" + letter.type + "'"};
    document_value stored{document_value::object{}};
    stored.set("schema", std::int64_t{letter.schema});
    stored.set("payload", schema::document_from_json(letter.payload.value()));
    const auto payload = payload_of(stored, route->second.type);
    if (!payload) throw error{failure::unavailable, "event '" + letter.type + "' is of a newer program"};
    std::set<std::string> done{letter.handled_by.begin(), letter.handled_by.end()};
    std::string failure_text = co_await call_handlers(route->second, *payload, info_of(letter), done);
    if (failure_text.empty()) {
      delivered.fetch_add(1);
      co_await dead_letters.remove(letter.id);
      co_return true;
    }
    const std::vector<std::string> names{done.begin(), done.end()};
    co_await dead_letters.update(letter.id, change<dead_letter>()
                                                .inc<&dead_letter::tries>(1)
                                                .set<&dead_letter::handled_by>(names)
                                                .set<&dead_letter::last_error>(failure_text));
    co_return false;
  }

  static event_info info_of(const dead_letter& letter) {
    return {.id = uuid::parse(letter.id).value_or(uuid{}),
            .type = letter.type,
            .collection = letter.collection,
            .document = letter.document,
            .sequence = letter.sequence,
            .at = letter.at,
            .delivery = letter.tries + 1};
  }
};

dispatcher::dispatcher(database& of, executor where, dispatch_options options)
    : state_{std::make_shared<state>(of, std::move(where), options)} {}

dispatcher::~dispatcher() {
  if (!state_->started) return;
  state_->base->on_events(nullptr);
  asio::post(state_->where, [self = state_] { self->cut_off(); });
}

void dispatcher::add(event_spec type, std::string name, raw_handler handler) {
  if (state_->started) throw std::logic_error{"handlers are added before the dispatcher starts"};
  event_route& route = state_->routes.try_emplace(type.name, event_route{type, {}}).first->second;
  if (route.type.type != type.type) throw std::logic_error{"two event types are named '" + type.name + "'"};
  if (std::ranges::find(route.handlers, name, &named_handler::name) != route.handlers.end()) {
    throw std::logic_error{"event '" + type.name + "' has two handlers named '" + name + "'"};
  }
  route.handlers.push_back({std::move(name), std::move(handler)});
}

void dispatcher::start() {
  state_->started = true;
  state_->base->on_events([weak = std::weak_ptr{state_}](const rules_pointer& rules, const std::string& id) {
    if (const auto self = weak.lock()) self->notify(rules, id);
  });
  asio::post(state_->where, [self = state_] {
    if (self->stopping) return;
    self->sweeping = true;
    asio::co_spawn(self->where, self->sweep_for_ever(),
                   asio::bind_cancellation_slot(self->stop_sweeping.slot(),
                                                [self](std::exception_ptr) { self->sweeping = false; }));
  });
}

task<void> dispatcher::stop(std::chrono::milliseconds within) {
  const auto self = state_;
  self->base->on_events(nullptr);
  co_await asio::co_spawn(self->where, self->stop_within(within), asio::use_awaitable);
}

task<void> dispatcher::drain() {
  const auto self = state_;
  co_await asio::co_spawn(self->where, self->drain_all(), asio::use_awaitable);
}

task<void> dispatcher::sweep() {
  const auto self = state_;
  co_await asio::co_spawn(self->where, self->sweep_once(), asio::use_awaitable);
}

task<bool> dispatcher::replay(std::string dead_letter_id) {
  const auto self = state_;
  co_return co_await asio::co_spawn(self->where, self->replay_letter(std::move(dead_letter_id)), asio::use_awaitable);
}

dispatch_figures dispatcher::figures() const {
  return {state_->delivered,     state_->failed_tries, state_->dead,         state_->swept,
          state_->failed_sweeps, state_->waiting_now,  state_->in_flight_now};
}

void dispatcher::on_dead_letter(std::function<void(const dead_letter&)> alarm) { state_->alarm = std::move(alarm); }

void dispatcher::on_failed_sweep(std::function<void(const std::string& collection, const std::string& why)> alarm) {
  state_->sweep_alarm = std::move(alarm);
}

}  // namespace nxg::store

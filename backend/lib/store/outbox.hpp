#pragma once

#include "runtime/clock.hpp"
#include "runtime/task.hpp"
#include "runtime/uuid.hpp"
#include "store/declare.hpp"
#include "store/engine.hpp"

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace nxg::store {

class database;

/// Domain events that are written with a document, in the same atomic write:
///
///   const visit_started started{.visit_id = v.id};
///   co_await visits.insert(v, emit(started));
///
/// An event type is a described struct with a name and a schema version, see `event_declaration`. The collection has to
/// declare what it carries. At most 64 undelivered events per document, then `busy`.
class events {
 public:
  struct entry {
    std::type_index type;
    document_value payload;
    std::optional<instant> not_before = {};
    std::optional<uuid> id = {};  ///< else a new one
  };

  template <class Event>
  events& add(const Event& payload, std::optional<instant> not_before = {}, std::optional<uuid> id = {}) {
    entries_.push_back({typeid(Event), schema::to_document_value(payload), not_before, id});
    return *this;
  }
  void append(events more);

  [[nodiscard]] bool empty() const noexcept { return entries_.empty(); }
  [[nodiscard]] const std::vector<entry>& entries() const noexcept { return entries_; }

 private:
  std::vector<entry> entries_;
};

template <class... Events>
[[nodiscard]] events emit(const Events&... payloads) {
  events made;
  (made.add(payloads), ...);
  return made;
}
/// An event that is delivered at `when` at the earliest.
template <class Event>
[[nodiscard]] events emit_at(instant when, const Event& payload) {
  events made;
  made.add(payload, when);
  return made;
}

/// What a handler is told beside the payload. The same event may come again, and events may come in another order.
struct event_info {
  uuid id;  ///< the same in every delivery: what `last_events` of a balance remembers
  std::string type;
  std::string collection;
  std::string document;       ///< id of the document it was written with
  std::int64_t sequence = 0;  ///< 1, 2, ... per document
  instant at;                 ///< when it was written
  int delivery = 1;           ///< 1 for the first try
};

/// How long an event is left to the process that wrote it, before a sweep of any process takes it up.
inline constexpr std::chrono::milliseconds left_to_writer{2'000};

struct dispatch_options {
  std::chrono::milliseconds sweep_every{1'000};
  std::chrono::milliseconds claim{30'000};  ///< how long other processes keep off; renewed while handlers run
  std::chrono::milliseconds handler_time_out{20'000};
  std::chrono::milliseconds first_retry{1'000};  ///< doubles with each try, at most `longest_retry`, with jitter
  std::chrono::milliseconds longest_retry{300'000};
  int tries = 12;              ///< then the event becomes a dead letter
  std::size_t in_flight = 32;  ///< documents handled at once
  std::size_t queued = 4'096;  ///< documents waiting for that; what does not fit is found by the sweep
};

/// Figures for metrics and health, since the start of the process.
struct dispatch_figures {
  std::uint64_t delivered = 0;
  std::uint64_t failed_tries = 0;
  std::uint64_t dead_letters = 0;
  std::uint64_t found_by_sweep = 0;
  std::uint64_t failed_sweeps = 0;  ///< of one collection
  std::size_t waiting = 0;          ///< documents queued here
  std::size_t in_flight = 0;
};

/// An event no handler could be brought to take. Collection `deadLetters`.
struct dead_letter {
  std::string id;  ///< of the event
  std::int64_t version = 0;
  std::string type;
  int schema = 1;  ///< of the payload
  std::string collection;
  std::string document;
  std::int64_t sequence = 0;
  instant at;
  schema::any_json payload;
  int tries = 0;
  std::vector<std::string> handled_by;  ///< handlers that took it
  std::string last_error;
  instant died_at;
};
BOOST_DESCRIBE_STRUCT(dead_letter, (),
                      (id, version, type, schema, collection, document, sequence, at, payload, tries, handled_by,
                       last_error, died_at))
declaration<dead_letter> declare(tag<dead_letter>);

/// Delivers the events of all collections of a database, at least once each.
///
/// What this process wrote is handled at once; what a process left behind (it stopped, it failed) is found by a sweep
/// and delivered under a claim that expires. A handler that throws, or takes longer than its time-out, is tried again
/// with growing pauses; handlers that took the event are not called again for it. Handlers set, never add.
class dispatcher {
 public:
  /// Uses the database's clock: a test that moves it moves retries too. Everything runs on `where`, a core of the
  /// process.
  dispatcher(database& of, executor where, dispatch_options options = {});
  ~dispatcher();
  dispatcher(const dispatcher&) = delete;
  dispatcher& operator=(const dispatcher&) = delete;

  using raw_handler = std::function<task<void>(const document_value& payload, const event_info&)>;

  /// `name` is stable and unique per event type: it is what progress is remembered by. Before `start`.
  template <class Event, class Handler>
    requires std::is_invocable_r_v<task<void>, Handler, const Event&, const event_info&>
  void on(std::string name, Handler handler) {
    auto shared = std::make_shared<Handler>(std::move(handler));
    add(event_of<Event>(), std::move(name), [shared](const document_value& payload, const event_info& info) {
      return deliver<Event>(shared, schema::read_document<Event>(payload), info);
    });
  }

  void start();
  /// Takes nothing new, waits for handlers at work (at most `within`; then they are cancelled and redelivered later).
  task<void> stop(std::chrono::milliseconds within);

  /// Returns when nothing is queued or in flight here and the store has no event due: for tests.
  task<void> drain();
  /// Looks for due events now. Throws what the sweep of a collection failed with, after the others were swept.
  task<void> sweep();

  /// Delivers a dead letter again to the handlers that have not taken it; removes it when all have. False when a
  /// handler failed again (its `last_error` and `tries` say more); `not_found` when there is none.
  task<bool> replay(std::string dead_letter_id);

  [[nodiscard]] dispatch_figures figures() const;
  /// Called for every event that becomes a dead letter, to alarm.
  void on_dead_letter(std::function<void(const dead_letter&)> alarm);
  /// Called when the events of a collection can no longer be looked for, once until they can again. Before `start`.
  void on_failed_sweep(std::function<void(const std::string& collection, const std::string& why)> alarm);

 private:
  template <class Event, class Handler>
  static task<void> deliver(std::shared_ptr<Handler> handler, Event payload, event_info info) {
    co_await (*handler)(payload, info);
  }
  void add(event_spec type, std::string name, raw_handler handler);

  struct state;
  std::shared_ptr<state> state_;
};

}  // namespace nxg::store

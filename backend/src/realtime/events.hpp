#pragma once

#include "runtime/uuid.hpp"
#include "services/live/catalogue.hpp"
#include "services/live/inbox.hpp"
#include "services/machines/upkeep.hpp"
#include "services/machines/views.hpp"
#include "services/telemetry/messages.hpp"
#include "services/visits/branch_floor.hpp"
#include "socketio/server.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What clients say over sockets, each with its payload and its acknowledgement. Whatever is refused is acknowledged
/// with a refusal (see `answers.hpp`).
namespace nxg::realtime {

struct done {
  bool success = true;
};
BOOST_DESCRIBE_STRUCT(done, (), (success))

struct token_message {
  std::string token;
};
BOOST_DESCRIBE_STRUCT(token_message, (), (token))

/// What a machine may say beside its token when it connects.
struct machine_handshake {
  /// Its clock, as in its heartbeats.
  std::optional<instant> at;
};
BOOST_DESCRIBE_STRUCT(machine_handshake, (), (at))

struct renewed {
  bool success = true;
  instant expires_at{};
};
BOOST_DESCRIBE_STRUCT(renewed, (), (success, expires_at))

/// What a member's device shows when it joins a namespace, beside its token.
struct joining_device {
  std::optional<schema::bounded<std::int64_t, 0, schema::max_integer>> after;
};
BOOST_DESCRIBE_STRUCT(joining_device, (), (after))

struct events_wanted {
  std::optional<schema::bounded<std::int64_t, 0, schema::max_integer>> cursor;
  std::optional<schema::bounded<std::int32_t, 1, static_cast<std::int32_t>(inbox_events)>> limit;
  static constexpr schema::note descriptions[] = {
      {"cursor", "Of the last event seen in this namespace; 0 or left out: all there is."},
      {"limit", "So many events at most; 100 when left out."}};
};
BOOST_DESCRIBE_STRUCT(events_wanted, (), (cursor, limit))

struct branch_choice {
  uuid branch_id;
};
BOOST_DESCRIBE_STRUCT(branch_choice, (), (branch_id))

struct branch_snapshot {
  std::vector<machine_availability> machines;
};
BOOST_DESCRIBE_STRUCT(branch_snapshot, (), (machines))

namespace says {

inline constexpr live::received<token_message, renewed> auth_renew{
    "auth:renew", "everyone", "A new token of the same account: the connection lives as long as that one."};

inline constexpr live::received<samples::single, samples::ack> telemetry{
    "telemetry", "machines", "One sample. The oldest the machine still keeps goes first."};
inline constexpr live::received<samples::batch, samples::ack> telemetry_batch{
    "telemetry:batch", "machines",
    "Up to 500 samples with rising seqs, 1 MiB at most, the oldest the machine still keeps first; two messages of "
    "samples under way at most."};
inline constexpr live::received<heartbeat_report, heartbeat_answer> heartbeat{
    "heartbeat", "machines",
    "A sign of life, every 15 s; after 45 s without one a machine counts as offline. The answer repeats the link, so "
    "that a lost `machine:linked` costs one heartbeat."};
inline constexpr live::received<upkeep_report, done> maintenance{
    "maintenance", "machines", "What is wrong with the machine, or being done to it."};

inline constexpr live::received<events_wanted, live::missed_events> events_after{
    "events:after", "people", "What came in this namespace after a cursor."};

inline constexpr live::received<branch_choice, branch_snapshot> branch_subscribe{
    "branch:subscribe", "people", "Watch a branch: its machines now, and `machine:status` from here on."};
inline constexpr live::received<branch_choice, done> branch_unsubscribe{"branch:unsubscribe", "people",
                                                                        "Watch it no more."};

inline constexpr live::received<branch_choice, floor_view> floor_watch{
    "floor:watch", "staff of the branch and admins",
    "Watch the floor of a branch: who is where now, and every change from here on. What the machines themselves do is "
    "in `/machines` (`branch:subscribe`)."};
inline constexpr live::received<branch_choice, done> floor_unwatch{"floor:unwatch", "staff and admins",
                                                                   "Watch it no more."};

}  // namespace says

/// To a device that said what it has seen, when what came after that is no more to be had.
inline constexpr std::string_view gap_event = "events:gap";

/// A namespace whose events are in the catalogue: it takes what is declared, and nothing else.
class declared_namespace {
 public:
  declared_namespace(socketio::name_space& in, live::catalogue& into);

  template <class Payload, class Answer, class Handler>
  void on(const live::received<Payload, Answer>& what, Handler handler) {
    into_.add(in_.name(), what);
    in_.on(std::string{what.name}, std::move(handler));
  }
  /// See `name_space::at_first_look`; the event is one of `on` as well.
  template <class Payload, class Answer>
  void at_first_look(const live::received<Payload, Answer>& what, socketio::first_look handler) {
    in_.at_first_look(what.name, std::move(handler));
  }
  /// An event of the server's that is about the connection itself.
  template <class Payload>
  void may_say(std::string_view name, std::string_view text) {
    into_.add({.channel = in_.name(),
               .name = std::string{name},
               .text = std::string{text},
               .who = "this connection",
               .payload = &live::payload_schema<Payload>});
  }

 private:
  socketio::name_space& in_;
  live::catalogue& into_;
};

}  // namespace nxg::realtime

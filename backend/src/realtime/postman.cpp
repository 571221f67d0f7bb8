#include "realtime/postman.hpp"

#include "realtime/events.hpp"
#include "runtime/timer.hpp"
#include "schema/json.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace nxg::realtime {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view topic = "inboxes";
/// How often inboxes are read while nobody says that they changed.
constexpr auto look_every = 2s;
constexpr auto first_retry = 250ms;
constexpr auto longest_retry = 5'000ms;
constexpr std::size_t most_waiting = 8'192;
constexpr std::size_t most_on_bus = 64 * 1024;

/// On the bus.
struct letter {
  uuid member;
  inbox_event event;
};
BOOST_DESCRIBE_STRUCT(letter, (), (member, event))

struct device {
  std::weak_ptr<socketio::socket> socket;
  std::string id;
  std::string channel;
  /// All up to here was sent.
  std::int64_t seen = 0;
  /// The inbox was looked at since it came: what it says it has seen was true, or it was told.
  bool settled = false;
};

struct household {
  std::vector<device> devices;
  bool reading = false;
  /// Something happened since the inbox was asked for.
  bool again = false;
};

}  // namespace

struct postman::state : std::enable_shared_from_this<state> {
  state(executor on, coordination::coordinator& with, live::inbox_service& kept, runtime::clock& clock,
        telemetry::logger lines)
      : where{std::move(on)}, shared{with}, inboxes{kept}, time{clock}, log{std::move(lines)}, timer{where, clock} {}

  executor where;
  coordination::coordinator& shared;
  live::inbox_service& inboxes;
  runtime::clock& time;
  telemetry::logger log;
  // On `where` only.
  runtime::timer timer;
  std::unordered_map<uuid, household> members;
  std::unique_ptr<coordination::subscription> subscribed;
  bool was_degraded = false;
  bool stopped = false;

  void begin() {
    subscribed = shared.bus().subscribe(
        topic, where,
        [weak = weak_from_this()](const coordination::delivery& came) {
          if (const auto self = weak.lock()) self->heard(came);
        },
        most_waiting);
    look_later();
  }

  void look_later() {
    if (stopped) return;
    timer.async_wait(time.steady() + look_every, [weak = weak_from_this()](bool due) {
      const auto self = weak.lock();
      if (!self || !due) return;
      const bool degraded = self->shared.degraded();
      // Once more when it is over: what was said meanwhile did not get here.
      if (degraded || self->was_degraded) self->look_at_all();
      self->was_degraded = degraded;
      self->look_later();
    });
  }

  void look_at_all() {
    for (auto& [member, home] : members) read(member, home);
  }

  void heard(const coordination::delivery& came) {
    if (came.gap) look_at_all();
    if (!came.payload) return;
    letter got;
    if (const auto wrong = schema::read_json(*came.payload, got, schema::unknown::ignored); !wrong.empty()) {
      log.repeated(telemetry::log_level::warn, "a message about an inbox makes no sense", {});
      return;
    }
    const auto found = members.find(got.member);
    if (found != members.end()) deliver(got.member, found->second, got.event);
  }

  void deliver(const uuid& member, household& home, const inbox_event& what) {
    if (home.reading) {
      home.again = true;
      return;
    }
    const auto follows = [&](const device& one) { return one.seen >= what.cursor - 1; };
    const bool whole = !what.data.empty();
    if (!whole || !std::ranges::all_of(home.devices, follows)) return read(member, home);
    for (auto& one : home.devices) hand_over(one, what);
  }

  static void hand_over(device& to, const inbox_event& what) {
    if (what.cursor <= to.seen) return;
    to.seen = what.cursor;
    if (what.channel != to.channel) return;
    if (const auto socket = to.socket.lock())
      socket->emit(what.event, socketio::payload{live::with_cursor(what.data, what.cursor)});
  }

  void read(const uuid& member, household& home) {
    home.again = true;
    if (home.reading || stopped) return;
    home.reading = true;
    boost::asio::co_spawn(where, read_until_quiet(shared_from_this(), member), boost::asio::detached);
  }

  static task<> read_until_quiet(std::shared_ptr<state> self, uuid member) {
    auto pause = std::chrono::milliseconds{first_retry};
    while (!self->stopped) {
      auto found = self->members.find(member);
      if (found == self->members.end()) co_return;
      if (!found->second.again || found->second.devices.empty()) {
        found->second.reading = false;
        if (found->second.devices.empty()) self->members.erase(found);
        co_return;
      }
      found->second.again = false;
      bool failed = false;
      std::optional<inbox> all;
      try {
        all = co_await self->inboxes.find(member);
      } catch (const std::exception& error) {
        failed = true;
        self->log.repeated(telemetry::log_level::warn, "an inbox could not be read", {{"error", error.what()}});
      }
      found = self->members.find(member);
      if (found == self->members.end()) co_return;
      if (failed) {
        found->second.again = true;
        co_await runtime::sleep_for(self->time, pause);
        pause = std::min<std::chrono::milliseconds>(pause * 2, longest_retry);
        continue;
      }
      pause = first_retry;
      for (auto& one : found->second.devices) catch_up(one, all);
    }
  }

  static void catch_up(device& to, const std::optional<inbox>& with) {
    // Read before its last event was written: somebody else's store is a little behind.
    if (to.settled && (with ? with->cursor : 0) < to.seen) return;
    to.settled = true;
    const auto missed = live::missed_in(with, to.seen, to.channel, inbox_events);
    const auto socket = to.socket.lock();
    if (!socket) return;
    if (missed.gap) socket->emit(gap_event, socketio::payload{schema::to_json(*missed.gap)});
    for (const auto& one : missed.events) socket->emit(one.event, socketio::payload{one.data.value()});
    to.seen = missed.cursor;
  }

  void came(device one, const uuid& member) {
    if (stopped) return;
    auto& home = members[member];
    home.devices.push_back(std::move(one));
    read(member, home);
  }

  void left(const std::string& id, const uuid& member) {
    const auto found = members.find(member);
    if (found == members.end()) return;
    std::erase_if(found->second.devices, [&](const device& one) { return one.id == id; });
    if (found->second.devices.empty() && !found->second.reading) members.erase(found);
  }

  void end() {
    stopped = true;
    timer.cancel();
    subscribed.reset();
    members.clear();
  }
};

postman::postman(executor where, coordination::coordinator& shared, live::inbox_service& inboxes, runtime::clock& time,
                 telemetry::logger log)
    : state_{std::make_shared<state>(std::move(where), shared, inboxes, time, std::move(log))} {}

postman::~postman() = default;

void postman::start() {
  boost::asio::post(state_->where, [self = state_] { self->begin(); });
}

void postman::stop() {
  boost::asio::post(state_->where, [self = state_] { self->end(); });
}

void postman::came(const std::shared_ptr<socketio::socket>& device_of, const uuid& member, std::int64_t seen) {
  device one{device_of, device_of->id(), device_of->of().name(), seen};
  boost::asio::post(state_->where,
                    [self = state_, one = std::move(one), member]() mutable { self->came(std::move(one), member); });
}

void postman::left(const socketio::socket& device_of, const uuid& member) {
  boost::asio::post(state_->where, [self = state_, id = device_of.id(), member] { self->left(id, member); });
}

void postman::announce(const uuid& member, inbox_event what) {
  // A big one is read from the inbox by those who need it.
  if (what.data.size() > most_on_bus) what.data.clear();
  state_->shared.bus().publish(topic, schema::to_json(letter{member, std::move(what)}));
}

}  // namespace nxg::realtime

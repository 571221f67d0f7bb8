#include "realtime/connections.hpp"

#include "realtime/answers.hpp"
#include "realtime/farewells.hpp"
#include "runtime/timer.hpp"
#include "schema/json.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <map>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

namespace nxg::realtime {
std::chrono::milliseconds message_allowance::take(steady_instant now) {
  if (at_) {
    left_ = std::min(pace_.burst, left_ + std::chrono::duration<double>(now - *at_).count() * pace_.per_second);
  }
  at_ = now;
  left_ -= 1;
  if (left_ >= 1) return std::chrono::milliseconds{0};
  return std::chrono::milliseconds{static_cast<std::int64_t>((1 - left_) / pace_.per_second * 1'000) + 1};
}

connection& connection_of(socketio::socket& socket) { return *socket.data_as<shared_connection>(); }

void begin_watch(socketio::socket& socket, const std::string& room) {
  socket.join(room);
  ++connection_of(socket).watches[room].under_way;
}

void settle_watch(socketio::socket& socket, const std::string& room, bool granted) {
  auto& watches = connection_of(socket).watches;
  const auto found = watches.find(room);
  // Ended by the client meanwhile.
  if (found == watches.end()) return;
  auto& [under_way, is_granted] = found->second;
  if (under_way > 0) --under_way;
  if (granted) is_granted = true;
  if (under_way == 0 && !is_granted) end_watch(socket, room);
}

void end_watch(socketio::socket& socket, const std::string& room) {
  connection_of(socket).watches.erase(room);
  socket.leave(room);
}

struct token_watch::state : std::enable_shared_from_this<state> {
  state(executor on, runtime::clock& clock, revocation_list& list, std::size_t most)
      : where{std::move(on)}, time{clock}, revocations{list}, most_of_one{most}, timer{where, clock} {}

  struct entry {
    std::weak_ptr<socketio::socket> socket;
    uuid principal;
    uuid session;
    instant expires_at{};
    instant issued_at{};
  };

  executor where;
  runtime::clock& time;
  revocation_list& revocations;
  const std::size_t most_of_one;
  runtime::timer timer;  // on `where` only
  std::mutex mutex;
  std::unordered_map<std::string, entry> sockets;
  std::unordered_map<uuid, std::size_t> held;  // by principal
  std::multimap<instant, std::string> by_expiry;
  bool stopped = false;

  static void end(const std::vector<entry>& those, farewell why) {
    for (const auto& one : those) {
      if (const auto socket = one.socket.lock()) part(*socket, why);
    }
  }

  /// False where its principal has too many already: nothing is kept of it then.
  bool put(const std::string& id, entry one) {
    bool earliest = false;
    {
      const std::scoped_lock lock{mutex};
      take_out(id);
      auto& of_principal = held[one.principal];
      if (of_principal >= most_of_one) return false;
      ++of_principal;
      const auto place = by_expiry.emplace(one.expires_at, id);
      earliest = place == by_expiry.begin();
      sockets.insert_or_assign(id, std::move(one));
    }
    if (earliest) boost::asio::post(where, [self = shared_from_this()] { self->arm(); });
    return true;
  }

  /// Under the mutex.
  void take_out(const std::string& id) {
    const auto found = sockets.find(id);
    if (found == sockets.end()) return;
    const auto [begin, finish] = by_expiry.equal_range(found->second.expires_at);
    const auto place = std::find_if(begin, finish, [&](const auto& one) { return one.second == id; });
    if (place != finish) by_expiry.erase(place);
    drop(found);
  }

  /// Under the mutex.
  entry drop(std::unordered_map<std::string, entry>::iterator place) {
    auto gone = std::move(place->second);
    sockets.erase(place);
    const auto of_principal = held.find(gone.principal);
    if (--of_principal->second == 0) held.erase(of_principal);
    return gone;
  }

  void arm() {
    std::optional<instant> next;
    {
      const std::scoped_lock lock{mutex};
      if (!stopped && !by_expiry.empty()) next = by_expiry.begin()->first;
    }
    if (!next) return;
    const auto wait = std::max(*next - time.now(), std::chrono::milliseconds{0});
    timer.async_wait(time.steady() + wait, [weak = weak_from_this()](bool due) {
      const auto self = weak.lock();
      if (!self || !due) return;
      self->expire();
      self->arm();
    });
  }

  void expire() {
    std::vector<entry> ended;
    {
      const std::scoped_lock lock{mutex};
      const auto now = time.now();
      while (!by_expiry.empty() && by_expiry.begin()->first <= now) {
        const auto found = sockets.find(by_expiry.begin()->second);
        if (found != sockets.end()) ended.push_back(drop(found));
        by_expiry.erase(by_expiry.begin());
      }
    }
    end(ended, farewell::token_expired);
  }

  void revoke(const revocation& made) {
    std::vector<entry> ended;
    {
      const std::scoped_lock lock{mutex};
      std::vector<std::string> ids;
      for (const auto& [id, one] : sockets) {
        const bool meant = made.what == revoked_thing::session
                               ? one.session == made.subject
                               : one.principal == made.subject && one.issued_at <= made.revoked_at;
        if (meant) ids.push_back(id);
      }
      for (const auto& id : ids) {
        ended.push_back(sockets.at(id));
        take_out(id);
      }
    }
    end(ended, farewell::token_revoked);
  }
};

token_watch::token_watch(executor where, runtime::clock& time, revocation_list& revocations, std::size_t most_of_one)
    : state_{std::make_shared<state>(std::move(where), time, revocations, most_of_one)} {
  revocations.on_revoked([weak = std::weak_ptr{state_}](const revocation& made) {
    if (const auto self = weak.lock()) self->revoke(made);
  });
}

token_watch::~token_watch() = default;

void token_watch::watch(const std::shared_ptr<socketio::socket>& socket, const token_principal& who) {
  if (!state_->put(socket->id(), {socket, who.id, who.session, who.expires_at, who.issued_at}))
    return part(*socket, farewell::too_many_sockets);
  // It may have ended while a renewal was looked at: nobody would take it out again.
  if (!socket->connected()) return forget(socket->id());
  // Between looking at the token and now it may have been revoked, when nobody knew of this socket.
  if (state_->revocations.revoked(who.session, who.id, who.issued_at)) {
    forget(socket->id());
    part(*socket, farewell::token_revoked);
  }
}

void token_watch::forget(const std::string& socket_id) {
  const std::scoped_lock lock{state_->mutex};
  state_->take_out(socket_id);
}

void token_watch::stop() {
  {
    const std::scoped_lock lock{state_->mutex};
    state_->stopped = true;
  }
  boost::asio::post(state_->where, [self = state_] { self->timer.cancel(); });
}

task<shared_principal> principal_of(token_service& tokens, std::size_t core, std::string json) {
  auto message = schema::from_json<token_message>(json, schema::unknown::ignored);
  if (auto known = tokens.recall(core, message.token)) co_return known;
  co_return co_await tokens.verify(core, std::move(message.token));
}

namespace {

/// Handlers of one namespace; alive as long as the namespace.
class renewal {
 public:
  renewal(token_service& tokens, token_watch& watch, telemetry::logger log)
      : tokens_{tokens}, watch_{watch}, log_{std::move(log)} {}

  task<> renew(std::shared_ptr<socketio::socket> socket, socketio::event_args args) const {
    std::string answer;
    try {
      auto who = co_await principal_of(tokens_, socket->core(), std::string{args[0]});
      auto& known = connection_of(*socket);
      if (who->id != known.who->id || who->role != known.who->role)
        throw forbidden("The new token must be of the same account.");
      known.who = who;
      watch_.watch(socket, *who);
      answer = schema::to_json(renewed{true, who->expires_at});
    } catch (...) {
      answer = refusal_json(std::current_exception(), log_);
    }
    args.ack(answer);
  }

 private:
  token_service& tokens_;
  token_watch& watch_;
  telemetry::logger log_;
};

}  // namespace

void add_renewal(declared_namespace& to, token_service& tokens, token_watch& watch, telemetry::logger log) {
  const auto shared = std::make_shared<const renewal>(tokens, watch, std::move(log));
  to.on(says::auth_renew, [shared](std::shared_ptr<socketio::socket> socket, socketio::event_args args) {
    return shared->renew(std::move(socket), std::move(args));
  });
}

}  // namespace nxg::realtime

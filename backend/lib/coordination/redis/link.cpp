#include "coordination/redis/link.hpp"

#include "coordination/redis.hpp"
#include "resilience/one_shot.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/redis/connection.hpp>

#include <algorithm>
#include <utility>

namespace nxg::coordination::redis {

namespace asio = boost::asio;
namespace driver = boost::redis;
using boost::system::error_code;
using std::chrono::steady_clock;

namespace {

/// How often time-outs are looked for: a part of the shortest of them.
constexpr int looks_per_timeout = 4;
constexpr auto silent = asio::as_tuple(asio::use_awaitable);

driver::config config_of(const link_settings& settings) {
  driver::config result;
  const auto& server = settings.server;
  result.use_ssl = server.tls;
  result.addr = {server.host, server.port};
  // Boost.Redis leaves the password out when the user is empty.
  result.username = server.user.empty() ? "default" : server.user;
  result.password = server.password;
  result.clientname = "nxg-connect";
  // Selected in `prepare`, where its error can be told from a wrong password.
  result.database_index = std::nullopt;
  result.resolve_timeout = settings.connect_timeout;
  result.connect_timeout = settings.connect_timeout;
  result.ssl_handshake_timeout = settings.connect_timeout;
  // Ours is `watch`. Not switched off: then Boost.Redis forgets that the greeting was refused.
  result.health_check_interval = std::chrono::hours{24};
  result.reconnect_wait_interval = std::chrono::seconds::zero();
  return result;
}

}  // namespace

/// Takes pushes apart as they are read, so that nothing gathers.
class push_reader {
 public:
  explicit push_reader(const link::hooks& to) : to_{to} {}

  void operator()(const driver::resp3::node_view& node) {
    if (node.depth == 0) part_ = 0;
    if (node.depth != 1) return;
    switch (part_++) {
      case 0:
        plain_ = node.value == "message";
        by_pattern_ = node.value == "pmessage";
        break;
      case 1: (by_pattern_ ? pattern_ : channel_) = node.value; break;
      case 2:
        if (plain_) to_.message(channel_, node.value, {});
        channel_ = node.value;
        break;
      case 3:
        if (by_pattern_) to_.message(channel_, node.value, pattern_);
        break;
      default: break;
    }
  }

 private:
  const link::hooks& to_;
  int part_ = 0;
  bool plain_ = false;
  bool by_pattern_ = false;
  std::string channel_;
  std::string pattern_;
};

struct push_adapter {
  push_reader* into;
  void operator()(std::size_t, const driver::resp3::node_view& node, error_code&) const { (*into)(node); }
  [[nodiscard]] static std::size_t get_supported_response_size() noexcept {
    return std::numeric_limits<std::size_t>::max();
  }
};

/// Found by Boost.Redis through the argument.
push_adapter boost_redis_adapt(push_reader& into) { return {&into}; }

asio::ssl::context make_tls(const link_settings& settings) {
  asio::ssl::context result{asio::ssl::context::tls_client};
  result.set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                     asio::ssl::context::no_tlsv1_1);
  if (!settings.server.tls) return result;
  error_code failed;
  if (settings.authorities_file.empty()) {
    result.set_default_verify_paths(failed);
  } else {
    result.load_verify_file(settings.authorities_file, failed);
  }
  if (failed) {
    throw redis_unusable{settings.authorities_setting + ": '" + settings.authorities_file +
                         "' holds no certificates that can be read"};
  }
  result.set_verify_mode(asio::ssl::verify_peer);
  result.set_verify_callback(asio::ssl::host_name_verification{settings.server.host});
  return result;
}

link::link(asio::io_context& context, runtime::random& random, link_settings settings, hooks to)
    : context_{context},
      random_{random},
      settings_{std::move(settings)},
      to_{std::move(to)},
      pushes_{std::make_unique<push_reader>(to_)},
      ended_{context},
      resting_{context},
      ticking_{context} {}

link::~link() = default;

void link::start() {
  asio::co_spawn(context_, keep(), asio::detached);
  asio::co_spawn(context_, watch(), asio::detached);
}

void link::stop() {
  stopped_ = true;
  resting_.cancel();
  ticking_.cancel();
  drop({false, "the process is ending"});
}

task<void> link::keep() {
  const auto self = shared_from_this();
  while (!stopped_) {
    co_await attempt();
    if (stopped_) break;
    to_.down(why_);
    resting_.expires_after(pause_before(++failures_));
    co_await resting_.async_wait(silent);
  }
}

std::chrono::milliseconds link::pause_before(unsigned attempt) {
  auto pause = settings_.first_pause;
  for (unsigned i = 1; i < attempt && pause < settings_.longest_pause; ++i) pause *= 2;
  pause = std::min(pause, settings_.longest_pause);
  // Not all processes at once at a server that has just come back.
  return pause / 2 + std::chrono::milliseconds{random_.below(static_cast<std::uint64_t>(pause.count() / 2 + 1))};
}

std::shared_ptr<driver::connection> link::make_connection() {
  auto made = std::make_shared<driver::connection>(context_.get_executor(), make_tls(settings_));
  made->set_receive_response(*pushes_);
  if (settings_.server.tls) {
    // The name the certificate is chosen by; Boost.Redis does not send it.
    SSL_set_tlsext_host_name(made->next_layer().native_handle(), settings_.server.host.c_str());
  }
  return made;
}

task<void> link::attempt() {
  why_ = {};
  try {
    connection_ = make_connection();
  } catch (const std::exception& error) {
    why_ = {false, error.what()};
    co_return;
  }
  const auto over = connection_;
  ended_.expires_at(steady_clock::time_point::max());
  asio::steady_timer limit{context_, settings_.connect_timeout};
  limit.async_wait([self = shared_from_this(), over](error_code cancelled) {
    if (cancelled || self->connection_ != over || self->up()) return;
    const auto& server = self->settings_.server;
    self->drop({false, self->settings_.url_setting + ": " + server.text() + " did not answer" +
                           (server.tls ? "; redis:// is without TLS" : "")});
  });
  receive(over);
  asio::co_spawn(context_, get_ready(over), asio::detached);
  over->async_run(config_of(settings_), driver::logger{driver::logger::level::disabled},
                  [self = shared_from_this(), over](error_code error) {
                    if (self->connection_ == over) self->drop(self->explain(error));
                  });
  // Not the end of async_run: an exception inside its reader would keep that from coming.
  while (connection_ == over) co_await ended_.async_wait(silent);
}

/// Queued before the greeting, which Boost.Redis sends first whatever waits.
task<void> link::get_ready(std::shared_ptr<driver::connection> over) {
  const auto self = shared_from_this();
  trouble failed;
  bool unanswered = false;
  try {
    co_await to_.prepare(*this);
  } catch (const trouble& why) {
    failed = why;
    unanswered = why.why.empty();
  }
  if (connection_ != over || unanswered) co_return;
  if (!failed.why.empty()) {
    drop(std::move(failed));
    co_return;
  }
  failures_ = 0;
  beating_ = false;
  next_beat_ = steady_clock::now() + settings_.heartbeat;
  ++connects_;
  up_.store(true, std::memory_order_release);
  to_.up();
}

/// Only makes room: the reader has handled the push. Without it, Boost.Redis stops reading.
void link::receive(std::shared_ptr<driver::connection> from) {
  auto& connection = *from;
  connection.async_receive([self = shared_from_this(), from = std::move(from)](error_code ended, std::size_t) mutable {
    if (!ended) self->receive(std::move(from));
  });
}

void link::drop(trouble why) {
  if (!connection_) return;
  if (why_.why.empty()) why_ = std::move(why);
  const auto over = std::exchange(connection_, nullptr);
  up_.store(false, std::memory_order_release);
  unanswered_.clear();
  over->cancel(driver::operation::all);
  ended_.cancel();
}

void link::send(std::shared_ptr<exchange> what) {
  if (!up() || !connection_ || (what->over != 0 && what->over != connects())) {
    what->done(exchange::outcome::unanswered);
    return;
  }
  transmit(std::move(what));
}

void link::transmit(std::shared_ptr<exchange> what) {
  unanswered_.push_back({steady_clock::now(), what});
  auto& sent = *what;
  // All three live until the driver has let go of them.
  connection_->async_exec(
      sent.request, sent.answer,
      [self = shared_from_this(), what = std::move(what), over = connection_](error_code error, std::size_t) {
        what->state = error ? exchange::outcome::unanswered : exchange::outcome::answered;
        self->forget_answered();
        what->done(what->state);
      });
}

task<void> link::ask(std::shared_ptr<exchange> what) {
  const resilience::one_shot answered;
  what->done = [answered](exchange::outcome how) { answered.fire(static_cast<int>(how)); };
  if (!connection_) throw trouble{};
  transmit(what);
  const int how = co_await answered.wait();
  if (how != static_cast<int>(exchange::outcome::answered)) throw trouble{};
}

void link::forget_answered() {
  while (!unanswered_.empty() && unanswered_.front().what->state != exchange::outcome::pending) unanswered_.pop_front();
}

/// Heartbeats and time-outs. In real time: a test that moves its clock by hours has not waited for hours.
task<void> link::watch() {
  const auto self = shared_from_this();
  const auto pause = std::min(settings_.command_timeout, settings_.heartbeat) / looks_per_timeout;
  while (!stopped_) {
    ticking_.expires_after(pause);
    co_await ticking_.async_wait(silent);
    check_answers();
    if (!up() || beating_ || steady_clock::now() < next_beat_) continue;
    beating_ = true;
    auto beat = to_.beat();
    beat->done = [this, then = std::move(beat->done), over = connection_.get()](exchange::outcome how) mutable {
      if (over != connection_.get()) return;
      beating_ = false;
      next_beat_ = steady_clock::now() + settings_.heartbeat;
      if (then) then(how);
    };
    send(std::move(beat));
  }
}

void link::check_answers() {
  if (unanswered_.empty() || !up()) return;
  if (steady_clock::now() - unanswered_.front().at < settings_.command_timeout) return;
  drop({false, settings_.url_setting + ": " + settings_.server.text() + " does not answer"});
}

trouble link::explain(const error_code& error) const {
  const auto& server = settings_.server;
  const auto about = [&](bool refused, const std::string& what) {
    return trouble{refused, settings_.url_setting + ": " + what};
  };
  if (up()) return about(false, "the connection to " + server.text() + " was lost");
  if (error == driver::error::resp3_hello) {
    return about(true, server.password.empty()
                           ? server.text() + " wants a password, or is no Redis of version 7 or later"
                           : server.text() + " refuses the user or the password");
  }
  if (error.category() == asio::error::get_ssl_category()) {
    if (ERR_GET_REASON(static_cast<unsigned long>(error.value())) == SSL_R_CERTIFICATE_VERIFY_FAILED) {
      return {true, settings_.authorities_setting + ": none of these authorities vouches for " + server.text() +
                        ", or its certificate is expired or for another name"};
    }
    return about(true, server.text() + " speaks no TLS that can be used (redis:// is without): " + error.message());
  }
  if (error == asio::error::host_not_found || error == asio::error::host_not_found_try_again) {
    return about(false, "nobody knows the host '" + server.host + "'");
  }
  if (!error || error == asio::error::eof || error == asio::error::connection_reset) {
    return about(false, server.text() + " hung up during the greeting" + (server.tls ? "" : "; rediss:// is with TLS"));
  }
  return about(false, server.text() + " cannot be reached: " + error.message());
}

}  // namespace nxg::coordination::redis

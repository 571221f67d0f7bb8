#include "services/accounts/revocations.hpp"

#include "runtime/timer.hpp"
#include "schema/json.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include <string>
#include <utility>

namespace nxg {

namespace {

constexpr std::string_view topic = "revocations";

std::string id_of(revoked_thing what, const uuid& subject) {
  return (what == revoked_thing::session ? "session:" : "principal:") + subject.to_string();
}

steady_instant steady_of(steady_instant::rep count) { return steady_instant{steady_instant::duration{count}}; }

}  // namespace

/// The reader's life: a coroutine on one core that ends when it is told to, and no later than it can finish a read.
struct revocation_list::loop {
  explicit loop(executor on) : where{std::move(on)} {}
  executor where;
  boost::asio::cancellation_signal cancel;
  std::atomic<bool> ended{false};
  std::unique_ptr<coordination::subscription> subscribed;

  static task<void> run(std::shared_ptr<loop> self, revocation_list& list) {
    while (!self->ended) {
      co_await runtime::sleep_for(list.time_, list.settings_.refresh_every);
      if (self->ended) co_return;
      try {
        co_await list.refresh();
      } catch (const std::exception& error) {
        list.log_.repeated(telemetry::log_level::warn, "revocations cannot be read", {{"error", error.what()}});
      }
    }
  }
};

revocation_list::revocation_list(revocation_repository documents, coordination::bus& bus, runtime::clock& time,
                                 telemetry::logger log, revocation_settings settings)
    : documents_{std::move(documents)}, bus_{bus}, time_{time}, log_{std::move(log)}, settings_{settings} {}

revocation_list::~revocation_list() { stop(); }

task<void> revocation_list::refresh() {
  const auto begun = time_.steady();
  const instant up_to = time_.now();
  const instant since{instant::duration{read_up_to_.load()}};
  std::vector<revocation> found;
  co_await documents_.each_since(since - settings_.overlap, [&](const revocation& one) { found.push_back(one); });
  for (const auto& one : found) apply(one);
  forget_expired();
  read_up_to_ = up_to.time_since_epoch().count();
  read_at_ = begun.time_since_epoch().count();
}

task<void> revocation_list::refresh_if_stale() {
  const auto read_at = steady_of(read_at_);
  if (read_at != steady_instant::min() && time_.steady() - read_at < settings_.refresh_every) co_return;
  try {
    co_await refresh();
  } catch (const std::exception& error) {
    log_.repeated(telemetry::log_level::warn, "revocations cannot be read", {{"error", error.what()}});
  }
}

void revocation_list::start(executor where) {
  loop_ = std::make_shared<loop>(std::move(where));
  loop_->subscribed = bus_.subscribe(topic, loop_->where, [this](const coordination::delivery& heard) {
    // What came too fast to be kept is read within the second anyway.
    if (!heard.payload) return;
    if (const auto made = schema::try_from_json<revocation>(*heard.payload, schema::unknown::ignored)) apply(*made);
  });
  boost::asio::co_spawn(loop_->where, loop::run(loop_, *this),
                        boost::asio::bind_cancellation_slot(loop_->cancel.slot(), boost::asio::detached));
}

void revocation_list::stop() {
  if (!loop_) return;
  loop_->ended = true;
  loop_->subscribed.reset();
  boost::asio::post(loop_->where, [held = loop_] { held->cancel.emit(boost::asio::cancellation_type::terminal); });
  loop_.reset();
}

task<void> revocation_list::revoke_session(uuid session, std::optional<std::chrono::seconds> token_life) {
  revocation made{.id = id_of(revoked_thing::session, session), .what = revoked_thing::session, .subject = session};
  co_await record(std::move(made), token_life.value_or(settings_.token_life));
}

task<void> revocation_list::revoke_principal(uuid principal) {
  revocation made{
      .id = id_of(revoked_thing::principal, principal), .what = revoked_thing::principal, .subject = principal};
  const auto until = co_await record(std::move(made), settings_.token_life);
  constexpr std::chrono::milliseconds tick{1};
  if (time_.now() == until) co_await runtime::sleep_for(time_, tick);
}

task<instant> revocation_list::record(revocation made, std::chrono::seconds token_life) {
  constexpr std::chrono::minutes margin{1};
  made.revoked_at = time_.now();
  made.expires_at = made.revoked_at + token_life + margin;
  co_await documents_.record(made);
  apply(made);
  bus_.publish(topic, schema::to_json(made));
  co_return made.revoked_at;
}

bool revocation_list::revoked(const uuid& session, const uuid& principal, instant issued_at) const {
  const std::shared_lock lock{mutex_};
  if (sessions_.contains(session)) return true;
  const auto at = principals_.find(principal);
  // Of the same millisecond nobody can tell which was first.
  return at != principals_.end() && issued_at <= at->second.revoked_at;
}

bool revocation_list::fresh() const noexcept { return read_within(settings_.stale_after); }

bool revocation_list::read_within(std::chrono::seconds time) const noexcept {
  const auto read_at = steady_of(read_at_.load(std::memory_order_relaxed));
  return read_at != steady_instant::min() && time_.steady() - read_at <= time;
}

void revocation_list::on_revoked(listener heard) {
  const std::unique_lock lock{mutex_};
  listeners_.push_back(std::move(heard));
}

void revocation_list::apply(const revocation& made) {
  std::vector<listener> told;
  {
    const std::unique_lock lock{mutex_};
    auto& known = made.what == revoked_thing::session ? sessions_ : principals_;
    const auto [at, fresh_one] = known.try_emplace(made.subject, made);
    if (!fresh_one) {
      if (at->second.revoked_at >= made.revoked_at) return;
      at->second = made;
    }
    told = listeners_;
    generation_.fetch_add(1, std::memory_order_release);
  }
  for (const auto& tell : told) tell(made);
}

void revocation_list::forget_expired() {
  const auto now = time_.now();
  const std::unique_lock lock{mutex_};
  const auto over = [now](const auto& one) { return one.second.expires_at <= now; };
  std::erase_if(sessions_, over);
  std::erase_if(principals_, over);
}

}  // namespace nxg

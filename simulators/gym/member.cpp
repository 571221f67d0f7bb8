#include "gym/member.hpp"

#include "gym/answers.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace nxg::gym {

namespace asio = boost::asio;
namespace json = boost::json;
using namespace std::chrono_literals;

namespace {
/// Access tokens live 15 minutes.
constexpr auto token_lifetime_used = 10min;
/// A machine's own limit on its elapsed seconds is four hours; workouts stay well below.
constexpr double longest_workout_samples = 10'000;

std::string token_text(const std::string& token) { return json::serialize(json::object{{"token", token}}); }
json::object machine_choice(const std::string& id) { return {{"machineId", id}}; }
}  // namespace

member::member(surroundings& around, std::size_t index)
    : around_{around}, index_{index}, random_{around.settings.seed * 104'729 + index} {
  // The run's own tag keeps names apart from those of earlier runs on the same backend.
  around_.book.phones.resize(std::max(around_.book.phones.size(), index + 1));
  username_ = fmt::format("sim_{:08x}_{}", static_cast<std::uint32_t>(around.random.below(UINT32_MAX)), index);
}

void member::keep_tokens(const json::value& tokens) {
  access_token_ = tokens.at("accessToken").as_string();
  refresh_token_ = tokens.at("refreshToken").as_string();
  renew_at_ = around_.time.steady() + token_lifetime_used;
}

task<> member::join() {
  const std::string password = fmt::format("sim {} rides 7 bicycles", around_.random.below(UINT64_MAX));
  const json::object form{{"username", username_},
                          {"email", username_ + "@gym.example"},
                          {"password", password},
                          {"confirmPassword", password},
                          {"name", "Simulated Member"}};
  const auto data = co_await around_.backend.post("/api/auth/register", {}, form);
  keep_tokens(data.at("tokens"));
  co_await connect_once();
  const auto self = shared_from_this();
  auto run = [](std::shared_ptr<member> kept) -> task<> { co_await kept->keep_connected(); };
  auto refresh = [](std::shared_ptr<member> kept) -> task<> { co_await kept->keep_token_fresh(); };
  asio::co_spawn(around_.where, run(self), asio::detached);
  asio::co_spawn(around_.where, refresh(self), asio::detached);
  if (around_.settings.drop_network == 0) co_return;
  auto lose = [](std::shared_ptr<member> kept) -> task<> { co_await kept->lose_network(); };
  asio::co_spawn(around_.where, lose(self), asio::detached);
}

task<std::string> member::token() {
  if (around_.time.steady() >= renew_at_) {
    const json::object body{{"refreshToken", refresh_token_}};
    const auto data = co_await around_.backend.post("/api/auth/refresh", {}, body);
    keep_tokens(data.at("tokens"));
  }
  co_return access_token_;
}

void member::lost(std::uint64_t number) {
  if (connection_number_ != number || stopped_) return;
  around_.book.trouble_at(index_);
  socket_.reset();
  notifications_.reset();
  connection_.reset();
}

task<std::shared_ptr<socketio::client_socket>> member::listen(std::shared_ptr<socketio::client> over,
                                                              std::string channel, std::string token,
                                                              std::int64_t phone_record::* seen, std::uint64_t number) {
  auto socket = over->of(channel);
  socket->on("*", [weak = weak_from_this(), seen](socketio::event_args args) {
    if (const auto self = weak.lock()) self->on_event(args.name(), args[0], seen);
  });
  socket->on_disconnect([weak = weak_from_this(), number](std::string_view) {
    if (const auto self = weak.lock()) self->lost(number);
  });
  const auto auth = json::serialize(json::object{{"token", token}, {"after", phone().*seen}});
  co_await socket->connect(auth);
  co_return socket;
}

task<> member::connect_once() {
  const auto fresh = co_await token();
  auto opened = co_await socketio::client::open(around_.sockets, around_.backend.url());
  const auto number = ++connection_number_;
  opened->on_close([weak = weak_from_this(), number](std::string_view) {
    if (const auto self = weak.lock()) self->lost(number);
  });
  connection_ = opened;
  auto notifications = co_await listen(opened, "/notifications", fresh, &phone_record::notifications_seen, number);
  auto workouts = co_await listen(opened, "/workouts", fresh, &phone_record::workouts_seen, number);
  notifications_ = std::move(notifications);
  socket_ = std::move(workouts);
}

task<> member::keep_connected() {
  while (!stopped_) {
    co_await runtime::sleep_for(around_.time, 50ms);
    if (socket_ || stopped_ || !outages_.over(around_.time.steady())) continue;
    bool failed = false;
    try {
      co_await connect_once();
      ++reconnects_;
    } catch (const std::exception&) {
      failed = true;
    }
    if (failed) co_await runtime::sleep_for(around_.time, std::chrono::milliseconds{100 + random_() % 200});
  }
}

task<> member::keep_token_fresh() {
  while (!stopped_) {
    co_await runtime::sleep_for(around_.time, 30s);
    if (stopped_ || around_.time.steady() < renew_at_) continue;
    try {
      const auto fresh = co_await token();
      const auto workouts = socket_;
      const auto notifications = notifications_;
      if (workouts) co_await workouts->emit_with_ack("auth:renew", token_text(fresh), 5s);
      if (notifications) co_await notifications->emit_with_ack("auth:renew", token_text(fresh), 5s);
    } catch (const std::exception&) {
      // The next round tries again; without it the socket is closed at expiry and opened anew.
    }
  }
}

task<> member::lose_network() {
  while (!stopped_) {
    co_await runtime::sleep_for(around_.time, 1s);
    if (connection_ && outages_.begins(around_.time.steady(), random_)) connection_->drop();
  }
}

void member::on_event(std::string_view event, std::string_view payload, std::int64_t phone_record::* seen) {
  boost::system::error_code error;
  const auto value = json::parse(payload, error);
  if (error || !value.is_object())
    return around_.book.false_deliveries.add(fmt::format("member {}: {} that cannot be read", index_, event));
  if (event == "workout:progress") {
    around_.book.on_progress(value.get_object(), index_, around_.time.now().time_since_epoch().count());
    return;
  }
  around_.book.on_event(event, value.get_object(), index_, phone().*seen);
  if (event != "workout:summary") return;
  const auto found = std::ranges::find(around_.book.workouts, text(value, "workoutId"), &workout::id);
  if (found != around_.book.workouts.end()) found->summary_seen = true;
}

task<> member::check_in(std::string check_in_code) {
  const json::object body{{"method", "qr"}, {"token", std::move(check_in_code)}};
  co_await around_.backend.post("/api/sessions/start", co_await token(), body);
}

task<> member::train(std::shared_ptr<machine> on, steady_instant until, const std::vector<recording>& recordings,
                     const std::atomic<bool>& interrupted) {
  while (around_.time.steady() < until && !interrupted) {
    co_await one_workout(on, until, recordings, interrupted);
    // A sip of water; now and then the machine is switched off and on.
    if (random_() % 4 == 0) on->reboot();
    co_await runtime::sleep_for(around_.time, 200ms);
  }
}

task<> member::one_workout(std::shared_ptr<machine> on, steady_instant until, const std::vector<recording>& recordings,
                           const std::atomic<bool>& interrupted) {
  const auto link = co_await around_.backend.post("/api/machines/link", co_await token(), machine_choice(on->id()));
  const std::string link_id{link.at("linkId").as_string()};
  auto& workouts = around_.book.workouts;
  const auto number = workouts.size();
  // What its machine still holds of the last workout has yet to come.
  if (last_workout_ && on->drained()) workouts[*last_workout_].troubles_after = around_.troubles_at(index_);
  last_workout_ = number;
  workouts.push_back({.id = link_id,
                      .machine = on->index(),
                      .member = index_,
                      .began_connected = watching() && on->connected(),
                      .troubles_before = around_.troubles_at(index_),
                      .troubles_after = {}});

  std::vector<const recording*> fitting;
  for (const auto& one : recordings) {
    if (one.machine_class == on->machine_class()) fitting.push_back(&one);
  }
  on->begin(number, fitting.empty() ? made_up_person(on->machine_class(), random_())
                                    : replay(*fitting[random_() % fitting.size()]));
  const auto longest = std::chrono::duration<double>{longest_workout_samples / around_.settings.speed};
  const auto planned = std::chrono::duration<double>{20.0 + static_cast<double>(random_() % 40)};
  const auto end = std::min(
      until, around_.time.steady() + std::chrono::duration_cast<std::chrono::nanoseconds>(std::min(planned, longest)));
  while (around_.time.steady() < end && !interrupted) co_await runtime::sleep_for(around_.time, 100ms);
  on->end();

  co_await around_.backend.post("/api/machines/unlink", co_await token(), machine_choice(on->id()));
  around_.book.workouts[number].ended = true;
}

task<> member::check_out() { co_await around_.backend.post("/api/sessions/end", co_await token(), json::object{}); }

void member::stop() {
  stopped_ = true;
  if (connection_) connection_->close();
}

}  // namespace nxg::gym

#include "gym/gym.hpp"

#include "gym/view.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace nxg::gym {

namespace asio = boost::asio;
namespace json = boost::json;
using namespace std::chrono_literals;

namespace {

constexpr std::array machine_classes{"treadmill", "indoor_bike", "rower", "cross_trainer", "strength"};
constexpr auto drain_patience = 120s;
/// A workout is final some 30 s after its close.
constexpr auto final_within = 60s;

/// The branch, its staff's side: what an operator sets up before the first member comes.
class premises {
 public:
  explicit premises(surroundings& around) : around_{around} {}

  task<> open() {
    const json::object credentials{{"email", around_.settings.admin_email},
                                   {"password", around_.settings.admin_password}};
    const auto admin = co_await around_.backend.post("/api/auth/login", {}, credentials);
    admin_token_ = admin.at("tokens").at("accessToken").as_string();
    const auto tag = around_.random.below(UINT32_MAX);
    const json::object branch{{"name", fmt::format("Simulated gym {:08x}", tag)},
                              {"address", "1 Example Street"},
                              {"city", "Example"},
                              {"timeZone", "Europe/Berlin"},
                              {"capacity", 10'000}};
    const auto opened = co_await around_.backend.post("/api/branches", admin_token_, branch);
    branch_id_ = opened.at("id").as_string();
    const json::object entrance{{"name", "Entrance"}};
    const auto screen =
        co_await around_.backend.post("/api/branches/" + branch_id_ + "/screens", admin_token_, entrance);
    screen_token_ = screen.at("accessToken").as_string();
  }

  task<std::shared_ptr<machine>> enrol(std::size_t index, std::string machine_class) {
    const json::object description{
        {"branchId", branch_id_}, {"name", fmt::format("{} {}", machine_class, index + 1)}, {"class", machine_class}};
    const auto made = co_await around_.backend.post("/api/machines", admin_token_, description);
    const std::string id{made.at("id").as_string()};
    const auto credentials =
        co_await around_.backend.post("/api/machines/" + id + "/credentials", admin_token_, json::object{});
    around_.book.add_machine(id, machine_class);
    co_return std::make_shared<machine>(around_, index, id, std::string{credentials.at("secret").as_string()},
                                        machine_class);
  }

  task<std::string> check_in_code() {
    const auto code = co_await around_.backend.get("/api/sessions/check-in-code/" + branch_id_, screen_token_);
    co_return std::string{code.at("token").as_string()};
  }

 private:
  surroundings& around_;
  std::string admin_token_;
  std::string branch_id_;
  std::string screen_token_;
};

std::vector<recording> recordings_of(const options& settings) {
  return settings.recordings.empty() ? std::vector<recording>{} : read_recordings(settings.recordings);
}

class simulation {
 public:
  simulation(surroundings& around, const std::atomic<bool>& interrupted)
      : around_{around},
        interrupted_{interrupted},
        premises_{around},
        view_{around, around.settings.json_report ? stderr : stdout},
        recordings_{recordings_of(around.settings)} {}

  task<verdict> whole() {
    co_await open();
    co_await training();
    co_await clearing_up();
    view_.say("Waiting for the last workouts to become final, then comparing the books");
    for (auto& one : around_.book.workouts) {
      if (!one.troubles_after) one.troubles_after = around_.troubles_at(one.member);
    }
    co_await finals();
    auto result = co_await reconcile(around_, members_);
    for (const auto& one : machines_) one->stop();
    for (const auto& one : members_) one->stop();
    view_.show(result);
    co_return result;
  }

 private:
  task<> open() {
    view_.say(fmt::format("Opening a simulated gym at {}: {} machines, as many members, {} samples/s each",
                          around_.backend.url(), around_.settings.machines, around_.settings.speed));
    co_await premises_.open();
    for (std::size_t i = 0; i < around_.settings.machines; ++i) {
      machines_.push_back(co_await premises_.enrol(i, class_for(i)));
      auto live = [](std::shared_ptr<machine> one) -> task<> { co_await one->live(); };
      asio::co_spawn(around_.where, live(machines_.back()), asio::detached);
      members_.push_back(std::make_shared<member>(around_, i));
      co_await members_.back()->join();
      co_await members_.back()->check_in(co_await premises_.check_in_code());
    }
  }

  /// Machines that recordings were made on, where there are recordings.
  [[nodiscard]] std::string class_for(std::size_t index) const {
    if (recordings_.empty()) return machine_classes[index % machine_classes.size()];
    return recordings_[index % recordings_.size()].machine_class;
  }

  task<> training() {
    const auto& settings = around_.settings;
    const auto until =
        settings.seconds == 0 ? steady_instant::max() : around_.time.steady() + std::chrono::seconds{settings.seconds};
    training_ = members_.size();
    for (std::size_t i = 0; i < members_.size(); ++i)
      asio::co_spawn(around_.where, train_one(i, until), asio::detached);
    while (training_ > 0) {
      co_await runtime::sleep_for(around_.time, 500ms);
      view_.draw(machines_, members_);
    }
  }

  task<> train_one(std::size_t index, steady_instant until) {
    try {
      co_await members_[index]->train(machines_[index], until, recordings_, interrupted_);
    } catch (const std::exception& error) {
      failure_ = error.what();
    }
    --training_;
  }

  /// Members go home while machines may still hold samples; these come in afterwards.
  task<> clearing_up() {
    if (!failure_.empty()) throw std::runtime_error{failure_};
    for (const auto& one : members_) co_await one->check_out();
    const auto give_up = around_.time.steady() + drain_patience;
    while (!std::ranges::all_of(machines_, [](const auto& one) { return one->drained(); }) &&
           around_.time.steady() < give_up) {
      co_await runtime::sleep_for(around_.time, 100ms);
      view_.draw(machines_, members_);
    }
  }

  /// Says how many phones know to be final, as it happens: that is when to break something.
  task<> finals() {
    const auto& workouts = around_.book.workouts;
    std::size_t told = 0;
    for (auto since = around_.time.steady(); told < workouts.size() && around_.time.steady() - since < final_within;) {
      co_await runtime::sleep_for(around_.time, 10ms);
      const auto now = static_cast<std::size_t>(std::ranges::count(workouts, true, &workout::summary_seen));
      if (now == told) continue;
      told = now;
      since = around_.time.steady();
      view_.say(fmt::format("{} of {} workouts are final", told, workouts.size()));
    }
  }

  surroundings& around_;
  const std::atomic<bool>& interrupted_;
  premises premises_;
  view view_;
  std::vector<recording> recordings_;
  std::vector<std::shared_ptr<machine>> machines_;
  std::vector<std::shared_ptr<member>> members_;
  std::size_t training_ = 0;
  std::string failure_;
};

}  // namespace

verdict run(const options& settings, const std::atomic<bool>& interrupted) {
  asio::io_context loop{1};
  runtime::clock time;
  runtime::secure_random random;
  ledger book;
  http::client client{loop.get_executor(), time};
  api backend{client, settings.url, time, random};
  socketio::client_environment sockets{loop.get_executor(), time, random};
  surroundings around{settings, backend, book, time, random, sockets, loop.get_executor()};

  simulation gym{around, interrupted};
  verdict result;
  std::exception_ptr failure;
  asio::co_spawn(loop, gym.whole(), [&](std::exception_ptr error, verdict reached) {
    failure = error;
    result = std::move(reached);
    loop.stop();
  });
  loop.run();
  if (failure) std::rethrow_exception(failure);
  return result;
}

}  // namespace nxg::gym

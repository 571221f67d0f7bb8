#pragma once

#include "http_client/client.hpp"
#include "runtime/clock.hpp"
#include "runtime/io_pool.hpp"
#include "runtime/random.hpp"
#include "runtime/task.hpp"
#include "sandbox/server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>

#include <chrono>
#include <future>
#include <stdexcept>
#include <string>
#include <utility>

namespace nxg::sandbox {

/// A sandbox and an HTTP client in this process, on real sockets and one clock that the test moves.
class running_sandbox {
 public:
  explicit running_sandbox(sandbox_options options = {}, runtime::clock::mode how = runtime::clock::mode::adjustable)
      : time{how}, pool{2}, world{std::move(options), pool, time, random}, client{pool.at(1), time} {
    pool.start();
    world.start();
  }
  ~running_sandbox() {
    world.stop(std::chrono::milliseconds{0});
    pool.stop();
  }
  running_sandbox(const running_sandbox&) = delete;
  running_sandbox& operator=(const running_sandbox&) = delete;

  /// Starts it on the client's core.
  template <class T>
  std::future<T> start(task<T> work) {
    return boost::asio::co_spawn(pool.at(1), std::move(work), boost::asio::use_future);
  }
  /// Runs it to its end; throws what it throws. A test that takes longer than 20 s hangs.
  template <class T>
  T run(task<T> work) {
    auto done = start(std::move(work));
    if (done.wait_for(std::chrono::seconds{20}) != std::future_status::ready) throw std::runtime_error{"it hangs"};
    return done.get();
  }

  /// Lets time pass, about twenty times as fast as outside, until the work is done. Both cores run whatever is due
  /// before it goes on: a clock that outran them would end what waits for an answer that is there.
  template <class T>
  T after(task<T> work) {
    auto done = start(std::move(work));
    for (int i = 0; done.wait_for(std::chrono::milliseconds{2}) != std::future_status::ready; ++i) {
      if (i > 10'000) throw std::runtime_error{"it hangs"};
      time.advance(std::chrono::milliseconds{40});
      for (std::size_t core = 0; core < pool.size(); ++core) {
        boost::asio::post(pool.at(core), boost::asio::use_future).get();
      }
    }
    return done.get();
  }

  http::client_response send(std::string method, std::string path, std::string body = {}, std::string key = "sandbox") {
    http::client_request request{
        .method = std::move(method), .url = world.url() + path, .headers = {}, .body = std::move(body)};
    if (!key.empty()) request.headers.emplace_back("X-API-Key", std::move(key));
    if (!request.body.empty()) request.headers.emplace_back("Content-Type", "application/json");
    return run(client.send(std::move(request)));
  }

  runtime::clock time;
  runtime::secure_random random;
  runtime::io_pool pool;
  sandbox_server world;
  http::client client;
};

inline constexpr std::string_view usual_request =
    R"({"userProfile":{"fitnessLevel":"intermediate","goal":"muscle_building","age":31,"heightCm":180,"weightKg":82.5,)"
    R"("healthConditions":[],"weeklyWorkoutDays":3,"restDay":"Sunday"},"preferences":{"focusAreas":["legs"],)"
    R"("avoidExercises":["Plank"],"preferredEquipment":["dumbbell"]}})";

}  // namespace nxg::sandbox

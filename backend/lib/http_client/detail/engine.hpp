#pragma once

#include "http_client/client.hpp"
#include "http_client/detail/transfer.hpp"
#include "runtime/timer.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <cstdint>
#include <curl/curl.h>
#include <functional>
#include <memory>
#include <unordered_map>

namespace nxg::http {

/// Drives libcurl's multi interface by an executor: it waits for the sockets and the time libcurl names.
/// All of it belongs to that executor's thread, but for the two counters.
class engine : public std::enable_shared_from_this<engine> {
 public:
  using done = std::move_only_function<void(std::exception_ptr, client_response)>;

  engine(executor where, runtime::clock& time, client_options options);
  ~engine();
  engine(const engine&) = delete;
  engine& operator=(const engine&) = delete;

  /// `then` is called once, maybe from inside, unless `abort` comes first. `id` is the caller's.
  void start(std::uint64_t id, client_request request, done then);
  void abort(std::uint64_t id);
  /// Ends everything with `stopped`.
  void stop();

  [[nodiscard]] const executor& where() const noexcept { return where_; }
  [[nodiscard]] std::size_t running() const noexcept { return running_; }
  [[nodiscard]] std::uint64_t connections_opened() const noexcept { return opened_; }

 private:
  struct exchange {
    exchange(std::uint64_t number, client_request request, done callback, const client_options& options,
             runtime::timer timer)
        : id{number}, with{std::move(request), options}, then{std::move(callback)}, limit{std::move(timer)} {}
    std::uint64_t id;
    transfer with;
    done then;
    runtime::timer limit;
  };
  /// A socket of libcurl's; it is closed by libcurl, never here.
  struct watch {
    explicit watch(const executor& where, curl_socket_t socket) : descriptor{where, socket} {}
    boost::asio::posix::stream_descriptor descriptor;
    int wanted = 0;
    bool reading = false;
    bool writing = false;
  };
  using shared_watch = std::shared_ptr<watch>;

  static int on_socket(CURL* handle, curl_socket_t socket, int what, void* self, void* watched);
  static int on_timer(CURLM* multi, long milliseconds, void* self);
  void set_wanted(curl_socket_t socket, int what);
  void wait(curl_socket_t socket, const shared_watch& one);
  void ready(curl_socket_t socket, int event);
  void set_timer(long milliseconds);
  void collect();
  std::unique_ptr<exchange> remove(std::uint64_t id);
  void fail(std::uint64_t id, client_failure how, const char* what);

  executor where_;
  runtime::clock& time_;
  const client_options options_;
  CURLM* multi_;
  /// libcurl's own timer follows real time: it does not ask again for a time-out that was called too early, as a test
  /// clock that jumps would do.
  boost::asio::steady_timer timer_;
  std::uint64_t timer_set_ = 0;
  std::unordered_map<std::uint64_t, std::unique_ptr<exchange>> exchanges_;
  std::unordered_map<curl_socket_t, shared_watch> watches_;
  std::atomic<std::size_t> running_{0};
  std::atomic<std::uint64_t> opened_{0};
};

}  // namespace nxg::http

#pragma once

#include "http_client/client.hpp"
#include "runtime/clock.hpp"
#include "runtime/random.hpp"
#include "runtime/task.hpp"

#include <boost/json/value.hpp>

#include <stdexcept>
#include <string>
#include <string_view>

namespace nxg::gym {

/// The backend's HTTP API, as an app would call it: requests are repeated while the backend is away or busy, creating
/// ones under one Idempotency-Key, so that a lost answer does not create twice.
class api {
 public:
  api(http::client& client, std::string url, runtime::clock& time, runtime::random& random);

  /// The answer's `data`. Throws `std::runtime_error` when the backend refuses for good, or stays away for two minutes.
  task<boost::json::value> get(std::string path, std::string token);
  task<boost::json::value> post(std::string path, std::string token, boost::json::value body);
  /// The whole answer, for lists that have pages.
  task<boost::json::value> page(std::string path, std::string token);

  [[nodiscard]] const std::string& url() const noexcept { return url_; }
  /// Requests that had to be repeated because something went wrong; not those that came too fast.
  [[nodiscard]] std::uint64_t repeated() const noexcept { return repeated_; }

 private:
  task<boost::json::value> call(std::string method, std::string path, std::string token, std::string body);

  http::client& client_;
  std::string url_;
  runtime::clock& time_;
  runtime::random& random_;
  std::uint64_t repeated_ = 0;
};

}  // namespace nxg::gym

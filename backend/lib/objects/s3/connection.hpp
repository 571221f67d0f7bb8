#pragma once

#include "http_client/client.hpp"
#include "objects/detail/counters.hpp"
#include "objects/s3.hpp"
#include "objects/s3/place.hpp"
#include "objects/s3/signature_v4.hpp"
#include "objects/s3/trouble.hpp"
#include "resilience/retry_policy.hpp"
#include "runtime/blocking_pool.hpp"
#include "runtime/task.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace nxg::objects::s3 {

/// A request to the bucket in the words of S3, without signature.
struct command {
  std::string method;
  std::string key{};  ///< with the prefix; empty: the bucket itself
  pairs query{};
  pairs headers{};
  /// Held until the call ends: every try sends a copy, the last one itself.
  std::shared_ptr<std::string> body{};
  bool writes = false;
  /// May be done twice. What may not is only tried again when surely nothing was done.
  bool repeatable = true;
  /// An answer of status 200 may be an error.
  bool error_in_body = false;
  std::size_t max_response_bytes = 1u << 20;
  /// Of the answer, to give it time.
  std::size_t expected_bytes = 0;
};

/// Sends commands: signed, within their time, tried again where that is safe.
class connection {
 public:
  connection(executor where, runtime::clock& time, runtime::random& random, const s3_options& options,
             std::shared_ptr<detail::counters> counters);

  /// A good answer; throws `error`.
  task<http::client_response> send(command what);
  /// Nothing can be sent any more; what is under way ends.
  void close() noexcept;

  [[nodiscard]] const s3_options& options() const noexcept { return options_; }
  [[nodiscard]] const executor& where() const noexcept { return where_; }
  [[nodiscard]] const std::shared_ptr<detail::counters>& counters() const noexcept { return counters_; }
  [[nodiscard]] v4_key key() const;
  [[nodiscard]] runtime::clock& time() const noexcept { return time_; }

 private:
  struct outcome {
    std::optional<http::client_response> answer{};
    trouble why{};
    std::optional<std::chrono::milliseconds> pause{};
  };

  task<std::string> hash_of(std::shared_ptr<const std::string> body);
  task<outcome> try_once(const command& what, std::string body, std::string payload_hash, steady_instant until);
  [[nodiscard]] http::client_request request_of(const command& what, std::string body, std::string payload_hash,
                                                steady_instant until) const;
  [[nodiscard]] std::chrono::milliseconds time_for(std::size_t content) const;

  executor where_;
  runtime::clock& time_;
  runtime::random& random_;
  const s3_options options_;
  const place at_;
  std::shared_ptr<detail::counters> counters_;
  resilience::retry_policy retry_;
  resilience::retry_budget budget_;
  runtime::blocking_pool hashing_;
  std::optional<http::client> client_;
};

}  // namespace nxg::objects::s3

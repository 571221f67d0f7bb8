#pragma once

#include "http_client/client.hpp"
#include "runtime/clock.hpp"
#include "runtime/random.hpp"
#include "runtime/task.hpp"
#include "sandbox/scs/messages.hpp"

#include <boost/describe/enum.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace nxg::sandbox::scs {

/// What goes wrong with the webhooks of jobs, on order.
///   lost       none is sent
///   doubled    it is sent twice
///   late       it is sent some time (30 s) after the end
///   forged     it is signed with another secret, says something else, and the true one never comes
///   reordered  the one of the end first, then one that says the job is still at work
///   stale      it is signed with a timestamp of ten minutes ago
enum class webhook_fault : std::uint8_t { none, lost, doubled, late, forged, reordered, stale };
BOOST_DESCRIBE_ENUM(webhook_fault, none, lost, doubled, late, forged, reordered, stale)

struct shop_options {
  std::string webhook_secret = "sandbox";
  std::chrono::milliseconds processing{500};
  std::chrono::milliseconds late{30'000};
  /// Where the service is reached, once it is.
  std::function<std::string()> url;
};

/// Does what is ordered, in the background: fetches the file, measures it, makes the avatar, tells the caller.
/// Thread-safe.
class job_shop {
 public:
  /// All must outlive it and what runs on `where`.
  job_shop(shop_options options, executor where, runtime::clock& time, runtime::random& random);
  ~job_shop();
  job_shop(const job_shop&) = delete;
  job_shop& operator=(const job_shop&) = delete;

  /// The job's id; the same for the same key.
  std::string take(const scan_order& order, std::string_view key);
  std::string take(const avatar_order& order, std::string_view key);
  [[nodiscard]] std::optional<job_report> report(std::string_view job) const;
  [[nodiscard]] std::shared_ptr<const std::string> file(std::string_view id) const;

  void order_webhooks(webhook_fault fault);
  [[nodiscard]] webhook_fault webhooks() const;

 private:
  struct job;
  std::string begin(std::string_view key, const std::function<task<void>(std::string)>& work);
  task<void> process(std::string id, scan_order order);
  task<void> generate(std::string id, avatar_order order);
  task<std::string> fetch(const scan_order& order);
  void complete(const std::string& id, const measurements& measured);
  void fail(const std::string& id, std::string why);
  void set_status(const std::string& id, job_status status, std::int32_t progress);
  task<void> tell(std::string id, std::string callback);
  task<void> send(job_report report, std::string callback, std::string secret, std::chrono::seconds age);

  shop_options options_;
  executor where_;
  runtime::clock& time_;
  runtime::random& random_;
  http::client client_;
  mutable std::mutex mutex_;
  std::map<std::string, job_report, std::less<>> jobs_;
  std::map<std::string, std::string, std::less<>> by_key_;
  std::map<std::string, std::shared_ptr<const std::string>, std::less<>> files_;
  webhook_fault fault_ = webhook_fault::none;
};

}  // namespace nxg::sandbox::scs

#pragma once

#include "http_client/client.hpp"
#include "integrations/scan_processing/scan_service.hpp"
#include "resilience/bulkhead.hpp"
#include "resilience/policy.hpp"
#include "runtime/clock.hpp"

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace nxg::integrations {

struct scs_settings {
  /// The service's base, such as `https://api.3d-scanning.com/v1`.
  std::string url;
  std::string client_id;
  std::string client_secret;
  std::string webhook_secret;
  /// Origins files may be fetched from beside the service's own, such as `https://cdn.3d-scanning.com`.
  std::vector<std::string> file_origins;
};

/// For orders: 100 an hour for all processes together, avatars included.
[[nodiscard]] resilience::policy_options scs_orders_policy(std::uint64_t processes, std::uint64_t per_hour);
/// For everything else: tokens, states of jobs, files.
[[nodiscard]] resilience::policy_options scs_results_policy();

/// The ways to the service: one with its quota, one without.
struct scs_ways {
  http::client& http;
  resilience::policy& orders;
  resilience::policy& results;
};

/// An OAuth token, fetched by one caller while the others wait, and used until a minute before its end. Thread-safe.
class scs_token {
 public:
  scs_token(const scs_settings& settings, http::client& http, runtime::clock& time);

  /// Throws `resilience::attempt_failed`.
  task<std::string> get(steady_instant deadline);
  /// The service would not have it.
  void drop(const std::string& refused);

 private:
  [[nodiscard]] std::optional<std::string> kept() const;
  task<std::string> fetch(steady_instant deadline);

  const scs_settings& settings_;
  http::client& http_;
  runtime::clock& time_;
  resilience::bulkhead one_at_a_time_;
  mutable std::mutex mutex_;
  std::string text_;
  steady_instant good_until_{};
};

/// The scan service over HTTP (`simulators/contracts/scs.openapi.json`). Files are fetched in ranges, from its own
/// origin and those of the settings only; redirects are not followed.
class scs_client final : public scan_service {
 public:
  /// All must outlive it.
  scs_client(scs_settings settings, scs_ways ways, runtime::clock& time);

  task<std::string> order(scan_order what, bool background, steady_instant deadline,
                          still_allowed allowed = {}) override;
  task<std::string> order(avatar_order what, bool background, steady_instant deadline,
                          still_allowed allowed = {}) override;
  task<job_report> report(std::string job, steady_instant deadline) override;
  task<scan_file> fetch(job_file from, objects::object_store& into, std::string key, steady_instant deadline) override;
  [[nodiscard]] bool is_genuine(const webhook_request& came, instant now) const override;
  [[nodiscard]] std::optional<job_report> read(std::string_view body) const override;
  [[nodiscard]] service_condition condition() const override;

 private:
  struct piece {
    std::string content;
    std::uint64_t whole_size = 0;
  };
  task<std::string> post(std::string path, std::string key, std::string body, bool background, steady_instant deadline,
                         still_allowed allowed);
  task<std::string> send_order(const std::string& path, const std::string& key, const std::string& body,
                               steady_instant deadline);
  task<job_report> ask(const std::string& job, steady_instant deadline);
  task<piece> fetch_piece(const std::string& url, std::uint64_t from, steady_instant deadline);
  task<std::uint64_t> bring(const job_file& from, objects::upload& into, steady_instant deadline);
  task<http::client_response> send(http::client_request request, steady_instant deadline);
  [[nodiscard]] bool may_fetch(const std::string& url) const;

  scs_settings settings_;
  scs_ways ways_;
  runtime::clock& time_;
  scs_token token_;
};

/// In the place of the service where none is configured: always `not_configured`, and no webhook is genuine.
class no_scan_service final : public scan_service {
 public:
  task<std::string> order(scan_order what, bool background, steady_instant deadline,
                          still_allowed allowed = {}) override;
  task<std::string> order(avatar_order what, bool background, steady_instant deadline,
                          still_allowed allowed = {}) override;
  task<job_report> report(std::string job, steady_instant deadline) override;
  task<scan_file> fetch(job_file from, objects::object_store& into, std::string key, steady_instant deadline) override;
  [[nodiscard]] bool is_genuine(const webhook_request&, instant) const override { return false; }
  [[nodiscard]] std::optional<job_report> read(std::string_view) const override { return std::nullopt; }
  [[nodiscard]] service_condition condition() const override;
};

}  // namespace nxg::integrations

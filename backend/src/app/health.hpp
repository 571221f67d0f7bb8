#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace nxg::app {

enum class health_status : std::uint8_t { ok, degraded, failing };

[[nodiscard]] std::string_view name_of(health_status status) noexcept;

/// One thing the process depends on, as seen now.
struct health_check {
  std::string name;
  health_status status = health_status::ok;
  /// For operators; empty when there is nothing to say.
  std::string detail;
};

/// What the health endpoints tell. Thread-safe; checks are added before the server starts.
class health {
 public:
  enum class phase : std::uint8_t { starting, serving, draining };

  /// `look` must answer at once, from what is known already.
  void add(std::function<health_check()> look) { checks_.push_back(std::move(look)); }
  void enter(phase next) noexcept { phase_ = next; }

  [[nodiscard]] phase current() const noexcept { return phase_; }
  [[nodiscard]] std::vector<health_check> checks() const;
  /// The worst of the checks.
  [[nodiscard]] health_status overall() const;
  /// Whether requests should be sent here: serving, and nothing fails. Degraded is ready.
  [[nodiscard]] bool ready() const { return phase_ == phase::serving && overall() != health_status::failing; }

 private:
  std::atomic<phase> phase_{phase::starting};
  std::vector<std::function<health_check()>> checks_;
};

}  // namespace nxg::app

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
}  // namespace prometheus

namespace nxg::telemetry {

/// Label names and values of one series. Values must come from a small set: never ids, never text from outside.
using labels = std::map<std::string, std::string>;

/// Only grows. Keep it (a pointer's size); making it costs a look-up. A default-made one counts nothing.
class counter {
 public:
  counter() = default;
  explicit counter(prometheus::Counter& series) : series_{&series} {}
  void increment(double by = 1) const noexcept;
  [[nodiscard]] double value() const noexcept;

 private:
  prometheus::Counter* series_ = nullptr;
};

/// Goes up and down.
class gauge {
 public:
  gauge() = default;
  explicit gauge(prometheus::Gauge& series) : series_{&series} {}
  void set(double value) const noexcept;
  void add(double by) const noexcept;
  [[nodiscard]] double value() const noexcept;

 private:
  prometheus::Gauge* series_ = nullptr;
};

/// Counts observations in buckets.
class histogram {
 public:
  histogram() = default;
  explicit histogram(prometheus::Histogram& series) : series_{&series} {}
  void observe(double value) const noexcept;

 private:
  prometheus::Histogram* series_ = nullptr;
};

/// Upper bounds in seconds for latencies, 1 ms to 30 s.
const std::vector<double>& latency_buckets();
/// Upper bounds in bytes, 64 B to 16 MiB.
const std::vector<double>& size_buckets();

/// All metrics of a process. Thread-safe. Handles it gives out must not outlive it.
///
/// Names follow Prometheus: `nxg_http_requests_total`, base units in the name (`_seconds`, `_bytes`). Asking again for
/// the same name and labels gives the same series. A family holds at most `max_series` label sets; what comes after
/// is counted in one series whose label values are all `other`, so that no input can grow the memory.
class metrics {
 public:
  explicit metrics(std::size_t max_series = 1000);
  ~metrics();
  metrics(const metrics&) = delete;
  metrics& operator=(const metrics&) = delete;

  /// These throw `std::invalid_argument` for a bad name or label, or a name already used for another kind.
  counter make_counter(std::string_view name, std::string_view help, const labels& with = {});
  gauge make_gauge(std::string_view name, std::string_view help, const labels& with = {});
  /// `buckets`: rising upper bounds; those of the first call count for the whole family.
  histogram make_histogram(std::string_view name, std::string_view help, const std::vector<double>& buckets,
                           const labels& with = {});

  /// Removes its callback when destroyed, waiting for a scrape that is evaluating it.
  class registration {
   public:
    registration() = default;
    explicit registration(std::function<void()> remove) : remove_{std::move(remove)} {}
    registration(registration&& other) noexcept : remove_{std::exchange(other.remove_, nullptr)} {}
    registration& operator=(registration&& other) noexcept {
      if (this != &other) {
        release();
        remove_ = std::exchange(other.remove_, nullptr);
      }
      return *this;
    }
    ~registration() { release(); }

   private:
    void release() noexcept {
      if (const auto remove = std::exchange(remove_, nullptr)) remove();
    }
    std::function<void()> remove_;
  };

  /// A value read at each scrape, on the scraping thread: `read` must be thread-safe and quick. If it throws, the
  /// series is missing from that scrape.
  [[nodiscard]] registration gauge_from(std::string_view name, std::string_view help, const labels& with,
                                        std::function<double()> read);
  /// The same for a count kept elsewhere that only grows.
  [[nodiscard]] registration counter_from(std::string_view name, std::string_view help, const labels& with,
                                          std::function<double()> read);

  /// Everything in Prometheus' text format, version 0.0.4 (`content_type`).
  [[nodiscard]] std::string render() const;
  static constexpr std::string_view content_type = "text/plain; version=0.0.4; charset=utf-8";

 private:
  struct state;
  std::unique_ptr<state> state_;
};

/// Resident and virtual memory, open and allowed file descriptors, threads, CPU seconds, start time, under Prometheus'
/// usual names (`process_resident_memory_bytes`, …). They are read at each scrape while the result lives.
[[nodiscard]] std::vector<metrics::registration> process_metrics(metrics& into);

/// Resident memory of this process in bytes; 0 where the system does not tell.
std::uint64_t resident_bytes();

}  // namespace nxg::telemetry

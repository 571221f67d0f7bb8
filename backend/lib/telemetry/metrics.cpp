#include "telemetry/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <list>
#include <mutex>
#include <stdexcept>

namespace nxg::telemetry {

namespace {

using prometheus::MetricType;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_letter_or_digit(char c) { return is_letter(c) || (c >= '0' && c <= '9'); }

void require_names(std::string_view name, const labels& with) {
  const auto is_word = [](std::string_view word) {
    return !word.empty() && is_letter(word.front()) && std::ranges::all_of(word, is_letter_or_digit);
  };
  if (!is_word(name)) throw std::invalid_argument{"'" + std::string{name} + "' is no name for a metric"};
  for (const auto& [label, value] : with) {
    if (!is_word(label) || label.starts_with("__") || label == "le") {
      throw std::invalid_argument{"'" + label + "' is no label for the metric '" + std::string{name} + "'"};
    }
  }
}

prometheus::ClientMetric sample_of(MetricType type, const labels& with, double value) {
  prometheus::ClientMetric sample;
  for (const auto& [name, text] : with) sample.label.push_back({name, text});
  if (type == MetricType::Counter) {
    sample.counter.value = value;
  } else {
    sample.gauge.value = value;
  }
  return sample;
}

}  // namespace

void counter::increment(double by) const noexcept {
  if (series_ != nullptr) series_->Increment(by);
}
double counter::value() const noexcept { return series_ == nullptr ? 0 : series_->Value(); }

void gauge::set(double value) const noexcept {
  if (series_ != nullptr) series_->Set(value);
}
void gauge::add(double by) const noexcept {
  if (series_ != nullptr) series_->Increment(by);
}
double gauge::value() const noexcept { return series_ == nullptr ? 0 : series_->Value(); }

void histogram::observe(double value) const noexcept {
  if (series_ != nullptr) series_->Observe(value);
}

const std::vector<double>& latency_buckets() {
  static const std::vector<double> seconds{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};
  return seconds;
}

const std::vector<double>& size_buckets() {
  static const std::vector<double> bytes{
      64,          256,          1024,          4.0 * 1024,        16.0 * 1024,
      64.0 * 1024, 256.0 * 1024, 1024.0 * 1024, 4.0 * 1024 * 1024, 16.0 * 1024 * 1024};
  return bytes;
}

struct metrics::state {
  struct family {
    MetricType type;
    void* of = nullptr;
    std::vector<double> buckets;
    std::map<labels, void*> series;
  };
  struct callback {
    std::string name;
    std::string help;
    MetricType type;
    labels with;
    std::function<double()> read;
  };

  /// The family of that name, made by `make` when new.
  template <class Make>
  family& family_of(std::string_view name, MetricType type, Make make) {
    auto known = families.find(name);
    if (known == families.end()) known = families.emplace(std::string{name}, family{type, make(), {}, {}}).first;
    if (known->second.type != type) {
      throw std::invalid_argument{"the metric '" + std::string{name} + "' is already of another kind"};
    }
    return known->second;
  }

  template <class Series, class... More>
  Series& series_of(family& in, labels with, const More&... more) {
    if (!in.series.contains(with) && in.series.size() >= max_series) {
      for (auto& [name, value] : with) value = "other";
    }
    auto& known = in.series[with];
    if (known == nullptr) {
      known =
          &static_cast<prometheus::Family<Series>*>(in.of)->Add(prometheus::Labels{with.begin(), with.end()}, more...);
    }
    return *static_cast<Series*>(known);
  }

  std::list<callback>::iterator add(callback one) {
    const std::lock_guard lock{callbacks_mutex};
    return callbacks.insert(callbacks.end(), std::move(one));
  }
  void remove(std::list<callback>::iterator one) {
    const std::lock_guard lock{callbacks_mutex};
    callbacks.erase(one);
  }

  void collect_callbacks(std::vector<prometheus::MetricFamily>& into) {
    const std::lock_guard lock{callbacks_mutex};
    for (const auto& one : callbacks) {
      double value = 0;
      try {
        value = one.read();
      } catch (...) {
        continue;
      }
      auto in = std::ranges::find(into, one.name, &prometheus::MetricFamily::name);
      if (in == into.end()) in = into.insert(into.end(), {one.name, one.help, one.type, {}});
      in->metric.push_back(sample_of(one.type, one.with, value));
    }
  }

  std::size_t max_series = 0;
  prometheus::Registry registry;
  std::mutex mutex;
  std::map<std::string, family, std::less<>> families;
  std::mutex callbacks_mutex;
  std::list<callback> callbacks;
};

metrics::metrics(std::size_t max_series) : state_{std::make_unique<state>()} { state_->max_series = max_series; }
metrics::~metrics() = default;

counter metrics::make_counter(std::string_view name, std::string_view help, const labels& with) {
  require_names(name, with);
  const std::lock_guard lock{state_->mutex};
  auto& in = state_->family_of(name, MetricType::Counter, [&] {
    return &prometheus::BuildCounter().Name(std::string{name}).Help(std::string{help}).Register(state_->registry);
  });
  return counter{state_->series_of<prometheus::Counter>(in, with)};
}

gauge metrics::make_gauge(std::string_view name, std::string_view help, const labels& with) {
  require_names(name, with);
  const std::lock_guard lock{state_->mutex};
  auto& in = state_->family_of(name, MetricType::Gauge, [&] {
    return &prometheus::BuildGauge().Name(std::string{name}).Help(std::string{help}).Register(state_->registry);
  });
  return gauge{state_->series_of<prometheus::Gauge>(in, with)};
}

histogram metrics::make_histogram(std::string_view name, std::string_view help, const std::vector<double>& buckets,
                                  const labels& with) {
  require_names(name, with);
  if (buckets.empty() || !std::ranges::is_sorted(buckets, std::less_equal{})) {
    throw std::invalid_argument{"the buckets of the metric '" + std::string{name} + "' do not rise"};
  }
  const std::lock_guard lock{state_->mutex};
  auto& in = state_->family_of(name, MetricType::Histogram, [&] {
    return &prometheus::BuildHistogram().Name(std::string{name}).Help(std::string{help}).Register(state_->registry);
  });
  if (in.buckets.empty()) in.buckets = buckets;
  return histogram{state_->series_of<prometheus::Histogram>(in, with, in.buckets)};
}

metrics::registration metrics::gauge_from(std::string_view name, std::string_view help, const labels& with,
                                          std::function<double()> read) {
  require_names(name, with);
  const auto one = state_->add({std::string{name}, std::string{help}, MetricType::Gauge, with, std::move(read)});
  return registration{[s = state_.get(), one] { s->remove(one); }};
}

metrics::registration metrics::counter_from(std::string_view name, std::string_view help, const labels& with,
                                            std::function<double()> read) {
  require_names(name, with);
  const auto one = state_->add({std::string{name}, std::string{help}, MetricType::Counter, with, std::move(read)});
  return registration{[s = state_.get(), one] { s->remove(one); }};
}

std::string metrics::render() const {
  auto families = state_->registry.Collect();
  state_->collect_callbacks(families);
  std::ranges::sort(families, {}, &prometheus::MetricFamily::name);
  return prometheus::TextSerializer{}.Serialize(families);
}

}  // namespace nxg::telemetry

#pragma once

#include "models/epoch.hpp"
#include "models/sample.hpp"
#include "runtime/clock.hpp"
#include "runtime/uuid.hpp"
#include "schema/types.hpp"

#include <boost/describe/class.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nxg::samples {

/// Samples in one message, and its size; a message is one unit of a machine's rate limit.
inline constexpr std::size_t max_samples = 500;
inline constexpr std::size_t max_bytes = std::size_t{1} << 20;

struct epoch_rule {
  static constexpr std::size_t min_length = 32;
  static constexpr std::size_t max_length = 32;
  static constexpr std::string_view format = "";
  static constexpr std::string_view pattern = "^[0-9a-f]{32}$";
  static constexpr std::string_view expectation =
      "must be hexadecimal digits in lower case, as acknowledgements spell it";
  static bool accept(std::string& text) { return epoch::parse(text).has_value(); }
};
using epoch_text = schema::formatted<epoch_rule>;

/// One sample as a machine sends it.
struct sample_reading {
  schema::bounded<std::int64_t, 1, 9'007'199'254'740'991> seq;
  instant at{};
  std::optional<uuid> link_id;
  double elapsed_seconds = 0;
  std::optional<double> speed_kmh;
  std::optional<double> incline_percent;
  std::optional<double> distance_meters;
  std::optional<double> heart_rate_bpm;
  std::optional<double> power_watts;
  std::optional<double> cadence_rpm;
  std::optional<double> stroke_rate_spm;
  std::optional<double> stroke_count;
  std::optional<double> steps_per_minute;
  std::optional<double> floors;
  std::optional<double> resistance_level;
  std::optional<double> energy_kcal;
  std::optional<strength_set> set;

  static constexpr std::string_view schema_name = "Sample";
  static constexpr std::string_view description =
      "One moment of a machine. Number samples from 1 in each epoch, without holes, and keep each until it is "
      "acknowledged.";
  static constexpr schema::note descriptions[] = {
      {"seq", "From 1 in each epoch, rising by 1."},
      {"at", "The machine's clock."},
      {"link_id", "The link the machine was given; leave it out when it has none."},
      {"elapsed_seconds", "The machine's own counter. Counters may not go back within an epoch and link."},
  };
};
BOOST_DESCRIBE_STRUCT(sample_reading, (),
                      (seq, at, link_id, elapsed_seconds, speed_kmh, incline_percent, distance_meters, heart_rate_bpm,
                       power_watts, cadence_rpm, stroke_rate_spm, stroke_count, steps_per_minute, floors,
                       resistance_level, energy_kcal, set))

/// `telemetry`.
struct single {
  epoch_text epoch;
  sample_reading sample;

  static constexpr schema::note descriptions[] = {
      {"epoch", "16 random bytes in lower-case hexadecimal, new at each boot; acknowledgements spell it the same"}};
};
BOOST_DESCRIBE_STRUCT(single, (), (epoch, sample))

/// `telemetry:batch`, and the body of `POST /api/machines/workout-data`. The seqs rise.
struct batch {
  epoch_text epoch;
  schema::list<sample_reading, 1, max_samples> samples;

  static constexpr std::string_view schema_name = "SampleBatch";
  static constexpr schema::note descriptions[] = {
      {"epoch", "16 random bytes in lower-case hexadecimal, new at each boot; acknowledgements spell it the same"}};
  static void check(const batch& read, schema::problems& wrong);
};
BOOST_DESCRIBE_STRUCT(batch, (), (epoch, samples))

/// A sample that will never be accepted, and why. Codes: `malformed`, `value_out_of_range`, `value_not_of_class`,
/// `counter_went_back`, `unknown_link`.
struct refusal {
  std::int64_t seq = 0;
  std::string code;
  friend bool operator==(const refusal&, const refusal&) = default;
};
BOOST_DESCRIBE_STRUCT(refusal, (), (seq, code))

/// The answer to samples.
struct ack {
  std::string epoch;
  std::int64_t through = 0;
  std::vector<refusal> refused;
  std::optional<std::int64_t> retry_after_ms;

  static constexpr std::string_view schema_name = "SampleAck";
  static constexpr schema::note descriptions[] = {
      {"through", "Every sample up to this seq may be forgotten: it is durable, or refused."},
      {"refused", "Final; do not send these again."},
      {"retry_after_ms", "Present when something was not taken: wait that long, then send again from `through` + 1."},
  };
};
BOOST_DESCRIBE_STRUCT(ack, (), (epoch, through, refused, retry_after_ms))

/// The JSON of `ack`, written directly where nothing was refused or put off: one of these leaves per message.
[[nodiscard]] std::string to_text(const ack& answered);

/// A sample as it is shown to its member: what the machine sent, and what we found.
struct sample_shown {
  std::int64_t seq = 0;
  instant at{};
  std::optional<uuid> link_id;
  double elapsed_seconds = 0;
  std::optional<double> speed_kmh;
  std::optional<double> incline_percent;
  std::optional<double> distance_meters;
  std::optional<double> heart_rate_bpm;
  std::optional<double> power_watts;
  std::optional<double> cadence_rpm;
  std::optional<double> stroke_rate_spm;
  std::optional<double> stroke_count;
  std::optional<double> steps_per_minute;
  std::optional<double> floors;
  std::optional<double> resistance_level;
  std::optional<double> energy_kcal;
  std::optional<strength_set> set;
  std::optional<std::vector<sample_flag>> flags;
  std::optional<std::int64_t> clock_offset_ms;

  static constexpr std::string_view schema_name = "WorkoutSample";
  static constexpr schema::note descriptions[] = {
      {"flags", "What was odd about it; absent when nothing was."},
      {"clock_offset_ms", "The server's clock minus the machine's; absent while they agree to a second."},
  };
};
BOOST_DESCRIBE_STRUCT(sample_shown, (),
                      (seq, at, link_id, elapsed_seconds, speed_kmh, incline_percent, distance_meters, heart_rate_bpm,
                       power_watts, cadence_rpm, stroke_rate_spm, stroke_count, steps_per_minute, floors,
                       resistance_level, energy_kcal, set, flags, clock_offset_ms))

[[nodiscard]] sample to_sample(const sample_reading& read, std::int64_t clock_offset_ms);
[[nodiscard]] sample_shown to_shown(const sample& kept);
/// The JSON of `sample_shown`, written directly: this runs once per sample for the live update.
void append_shown(std::string& out, const sample& kept);

/// What a body says, sample by sample: one that cannot be read does not keep the others out.
struct parsed {
  nxg::epoch epoch;
  std::vector<sample> samples;
  std::vector<refusal> malformed;

  friend bool operator==(const parsed&, const parsed&) = default;
};

/// Reads a message of either form. Throws `schema::invalid` with everything wrong when the message itself cannot be
/// used: no JSON, no epoch, no readable seq, seqs that do not rise, too many samples.
[[nodiscard]] parsed parse_single(std::string_view json, std::int64_t clock_offset_ms);
[[nodiscard]] parsed parse_batch(std::string_view json, std::int64_t clock_offset_ms);

/// The same, by the descriptions above whatever the message is like. The others leave to these what is not plain
/// (`plain_messages.hpp`).
[[nodiscard]] parsed parse_described_single(std::string_view json, std::int64_t clock_offset_ms);
[[nodiscard]] parsed parse_described_batch(std::string_view json, std::int64_t clock_offset_ms);

}  // namespace nxg::samples

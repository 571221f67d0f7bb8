#include "services/telemetry/messages.hpp"

#include "runtime/decimal.hpp"
#include "schema/json.hpp"
#include "services/telemetry/plain_messages.hpp"

#include <array>
#include <cstring>

namespace nxg::samples {
namespace {

constexpr std::array<std::pair<std::optional<double> sample_reading::*, measure>, measure_count> readings{{
    {&sample_reading::speed_kmh, measure::speed_kmh},
    {&sample_reading::incline_percent, measure::incline_percent},
    {&sample_reading::distance_meters, measure::distance_meters},
    {&sample_reading::heart_rate_bpm, measure::heart_rate_bpm},
    {&sample_reading::power_watts, measure::power_watts},
    {&sample_reading::cadence_rpm, measure::cadence_rpm},
    {&sample_reading::stroke_rate_spm, measure::stroke_rate_spm},
    {&sample_reading::stroke_count, measure::stroke_count},
    {&sample_reading::steps_per_minute, measure::steps_per_minute},
    {&sample_reading::floors, measure::floors},
    {&sample_reading::resistance_level, measure::resistance_level},
    {&sample_reading::energy_kcal, measure::energy_kcal},
}};

constexpr std::array<std::optional<double> sample_shown::*, measure_count> shown{
    &sample_shown::speed_kmh,       &sample_shown::incline_percent,  &sample_shown::distance_meters,
    &sample_shown::heart_rate_bpm,  &sample_shown::power_watts,      &sample_shown::cadence_rpm,
    &sample_shown::stroke_rate_spm, &sample_shown::stroke_count,     &sample_shown::steps_per_minute,
    &sample_shown::floors,          &sample_shown::resistance_level, &sample_shown::energy_kcal};

/// What stands in front of each measure in JSON.
const std::array<std::string, measure_count> member_starts = [] {
  std::array<std::string, measure_count> starts;
  for (std::size_t i = 0; i < measure_count; ++i)
    starts[i] = R"(,")" + std::string{wire_name(static_cast<measure>(i))} + R"(":)";
  return starts;
}();

void append_number(std::string& out, std::int64_t value) {
  std::array<char, runtime::longest_decimal> digits;
  out.append(digits.data(), runtime::write_decimal(digits.data(), value));
}

char* write(char* at, std::string_view text) noexcept {
  std::memcpy(at, text.data(), text.size());
  return at + text.size();
}

/// No JSON of a plain sample is longer behind its time.
constexpr std::size_t longest_rest = 96 + (1 + measure_count) * (24 + runtime::longest_decimal);

char* write_rest(char* at, const sample& kept) {
  if (!kept.link_id.is_nil()) {
    const auto id = kept.link_id.spelled();
    at = write(at, R"(,"linkId":")");
    at = write(at, {id.data(), id.size()});
    *at++ = '"';
  }
  at = write(at, R"(,"elapsedSeconds":)");
  at = runtime::write_decimal(at, kept.elapsed_seconds);
  for (std::size_t i = 0; i < measure_count; ++i) {
    const auto kind = static_cast<measure>(i);
    if (!kept.values.has(kind)) continue;
    at = write(at, member_starts[i]);
    at = runtime::write_decimal(at, kept.values.at(kind));
  }
  *at++ = '}';
  return at;
}

/// The envelope of a message whose samples are to be read one by one.
struct loose_single {
  epoch_text epoch;
  schema::any_json sample;
};
BOOST_DESCRIBE_STRUCT(loose_single, (), (epoch, sample))

struct loose_batch {
  epoch_text epoch;
  schema::list<schema::any_json, 1, max_samples> samples;
};
BOOST_DESCRIBE_STRUCT(loose_batch, (), (epoch, samples))

struct only_seq {
  schema::bounded<std::int64_t, 1, 9'007'199'254'740'991> seq;
};
BOOST_DESCRIBE_STRUCT(only_seq, (), (seq))

parsed start(const epoch_text& text) { return {*nxg::epoch::parse(text), {}, {}}; }

/// Takes one sample's text: as a sample, or as a refusal when at least its seq can be read. Gives the seq.
std::optional<std::int64_t> take(parsed& into, const schema::any_json& text, const std::string& place,
                                 std::int64_t offset, std::vector<schema::problem>& wrong) {
  sample_reading read;
  auto found = schema::read_json(text.value(), read);
  if (found.empty()) {
    into.samples.push_back(to_sample(read, offset));
    return read.seq;
  }
  only_seq number;
  if (schema::read_json(text.value(), number, schema::unknown::ignored).empty()) {
    into.malformed.push_back({number.seq, "malformed"});
    return number.seq;
  }
  for (auto& problem : found)
    wrong.push_back({place + problem.pointer, std::move(problem.code), std::move(problem.message)});
  return std::nullopt;
}

}  // namespace

void batch::check(const batch& read, schema::problems& wrong) {
  for (std::size_t i = 1; i < read.samples.size(); ++i) {
    if (read.samples[i].seq > read.samples[i - 1].seq) continue;
    const auto before = "/samples/" + std::to_string(i - 1) + "/seq";
    wrong.add_at("/samples/" + std::to_string(i) + "/seq", "not_rising", "seqs must rise from sample to sample",
                 {before});
    return;
  }
}

sample to_sample(const sample_reading& read, std::int64_t clock_offset_ms) {
  sample made;
  made.seq = read.seq;
  made.at = read.at;
  made.clock_offset_ms = clock_offset_ms;
  made.link_id = read.link_id.value_or(uuid{});
  made.elapsed_seconds = read.elapsed_seconds;
  for (const auto& [member, kind] : readings) made.values.set(kind, read.*member);
  made.set = read.set;
  return made;
}

sample_shown to_shown(const sample& kept) {
  sample_shown made;
  made.seq = kept.seq;
  made.at = kept.at;
  if (!kept.link_id.is_nil()) made.link_id = kept.link_id;
  made.elapsed_seconds = kept.elapsed_seconds;
  for (std::size_t i = 0; i < measure_count; ++i) made.*shown[i] = kept.values.find(static_cast<measure>(i));
  made.set = kept.set;
  if (kept.flags != 0) {
    made.flags.emplace();
    for (const auto flag :
         {sample_flag::distance_against_speed, sample_flag::strokes_against_rate, sample_flag::energy_too_fast}) {
      if (kept.has(flag)) made.flags->push_back(flag);
    }
  }
  if (kept.clock_offset_ms != 0) made.clock_offset_ms = kept.clock_offset_ms;
  return made;
}

std::string to_text(const ack& answered) {
  if (!answered.refused.empty() || answered.retry_after_ms) return schema::to_json(answered);
  std::string text;
  text.reserve(96);
  text += R"({"epoch":")";
  text += answered.epoch;  // hexadecimal digits
  text += R"(","through":)";
  append_number(text, answered.through);
  text += R"(,"refused":[]})";
  return text;
}

void append_shown(std::string& out, const sample& kept) {
  if (kept.set || kept.flags != 0 || kept.clock_offset_ms != 0) {
    schema::append_json(out, to_shown(kept));
    return;
  }
  out += R"({"seq":)";
  append_number(out, kept.seq);
  out += R"(,"at":)";
  schema::append_json(out, kept.at);
  std::array<char, longest_rest> rest;
  out.append(rest.data(), write_rest(rest.data(), kept));
}

parsed parse_single(std::string_view json, std::int64_t clock_offset_ms) {
  auto plain = read_plain_single(json, clock_offset_ms);
  return plain ? *std::move(plain) : parse_described_single(json, clock_offset_ms);
}

parsed parse_batch(std::string_view json, std::int64_t clock_offset_ms) {
  auto plain = read_plain_batch(json, clock_offset_ms);
  return plain ? *std::move(plain) : parse_described_batch(json, clock_offset_ms);
}

parsed parse_described_single(std::string_view json, std::int64_t clock_offset_ms) {
  single read;
  if (schema::read_json(json, read).empty()) {
    auto made = start(read.epoch);
    made.samples.push_back(to_sample(read.sample, clock_offset_ms));
    return made;
  }
  const auto loose = schema::from_json<loose_single>(json);
  auto made = start(loose.epoch);
  std::vector<schema::problem> wrong;
  take(made, loose.sample, "/sample", clock_offset_ms, wrong);
  if (!wrong.empty()) throw schema::invalid{std::move(wrong)};
  return made;
}

parsed parse_described_batch(std::string_view json, std::int64_t clock_offset_ms) {
  batch read;
  if (schema::read_json(json, read).empty()) {
    auto made = start(read.epoch);
    made.samples.reserve(read.samples.size());
    for (const auto& one : read.samples) made.samples.push_back(to_sample(one, clock_offset_ms));
    return made;
  }
  const auto loose = schema::from_json<loose_batch>(json);
  auto made = start(loose.epoch);
  std::vector<schema::problem> wrong;
  std::int64_t last = 0;
  for (std::size_t i = 0; i < loose.samples.size(); ++i) {
    const auto place = "/samples/" + std::to_string(i);
    const auto seq = take(made, loose.samples[i], place, clock_offset_ms, wrong);
    if (seq && *seq <= last) wrong.push_back({place + "/seq", "not_rising", "seqs must rise from sample to sample"});
    last = seq.value_or(last);
  }
  if (!wrong.empty()) throw schema::invalid{std::move(wrong)};
  return made;
}

}  // namespace nxg::samples

#include "integrations/scan_processing/scs_messages.hpp"

#include "integrations/planning/outgoing_text.hpp"
#include "schema/json.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>

namespace nxg::integrations::scs {

namespace {

constexpr std::size_t longest_token = 8 * 1024;
constexpr std::int64_t longest_life_seconds = 24 * 60 * 60;
constexpr std::size_t longest_version = 50;

template <class T>
T read_known(std::string_view json) {
  auto read = schema::try_from_json<T>(json, schema::unknown::ignored);
  if (!read) throw malformed_answer{read.error().front().pointer + " " + read.error().front().message};
  return std::move(*read);
}

subject subject_of(const scan_subject& from) { return {from.height_cm, from.weight_kg, from.gender}; }

/// Four octets, the lowest first.
std::uint32_t number_at(std::string_view octets, std::size_t at) {
  std::uint32_t number = 0;
  for (std::size_t i = 4; i-- > 0;) number = number << 8 | static_cast<unsigned char>(octets[at + i]);
  return number;
}

bool may_be_sent(char c) { return c > 0x20 && c < 0x7f; }

}  // namespace

bool job_id_rule::accept(std::string& text) {
  constexpr std::string_view others = "-_.";
  return text != "." && text != ".." && std::ranges::all_of(text, [&](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  others.find(c) != others.npos;
         });
}

void job_report::check(const job_report& read, schema::problems& found) {
  if (read.status != job_state::completed) return;
  if (!read.measurements || is_empty(*read.measurements))
    found.add_at("/measurements", schema::codes::required, "is required", {"/status"});
  const auto has_mesh =
      read.files && std::ranges::any_of(*read.files, [](const auto& one) { return one.kind == result_kind::mesh; });
  if (!has_mesh) found.add_at("/files", schema::codes::required, "must have a mesh", {"/status"});
}

std::string read_job_id(std::string_view json) { return read_known<job_accepted>(json).job_id.value(); }

integrations::job_report read_report(std::string_view json) {
  const auto read = read_known<job_report>(json);
  integrations::job_report made{.job_id = read.job_id.value(), .state = read.status};
  if (read.progress) made.progress = read.progress->value();
  if (read.model_version) made.model_version = incoming_text(read.model_version->value(), longest_version);
  made.measurements = read.measurements;
  if (!read.files) return made;
  for (const auto& one : *read.files) {
    const auto kind = one.kind == result_kind::mesh ? scan_file_kind::mesh : scan_file_kind::thumbnail;
    const bool again = std::ranges::any_of(made.files, [&](const auto& earlier) { return earlier.kind == kind; });
    if (!again) made.files.push_back({kind, one.url.value(), one.sha256.value()});
  }
  return made;
}

token read_token(std::string_view json) {
  boost::system::error_code error;
  const auto parsed = boost::json::parse(json, error);
  const auto* object = error ? nullptr : parsed.if_object();
  const auto* text = object != nullptr ? object->if_contains("access_token") : nullptr;
  const auto* life = object != nullptr ? object->if_contains("expires_in") : nullptr;
  if (text == nullptr || !text->is_string() || life == nullptr || !life->is_int64())
    throw malformed_answer{"the token is none"};
  token made{std::string{text->get_string()}, std::chrono::seconds{std::min(life->get_int64(), longest_life_seconds)}};
  const bool fits =
      !made.text.empty() && made.text.size() <= longest_token && std::ranges::all_of(made.text, may_be_sent);
  if (!fits || made.life.count() < 1) throw malformed_answer{"the token cannot be used"};
  return made;
}

std::string body_of(const integrations::scan_order& what) {
  const scan_order order{what.format,     what.file_url,     what.sha256,
                         what.size_bytes, what.callback_url, subject_of(what.of)};
  return schema::to_json(order);
}

std::string body_of(const integrations::avatar_order& what) {
  const avatar_order order{what.measurements, what.callback_url, subject_of(what.of)};
  return schema::to_json(order);
}

bool is_glb(std::string_view beginning, std::uint64_t size) noexcept {
  constexpr std::size_t headers = 20;
  if (beginning.size() < headers || !beginning.starts_with(std::string_view{"glTF\x02\x00\x00\x00", 8})) return false;
  const std::uint64_t json = number_at(beginning, 12);
  return number_at(beginning, 8) == size && beginning.substr(16, 4) == "JSON" && json > 0 && headers + json <= size;
}

std::optional<std::string> origin_of(std::string_view url) {
  // Parsers differ about a backslash: what is the end of the host to one is part of a user's name to another.
  const auto colon = url.find("://");
  if (colon == std::string_view::npos || url.find('\\') != std::string_view::npos) return std::nullopt;
  const auto end = std::min(url.find_first_of("/?#", colon + 3), url.size());
  const auto authority = url.substr(colon + 3, end - colon - 3);
  if (authority.empty() || authority.find('@') != std::string_view::npos) return std::nullopt;
  std::string origin{url.substr(0, end)};
  std::ranges::transform(origin, origin.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
  if (!origin.starts_with("http://") && !origin.starts_with("https://")) return std::nullopt;
  return origin;
}

}  // namespace nxg::integrations::scs

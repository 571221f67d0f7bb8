#include "telemetry/error_reports.hpp"

#include "telemetry/json_line.hpp"
#include "telemetry/scrub.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cxxabi.h>
#include <typeinfo>

namespace nxg::telemetry {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t longest_text = 2048;
constexpr std::size_t longest_list = 64;

/// Headers that say nothing about a person: everything else loses its value, whatever it is called.
constexpr std::array harmless_headers{"accept"sv,        "accept-encoding"sv,   "accept-language"sv, "cache-control"sv,
                                      "connection"sv,    "content-length"sv,    "content-type"sv,    "date"sv,
                                      "host"sv,          "if-match"sv,          "if-none-match"sv,   "retry-after"sv,
                                      "traceparent"sv,   "transfer-encoding"sv, "upgrade"sv,         "user-agent"sv,
                                      "x-api-version"sv, "x-request-id"sv};

std::string lowered(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

std::string short_text(std::string text) {
  if (text.size() > longest_text) {
    text.resize(longest_text);
    text += "…";
  }
  return text;
}

std::string clean(const std::string& text) {
  return short_text(scrub_text(std::string_view{text}.substr(0, 2 * longest_text)));
}

void clean(std::map<std::string, std::string>& facts) {
  while (facts.size() > longest_list) facts.erase(std::prev(facts.end()));
  for (auto& [name, value] : facts) value = is_sensitive_name(name) ? std::string{redaction} : clean(value);
}

/// Names of parameters stay; the values of those that are neither sensitive nor long too.
std::string clean_query(std::string_view query) {
  std::string result;
  for (std::size_t at = 0; at < query.size() && result.size() < longest_text;) {
    const std::size_t end = std::min(query.find('&', at), query.size());
    const std::string_view pair = query.substr(at, end - at);
    const std::size_t equals = std::min(pair.find('='), pair.size());
    if (!result.empty()) result += '&';
    result += pair.substr(0, equals);
    if (equals < pair.size()) {
      result += '=';
      const std::string_view value = pair.substr(equals + 1);
      // An encoded @ is an address in disguise.
      const bool hidden = is_sensitive_name(pair.substr(0, equals)) || value.find("%40") != std::string_view::npos;
      result += hidden ? std::string{redaction} : scrub_text(value);
    }
    at = end + 1;
  }
  return short_text(std::move(result));
}

std::string type_name(const std::type_info* type) {
  if (type == nullptr) return "unknown";
  int status = 0;
  char* readable = abi::__cxa_demangle(type->name(), nullptr, nullptr, &status);
  std::string name = status == 0 ? readable : type->name();
  std::free(readable);
  return name;
}

std::string type_of(const std::exception_ptr& error) {
  return error ? type_name(error.__cxa_exception_type()) : std::string{};
}

class log_reporter final : public error_reporter {
 public:
  explicit log_reporter(logger log) : log_{std::move(log)} {}

 protected:
  void send(const error_report& report) override {
    log_.with({{"report", true},
               {"type", report.type},
               {"error", report.detail},
               {"requestId", report.request_id},
               {"traceId", report.trace_id},
               {"method", report.method},
               {"route", report.route},
               {"userId", report.user_id}})
        .repeated(report.level, report.summary, {}, std::chrono::seconds{1});
  }

 private:
  logger log_;
};

class null_reporter final : public error_reporter {
 protected:
  void send(const error_report&) override {}
};

}  // namespace

error_report scrubbed(error_report report) {
  for (auto* text : {&report.summary, &report.type, &report.detail, &report.route}) *text = clean(*text);
  for (auto* id : {&report.request_id, &report.trace_id, &report.method, &report.user_id}) *id = clean(*id);
  report.query = clean_query(report.query);
  if (report.headers.size() > longest_list) report.headers.resize(longest_list);
  for (auto& [name, value] : report.headers) {
    const bool harmless = std::ranges::find(harmless_headers, lowered(name)) != harmless_headers.end();
    value = harmless ? clean(value) : std::string{redaction};
  }
  clean(report.tags);
  clean(report.extra);
  return report;
}

void error_reporter::report(error_report report) noexcept {
  try {
    send(scrubbed(std::move(report)));
  } catch (...) {
    ++lost_;
  }
}

void error_reporter::report(std::string summary, const std::exception_ptr& error, error_report about) noexcept {
  try {
    about.summary = std::move(summary);
    about.type = type_of(error);
    about.detail = text_of(error);
  } catch (...) {
    ++lost_;
    return;
  }
  report(std::move(about));
}

std::unique_ptr<error_reporter> make_log_error_reporter(logger log) {
  return std::make_unique<log_reporter>(std::move(log));
}
std::unique_ptr<error_reporter> make_null_error_reporter() { return std::make_unique<null_reporter>(); }

}  // namespace nxg::telemetry

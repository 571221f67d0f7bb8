// Any text from outside may end up in a log line, an error report or a trace header.
#include "telemetry/log.hpp"
#include "telemetry/scrub.hpp"
#include "telemetry/trace.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace nxg;

void require(bool holds) {
  if (!holds) std::abort();
}

/// Every line is one line, and JSON to another parser.
class strict_sink final : public telemetry::log_sink {
 public:
  void write(telemetry::log_level, std::string_view line) noexcept override {
    require(std::ranges::none_of(line, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }));
    boost::system::error_code error;
    boost::json::parse(line, error);
    require(!error);
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static runtime::clock time;
  static const telemetry::logger log{std::make_shared<strict_sink>(), time};
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  log.info(text, {{"value", text}, {text.substr(0, 40), 1}});

  const auto scrubbed = telemetry::scrub_text(text);
  require(telemetry::scrub_text(scrubbed) == scrubbed);
  telemetry::is_sensitive_name(text);

  if (const auto context = telemetry::parse_traceparent(text)) {
    require(telemetry::parse_traceparent(telemetry::to_traceparent(*context)) == context);
  }
  return 0;
}

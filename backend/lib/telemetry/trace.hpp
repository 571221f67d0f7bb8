#pragma once

#include "runtime/random.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace nxg::telemetry {

/// Where in a distributed trace this work stands (W3C Trace Context, level 1).
struct trace_context {
  std::array<unsigned char, 16> trace_id{};
  std::array<unsigned char, 8> span_id{};
  bool sampled = false;

  friend bool operator==(const trace_context&, const trace_context&) = default;
};

/// Reads a `traceparent` header. Nothing when it is malformed, of version ff, or has an id of zeros; the sender's
/// trace is then not continued. Later versions are read by the rules of version 00.
std::optional<trace_context> parse_traceparent(std::string_view header) noexcept;

/// The header for a call that continues this trace: `00-<32 hex>-<16 hex>-<2 hex>`.
std::string to_traceparent(const trace_context& context);

/// A new trace with a first span.
trace_context make_trace(runtime::random& random, bool sampled = false);

/// A new span in the trace of `parent`.
trace_context child_of(const trace_context& parent, runtime::random& random);

/// 32 and 16 lower-case hexadecimal digits, for log fields `traceId` and `spanId`.
std::string trace_id_text(const trace_context& context);
std::string span_id_text(const trace_context& context);

}  // namespace nxg::telemetry

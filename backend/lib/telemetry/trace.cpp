#include "telemetry/trace.hpp"

#include "runtime/hex.hpp"

#include <algorithm>
#include <cstddef>
#include <span>

namespace nxg::telemetry {

namespace {

/// Lower case only, as the standard demands.
template <std::size_t Size>
bool read_hex(std::string_view text, std::array<unsigned char, Size>& into) noexcept {
  const auto spelled = text.substr(0, 2 * Size);
  return std::ranges::none_of(spelled, [](char c) { return c >= 'A' && c <= 'F'; }) &&
         runtime::read_hex(spelled.data(), into);
}

bool is_zero(std::span<const unsigned char> bytes) {
  return std::ranges::all_of(bytes, [](unsigned char byte) { return byte == 0; });
}

template <std::size_t Size>
void fill_nonzero(std::array<unsigned char, Size>& bytes, runtime::random& random) {
  do {
    random.fill(std::as_writable_bytes(std::span{bytes}));
  } while (is_zero(bytes));
}

}  // namespace

std::optional<trace_context> parse_traceparent(std::string_view header) noexcept {
  constexpr std::size_t length = 55;
  if (header.size() < length || header[2] != '-' || header[35] != '-' || header[52] != '-') return std::nullopt;
  std::array<unsigned char, 1> version;
  std::array<unsigned char, 1> flags;
  trace_context context;
  if (!read_hex(header, version) || !read_hex(header.substr(3), context.trace_id) ||
      !read_hex(header.substr(36), context.span_id) || !read_hex(header.substr(53), flags)) {
    return std::nullopt;
  }
  const bool longer = header.size() > length;
  if (version[0] == 0xff || (version[0] == 0 && longer) || (longer && header[length] != '-')) return std::nullopt;
  if (is_zero(context.trace_id) || is_zero(context.span_id)) return std::nullopt;
  context.sampled = (flags[0] & 1) != 0;
  return context;
}

std::string to_traceparent(const trace_context& context) {
  return "00-" + trace_id_text(context) + "-" + span_id_text(context) + (context.sampled ? "-01" : "-00");
}

trace_context make_trace(runtime::random& random, bool sampled) {
  trace_context context;
  fill_nonzero(context.trace_id, random);
  fill_nonzero(context.span_id, random);
  context.sampled = sampled;
  return context;
}

trace_context child_of(const trace_context& parent, runtime::random& random) {
  trace_context context = parent;
  fill_nonzero(context.span_id, random);
  return context;
}

std::string trace_id_text(const trace_context& context) { return runtime::to_hex(context.trace_id); }
std::string span_id_text(const trace_context& context) { return runtime::to_hex(context.span_id); }

}  // namespace nxg::telemetry

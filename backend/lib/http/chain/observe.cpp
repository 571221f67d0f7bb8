#include "http/chain.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <mutex>
#include <utility>

namespace nxg::http {

namespace {

/// Randomness for ids, fetched a page at a time: a system call or lock per request would be seen in the figures.
/// Requests of one core take from one page; the lock is for programs with more threads than pages.
class octet_supply {
 public:
  explicit octet_supply(runtime::random& source) : source_{source} {}

  void take(std::size_t core, std::span<std::byte> into) {
    auto& page = pages_[core % pages_.size()];
    const std::lock_guard lock{page.mutex};
    if (page.left < into.size()) {
      source_.fill(page.octets);
      page.left = page.octets.size();
    }
    std::memcpy(into.data(), page.octets.data() + (page.octets.size() - page.left), into.size());
    page.left -= into.size();
  }

 private:
  struct alignas(64) supply {
    std::mutex mutex;
    std::size_t left = 0;
    std::array<std::byte, 2048> octets{};
  };
  runtime::random& source_;
  std::array<supply, 16> pages_;
};

class supplied_random final : public runtime::random {
 public:
  supplied_random(octet_supply& supply, std::size_t core) : supply_{supply}, core_{core} {}
  void fill(std::span<std::byte> bytes) override { supply_.take(core_, bytes); }

 private:
  octet_supply& supply_;
  std::size_t core_;
};

std::optional<uuid> given_id(const header_fields& headers) {
  for (const auto* name : {"x-request-id", "x-correlation-id"}) {
    // Anything that is no UUID is not echoed: logs and answers carry nothing a caller made up.
    if (const auto given = headers.find(name)) {
      if (const auto id = uuid::parse(*given); id && !id->is_nil()) return id;
    }
  }
  return std::nullopt;
}

telemetry::trace_context trace_of(const header_fields& headers, runtime::random& random) {
  if (const auto given = headers.find("traceparent")) {
    if (const auto parent = telemetry::parse_traceparent(*given)) return telemetry::child_of(*parent, random);
  }
  return telemetry::make_trace(random);
}

}  // namespace

middleware observe(runtime::clock& time, runtime::random& random, observer on_answer) {
  return [&time, supply = std::make_shared<octet_supply>(random), on_answer = std::move(on_answer)](
             request& incoming, next rest) -> task<response> {
    const auto began = time.steady();
    supplied_random octets{*supply, incoming.core};
    const auto given = given_id(incoming.headers);
    incoming.id = given ? *given : uuid::version_7(time.now(), octets);
    incoming.trace = trace_of(incoming.headers, octets);

    auto answer = co_await rest(incoming);
    answer.headers.append(incoming.reply_headers);
    answer.headers.add("X-Request-Id", incoming.id.to_string());
    answer.headers.add("traceparent", telemetry::to_traceparent(incoming.trace));
    if (on_answer) on_answer(incoming, answer, time.steady() - began);
    co_return answer;
  };
}

}  // namespace nxg::http

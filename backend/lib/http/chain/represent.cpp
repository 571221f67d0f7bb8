#include "http/chain.hpp"
#include "http/conditional.hpp"

#include <array>
#include <mutex>
#include <utility>

namespace nxg::http {

namespace {

/// Above it the io thread would be held for milliseconds; such answers bring their own encoding or go as they are.
constexpr std::size_t compress_at_most = 1024 * 1024;

class representation {
 public:
  explicit representation(std::size_t compress_above) : compress_above_{compress_above} {}

  void finish(const request& incoming, response& answer) {
    if (answer.status < 200 || answer.status >= 300 || (incoming.route != nullptr && incoming.route->secret)) return;
    const bool may_compress = is_worth_compressing(answer);
    if (may_compress && !answer.headers.contains("vary")) answer.headers.add("Vary", "Accept-Encoding");
    const bool is_read = incoming.method == verb::get || incoming.method == verb::head;
    if (is_read && answer.status == 200 && revalidate(incoming, answer)) return;
    if (may_compress) compress(incoming, answer);
  }

 private:
  /// True when the caller has it already.
  static bool revalidate(const request& incoming, response& answer) {
    auto tag = answer.headers.find("etag");
    if (!tag) {
      if (answer.stream) return false;
      answer.headers.add("ETag", content_tag(answer.content()));
      tag = answer.headers.find("etag");
    }
    const auto known = incoming.headers.find("if-none-match");
    if (!known || !names_tag(*known, *tag)) return false;
    answer.status = 304;
    answer.body.clear();
    answer.shared_body.reset();
    answer.stream.reset();
    answer.headers.remove("Content-Type");
    return true;
  }

  [[nodiscard]] bool is_worth_compressing(const response& answer) const {
    const auto size = answer.content().size();
    if (size <= compress_above_ || size > compress_at_most || answer.headers.contains("content-encoding")) return false;
    const auto type = answer.headers.find("content-type");
    return type && is_compressible(*type);
  }

  void compress(const request& incoming, response& answer) {
    const auto accepted = incoming.headers.find("accept-encoding");
    if (!accepted || !accepts_gzip(*accepted)) return;
    {
      auto& slot = slots_[incoming.core % slots_.size()];
      const std::lock_guard lock{slot.mutex};
      answer.body = slot.encoder.encode(answer.content());
    }
    answer.shared_body.reset();
    answer.headers.add("Content-Encoding", "gzip");
    if (const auto tag = answer.headers.find("etag")) answer.headers.set("ETag", gzip_tag(std::string{*tag}));
  }

  struct alignas(64) own_encoder {
    std::mutex mutex;
    gzip_encoder encoder;
  };
  std::size_t compress_above_;
  std::array<own_encoder, 16> slots_;
};

}  // namespace

middleware represent(std::size_t compress_above) {
  return [finisher = std::make_shared<representation>(compress_above)](request& incoming, next rest) -> task<response> {
    auto answer = co_await rest(incoming);
    finisher->finish(incoming, answer);
    co_return answer;
  };
}

}  // namespace nxg::http

#include "http/chain.hpp"
#include "http/multipart_parser.hpp"
#include "runtime/hex.hpp"

#include <boost/asio/this_coro.hpp>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <utility>

namespace nxg::http {

namespace {

constexpr std::size_t longest_key = 255;
/// A claim outlasts the route's deadline by this, so that nobody takes over what still runs.
constexpr std::chrono::milliseconds claim_margin{10'000};

/// Clients make a new boundary each time they send the same form.
void append_without(std::string& text, std::string_view body, std::string_view boundary) {
  for (auto at = body.find(boundary); at != std::string_view::npos; at = body.find(boundary)) {
    text.append(body.substr(0, at));
    body.remove_prefix(at + boundary.size());
  }
  text.append(body);
}

std::string fingerprint_of(const request& incoming) {
  std::string text{to_string(incoming.method)};
  text.append(" ").append(incoming.target).append("\n");
  // What is preferred is part of what is asked: an answer for later is none for now.
  if (const auto preferred = incoming.headers.find("prefer")) text.append(*preferred).append("\n");
  const auto boundary = incoming.route->body == body_form::form
                            ? multipart_boundary(incoming.headers.find("content-type").value_or(""))
                            : std::nullopt;
  if (boundary) {
    append_without(text, incoming.body, *boundary);
  } else {
    text.append(incoming.body);
  }
  std::array<unsigned char, 32> digest{};
  EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  return runtime::to_hex(digest);
}

/// The draft's form is a quoted string; most clients send the bare one. Both mean the same key.
std::string key_of(std::string_view given) {
  if (given.size() >= 2 && given.front() == '"' && given.back() == '"') given = given.substr(1, given.size() - 2);
  const bool visible = std::ranges::all_of(given, [](char c) { return c > 0x20 && c < 0x7f && c != '"'; });
  if (given.empty() || given.size() > longest_key || !visible) {
    throw problem{protocol_error::idempotency_key_invalid, "Idempotency-Key is 1 to 255 visible ASCII characters."}
        .with_errors({{"/header/Idempotency-Key", "bad_format", "must be 1 to 255 visible ASCII characters"}});
  }
  return std::string{given};
}

response replay(const stored_answer& kept) {
  response answer;
  answer.status = kept.status;
  if (!kept.content_type.empty()) answer.headers.add("Content-Type", kept.content_type);
  if (!kept.location.empty()) answer.headers.add("Location", kept.location);
  if (!kept.etag.empty()) answer.headers.add("ETag", kept.etag);
  if (!kept.preference_applied.empty()) answer.headers.add("Preference-Applied", kept.preference_applied);
  answer.headers.add("Idempotent-Replayed", "true");
  answer.body = kept.body;
  return answer;
}

stored_answer keep(const response& answer) {
  const auto value = [&](std::string_view name) { return std::string{answer.headers.find(name).value_or("")}; };
  return {.status = answer.status,
          .content_type = value("content-type"),
          .location = value("location"),
          .etag = value("etag"),
          .preference_applied = value("preference-applied"),
          .body = std::string{answer.content()}};
}

class keyed_operations {
 public:
  keyed_operations(idempotency_store& store, runtime::clock& time, runtime::random& random, translator translate,
                   std::chrono::seconds kept)
      : store_{store}, time_{time}, random_{random}, translate_{std::move(translate)}, kept_{kept} {}

  void give_ids(request& incoming) const {
    incoming.operation.at = time_.now();
    incoming.operation.seed = uuid::version_7(incoming.operation.at, random_);
  }

  task<response> run(request& incoming, next rest) const {
    const auto claim = make_claim(incoming);
    const auto record = co_await store_.begin(claim);
    using outcome = idempotency_store::record::outcome;
    if (record.found != outcome::begun && record.fingerprint != claim.fingerprint) {
      throw problem{protocol_error::idempotency_key_reused, "This key was used for another request."};
    }
    if (record.found == outcome::finished) co_return replay(record.answer);
    if (record.found == outcome::in_progress) throw in_progress(record);
    incoming.operation.seed = record.seed;
    incoming.operation.at = record.at;

    std::exception_ptr error;
    response answer;
    try {
      answer = co_await rest(incoming);
    } catch (...) {
      error = std::current_exception();
    }
    // Also after the deadline struck, the record is brought to its end.
    co_await boost::asio::this_coro::reset_cancellation_state();
    if (!error && answer.status < 400) {
      co_await store_.finish(claim, keep(answer));
      co_return answer;
    }
    co_await end(claim, record.found == outcome::begun && changed_nothing(error, answer));
    if (error) std::rethrow_exception(error);
    co_return answer;
  }

 private:
  idempotency_store::claim make_claim(const request& incoming) const {
    const auto now = time_.now();
    return {incoming.who ? incoming.who->id : uuid{},
            incoming.route->operation_id,
            key_of(incoming.headers.find("idempotency-key").value_or("")),
            fingerprint_of(incoming),
            incoming.operation.seed,
            now,
            now + incoming.route->deadline + claim_margin,
            now + kept_};
  }

  problem in_progress(const idempotency_store::record& record) const {
    const auto wait = std::chrono::ceil<std::chrono::seconds>(record.claimed_until - time_.now());
    return problem{protocol_error::idempotency_in_progress, "The first request with this key is still at work."}
        .with_retry_after(std::min(wait, std::chrono::seconds{2}));
  }

  /// A refusal by the rules (4xx) left nothing behind; with anything else one cannot know.
  bool changed_nothing(const std::exception_ptr& error, const response& answer) const {
    if (!error) return answer.status < 500;
    try {
      std::rethrow_exception(error);
    } catch (const problem& refused) {
      return refused.status() < 500;
    } catch (...) {
      const auto known = translate_ ? translate_(error) : std::nullopt;
      return known && known->status() < 500;
    }
  }

  /// A store that fails here too costs the caller nothing: the claim ends by itself.
  task<> end(const idempotency_store::claim& claim, bool without_trace) const {
    try {
      if (without_trace) {
        co_await store_.forget(claim);
      } else {
        co_await store_.release(claim);
      }
    } catch (...) {
    }
  }

  idempotency_store& store_;
  runtime::clock& time_;
  runtime::random& random_;
  translator translate_;
  std::chrono::seconds kept_;
};

}  // namespace

middleware idempotency(idempotency_store& store, runtime::clock& time, runtime::random& random, translator translate,
                       std::chrono::seconds kept) {
  return [keyed_ones = std::make_shared<const keyed_operations>(store, time, random, std::move(translate), kept)](
             request& incoming, next rest) -> task<response> {
    if (incoming.route == nullptr || incoming.method == verb::get || incoming.method == verb::head)
      return rest(incoming);
    keyed_ones->give_ids(incoming);
    if (incoming.route->idempotency == keyed::no) return rest(incoming);
    if (incoming.headers.contains("idempotency-key")) return keyed_ones->run(incoming, rest);
    if (incoming.route->idempotency == keyed::required) {
      throw problem{protocol_error::idempotency_key_required, "Send an Idempotency-Key with this request."};
    }
    return rest(incoming);
  };
}

}  // namespace nxg::http

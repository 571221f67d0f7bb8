#include "store/copy_scan.hpp"

#include "runtime/timer.hpp"
#include "schema/stored_types.hpp"
#include "store/evaluate.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <stdexcept>

namespace nxg::store::detail {

namespace {

constexpr int most_tries = 8;
constexpr std::chrono::milliseconds first_pause{100};

bool may_pass(const error& why) {
  return why.is(failure::busy) || why.is(failure::unavailable) || why.is(failure::outcome_unknown);
}

template <class T>
task<T> patiently(database& in, std::function<task<T>()> work) {
  for (int tries = 1;; ++tries) {
    bool again = false;
    try {
      T done = co_await work();
      co_return done;
    } catch (const error& why) {
      if (!may_pass(why) || tries == most_tries) throw;
      again = true;
    }
    if (again) co_await runtime::sleep_for(in.clock(), first_pause * (1 << (tries - 1)));
  }
}

task<bool> then_true(const std::function<task<void>()>& work) {
  co_await work();
  co_return true;
}

void restore(document_value& parent, std::string_view name) {
  if (document_value* value = parent.find(name)) schema::restore_types(*value, schema::shape_of<instant>());
}

/// What the store itself keeps with a document, see outbox_format.hpp.
void restore_outbox(const collection_rules& rules, document_value& outbox) {
  for (const char* name : {"dueAt", "removed"}) restore(outbox, name);
  if (document_value* claim = outbox.find("claim")) restore(*claim, "until");
  document_value* events = outbox.find("events");
  auto* each = events ? events->get_if<document_value::array>() : nullptr;
  if (!each) return;
  for (auto& one : *each) {
    for (const char* name : {"at", "notBefore", "retryAt"}) restore(one, name);
    const auto declared = std::ranges::find(rules.events, text_at(one, "type"), &event_spec::name);
    document_value* payload = one.find("payload");
    if (payload && declared != rules.events.end()) schema::restore_types(*payload, *declared->shape);
  }
}

void tidy(document_value& value) {
  if (auto* elements = value.get_if<document_value::array>()) {
    for (auto& one : *elements) tidy(one);
  } else if (auto* members = value.get_if<document_value::object>()) {
    std::erase_if(*members, [](const auto& one) { return one.value.is_null(); });
    std::ranges::sort(*members, {}, &schema::document_member::key);
    for (auto& one : *members) tidy(one.value);
  }
}

}  // namespace

task<std::vector<stored_document>> find_patiently(database& in, rules_pointer rules, query what) {
  std::function<task<std::vector<stored_document>>()> work = [&in, rules, what] {
    return in.port().find(rules->spec, what, beginning_of_time);
  };
  return patiently<std::vector<stored_document>>(in, std::move(work));
}

task<std::uint64_t> count_patiently(database& in, rules_pointer rules, query what) {
  std::function<task<std::uint64_t>()> work = [&in, rules, what] {
    return in.port().count(rules->spec, what, beginning_of_time);
  };
  return patiently<std::uint64_t>(in, std::move(work));
}

task<std::vector<write_result>> write_patiently(database& in, rules_pointer rules, std::vector<write_operation> what) {
  std::function<task<std::vector<write_result>>()> work = [&in, rules, what = std::move(what)] {
    return in.port().write(rules->spec, what, beginning_of_time);
  };
  return patiently<std::vector<write_result>>(in, std::move(work));
}

task<void> do_patiently(database& in, std::function<task<void>()> work) {
  std::function<task<bool>()> told = [&work]() -> task<bool> { return then_true(work); };
  co_await patiently<bool>(in, std::move(told));
}

copied_document typed(const collection_rules& rules, document_value stored) {
  copied_document one{text_at(stored, stored_names::id), std::move(stored)};
  if (integer_at(one.value, stored_names::schema) > rules.spec->schema) {
    throw error{failure::unavailable, rules.spec->name + " holds documents of schema version " +
                                          std::to_string(integer_at(one.value, stored_names::schema)) +
                                          "; this program knows versions up to " + std::to_string(rules.spec->schema) +
                                          ": copy with the newer program"};
  }
  schema::restore_types(one.value, *rules.shape);
  if (document_value* outbox = one.value.find(stored_names::outbox)) restore_outbox(rules, *outbox);
  return one;
}

std::string canonical(const document_value& document) {
  document_value tidied = document;
  tidy(tidied);
  std::string text;
  schema::json_sink sink{text};
  schema::write_value(sink, tidied);
  return text;
}

bool is_expired(const collection_rules& rules, const document_value& document, instant now) {
  if (rules.spec->expires.empty()) return false;
  const document_value* until = value_at_path(document, rules.spec->expires);
  const auto how = until ? store::compare(*until, document_value{now}) : std::nullopt;
  return how && *how <= 0;
}

void page_size::learn(const std::vector<stored_document>& page) noexcept {
  if (page.empty()) return;
  std::size_t bytes = 0;
  for (const auto& one : page) bytes += one.bytes.size();
  const std::size_t fit = bytes_ * page.size() / std::max<std::size_t>(bytes, 1);
  next_ = std::clamp<std::size_t>(fit, least, 4 * next_);  // what comes may be larger than what came
}

task<std::vector<copied_document>> scan::page() {
  std::vector<copied_document> page;
  if (over_) co_return page;
  query what{.limit = pages_.next(), .tombstones = true};
  if (!after_.empty()) what.after.emplace_back(after_);
  const auto found = co_await find_patiently(*in_, rules_, std::move(what));
  over_ = found.empty();
  pages_.learn(found);
  for (const auto& one : found) page.push_back(typed(*rules_, in_->port().decode(one)));
  if (!page.empty()) after_ = page.back().id;
  co_return page;
}

task<const copied_document*> scan::peek() {
  if (ahead_.empty() && !over_) {
    auto more = co_await page();
    for (auto& one : more) ahead_.push_back(std::move(one));
  }
  co_return ahead_.empty() ? nullptr : &ahead_.front();
}

struct digest::state {
  std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context{EVP_MD_CTX_new(), EVP_MD_CTX_free};
};

digest::digest() : state_{std::make_unique<state>()} {
  if (EVP_DigestInit_ex(state_->context.get(), EVP_sha256(), nullptr) != 1)
    throw std::runtime_error{"SHA-256 cannot be begun"};
}
digest::~digest() = default;

void digest::add(std::string_view text) {
  EVP_DigestUpdate(state_->context.get(), text.data(), text.size());
  EVP_DigestUpdate(state_->context.get(), "\n", 1);
}

std::string digest::hex() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> octets{};
  unsigned size = 0;
  EVP_DigestFinal_ex(state_->context.get(), octets.data(), &size);
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (unsigned i = 0; i < size; ++i) {
    text += digits[octets[i] >> 4];
    text += digits[octets[i] & 15];
  }
  return text;
}

}  // namespace nxg::store::detail

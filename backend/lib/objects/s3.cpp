#include "objects/s3.hpp"

#include "objects/detail/check.hpp"
#include "objects/detail/counted.hpp"
#include "objects/detail/percent.hpp"
#include "objects/s3/connection.hpp"
#include "objects/s3/headers.hpp"
#include "objects/s3/part_upload.hpp"
#include "objects/s3/settings.hpp"
#include "objects/s3/xml.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <utility>

namespace nxg::objects {

namespace {

using s3::command;

constexpr std::size_t longest_list = 8u << 20;
/// Room for what an error says, also where the caller wants little.
constexpr std::size_t least_answer = 1u << 20;

[[noreturn]] void unclear() {
  throw error{failure::unavailable, "the object store answered something that makes no sense"};
}

struct distribution {
  std::string url;
  cloudfront_signer signer;
};

class s3_store final : public object_store {
 public:
  s3_store(executor where, runtime::clock& time, runtime::random& random, s3_options options)
      : random_{random},
        by_{std::make_shared<s3::connection>(std::move(where), time, random, options,
                                             std::make_shared<detail::counters>())},
        public_{s3::place::parse(options.public_endpoint.empty() ? options.endpoint : options.public_endpoint,
                                 options.settings.endpoint)} {
    if (const auto& through = options.cloudfront)
      cloudfront_.emplace(through->url, cloudfront_signer{through->key_pair_id, through->private_key});
  }
  ~s3_store() override { by_->close(); }

  task<void> check() override { return detail::check(*this, random_, {}); }
  [[nodiscard]] objects::figures figures() const override { return by_->counters()->figures(); }

 private:
  task<written> do_put(std::string key, std::string content, put_options how) override {
    return detail::counted(by_->counters(), put_object(std::move(key), std::move(content), std::move(how)));
  }
  task<object> do_get(std::string key, get_options how) override {
    return detail::counted(by_->counters(), get_object(std::move(key), std::move(how)));
  }
  task<object_info> do_head(std::string key) override {
    return detail::counted(by_->counters(), head_object(std::move(key)));
  }
  task<void> do_remove(std::string key) override {
    return detail::counted(by_->counters(), remove_object(std::move(key)));
  }
  task<list_page> do_list(list_options which) override {
    return detail::counted(by_->counters(), list_objects(std::move(which)));
  }
  std::unique_ptr<upload> do_start_upload(std::string key, put_options how) override {
    return std::make_unique<s3::part_upload>(by_, full(key), std::move(how));
  }

  task<written> put_object(std::string key, std::string content, put_options how) {
    const std::size_t size = content.size();
    command what{.method = "PUT", .key = full(key), .writes = true};
    what.headers = s3::headers_of(how, options().encryption);
    what.body = std::make_shared<std::string>(std::move(content));
    const auto answer = co_await by_->send(std::move(what));
    co_return written{s3::bare_etag(answer.header("etag").value_or("")), size};
  }

  task<object> get_object(std::string key, get_options how) {
    command what{.method = "GET", .key = full(key)};
    what.expected_bytes = how.range ? static_cast<std::size_t>(how.range->length) : how.max_bytes;
    what.max_response_bytes = std::max(what.expected_bytes, least_answer);
    if (how.range) what.headers.emplace_back("range", text_of(*how.range));
    if (!how.if_match.empty()) what.headers.emplace_back("if-match", '"' + how.if_match + '"');
    const std::size_t known = how.range ? what.expected_bytes : 0;
    detail::held_bytes held{by_->counters(), known};
    auto answer = co_await by_->send(std::move(what));
    detail::held_bytes came{by_->counters(), answer.body.size() - std::min(known, answer.body.size())};
    co_return read_object(std::move(key), how, std::move(answer));
  }

  static object read_object(std::string key, const get_options& how, http::client_response answer) {
    object read{.info = s3::info_from(answer), .content = std::move(answer.body)};
    read.info.key = std::move(key);
    read.info.size = read.content.size();
    if (!how.if_match.empty() && how.if_match != read.info.etag)
      throw error{failure::changed, "the object is another one"};
    if (how.range) cut_to(*how.range, answer, read);
    if (read.content.size() > how.max_bytes)
      throw error{failure::too_large, "the object is too large to be read at once"};
    return read;
  }

  /// A server may send more than was asked for, up to the whole object.
  static void cut_to(const byte_range& wanted, const http::client_response& answer, object& read) {
    std::uint64_t first = 0;
    if (answer.status == 206) {
      const auto sent = s3::read_content_range(answer.header("content-range").value_or(""));
      if (!sent || sent->first > wanted.offset) unclear();
      first = sent->first;
      read.info.size = sent->total;
    }
    if (wanted.offset >= read.info.size) throw error{failure::outside, "the object ends before that"};
    const auto length = std::min(wanted.length, read.info.size - wanted.offset);
    if (first + read.content.size() < wanted.offset + length) unclear();
    if (first != wanted.offset) read.content.erase(0, static_cast<std::size_t>(wanted.offset - first));
    read.content.resize(static_cast<std::size_t>(length));
  }

  task<object_info> head_object(std::string key) {
    command what{.method = "HEAD", .key = full(key)};
    const auto answer = co_await by_->send(std::move(what));
    object_info info = s3::info_from(answer);
    info.key = std::move(key);
    const auto length = answer.header("content-length").value_or("");
    const auto [end, wrong] = std::from_chars(length.data(), length.data() + length.size(), info.size);
    if (wrong != std::errc{} || end != length.data() + length.size() || info.etag.empty()) unclear();
    co_return info;
  }

  task<void> remove_object(std::string key) {
    command what{.method = "DELETE", .key = full(key), .writes = true};
    try {
      co_await by_->send(std::move(what));
    } catch (const error& why) {
      if (!why.is(failure::not_found)) throw;
    }
  }

  task<list_page> list_objects(list_options which) {
    command what{.method = "GET"};
    what.query.emplace_back("list-type", "2");
    what.query.emplace_back("encoding-type", "url");
    what.query.emplace_back("max-keys", std::to_string(which.limit));
    what.query.emplace_back("prefix", options().prefix + which.prefix);
    if (!which.after.empty()) what.query.emplace_back("start-after", options().prefix + which.after);
    what.max_response_bytes = longest_list;
    const auto answer = co_await by_->send(std::move(what));
    auto page = s3::read_list(answer.body, options().prefix);
    if (!page) unclear();
    co_return std::move(*page);
  }

  presigned do_presign_get(const std::string& key, const presign_get_options& how) const override {
    if (cloudfront_) return by_cloudfront(*cloudfront_, key, how.valid);
    s3::v4_request what{.method = "GET"};
    if (!how.file_name.empty()) {
      what.query.emplace_back("response-content-disposition",
                              "attachment; filename*=UTF-8''" + detail::percent_encoded(how.file_name));
    }
    return by_signature(std::move(what), key, how.valid);
  }

  presigned do_presign_put(const std::string& key, const presign_put_options& how) const override {
    s3::v4_request what{.method = "PUT", .headers = s3::headers_of(options().encryption)};
    what.headers.emplace_back("content-type", how.content_type);
    what.headers.emplace_back("content-length", std::to_string(how.size));
    return by_signature(std::move(what), key, how.valid);
  }

  presigned by_signature(s3::v4_request what, const std::string& key, std::chrono::seconds valid) const {
    presigned made{.method = what.method, .headers = what.headers};
    const instant now = std::chrono::floor<std::chrono::seconds>(by_->time().now());
    what.path = public_.path_of(options().bucket, full(key));
    what.headers.emplace_back("host", public_.host);
    made.url = public_.origin + what.path + "?";
    made.url += s3::presign_v4(by_->key(), std::move(what), now, valid);
    made.expires = now + valid;
    return made;
  }

  presigned by_cloudfront(const distribution& through, const std::string& key, std::chrono::seconds valid) const {
    const instant expires = std::chrono::floor<std::chrono::seconds>(by_->time().now()) + valid;
    const auto url = through.url + "/" + detail::percent_encoded_path(full(key));
    return {.method = "GET", .url = through.signer.sign(url, expires), .expires = expires};
  }

  static std::string text_of(const byte_range& range) {
    const auto most = std::uint64_t{1} << 62U;
    const auto last = std::min(range.offset, most) + std::min(range.length, most) - 1;
    return "bytes=" + std::to_string(range.offset) + "-" + std::to_string(last);
  }

  [[nodiscard]] const s3_options& options() const noexcept { return by_->options(); }
  [[nodiscard]] std::string full(const std::string& key) const { return options().prefix + key; }

  runtime::random& random_;
  std::shared_ptr<s3::connection> by_;
  const s3::place public_;
  std::optional<distribution> cloudfront_;
};

}  // namespace

std::shared_ptr<object_store> open_s3(executor where, runtime::clock& time, runtime::random& random,
                                      s3_options options) {
  s3::require_usable(options);
  const std::string cloudfront = options.settings.cloudfront;
  try {
    return std::make_shared<s3_store>(std::move(where), time, random, std::move(options));
  } catch (const std::invalid_argument& why) {
    throw unusable{cloudfront + ": " + why.what()};
  }
}

}  // namespace nxg::objects

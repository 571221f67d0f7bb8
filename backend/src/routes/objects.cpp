#include "routes/objects.hpp"

#include "http/range.hpp"
#include "http/route.hpp"
#include "objects/folder_urls.hpp"
#include "services/api_error.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

namespace nxg::routes {

namespace {

constexpr std::uint64_t piece_bytes = 256 * 1024;

/// A part of an object, always of the same one: where it is replaced meanwhile the answer breaks off.
class object_content final : public http::content_source {
 public:
  object_content(objects::object_store& from, objects::object_info what, http::octet_range part)
      : from_{from}, what_{std::move(what)}, at_{part.first}, left_{part.length}, size_{part.length} {}

  [[nodiscard]] std::uint64_t size() const noexcept override { return size_; }

  task<std::string> next() override {
    objects::get_options how;
    how.range = objects::byte_range{at_, std::min(left_, piece_bytes)};
    how.if_match = what_.etag;
    how.max_bytes = piece_bytes;
    auto piece = co_await from_.get(what_.key, how);
    at_ += piece.content.size();
    left_ -= piece.content.size();
    co_return std::move(piece.content);
  }

 private:
  objects::object_store& from_;
  objects::object_info what_;
  std::uint64_t at_;
  std::uint64_t left_;
  std::uint64_t size_;
};

objects::url_permission permission_of(const http::request& incoming, std::string_view secret, instant now) {
  const auto target = std::string_view{incoming.target}.substr(objects_path.size() + 1);
  auto verdict = objects::verify_folder_url(secret, to_string(incoming.method), target, now);
  if (auto* may = std::get_if<objects::url_permission>(&verdict)) return std::move(*may);
  if (std::get<objects::url_refusal>(verdict) == objects::url_refusal::expired)
    throw api_error{error_code::url_expired, "This link has ended: ask for a new one."};
  throw api_error{error_code::url_invalid, "This link is not one of ours."};
}

/// Quotes and what is no ASCII by RFC 8187.
std::string attachment(const std::string& name) { return "attachment; filename*=UTF-8''" + http::percent_encode(name); }

class object_door {
 public:
  object_door(objects::object_store& store, std::string secret, runtime::clock& time)
      : store_{store}, secret_{std::move(secret)}, time_{time} {}

  task<http::response> answer(const http::request& incoming) const {
    const auto may = permission_of(incoming, secret_, time_.now());
    auto what = co_await find(may.key);
    http::response answer;
    describe(answer, what, may);
    const auto tag = std::string{answer.headers.find("etag").value_or("")};
    const auto asked =
        http::asked_range(incoming.headers.find("range"), incoming.headers.find("if-range"), what.size, tag);
    if (std::holds_alternative<http::beyond_resource>(asked)) {
      answer.status = 416;
      answer.headers.set("Content-Range", "bytes */" + std::to_string(what.size));
      answer.headers.remove("Content-Type");
      co_return answer;
    }
    http::octet_range part{0, what.size};
    if (const auto* range = std::get_if<http::octet_range>(&asked)) {
      part = *range;
      answer.status = 206;
      answer.headers.set("Content-Range", "bytes " + std::to_string(part.first) + "-" +
                                              std::to_string(part.first + part.length - 1) + "/" +
                                              std::to_string(what.size));
    }
    answer.stream = std::make_shared<object_content>(store_, std::move(what), part);
    co_return answer;
  }

 private:
  task<objects::object_info> find(std::string key) const {
    std::optional<objects::object_info> found;
    try {
      found = co_await store_.head(std::move(key));
    } catch (const objects::error& why) {
      if (!why.is(objects::failure::not_found)) throw;
    }
    if (!found) throw not_found("file");
    co_return std::move(*found);
  }

  static void describe(http::response& answer, const objects::object_info& what, const objects::url_permission& may) {
    answer.headers.add("Content-Type", what.content_type);
    answer.headers.add("ETag", '"' + what.etag + '"');
    answer.headers.add("Accept-Ranges", "bytes");
    // Nothing that came from outside runs anything here, whatever its type says.
    answer.headers.add("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'");
    if (!may.file_name.empty()) answer.headers.add("Content-Disposition", attachment(may.file_name));
  }

  objects::object_store& store_;
  std::string secret_;
  runtime::clock& time_;
};

}  // namespace

void declare_objects(http::router& routes, objects::object_store& store, std::string url_secret, runtime::clock& time) {
  const auto door = std::make_shared<const object_door>(store, std::move(url_secret), time);
  routes.get(std::string{objects_path} + "/{key*}")
      .open()
      .hidden()
      .limit("unlimited")
      .errors(error_code::url_invalid, error_code::url_expired)
      .handle([door](http::request& incoming) -> task<http::response> { return door->answer(incoming); });
}

}  // namespace nxg::routes

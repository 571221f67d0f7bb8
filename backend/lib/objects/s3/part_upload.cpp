#include "objects/s3/part_upload.hpp"

#include "objects/detail/counted.hpp"
#include "objects/s3/headers.hpp"
#include "objects/s3/xml.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace nxg::objects::s3 {

namespace {

constexpr std::size_t most_parts = 10'000;

std::string required_etag(const http::client_response& answer) {
  auto etag = bare_etag(answer.header("etag").value_or(""));
  if (etag.empty()) throw error{failure::outcome_unknown, "the object store answered without an etag"};
  return etag;
}

}  // namespace

part_upload::part_upload(std::shared_ptr<connection> by, std::string key, put_options how)
    : by_{std::move(by)}, key_{std::move(key)}, how_{std::move(how)} {}

part_upload::~part_upload() {
  take_part();
  if (upload_id_.empty()) return;
  // What nobody finished would be kept, and paid for.
  const auto where = by_->where();
  boost::asio::co_spawn(where, abort_quietly(std::move(by_), key_, std::move(upload_id_)), boost::asio::detached);
}

task<void> part_upload::write(std::string_view bytes) { return detail::counted(by_->counters(), write_all(bytes)); }
task<written> part_upload::finish() { return detail::counted(by_->counters(), complete()); }

task<void> part_upload::write_all(std::string_view bytes) {
  require_open();
  over_ = true;
  while (!bytes.empty()) {
    if (part_.empty()) {
      part_.reserve(by_->options().part_bytes);
      by_->counters()->hold(part_.capacity());
    }
    const auto more = bytes.substr(0, by_->options().part_bytes - part_.size());
    part_ += more;
    size_ += more.size();
    bytes.remove_prefix(more.size());
    // A full part waits for what follows: if that is nothing, the object is that part.
    if (part_.size() == by_->options().part_bytes && !bytes.empty()) co_await send_part();
  }
  over_ = false;
}

std::string part_upload::take_part() {
  if (!part_.empty()) by_->counters()->release(part_.capacity());
  return std::exchange(part_, {});
}

task<void> part_upload::begin() {
  command what{.method = "POST", .key = key_, .query = {{"uploads", ""}}, .writes = true, .repeatable = false};
  what.headers = headers_of(how_, by_->options().encryption);
  const auto answer = co_await by_->send(std::move(what));
  auto id = read_upload_id(answer.body);
  if (!id) throw error{failure::unavailable, "the object store began an upload without naming it"};
  upload_id_ = std::move(*id);
}

task<void> part_upload::send_part() {
  if (upload_id_.empty()) co_await begin();
  if (etags_.size() == most_parts) throw error{failure::invalid, "the object has too many parts"};
  command what{.method = "PUT", .key = key_, .writes = true};
  what.query = {{"partNumber", std::to_string(etags_.size() + 1)}, {"uploadId", upload_id_}};
  what.body = std::make_shared<std::string>(take_part());
  const auto answer = co_await by_->send(std::move(what));
  etags_.push_back(required_etag(answer));
}

task<written> part_upload::put_whole() {
  command what{.method = "PUT", .key = key_, .headers = headers_of(how_, by_->options().encryption), .writes = true};
  what.body = std::make_shared<std::string>(take_part());
  const auto answer = co_await by_->send(std::move(what));
  co_return written{required_etag(answer), size_};
}

task<written> part_upload::complete() {
  require_open();
  over_ = true;
  if (upload_id_.empty()) {
    written whole = co_await put_whole();
    co_return whole;
  }
  if (!part_.empty()) co_await send_part();
  command what{.method = "POST", .key = key_, .query = {{"uploadId", upload_id_}}, .writes = true};
  what.headers.emplace_back("content-type", "application/xml");
  what.body = std::make_shared<std::string>(completion_of(etags_));
  what.repeatable = false;  // done twice, it says that there is no such upload
  what.error_in_body = true;
  const auto answer = co_await by_->send(std::move(what));
  auto etag = read_completed(answer.body);
  if (!etag) throw error{failure::outcome_unknown, "the object store did not say whether it completed an upload"};
  upload_id_.clear();
  co_return written{std::move(*etag), size_};
}

task<void> part_upload::abandon() {
  over_ = true;
  take_part();
  if (upload_id_.empty()) co_return;
  co_await abort(by_, key_, std::exchange(upload_id_, {}));
}

task<void> part_upload::abort(std::shared_ptr<connection> by, std::string key, std::string upload_id) {
  command what{
      .method = "DELETE", .key = std::move(key), .query = {{"uploadId", std::move(upload_id)}}, .writes = true};
  try {
    co_await by->send(std::move(what));
  } catch (const error& why) {
    if (!why.is(failure::not_found)) throw;
  }
}

task<void> part_upload::abort_quietly(std::shared_ptr<connection> by, std::string key, std::string upload_id) {
  try {
    co_await abort(std::move(by), std::move(key), std::move(upload_id));
  } catch (const std::exception&) {
    // The bucket's rule on unfinished uploads removes it.
  }
}

void part_upload::require_open() const {
  if (over_) throw error{failure::invalid, "the upload is over"};
}

}  // namespace nxg::objects::s3

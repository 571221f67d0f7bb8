#include "objects/reader.hpp"

#include <utility>

namespace nxg::objects {

reader::reader(object_store& from, std::string key, std::size_t piece_bytes)
    : from_{&from}, key_{std::move(key)}, piece_bytes_{piece_bytes} {}

task<object_info> reader::info() {
  if (!known_) {
    info_ = co_await from_->head(key_);
    known_ = true;
  }
  co_return info_;
}

task<std::string> reader::next() {
  const object_info all = co_await info();
  if (at_ >= all.size) co_return std::string{};
  get_options how{.range = byte_range{at_, piece_bytes_}, .if_match = all.etag, .max_bytes = piece_bytes_};
  object piece = co_await from_->get(key_, std::move(how));
  at_ += piece.content.size();
  co_return std::move(piece.content);
}

}  // namespace nxg::objects

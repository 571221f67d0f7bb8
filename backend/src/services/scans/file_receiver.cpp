#include "services/scans/file_receiver.hpp"

#include "services/scans/errors.hpp"
#include "services/scans/file_format.hpp"
#include "utilities/encoding.hpp"

#include <openssl/evp.h>

#include <new>
#include <utility>

namespace nxg::scanning {

file_receiver::file_receiver(objects::object_store& into, std::string key)
    : store_{into}, key_{std::move(key)}, digest_{EVP_MD_CTX_new(), &EVP_MD_CTX_free} {
  if (!digest_ || EVP_DigestInit_ex(digest_.get(), EVP_sha256(), nullptr) != 1) throw std::bad_alloc{};
}

file_receiver::~file_receiver() = default;

task<void> file_receiver::add(std::string_view piece) {
  size_ += piece.size();
  if (size_ > most_scan_bytes) throw scan_too_large();
  EVP_DigestUpdate(digest_.get(), piece.data(), piece.size());
  if (target_) {
    co_await target_->write(piece);
    co_return;
  }
  beginning_.append(piece);
  if (beginning_.size() >= format_beginning) co_await begin();
}

/// With what came so far.
task<void> file_receiver::begin() {
  format_ = format_of(std::string_view{beginning_}.substr(0, format_beginning));
  if (!format_) throw scan_format_unsupported();
  objects::put_options how;
  how.content_type = std::string{content_type_of(*format_)};
  how.cache_control = scan_cache_control;
  target_ = store_.start_upload(key_, how);
  co_await target_->write(beginning_);
}

task<received_file> file_receiver::finish() {
  if (!target_) co_await begin();
  if (!fits_size(*format_, beginning_, size_)) throw scan_damaged("The file is not as long as it says.");
  const auto done = co_await target_->finish();
  static_cast<void>(done);
  std::string digest(32, '\0');
  EVP_DigestFinal_ex(digest_.get(), reinterpret_cast<unsigned char*>(digest.data()), nullptr);
  received_file made;
  made.format = *format_;
  made.file = {scan_file_kind::original, key_, std::string{content_type_of(*format_)}, static_cast<std::int64_t>(size_),
               utilities::hex(digest)};
  co_return made;
}

}  // namespace nxg::scanning

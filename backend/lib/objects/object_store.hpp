#pragma once

#include "objects/errors.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nxg::objects {

/// A longer content is put by an `upload`.
inline constexpr std::size_t max_put_bytes = 64u << 20;
/// Of names and values together, as S3 has it.
inline constexpr std::size_t max_metadata_bytes = 2'048;
inline constexpr std::size_t max_list = 1'000;
/// Longest life of a presigned URL, as S3 has it.
inline constexpr std::chrono::seconds max_url_life{7 * 86'400};

/// Names: lower-case letters, digits and '-'. Values: printable ASCII without spaces at the ends.
using metadata = std::map<std::string, std::string>;

struct object_info {
  std::string key;
  std::uint64_t size = 0;
  /// Names the content: another content has another one. Opaque; a different engine gives a different one.
  std::string etag;
  /// When it was put; whole seconds on S3.
  instant modified{};
  // What follows is empty in lists.
  std::string content_type{};
  std::string cache_control{};
  /// How the engine says that it keeps it, such as `AES256` or `aws:kms`; empty: it does not say.
  std::string encryption{};
  objects::metadata metadata{};
};

struct object {
  object_info info;  ///< of the whole object
  std::string content;
};

/// What a put made.
struct written {
  std::string etag;
  std::uint64_t size = 0;
};

struct put_options {
  std::string content_type = "application/octet-stream";
  /// The header of that name when it is read by a presigned URL; empty: none.
  std::string cache_control{};
  objects::metadata metadata{};
};

struct byte_range {
  std::uint64_t offset = 0;
  /// More than zero; what lies behind the end is left out.
  std::uint64_t length = 1;
};

struct get_options {
  std::optional<byte_range> range{};
  /// An etag: fail with `changed` where the object has another one. Empty: any.
  std::string if_match{};
  std::size_t max_bytes = 16u << 20;
};

struct list_options {
  /// How the keys begin, not necessarily up to a '/'.
  std::string prefix{};
  /// Keys after this one only; `list_page::next` of the page before.
  std::string after{};
  std::size_t limit = max_list;
};

/// May hold fewer than asked for, even none, and still have a `next`.
struct list_page {
  /// By key, in the order of its octets.
  std::vector<object_info> objects;
  /// Empty: there are no more.
  std::string next;
};

struct presign_get_options {
  std::chrono::seconds valid{900};
  /// What the browser shall call the file it saves; empty: it decides itself what to do with it.
  std::string file_name{};
};

struct presign_put_options {
  std::chrono::seconds valid{900};
  std::string content_type = "application/octet-stream";
  /// Exactly so many octets will be taken.
  std::uint64_t size = 0;
};

/// A URL that whoever has it may use until then.
struct presigned {
  std::string method;
  std::string url;
  /// To be sent with it exactly like this.
  std::vector<std::pair<std::string, std::string>> headers;
  instant expires{};
};

/// Figures for metrics; counts are since the start.
struct figures {
  std::uint64_t calls = 0;
  std::uint64_t failed_calls = 0;  ///< for other reasons than `invalid`, `not_found`, `outside` and `changed`
  std::uint64_t retries = 0;
  /// Content held by the store: of puts, gets of ranges and uploads under way.
  std::size_t buffered_bytes = 0;
  std::size_t most_buffered_bytes = 0;
};

/// An object that is written piece by piece, in bounded memory. It appears as a whole with `finish`, or not at all. One
/// call at a time; after one that failed or was cancelled there is only `abandon`, and whoever does not call it leaves
/// that to the destructor. Must not outlive its store.
class upload {
 public:
  upload() = default;
  upload(const upload&) = delete;
  upload& operator=(const upload&) = delete;
  virtual ~upload() = default;

  /// `bytes` must live until the call ends; they may be of any number.
  virtual task<void> write(std::string_view bytes) = 0;
  virtual task<written> finish() = 0;
  /// Throws away what was written. Does nothing after `finish`.
  virtual task<void> abandon() = 0;
};

/// Objects by key, in one folder or bucket.
///
/// Keys are paths: segments of 1 to 200 octets between '/', 900 octets at most in all, of printable UTF-8 without
/// backslash and '%', none of them "." or "..". What is put replaces what was there, as a whole; readers see the old
/// object or the new one.
///
/// Calls throw `error`. They end by the adapter's time-out, or earlier with `operation_aborted` when the caller is
/// cancelled, which leaves a write's outcome unknown. Repeating a write is harmless. Thread-safe; a caller resumes on
/// its own executor. (With g++ 12 name options before: aggregates made inside `co_await` are destroyed twice.)
class object_store {
 public:
  object_store() = default;
  object_store(const object_store&) = delete;
  object_store& operator=(const object_store&) = delete;
  virtual ~object_store() = default;

  task<written> put(std::string key, std::string content, put_options how);
  task<written> put(std::string key, std::string content);
  task<object> get(std::string key, get_options how);
  task<object> get(std::string key);
  task<object_info> head(std::string key);
  /// Also fine where there is none.
  task<void> remove(std::string key);
  task<list_page> list(list_options which);
  /// Nothing is sent before there is something to send.
  [[nodiscard]] std::unique_ptr<upload> start_upload(std::string key, put_options how);

  [[nodiscard]] presigned presign_get(const std::string& key, const presign_get_options& how) const;
  [[nodiscard]] presigned presign_put(const std::string& key, const presign_put_options& how) const;

  /// Puts, reads, lists and removes an object of its own. Throws `unusable` where settings or rights are wrong, `error`
  /// where it is away.
  virtual task<void> check() = 0;
  [[nodiscard]] virtual objects::figures figures() const = 0;

 private:
  // With everything checked.
  virtual task<written> do_put(std::string key, std::string content, put_options how) = 0;
  virtual task<object> do_get(std::string key, get_options how) = 0;
  virtual task<object_info> do_head(std::string key) = 0;
  virtual task<void> do_remove(std::string key) = 0;
  virtual task<list_page> do_list(list_options which) = 0;
  virtual std::unique_ptr<upload> do_start_upload(std::string key, put_options how) = 0;
  virtual presigned do_presign_get(const std::string& key, const presign_get_options& how) const = 0;
  virtual presigned do_presign_put(const std::string& key, const presign_put_options& how) const = 0;
};

}  // namespace nxg::objects

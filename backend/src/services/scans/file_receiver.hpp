#pragma once

#include "models/scan.hpp"
#include "objects/object_store.hpp"
#include "runtime/task.hpp"

#include <openssl/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace nxg::scanning {

inline constexpr std::uint64_t most_scan_bytes = 50u << 20;

struct received_file {
  scan_format format = scan_format::obj;
  scan_file file;
};

/// Takes a scan file piece by piece into the object store, in bounded memory. The object is there after `finish`, or
/// not at all.
class file_receiver {
 public:
  file_receiver(objects::object_store& into, std::string key);
  ~file_receiver();
  file_receiver(const file_receiver&) = delete;
  file_receiver& operator=(const file_receiver&) = delete;

  /// Throws `scan_format_unsupported` as soon as it is known, `scan_too_large`.
  task<void> add(std::string_view piece);
  /// Throws as `add`, and `scan_damaged` for a file that is not as long as it says.
  task<received_file> finish();

 private:
  task<void> begin();

  objects::object_store& store_;
  std::string key_;
  std::string beginning_;
  std::optional<scan_format> format_;
  std::unique_ptr<objects::upload> target_;
  std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> digest_;
  std::uint64_t size_ = 0;
};

}  // namespace nxg::scanning

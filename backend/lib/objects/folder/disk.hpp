#pragma once

#include "objects/detail/digest.hpp"
#include "objects/folder/descriptor.hpp"
#include "objects/object_store.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

/// The folder as the threads of the store see it: everything blocks and throws `error`.
namespace nxg::objects::folder {

/// A file under way, in a place of its own; gone again unless published.
class new_file {
 public:
  new_file(int in, std::string name);
  ~new_file();
  new_file(const new_file&) = delete;
  new_file& operator=(const new_file&) = delete;

  void write(std::string_view bytes);

 private:
  friend class disk;
  void append(std::string_view bytes);

  int in_;
  std::string name_;
  descriptor file_;
  detail::running_sha256 digest_;
  std::uint64_t size_ = 0;
};

class disk {
 public:
  /// Throws `error` where it cannot be made or written.
  explicit disk(const std::filesystem::path& root);

  /// `name` is unique.
  [[nodiscard]] std::unique_ptr<new_file> create(const std::string& name) const;
  /// Makes it the object of that key, durably. `what` comes without size and etag.
  written publish(new_file& file, object_info what) const;

  [[nodiscard]] object_info head(const std::string& key) const;
  [[nodiscard]] object get(const std::string& key, const get_options& how) const;
  void remove(const std::string& key) const;
  [[nodiscard]] list_page list(const list_options& which) const;

 private:
  enum class missing : std::uint8_t { make, tell };
  struct opened {
    descriptor file;
    object_info info;
  };

  [[nodiscard]] descriptor parent_of(std::string_view key, missing how) const;
  [[nodiscard]] opened open(const std::string& key) const;
  void remove_empty_parents(std::string_view key) const;
  void sweep() const;

  descriptor root_;
  descriptor aside_;
};

}  // namespace nxg::objects::folder

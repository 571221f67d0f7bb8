#include "objects/folder/disk.hpp"

#include "objects/folder/failures.hpp"
#include "objects/folder/files.hpp"
#include "objects/folder/listing.hpp"
#include "objects/folder/trailer.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <memory>
#include <system_error>
#include <utility>

namespace nxg::objects::folder {

namespace {

/// No folder of a key is called that: those end with '%'.
constexpr const char* aside = "%under way";
constexpr std::time_t forgotten_after = 86'400;
constexpr std::size_t etag_octets = 16;
/// How often a folder may be removed by another call between being made and used.
constexpr int most_races = 100;

[[noreturn]] void not_found() { throw error{failure::not_found, "there is no such object"}; }

std::string_view name_in(std::string_view key) { return key.substr(key.rfind('/') + 1); }

descriptor open_root(const std::filesystem::path& root) {
  std::error_code why;
  std::filesystem::create_directories(root, why);
  if (why) fail("it cannot be made", why.value());
  descriptor found{::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!found.open()) fail("it cannot be opened", errno);
  return found;
}

/// Makes it where it is missing. Not open where its parent was removed meanwhile.
descriptor need_folder(int parent, const std::string& name) {
  for (int i = 0; i < most_races; ++i) {
    auto found = open_folder_in(parent, name);
    if (found.open()) return found;
    if (::mkdirat(parent, name.c_str(), 0700) == 0) {
      sync(parent);
    } else if (errno == ENOENT) {
      return {};
    } else if (errno != EEXIST) {
      fail("a folder cannot be made", errno);
    }
  }
  return {};
}

object_info with_key(object_info info, const std::string& key) {
  info.key = key;
  return info;
}

}  // namespace

new_file::new_file(int in, std::string name)
    : in_{in},
      name_{std::move(name)},
      file_{::openat(in, name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)} {
  if (!file_.open()) fail("an object cannot be begun", errno);
}

new_file::~new_file() {
  if (!name_.empty()) ::unlinkat(in_, name_.c_str(), 0);
}

void new_file::write(std::string_view bytes) {
  append(bytes);
  digest_.add(bytes);
  size_ += bytes.size();
}

void new_file::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto done = ::write(file_.get(), bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) fail("an object cannot be written", errno);
    bytes.remove_prefix(static_cast<std::size_t>(done));
  }
}

disk::disk(const std::filesystem::path& root) : root_{open_root(root)}, aside_{need_folder(root_.get(), aside)} {
  if (!aside_.open()) fail("it was removed", ENOENT);
  if (::faccessat(aside_.get(), ".", W_OK | X_OK, 0) != 0) fail("it cannot be written", errno);
  sweep();
}

/// What a crash left under way.
void disk::sweep() const {
  const int copy = ::openat(aside_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const std::unique_ptr<DIR, int (*)(DIR*)> files{copy < 0 ? nullptr : ::fdopendir(copy), ::closedir};
  const std::time_t limit = std::time(nullptr) - forgotten_after;
  while (const dirent* one = files ? ::readdir(files.get()) : nullptr) {
    struct stat about{};
    if (::fstatat(aside_.get(), one->d_name, &about, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(about.st_mode) &&
        about.st_mtim.tv_sec < limit)
      ::unlinkat(aside_.get(), one->d_name, 0);
  }
}

std::unique_ptr<new_file> disk::create(const std::string& name) const {
  return std::make_unique<new_file>(aside_.get(), name);
}

written disk::publish(new_file& file, object_info what) const {
  what.size = file.size_;
  what.etag = detail::hex(file.digest_.finish().substr(0, etag_octets));
  file.append(write_trailer(what));
  sync(file.file_.get());
  const std::string name{name_in(what.key)};
  for (int i = 0; i < most_races; ++i) {
    const auto parent = parent_of(what.key, missing::make);
    if (!parent.open()) continue;
    if (::renameat(aside_.get(), file.name_.c_str(), parent.get(), name.c_str()) == 0) {
      file.name_.clear();
      sync(parent.get());
      return {what.etag, what.size};
    }
    if (errno != ENOENT) fail("an object cannot be put in its place", errno);
  }
  throw error{failure::busy, "others remove the folder again and again"};
}

/// Step by step, so that no symbolic link leads out of the folder.
descriptor disk::parent_of(std::string_view key, missing how) const {
  descriptor at{::openat(root_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!at.open()) fail("the folder cannot be opened", errno);
  for (auto slash = key.find('/'); slash != std::string_view::npos && at.open(); slash = key.find('/')) {
    const std::string name = name_of_folder(key.substr(0, slash));
    at = how == missing::make ? need_folder(at.get(), name) : open_folder_in(at.get(), name);
    key.remove_prefix(slash + 1);
  }
  return at;
}

disk::opened disk::open(const std::string& key) const {
  const auto parent = parent_of(key, missing::tell);
  if (!parent.open()) not_found();
  opened found{open_file_in(parent.get(), std::string{name_in(key)}), {}};
  if (!found.file.open()) not_found();
  auto info = read_info(found.file.get());
  if (!info) throw error{failure::damaged, "the file of an object is not as it was written"};
  found.info = with_key(std::move(*info), key);
  return found;
}

object_info disk::head(const std::string& key) const { return open(key).info; }

object disk::get(const std::string& key, const get_options& how) const {
  opened found = open(key);
  const auto& info = found.info;
  if (!how.if_match.empty() && how.if_match != info.etag) throw error{failure::changed, "the object is another one"};
  const auto range = how.range.value_or(byte_range{0, info.size});
  if (how.range && range.offset >= info.size) throw error{failure::outside, "the object ends before that"};
  const auto length = std::min(range.length, info.size - range.offset);
  if (length > how.max_bytes) throw error{failure::too_large, "the object is too large to be read at once"};
  std::string content = read_at(found.file.get(), range.offset, static_cast<std::size_t>(length));
  if (length == info.size && detail::hex(detail::sha256(content).substr(0, etag_octets)) != info.etag)
    throw error{failure::damaged, "the content of an object is not as it was written"};
  return {std::move(found.info), std::move(content)};
}

void disk::remove(const std::string& key) const {
  const auto parent = parent_of(key, missing::tell);
  if (!parent.open()) return;
  if (::unlinkat(parent.get(), std::string{name_in(key)}.c_str(), 0) != 0) {
    if (errno == ENOENT) return;
    fail("an object cannot be removed", errno);
  }
  sync(parent.get());
  remove_empty_parents(key);
}

void disk::remove_empty_parents(std::string_view key) const {
  for (auto slash = key.rfind('/'); slash != std::string_view::npos; slash = key.rfind('/')) {
    key = key.substr(0, slash);
    const auto parent = parent_of(key, missing::tell);
    if (!parent.open() || ::unlinkat(parent.get(), name_of_folder(name_in(key)).c_str(), AT_REMOVEDIR) != 0) return;
  }
}

list_page disk::list(const list_options& which) const { return list_folder(root_.get(), which); }

}  // namespace nxg::objects::folder

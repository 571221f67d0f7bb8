#include "objects/folder/listing.hpp"

#include "objects/detail/rules.hpp"
#include "objects/folder/descriptor.hpp"
#include "objects/folder/failures.hpp"
#include "objects/folder/files.hpp"

#include <dirent.h>
#include <fcntl.h>

#include <cerrno>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace nxg::objects::folder {

namespace {

constexpr std::size_t names_at_once = 2'000;

class listing {
 public:
  explicit listing(const list_options& which) : which_{which} {}

  /// False when the page is full.
  bool walk(int folder, const std::string& path) {
    std::string after;
    for (;;) {
      const auto names = next_names(folder, path, after);
      for (const auto& name : names) {
        if (!visit(folder, path, name)) return false;
      }
      if (names.size() < names_at_once) return true;
      after = *names.rbegin();
    }
  }

  list_page page;

 private:
  /// The first names after one, as they are part of keys: those of folders end with '/', which is also how they sort.
  std::set<std::string> next_names(int folder, const std::string& path, const std::string& after) const {
    const int copy = ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const std::unique_ptr<DIR, int (*)(DIR*)> all{copy < 0 ? nullptr : ::fdopendir(copy), ::closedir};
    if (!all) fail("a folder cannot be read", errno);
    std::set<std::string> names;
    while (const dirent* one = ::readdir(all.get())) {
      std::string name = name_in_key(one->d_name);
      if (name.empty() || (!after.empty() && name <= after) || !may_matter(path + name)) continue;
      names.insert(std::move(name));
      if (names.size() > names_at_once) names.erase(std::prev(names.end()));
    }
    return names;
  }

  /// Empty where it is none of ours.
  static std::string name_in_key(std::string_view found) {
    std::string name{found};
    const bool is_folder = name.ends_with('%');
    if (is_folder) name.pop_back();
    if (!detail::is_key(name)) return {};
    return is_folder ? name + '/' : name;
  }

  /// Whether `text`, a key or all keys that begin with it, belongs on this page.
  [[nodiscard]] bool may_matter(std::string_view text) const {
    const std::string_view prefix = which_.prefix;
    const std::string_view after = which_.after;
    if (!text.ends_with('/')) return text.starts_with(prefix) && text > after;
    return (text.starts_with(prefix) || prefix.starts_with(text)) && (text > after || after.starts_with(text));
  }

  bool visit(int folder, const std::string& path, const std::string& name) {
    if (name.ends_with('/')) {
      const auto plain = std::string_view{name}.substr(0, name.size() - 1);
      const auto inner = open_folder_in(folder, name_of_folder(plain), stranger::overlook);
      return !inner.open() || walk(inner.get(), path + name);
    }
    const auto file = open_file_in(folder, name, stranger::overlook);
    auto info = file.open() ? read_info(file.get()) : std::nullopt;
    if (!info) return true;
    if (page.objects.size() == which_.limit) {
      page.next = page.objects.back().key;
      return false;
    }
    object_info one{.key = path + name, .size = info->size, .etag = std::move(info->etag), .modified = info->modified};
    page.objects.push_back(std::move(one));
    return true;
  }

  const list_options& which_;
};

}  // namespace

list_page list_folder(int root, const list_options& which) {
  listing all{which};
  all.walk(root, {});
  return std::move(all.page);
}

}  // namespace nxg::objects::folder

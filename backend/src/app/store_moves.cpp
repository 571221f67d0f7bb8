// copy-store, backup and restore: a store that goes elsewhere.

#include "app/commands.hpp"
#include "app/workbench.hpp"
#include "models/development_secret.hpp"
#include "store/copy.hpp"
#include "store/sqlite.hpp"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace nxg::app {

namespace {

constexpr std::string_view master_key_file = "master.key";

/// Where a store is.
struct place {
  std::string folder;  ///< of SQLite, else empty
  std::string url;     ///< of MongoDB, else empty
  std::string name;    ///< for people, without credentials; the same for the same place
};

place in_folder(const std::filesystem::path& folder) {
  const auto whole = std::filesystem::weakly_canonical(std::filesystem::absolute(folder));
  return {whole, {}, "sqlite:" + whole.string()};
}

place at_url(const std::string& url) {
  const auto start = url.find("://") + 3;
  const auto end = std::min(url.find_first_of("/?", start), url.size());
  const auto credentials = url.substr(start, end - start).rfind('@');
  const auto hosts = credentials == std::string::npos ? start : start + credentials + 1;
  const auto options = std::min(url.find('?', hosts), url.size());
  return {{}, url, url.substr(0, start) + url.substr(hosts, options - hosts)};
}

place place_of(std::string_view option, const std::string& text) {
  constexpr std::string_view sqlite = "sqlite:";
  if (text.starts_with("mongodb://") || text.starts_with("mongodb+srv://")) return at_url(text);
  if (text.starts_with(sqlite) && text.size() > sqlite.size()) return in_folder(text.substr(sqlite.size()));
  throw std::runtime_error{fmt::format("{} is sqlite:FOLDER or mongodb://HOST/DATABASE", option)};
}

place place_of(const settings& values) {
  return values.mongodb_url.empty() ? in_folder(values.data_dir) : at_url(values.mongodb_url);
}

void require_store(const place& where) {
  if (!where.folder.empty() && !std::filesystem::exists(std::filesystem::path{where.folder} / "store.sqlite"))
    throw std::runtime_error{"there is no store in " + where.folder};
}

/// The settings of a process that would serve that place.
settings settings_for(settings values, const place& where) {
  if (!where.folder.empty()) values.data_dir = where.folder;
  values.mongodb_url = where.url;
  return values;
}

/// A folder is locked as by the backend that serves it. So is the data folder of a backend that keeps its documents in
/// MongoDB, if that is the place the settings name, and the folder is not the other place.
store_use use_of(const settings& values, const place& where, const place& other) {
  const bool of_settings = where.name == place_of(values).name && other.folder != in_folder(values.data_dir).folder;
  return !where.folder.empty() || of_settings ? store_use::serve : store_use::beside;
}

/// Tells on standard error how far it is, once a second.
class progress_lines {
 public:
  void show(const store::copy_progress& now) {
    const auto at = std::chrono::steady_clock::now();
    const bool first = shown_ == std::chrono::steady_clock::time_point{};
    if (first) {
      started_ = at;
      done_before_ = now.done;
    }
    if (!first && at - shown_ < every) return;
    shown_ = at;
    fmt::print(stderr, "{} {}: {} of {} steps ({} %){}\n", verb_of(now.now), now.collection, now.done, now.of,
               now.of == 0 ? 100 : 100 * now.done / now.of, left(now, at));
  }

 private:
  static constexpr std::chrono::seconds every{1};

  static std::string_view verb_of(store::copy_progress::phase what) {
    switch (what) {
      case store::copy_progress::phase::copying: return "copying";
      case store::copy_progress::phase::comparing: return "comparing";
      case store::copy_progress::phase::mending: return "mending";
    }
    return "";
  }

  std::string left(const store::copy_progress& now, std::chrono::steady_clock::time_point at) const {
    const auto done = now.done - done_before_;
    const std::chrono::duration<double> took = at - started_;
    if (done == 0 || took < every) return "";
    const double seconds =
        took.count() * static_cast<double>(now.of - std::min(now.of, now.done)) / static_cast<double>(done);
    return seconds < 90 ? fmt::format(", about {:.0f} s left", seconds)
                        : fmt::format(", about {:.0f} min left", seconds / 60);
  }

  std::chrono::steady_clock::time_point shown_{};
  std::chrono::steady_clock::time_point started_{};
  std::uint64_t done_before_ = 0;
};

task<> move(workbench& from, workbench& to, const place& source, store::copy_options options,
            store::copy_report& report) {
  // Half of a store is none.
  co_await store::refuse_unfinished_copy(from.kept.database);
  // What text keeps has its types by the present declarations only; nobody else is there.
  if (!source.folder.empty()) co_await store::migrate(from.kept.database);
  // In some stores of developers; not to be made in others.
  from.kept.database.add(store::rules_of<development_secret>());
  report = co_await store::copy_store(from.kept.database, to.kept.database, std::move(options));
}

int copy(const settings& values, const place& source, const place& target, std::size_t most_documents) {
  require_store(source);
  if (source.name == target.name) throw std::runtime_error{"source and target are the same: " + source.name};
  workbench from{settings_for(values, source), use_of(values, source, target)};
  workbench to{settings_for(values, target), use_of(values, target, source)};
  progress_lines lines;
  store::copy_options options{.source = source.name, .most_documents = most_documents};
  options.on_progress = [&](const store::copy_progress& now) { lines.show(now); };
  store::copy_report report;
  from.on.run_to_end(move(from, to, source, std::move(options), report));
  for (const auto& one : report.collections)
    fmt::print("{:<20} {:>9} documents  {}\n", one.name, one.documents, one.hash);
  if (report.mended > 0)
    fmt::print("The source had changed since the interrupted copy: {} documents were done again\n", report.mended);
  fmt::print("Copied {} documents in {} collections from {} to {}{}; both were compared and are the same\n",
             report.documents, report.collections.size(), source.name, target.name,
             report.resumed ? ", going on with an interrupted copy" : "");
  return 0;
}

std::string content_of(const std::filesystem::path& file) {
  std::ifstream stream{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{stream}, {}};
}

/// Development keeps its master key beside the data; without it nothing sealed can be read.
void take_key_along(const settings& values, const std::filesystem::path& from, const place& to) {
  const auto key = from / master_key_file;
  if (!values.master_key.empty()) {
    fmt::print("It is of use only with the NXG_MASTER_KEY it was made with\n");
    return;
  }
  if (!std::filesystem::exists(key)) return;
  const auto target = std::filesystem::path{to.folder} / master_key_file;
  if (to.folder.empty()) {
    fmt::print("Its master key is in {}: start the backend with NXG_MASTER_KEY_FILE set to that\n", key.string());
  } else if (std::filesystem::exists(target)) {
    if (content_of(key) != content_of(target))
      throw std::runtime_error{"the copy is made, but " + target.string() +
                               " is there already and is another store's: put " + key.string() + " in its place"};
  } else {
    std::filesystem::copy_file(key, target);
    std::filesystem::permissions(target, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    fmt::print("The master key of this development store was copied too\n");
  }
}

constexpr std::size_t most_documents_at_once = 1'000;

}  // namespace

int copy_store(const settings& values, const std::string& from, const std::string& to, std::size_t most_documents) {
  const place source = place_of("--from", from);
  const place target = place_of("--to", to);
  const int result = copy(values, source, target, most_documents);
  if (!source.folder.empty()) take_key_along(values, source.folder, target);
  return result;
}

int backup(const settings& values, const std::string& folder) {
  const place source = place_of(values);
  const place target = in_folder(folder);
  if (source.folder.empty()) return copy(values, source, target, most_documents_at_once);
  store::copy_sqlite(source.folder, target.folder);
  fmt::print("Copied the store of {} as it was at this moment to {}\n", source.folder, target.folder);
  take_key_along(values, source.folder, target);
  return 0;
}

int restore(const settings& values, const std::string& folder) {
  const place source = in_folder(folder);
  const place target = place_of(values);
  const int result = copy(values, source, target, most_documents_at_once);
  take_key_along(values, source.folder, target);
  return result;
}

}  // namespace nxg::app

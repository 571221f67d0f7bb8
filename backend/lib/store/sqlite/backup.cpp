#include "store/sqlite.hpp"

#include "runtime/folder_lock.hpp"
#include "store/sqlite/connection.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace nxg::store {

namespace {

using namespace sqlite;

constexpr std::chrono::seconds patience{5};

[[noreturn]] void fail(const std::string& sentence) { throw error{failure::unavailable, sentence}; }

std::string reason() { return std::system_category().message(errno); }

/// Others may not read it; SQLite takes a file that is empty.
void make_file(const std::filesystem::path& file) {
  std::filesystem::remove(file);
  const int handle = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (handle < 0) fail(file.string() + " cannot be made: " + reason());
  ::close(handle);
}

void flush(const std::filesystem::path& what) {
  const int handle = ::open(what.c_str(), O_RDONLY | O_CLOEXEC);
  const bool flushed = handle >= 0 && ::fsync(handle) == 0;
  const std::string why = flushed ? "" : reason();
  if (handle >= 0) ::close(handle);
  if (!flushed) fail(what.string() + " cannot be written: " + why);
}

void write_copy(const std::filesystem::path& from, const std::filesystem::path& to) {
  connection on{from, access::write, patience};
  run copy = on.prepare("VACUUM INTO ?");
  const std::string name = to.string();
  copy.bind(std::string_view{name});
  copy.step();
}

void check_copy(const std::filesystem::path& file) {
  connection on{file, access::read, patience};
  run check = on.prepare("PRAGMA quick_check");
  if (!check.step() || check.text(0) != "ok") fail("the copy " + file.string() + " is damaged: the disk is at fault");
}

}  // namespace

void copy_sqlite(const std::filesystem::path& from, const std::filesystem::path& into) {
  const std::filesystem::path source = from / "store.sqlite";
  const std::filesystem::path target = into / "store.sqlite";
  if (!std::filesystem::exists(source)) fail("there is no store in " + from.string());
  if (std::filesystem::exists(target)) fail("there is a store in " + into.string() + " already");
  const std::filesystem::path draft = into / "store.sqlite.new";
  try {
    const runtime::folder_lock ours{into, true};
    // What a store that was here before has left would be played over the copy.
    for (const char* rest : {"-wal", "-shm", "-journal"}) std::filesystem::remove(target.string() + rest);
    flush(into);
    make_file(draft);
    write_copy(source, draft);
    check_copy(draft);
    flush(draft);
    std::filesystem::rename(draft, target);
    flush(into);
  } catch (const failed& why) {
    std::filesystem::remove(draft);
    throw to_error(why, source);
  } catch (const runtime::folder_unusable& why) {
    fail(why.what());
  } catch (const error&) {
    std::filesystem::remove(draft);
    throw;
  }
}

}  // namespace nxg::store

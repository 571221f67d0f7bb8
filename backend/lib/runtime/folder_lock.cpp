#include "runtime/folder_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace nxg::runtime {

namespace {

std::string reason() { return std::system_category().message(errno); }

void make_folder(const std::filesystem::path& folder) {
  std::error_code failed;
  const bool made = std::filesystem::create_directories(folder, failed);
  if (failed) throw folder_unusable{"the folder " + folder.string() + " cannot be made: " + failed.message()};
  if (made) std::filesystem::permissions(folder, std::filesystem::perms::owner_all, failed);
}

}  // namespace

folder_lock::folder_lock(const std::filesystem::path& folder, bool exclusive) {
  make_folder(folder);
  if (!exclusive) return;
  const std::string name = folder / "serve.lock";
  file_ = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file_ < 0) throw folder_unusable{name + " cannot be made: " + reason()};
  if (::flock(file_, LOCK_EX | LOCK_NB) != 0) {
    const bool taken = errno == EWOULDBLOCK;
    const std::string why = reason();
    ::close(file_);
    if (taken) throw folder_in_use{"the folder " + folder.string() + " is served by another process"};
    throw folder_unusable{name + " cannot be locked: " + why};
  }
}

folder_lock::~folder_lock() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace nxg::runtime

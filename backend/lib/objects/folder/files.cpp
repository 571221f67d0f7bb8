#include "objects/folder/files.hpp"

#include "objects/folder/failures.hpp"
#include "objects/folder/trailer.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace nxg::objects::folder {

namespace {

descriptor open_in(int parent, const std::string& name, int flags, stranger how) {
  descriptor found{::openat(parent, name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | flags)};
  if (found.open() || errno == ENOENT) return found;
  const bool strange = errno == ELOOP || errno == ENOTDIR || errno == ENXIO;
  if (!strange || how == stranger::refuse) fail("an object cannot be opened", errno);
  return found;
}

}  // namespace

std::string name_of_folder(std::string_view segment) { return std::string{segment} + '%'; }

descriptor open_folder_in(int parent, const std::string& name, stranger how) {
  return open_in(parent, name, O_DIRECTORY, how);
}

descriptor open_file_in(int parent, const std::string& name, stranger how) { return open_in(parent, name, 0, how); }

void sync(int file) {
  if (::fsync(file) != 0) fail("an object cannot be made durable", errno);
}

std::string read_at(int file, std::uint64_t offset, std::size_t size) {
  std::string content(size, '\0');
  for (std::size_t done = 0; done < size;) {
    const auto got = ::pread(file, content.data() + done, size - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail("an object cannot be read", errno);
    if (got == 0) throw error{failure::damaged, "the file of an object is shorter than it was"};
    done += static_cast<std::size_t>(got);
  }
  return content;
}

std::optional<object_info> read_info(int file) {
  struct stat about{};
  if (::fstat(file, &about) != 0) fail("an object cannot be read", errno);
  const auto all = static_cast<std::uint64_t>(about.st_size);
  if (!S_ISREG(about.st_mode) || all < trailer_end_size) return std::nullopt;
  const auto size = trailer_size(read_at(file, all - trailer_end_size, trailer_end_size));
  if (!size || all < *size + trailer_end_size) return std::nullopt;
  const std::uint64_t content = all - *size - trailer_end_size;
  auto info = read_trailer(read_at(file, content, *size));
  if (!info || info->size != content) return std::nullopt;
  return info;
}

}  // namespace nxg::objects::folder

#include "objects/folder/failures.hpp"

#include "objects/errors.hpp"

#include <cerrno>
#include <string>
#include <system_error>

namespace nxg::objects::folder {

namespace {

failure kind_of(int number) noexcept {
  switch (number) {
    case EACCES:
    case EPERM:
    case ELOOP:    // a symbolic link: nothing leads out of the folder
    case ENOTDIR:  // a file where one of our folders should be
    case EISDIR: return failure::denied;
    case EMFILE:
    case ENFILE: return failure::busy;
    default: return failure::unavailable;  // disk full, read-only, broken
  }
}

}  // namespace

void fail(std::string_view what, int number) {
  throw error{kind_of(number), std::string{what} + ": " + std::generic_category().message(number)};
}

}  // namespace nxg::objects::folder

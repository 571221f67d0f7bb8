#include "services/accounts/master_key.hpp"

#include "runtime/hex.hpp"
#include "utilities/digest.hpp"
#include "utilities/encoding.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bitset>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string>

namespace nxg {

namespace {

std::optional<std::string> from_hex(std::string_view text) {
  std::array<unsigned char, utilities::sealing_key::size> octets{};
  if (text.size() != 2 * octets.size() || !runtime::read_hex(text.data(), octets)) return std::nullopt;
  return std::string{octets.begin(), octets.end()};
}

// Either alphabet, padded or not: what tools print.
std::optional<std::string> from_base64(std::string_view text) {
  if (text.ends_with('=') && text.size() % 4 == 0) text.remove_suffix(1);
  std::string spelled{text};
  std::ranges::replace(spelled, '+', '-');
  std::ranges::replace(spelled, '/', '_');
  return utilities::from_base64url(spelled);
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view space = " \t\r\n";
  const auto first = text.find_first_not_of(space);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(space) - first + 1);
}

class descriptor {
 public:
  explicit descriptor(int number) : number_{number} {}
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] bool open() const noexcept { return number_ >= 0; }
  [[nodiscard]] int get() const noexcept { return number_; }

 private:
  int number_;
};

[[noreturn]] void fail(const std::filesystem::path& file) {
  throw master_key_error{"the master key file " + file.string() + " cannot be used: " + std::strerror(errno)};
}

std::string read_key(const std::filesystem::path& file) {
  const descriptor opened{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
  if (!opened.open()) fail(file);
  std::array<char, 256> buffer{};
  const auto size = ::read(opened.get(), buffer.data(), buffer.size());
  if (size < 0) fail(file);
  return {buffer.data(), static_cast<std::size_t>(size)};
}

// Written whole under another name first and linked into place: no process ever reads half a key, and of two that
// start together one wins.
void write_key(const std::filesystem::path& file, std::string_view text, runtime::random& random) {
  auto draft = file;
  draft += "." + utilities::hex(utilities::random_octets(random, 8));
  {
    const descriptor opened{::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
    if (!opened.open() || ::write(opened.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
        ::fsync(opened.get()) != 0) {
      fail(draft);
    }
  }
  const bool linked = ::link(draft.c_str(), file.c_str()) == 0;
  const int error = errno;
  ::unlink(draft.c_str());
  if (!linked && error != EEXIST) {
    errno = error;
    fail(file);
  }
}

}  // namespace

utilities::sealing_key parse_master_key(std::string_view text) {
  text = trimmed(text);
  auto octets = text.size() == 64 ? from_hex(text) : from_base64(text);
  if (!octets || octets->size() != utilities::sealing_key::size) {
    throw master_key_error{
        "NXG_MASTER_KEY must be 32 random octets as 64 hexadecimal digits or in base64; make one with: openssl rand "
        "-hex "
        "32"};
  }
  std::bitset<256> seen;
  for (const char octet : *octets) seen.set(static_cast<unsigned char>(octet));
  // Of 32 octets drawn at random fewer than 20 different ones come once in about 10^8 keys.
  if (seen.count() < 20) throw master_key_error{"NXG_MASTER_KEY is not random; make one with: openssl rand -hex 32"};
  return utilities::sealing_key{*octets};
}

std::string draw_master_key(runtime::random& random) {
  return utilities::hex(utilities::random_octets(random, utilities::sealing_key::size));
}

utilities::sealing_key keep_master_key_in(const std::filesystem::path& folder, runtime::random& random) {
  const auto file = folder / "master.key";
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!std::filesystem::exists(file, error)) {
    write_key(file, draw_master_key(random) + "\n", random);
  }
  return parse_master_key(read_key(file));
}

}  // namespace nxg

// What strangers may send to the route of a folder's URLs, and what may stand at the end of its files.
#include "objects/detail/rules.hpp"
#include "objects/folder/trailer.hpp"
#include "objects/folder_urls.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <variant>

namespace {

using namespace nxg::objects;

constexpr std::string_view secret = "0123456789abcdef0123456789abcdef";
const nxg::instant now{std::chrono::seconds{1'700'000'000}};

void require(bool holds) {
  if (!holds) std::abort();
}

/// What is signed comes back, whatever it is, where its key is one.
void both_ways(std::string_view text) {
  const auto half = text.size() / 2;
  url_permission what{.key = std::string{text.substr(0, half)}, .expires = now + std::chrono::seconds{1}};
  what.file_name = std::string{text.substr(half)};
  const auto url = sign_folder_url(secret, "GET", what);
  const auto read = verify_folder_url(secret, "GET", url, now);
  const auto* may = std::get_if<url_permission>(&read);
  require((may != nullptr) == detail::is_key(what.key));
  require(may == nullptr || (may->key == what.key && may->file_name == what.file_name));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  require(std::holds_alternative<url_refusal>(verify_folder_url(secret, "GET", text, now)));
  both_ways(text);
  (void)folder::trailer_size(text.substr(size - std::min(size, folder::trailer_end_size)));
  (void)folder::read_trailer(text);
  return 0;
}

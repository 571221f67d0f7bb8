#include "http/values.hpp"

#include "runtime/random.hpp"

#include <openssl/evp.h>

#include <array>
#include <charconv>
#include <cstring>

namespace nxg::http {

namespace {

/// Octets that follow from the seed and the number of the id: the same on every try.
class repeatable_octets final : public runtime::random {
 public:
  repeatable_octets(uuid seed, std::uint32_t number) {
    std::array<unsigned char, 20> input{};
    std::memcpy(input.data(), seed.bytes().data(), 16);
    std::memcpy(input.data() + 16, &number, 4);
    EVP_Digest(input.data(), input.size(), octets_.data(), nullptr, EVP_sha256(), nullptr);
  }

  void fill(std::span<std::byte> bytes) override {
    for (auto& one : bytes) one = static_cast<std::byte>(octets_[used_++ % octets_.size()]);
  }

 private:
  std::array<unsigned char, 32> octets_{};
  std::size_t used_ = 0;
};

}  // namespace

uuid new_ids::next() {
  repeatable_octets octets{seed_, made_++};
  return uuid::version_7(at_, octets);
}

std::string version_tag(std::int64_t version) { return "\"v" + std::to_string(version) + '"'; }

std::optional<std::int64_t> version_of_tag(std::string_view tag) noexcept {
  constexpr std::string_view gzip_suffix = "-gzip\"";
  if (!tag.starts_with("\"v") || !tag.ends_with('"') || tag.size() < 4) return std::nullopt;
  auto digits = tag.substr(2, tag.size() - 2 - (tag.ends_with(gzip_suffix) ? gzip_suffix.size() : 1));
  // What follows tells variants of the same version apart, see `varying`.
  digits = digits.substr(0, digits.find('.'));
  std::int64_t version = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), version);
  if (error != std::errc{} || end != digits.data() + digits.size() || version < 0) return std::nullopt;
  return version;
}

}  // namespace nxg::http

#include "utilities/password_hashing.hpp"

#include "utilities/digest.hpp"

#include <crypt.h>
#include <sodium.h>

#include <array>
#include <memory>
#include <new>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace nxg::utilities {

namespace {

// A password on its way through a worker; its memory is wiped afterwards.
class secret {
 public:
  explicit secret(std::string text) : text_{std::move(text)} {}
  secret(secret&&) noexcept = default;
  secret& operator=(secret&&) = delete;
  ~secret() { sodium_memzero(text_.data(), text_.size()); }
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  std::string text_;
};

std::string argon2_hash(const std::string& password, const argon2_cost& cost) {
  std::array<char, crypto_pwhash_STRBYTES> hash{};
  if (crypto_pwhash_str_alg(hash.data(), password.data(), password.size(), cost.passes, cost.memory_kib * 1024,
                            crypto_pwhash_ALG_ARGON2ID13) != 0) {
    throw std::bad_alloc{};
  }
  return hash.data();
}

password_hasher::verdict verify_argon2(const std::string& password, const std::string& hash, const argon2_cost& cost) {
  if (crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) != 0) return {};
  const bool other_cost = crypto_pwhash_str_needs_rehash(hash.c_str(), cost.passes, cost.memory_kib * 1024) != 0;
  return {.matches = true, .outdated = other_cost};
}

bool is_bcrypt(std::string_view hash) {
  constexpr std::size_t bcrypt_size = 60;
  if (hash.size() != bcrypt_size || hash[6] != '$') return false;
  if (!hash.starts_with("$2a$") && !hash.starts_with("$2b$") && !hash.starts_with("$2y$")) return false;
  // Cost 14 takes about a second; a higher one in an imported account would be a lever to hold workers.
  const std::string_view cost = hash.substr(4, 2);
  return cost >= "04" && cost <= "14";
}

password_hasher::verdict verify_bcrypt(const std::string& password, const std::string& hash) {
  // 32 KiB: too much for a stack that is not known.
  const auto work = std::make_unique<crypt_data>();
  const char* const computed = crypt_r(password.c_str(), hash.c_str(), work.get());
  const bool same = computed != nullptr && equal_in_constant_time(computed, hash);
  sodium_memzero(work.get(), sizeof *work);
  return {.matches = same, .outdated = same};
}

}  // namespace

password_hasher::password_hasher(runtime::blocking_pool& pool, argon2_cost cost) : pool_{pool}, cost_{cost} {
  if (sodium_init() < 0) throw std::runtime_error{"libsodium cannot be initialised"};
  hash_of_nobody_ = argon2_hash("a password nobody has, hashed at the cost of all others", cost_);
}

task<std::string> password_hasher::hash(std::string password) {
  auto job = [held = secret{std::move(password)}, cost = cost_] { return argon2_hash(held.text(), cost); };
  co_return co_await pool_.run(std::move(job));
}

task<password_hasher::verdict> password_hasher::verify(std::string password, std::optional<std::string> hash) {
  const bool nobody = !hash;
  auto job = [held = secret{std::move(password)}, stored = nobody ? hash_of_nobody_ : std::move(*hash), nobody,
              cost = cost_]() -> verdict {
    if (is_bcrypt(stored)) return verify_bcrypt(held.text(), stored);
    const auto result = verify_argon2(held.text(), stored, cost);
    return nobody ? verdict{} : result;
  };
  co_return co_await pool_.run(std::move(job));
}

}  // namespace nxg::utilities

#include "objects/cloudfront.hpp"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <stdexcept>

namespace nxg::objects {

namespace {

std::int64_t seconds_of(instant at) { return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count(); }

/// CloudFront compares the policy octet by octet: no white space, nothing escaped.
std::string_view plain(std::string_view text) {
  const bool fits = std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f && c != '"' && c != '\\'; });
  if (!fits) throw std::invalid_argument{"a text of a CloudFront policy holds what may not stand in it"};
  return text;
}

/// Base64 with what a query may not hold replaced, as CloudFront wants it.
std::string url_base64(std::string_view octets) {
  std::string text((octets.size() + 2) / 3 * 4 + 1, '\0');
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(octets.data()), static_cast<int>(octets.size()));
  text.resize(static_cast<std::size_t>(size));
  for (char& c : text) c = c == '+' ? '-' : c == '=' ? '_' : c == '/' ? '~' : c;
  return text;
}

std::string with_query(const std::string& url, const std::string& more) {
  return url + (url.find('?') == std::string::npos ? "?" : "&") + more;
}

}  // namespace

struct cloudfront_signer::state {
  state(std::string id, std::string_view pem) : key_pair_id{std::move(id)}, key{read(pem)} {
    if (key == nullptr || EVP_PKEY_base_id(key) != EVP_PKEY_RSA) {
      EVP_PKEY_free(key);
      throw std::invalid_argument{"the private key is no RSA key in PEM"};
    }
  }
  state(const state&) = delete;
  state& operator=(const state&) = delete;
  ~state() { EVP_PKEY_free(key); }

  static EVP_PKEY* read(std::string_view pem) {
    const std::unique_ptr<BIO, int (*)(BIO*)> in{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free};
    pem_password_cb* no_password = [](char*, int, int, void*) { return 0; };
    return in ? PEM_read_bio_PrivateKey(in.get(), nullptr, no_password, nullptr) : nullptr;
  }

  [[nodiscard]] std::string signature(std::string_view policy) const {
    const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context{EVP_MD_CTX_new(), EVP_MD_CTX_free};
    std::string made(static_cast<std::size_t>(EVP_PKEY_size(key)), '\0');
    std::size_t size = made.size();
    if (!context || EVP_DigestSignInit(context.get(), nullptr, EVP_sha1(), nullptr, key) != 1 ||
        EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(made.data()), &size,
                       reinterpret_cast<const unsigned char*>(policy.data()), policy.size()) != 1)
      throw std::runtime_error{"signing for CloudFront failed"};
    made.resize(size);
    return url_base64(made);
  }

  std::string key_pair_id;
  EVP_PKEY* key;
};

cloudfront_signer::cloudfront_signer(std::string key_pair_id, std::string_view private_key)
    : state_{std::make_unique<state>(std::move(key_pair_id), private_key)} {
  const auto fits = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  if (state_->key_pair_id.empty() || !std::ranges::all_of(state_->key_pair_id, fits))
    throw std::invalid_argument{"the id of the key pair is not letters and digits"};
}

cloudfront_signer::~cloudfront_signer() = default;
cloudfront_signer::cloudfront_signer(cloudfront_signer&&) noexcept = default;
cloudfront_signer& cloudfront_signer::operator=(cloudfront_signer&&) noexcept = default;

std::string cloudfront_signer::canned_policy(std::string_view url, instant expires) {
  return fmt::format(R"({{"Statement":[{{"Resource":"{}","Condition":{{"DateLessThan":{{"AWS:EpochTime":{}}}}}}}]}})",
                     plain(url), seconds_of(expires));
}

std::string cloudfront_signer::custom_policy(const cloudfront_policy& policy) {
  std::string more;
  if (policy.not_before)
    more += fmt::format(R"(,"DateGreaterThan":{{"AWS:EpochTime":{}}})", seconds_of(*policy.not_before));
  if (!policy.address.empty()) more += fmt::format(R"(,"IpAddress":{{"AWS:SourceIp":"{}"}})", plain(policy.address));
  return fmt::format(R"({{"Statement":[{{"Resource":"{}","Condition":{{"DateLessThan":{{"AWS:EpochTime":{}}}{}}}}}]}})",
                     plain(policy.resource), seconds_of(policy.expires), more);
}

std::string cloudfront_signer::sign(const std::string& url, instant expires) const {
  return with_query(url, fmt::format("Expires={}&Signature={}&Key-Pair-Id={}", seconds_of(expires),
                                     state_->signature(canned_policy(url, expires)), state_->key_pair_id));
}

std::string cloudfront_signer::sign(const std::string& url, const cloudfront_policy& policy) const {
  const std::string text = custom_policy(policy);
  return with_query(url, fmt::format("Policy={}&Signature={}&Key-Pair-Id={}", url_base64(text), state_->signature(text),
                                     state_->key_pair_id));
}

}  // namespace nxg::objects

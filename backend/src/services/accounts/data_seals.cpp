#include "services/accounts/data_seals.hpp"

#include "models/keyed_operation.hpp"

#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace nxg {

namespace {

class document_cipher final : public schema::cipher {
 public:
  document_cipher(std::optional<utilities::sealing_key> key, std::string document, runtime::random& random)
      : key_{std::move(key)}, document_{std::move(document)}, random_{random} {}

  std::string seal(std::string_view field, std::string_view plain) override {
    if (!key_) throw std::logic_error{"there is no data key to seal " + place_of(field) + " under"};
    return key_->seal(plain, place_of(field), random_);
  }

  std::optional<std::string> open(std::string_view field, std::string_view sealed) override {
    if (!key_) return std::nullopt;
    auto plain = key_->open(sealed, place_of(field));
    if (!plain) throw std::runtime_error{"the sealed value of " + place_of(field) + " was changed or moved"};
    return plain;
  }

 private:
  std::string place_of(std::string_view field) const { return document_ + '/' + std::string{field}; }

  std::optional<utilities::sealing_key> key_;
  std::string document_;
  runtime::random& random_;
};

}  // namespace

data_seals::data_seals(key_service& keys, runtime::random& random)
    : keys_{keys}, of_devices_{keys.secret_for("answers to devices")}, random_{random} {}

task<std::shared_ptr<schema::cipher>> data_seals::cipher_for(std::string collection, std::string id,
                                                             std::string owner) {
  const auto member = uuid::parse(owner);
  std::optional<utilities::sealing_key> key;
  if (member) key = co_await keys_.data_key(*member);
  if (!key && collection == keyed_operations_name) key = of_devices_;
  co_return std::make_shared<document_cipher>(std::move(key), std::move(collection) + '/' + std::move(id), random_);
}

}  // namespace nxg

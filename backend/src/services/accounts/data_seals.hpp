#pragma once

#include "runtime/random.hpp"
#include "services/accounts/keys.hpp"
#include "store/database.hpp"

#include <memory>
#include <string>

namespace nxg {

/// Seals the `encrypted` members of documents under their owner's data key, bound to collection, id and field.
class data_seals final : public store::keyring {
 public:
  data_seals(key_service& keys, runtime::random& random);

  /// The owner's key must have been made (it is, with the account). Where it was erased, sealed members read as empty
  /// and writing them throws; but of keyed operations the owner may be a device, which has no key: what is its is
  /// sealed under one of the deployment.
  task<std::shared_ptr<schema::cipher>> cipher_for(std::string collection, std::string id, std::string owner) override;

 private:
  key_service& keys_;
  utilities::sealing_key of_devices_;
  runtime::random& random_;
};

}  // namespace nxg

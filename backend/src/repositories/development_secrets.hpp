#pragma once

#include "models/development_secret.hpp"
#include "store/collection.hpp"

#include <string>

namespace nxg {

/// Secrets of a developer's machine whose processes have the store in common but not the folder.
class development_secret_repository {
 public:
  explicit development_secret_repository(store::database& in) : secrets_{in} {}

  /// What is kept under that name: `drawn`, unless another process was first.
  task<std::string> keep(std::string name, std::string drawn);

 private:
  store::collection<development_secret> secrets_;
};

}  // namespace nxg

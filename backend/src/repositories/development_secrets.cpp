#include "repositories/development_secrets.hpp"

#include <utility>

namespace nxg {

task<std::string> development_secret_repository::keep(std::string name, std::string drawn) {
  const auto known = co_await secrets_.find(name);
  if (known) co_return known->value;
  development_secret made;
  made.id = name;
  made.value = drawn;
  try {
    co_await secrets_.insert(std::move(made));
    co_return drawn;
  } catch (const store::error& why) {
    if (!why.is(store::failure::duplicate)) throw;
  }
  const auto first = co_await secrets_.find(name);
  co_return first ? first->value : drawn;
}

}  // namespace nxg

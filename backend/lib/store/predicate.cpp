#include "store/predicate.hpp"

#include <stdexcept>

namespace nxg::store {

void check_single(const predicate& of, const document_value& value) {
  if (value.get_if<document_value::array>() || value.get_if<document_value::object>()) {
    throw std::logic_error{"the filter on '" + of.path + "' compares with something that is no single value"};
  }
}

std::string after_prefix(std::string prefix) {
  while (!prefix.empty() && static_cast<unsigned char>(prefix.back()) == 0xFF) prefix.pop_back();
  if (!prefix.empty()) prefix.back() = static_cast<char>(static_cast<unsigned char>(prefix.back()) + 1);
  return prefix;
}

}  // namespace nxg::store

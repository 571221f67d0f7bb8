#pragma once

#include "store/engine.hpp"

#include <string>

/// What engines share when they put a predicate into their own words.
namespace nxg::store {

/// Throws std::logic_error where `value` is an array or an object: filters compare with single values.
void check_single(const predicate& of, const document_value& value);

/// The least text that is greater than all that start with `prefix`; empty: there is none.
std::string after_prefix(std::string prefix);

}  // namespace nxg::store

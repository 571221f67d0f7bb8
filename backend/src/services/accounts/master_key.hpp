#pragma once

#include "runtime/random.hpp"
#include "utilities/sealing.hpp"

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

namespace nxg {

/// The master key cannot be used; `what()` tells the operator what to do.
class master_key_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Reads `NXG_MASTER_KEY`: 32 octets, as 64 hexadecimal digits or 43 characters of base64url. Refuses keys that nobody
/// drew at random (few different octets). Throws `master_key_error`.
utilities::sealing_key parse_master_key(std::string_view text);

/// A new one, as `parse_master_key` reads it.
std::string draw_master_key(runtime::random& random);

/// For development and tests: the key in that folder, made on first use with mode 0600. Throws `master_key_error`.
utilities::sealing_key keep_master_key_in(const std::filesystem::path& folder, runtime::random& random);

}  // namespace nxg

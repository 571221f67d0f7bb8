#pragma once

#include "services/api_error.hpp"

namespace nxg {

[[nodiscard]] inline api_error machine_not_found() {
  return {error_code::machine_not_found, "There is no such machine."};
}
[[nodiscard]] inline api_error machine_in_use() {
  return {error_code::machine_in_use, "Somebody else trains on this machine."};
}
[[nodiscard]] inline api_error machine_out_of_service() {
  return {error_code::machine_out_of_service, "This machine is out of service."};
}
[[nodiscard]] inline api_error machine_in_other_branch() {
  return {error_code::machine_in_other_branch, "This machine stands in another branch than the one you checked in at."};
}
[[nodiscard]] inline api_error machine_not_linked() {
  return {error_code::machine_not_linked, "You are not linked to this machine."};
}
[[nodiscard]] inline api_error member_already_linked() {
  return {error_code::member_already_linked, "You are linked to another machine: unlink it first."};
}
[[nodiscard]] inline api_error machine_code_taken() {
  return {error_code::machine_code_taken, "Another machine has this QR code."};
}
[[nodiscard]] inline api_error machine_credentials_invalid() {
  return {error_code::machine_credentials_invalid, "Machine id or secret is wrong."};
}
[[nodiscard]] inline api_error visit_required() {
  return {error_code::visit_required, "Check in first: linking a machine needs an active visit."};
}

}  // namespace nxg

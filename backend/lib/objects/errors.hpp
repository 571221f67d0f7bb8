#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace nxg::objects {

/// Everything that can go wrong with an object store, the same on every adapter.
enum class failure : std::uint8_t {
  invalid,          ///< the key, an option or a size is against the rules of `object_store`; nothing was sent
  not_found,        ///< there is no such object
  outside,          ///< the range begins behind the end of the object
  changed,          ///< the object is not the one that `if_match` names
  too_large,        ///< the content is longer than the caller wants to hold
  denied,           ///< credentials, rights or settings are wrong: repeating does not help, the text says which
  busy,             ///< too much is under way here, or the service asks for a pause; nothing was done, try later
  unavailable,      ///< away, out of time, disk full, or an answer that makes no sense; nothing is known to be done
  outcome_unknown,  ///< the write may or may not have happened: the same again does no harm, `head` finds out
  damaged,          ///< what is kept is not what was put
};

std::string_view to_string(failure what) noexcept;

/// Thrown by every operation of an object store. `what()` is a sentence for the log, without secrets.
class error : public std::runtime_error {
 public:
  error(failure what_failed, const std::string& message) : std::runtime_error{message}, failed_{what_failed} {}

  [[nodiscard]] failure failed() const noexcept { return failed_; }
  [[nodiscard]] bool is(failure kind) const noexcept { return failed_ == kind; }

 private:
  failure failed_;
};

/// A setting makes no sense, or what it names will have nothing of us: starting on would not help. The text begins with
/// the name of the setting.
class unusable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace nxg::objects

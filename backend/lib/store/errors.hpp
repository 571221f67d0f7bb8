#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace nxg::store {

/// Everything that can go wrong with a store, the same on every engine.
enum class failure : std::uint8_t {
  duplicate,         ///< a unique index (or the id) already holds that value; nothing was written
  version_conflict,  ///< the document is not at the expected version; nothing was written
  not_found,         ///< there is no such document; nothing was written
  busy,  ///< a queue or an outbox is full, or the operation never began in its time; nothing was written, try later
  unavailable,  ///< the engine cannot do it now (away, disk full, read-only, damaged, newer data); nothing was written
  outcome_unknown,  ///< the write may or may not have happened: read to find out
};

std::string_view to_string(failure what) noexcept;

/// Thrown by every operation of a store. `what()` is a sentence for the log; it holds no field values.
class error : public std::runtime_error {
 public:
  error(failure what_failed, const std::string& message) : std::runtime_error{message}, failed_{what_failed} {}
  /// A `duplicate`: `index` is the declared name, "id" for the id itself.
  static error duplicate(std::string collection, std::string index);

  [[nodiscard]] failure failed() const noexcept { return failed_; }
  [[nodiscard]] bool is(failure kind) const noexcept { return failed_ == kind; }
  /// Of a `duplicate`: the index that refused. Otherwise empty.
  [[nodiscard]] const std::string& index() const noexcept { return index_; }

 private:
  failure failed_;
  std::string index_;
};

}  // namespace nxg::store

#pragma once

#include "objects/object_store.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace nxg::objects {

/// Reads an object piece by piece, in bounded memory, and always the same one: where it is replaced meanwhile, `next`
/// fails with `changed`. One call at a time.
class reader {
 public:
  /// The store must outlive it.
  reader(object_store& from, std::string key, std::size_t piece_bytes = 1u << 20);

  /// What is read; asked for with the first call of either.
  task<object_info> info();
  /// The next piece; empty at the end.
  task<std::string> next();

 private:
  object_store* from_;
  const std::string key_;
  const std::size_t piece_bytes_;
  object_info info_;
  bool known_ = false;
  std::uint64_t at_ = 0;
};

}  // namespace nxg::objects

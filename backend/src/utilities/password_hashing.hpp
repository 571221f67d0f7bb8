#pragma once

#include "runtime/blocking_pool.hpp"
#include "runtime/task.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace nxg::utilities {

/// What Argon2id may cost; RFC 9106 and OWASP's least are the defaults. Parallelism is 1.
struct argon2_cost {
  unsigned long long passes = 2;
  std::size_t memory_kib = 19'456;
};

/// Hashes and verifies passwords on a bounded pool, never on an io thread: memory times threads is the most it takes.
/// Its functions throw `runtime::pool_exhausted` when too many wait already.
class password_hasher {
 public:
  struct verdict {
    bool matches = false;
    /// It matches, but the hash was made by another algorithm or cost: hash the password again and keep that.
    bool outdated = false;
  };

  explicit password_hasher(runtime::blocking_pool& pool, argon2_cost cost = {});

  /// `$argon2id$v=19$m=…,t=…,p=1$salt$hash`.
  task<std::string> hash(std::string password);

  /// Verifies Argon2id, and bcrypt (`$2a$`, `$2b$`, `$2y$`, cost at most 14) of imported accounts.
  /// Without a hash (no such account) it does the work of a verification all the same and says no, so that the time
  /// of an answer does not tell who has an account.
  task<verdict> verify(std::string password, std::optional<std::string> hash);

 private:
  runtime::blocking_pool& pool_;
  argon2_cost cost_;
  std::string hash_of_nobody_;
};

}  // namespace nxg::utilities

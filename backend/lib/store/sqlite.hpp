#pragma once

#include "runtime/folder_lock.hpp"
#include "store/engine.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace nxg::store {

struct sqlite_options {
  std::filesystem::path folder;  ///< made if absent, mode 0700; holds store.sqlite and its -wal, -shm, and serve.lock
  bool exclusive = false;        ///< `serve`: holds the folder's lock; other commands leave it
  std::size_t readers = 2;       ///< threads, each with its connection
  std::size_t max_queued_reads = 4'096;
  std::size_t max_queued_writes = 16'384;
  std::size_t max_queued_bytes = 64u << 20;
  std::size_t max_batch = 1'024;  ///< operations per transaction
  std::chrono::milliseconds time_out{5'000};
  bool strict = false;  ///< a query no declared index serves is an std::logic_error instead of a scan
};

using runtime::folder_in_use;

/// Figures since the start, for metrics.
struct sqlite_figures {
  std::uint64_t transactions = 0;
  std::uint64_t operations = 0;  ///< written
  std::uint64_t queries = 0;
  std::size_t queued_reads = 0;
  std::size_t queued_writes = 0;
};

/// Documents in one SQLite file: a table per collection with columns `id` and `doc` (readable JSON), virtual columns
/// for the indexed members. One writer thread commits everything that waits in one transaction; acknowledged is durable
/// (WAL, synchronous=FULL). Other processes may work on the same folder; one at a time may be `exclusive`.
class sqlite_engine : public engine {
 public:
  /// In the folder.
  static constexpr std::string_view file_name = "store.sqlite";

  /// Throws `folder_in_use`, and `error` (unavailable) with a sentence: cannot be made, not writable, no database,
  /// newer.
  static std::shared_ptr<sqlite_engine> open(sqlite_options options);

  [[nodiscard]] virtual sqlite_figures figures() const = 0;
  /// Every fault SQLite's own check finds in the file; empty: none. Takes as long as reading the file.
  virtual task<std::vector<std::string>> check() = 0;
};

/// A consistent copy of a folder's store as it is at this moment, into another folder, which is made; blocks, and takes
/// as long as writing it. A process may serve `from` meanwhile. Throws `folder_in_use`, and `error` (unavailable) with
/// a sentence: there is no store in `from`, one in `into` already, the disk is full. A copy is whole or not there.
void copy_sqlite(const std::filesystem::path& from, const std::filesystem::path& into);

}  // namespace nxg::store

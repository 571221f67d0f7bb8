#pragma once

#include "models/audit_record.hpp"
#include "repositories/audit_records.hpp"
#include "runtime/clock.hpp"
#include "runtime/random.hpp"
#include "runtime/task.hpp"
#include "services/caller.hpp"
#include "telemetry/log.hpp"
#include "utilities/lru_map.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nxg {

/// An act to be recorded. People are named by account ids here; the log turns them into pseudonyms.
struct audit_entry {
  audit_event event;
  std::optional<uuid> actor = {};
  std::optional<nxg::role> actor_role = {};
  std::optional<uuid> subject = {};
  std::optional<uuid> branch_id = {};
  bool success = true;
  /// See `audit_record::detail`: never values, never secrets.
  std::string detail = {};
  request_origin origin = {};
};

/// Keeps audit records: durable before `record` returns, hash-chained per process and day, written in groups.
/// Thread-safe.
class audit_log {
 public:
  audit_log(audit_repository records, runtime::clock& time, runtime::random& random, telemetry::logger log);
  ~audit_log();

  /// Throws `api_error` unavailable when the record could not be kept, busy when too many wait: what must not happen
  /// unrecorded then fails. Cancelled, the record is written all the same.
  task<void> record(audit_entry entry);

  /// The pseudonym an account has in the records; made on first use.
  task<uuid> pseudonym_of(uuid account);

 private:
  struct writer;
  std::shared_ptr<writer> writer_;
};

/// What `record` chains: hexadecimal SHA-256 of the record's JSON text with an empty `hash` and version 0.
[[nodiscard]] std::string hash_of(const audit_record& record);

/// Reads a chain and says what is wrong with it: a changed, missing or added record. Nothing: all is well.
task<std::optional<std::string>> fault_in_chain(audit_repository& records, std::string chain);

/// Of an address, the network: its first 24 (IPv4) or 48 bits (IPv6). Empty for what is no address.
[[nodiscard]] std::string network_of(std::string_view address);

}  // namespace nxg

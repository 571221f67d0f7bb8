#pragma once

#include "store/database.hpp"
#include "store/outbox.hpp"

#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// How the dispatcher reads, claims and settles the outbox of one document.
namespace nxg::store::detail {

/// A handler as it was added.
struct named_handler {
  std::string name;
  dispatcher::raw_handler call;
};
struct event_route {
  event_spec type;
  std::vector<named_handler> handlers;
};

/// An undelivered event, as read.
struct pending_event {
  document_value stored;  ///< with its sequence
  event_info info;
};

/// The outbox of one document, as read.
struct outbox_state {
  std::int64_t sequence = 0;
  bool removed = false;
  std::string claimed_by;
  instant claimed_until;
  std::vector<pending_event> events;
};

/// What became of an event.
struct settled {
  bool delivered = false;      ///< or given up: it leaves the outbox
  document_value stored = {};  ///< else what it is stored as from now on
};

/// What a sweep finds.
struct due_documents {
  std::vector<std::string> ids;        ///< the most overdue first
  std::exception_ptr unreadable = {};  ///< why one of them was left out, the last
};

class outbox_access {
 public:
  outbox_access(database& of, std::string process) : database_{&of}, process_{std::move(process)} {}

  /// Nothing where the document or its outbox is gone.
  task<std::optional<outbox_state>> read(std::shared_ptr<const collection_rules> rules, std::string id);
  /// Takes the document for this process until then; false where another one has it.
  task<bool> claim(std::shared_ptr<const collection_rules> rules, std::string id, instant until);
  /// Writes what became of its events (by event id). False where since `seen` was read events came in, or the document
  /// was removed or inserted anew: read again.
  task<bool> settle(std::shared_ptr<const collection_rules> rules, std::string id, const outbox_state& seen,
                    const std::map<std::string, settled>& results);
  /// Documents with something due.
  task<due_documents> due(std::shared_ptr<const collection_rules> rules, std::size_t limit);

  [[nodiscard]] const std::string& process() const noexcept { return process_; }

 private:
  task<bool> write(std::shared_ptr<const collection_rules> rules, write_operation one);

  database* database_;
  std::string process_;
};

/// The payload lifted to the version this program knows; nothing where it is newer.
std::optional<document_value> payload_of(const document_value& stored, const event_spec& type);

}  // namespace nxg::store::detail

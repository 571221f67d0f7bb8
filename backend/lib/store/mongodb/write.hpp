#pragma once

#include "store/mongodb/query.hpp"

#include <atomic>
#include <functional>
#include <vector>

namespace nxg::store::mongodb {

/// What the writes of one call have in common.
struct write_context {
  session* on;
  const collection_spec* in;
  plan_check* plans;
  instant now;
};

/// Carries out one operation. What it refuses is in the result and has changed nothing; throws `error` for what is
/// wrong with the server.
///
/// An operation is one command whose filter holds every condition. Where it finds nothing, the document is read to tell
/// why (another version, a full outbox, an older schema, which is then lifted), and where that no longer holds the
/// command is sent again.
write_result perform(const write_context& with, const write_operation& what);

/// Carries out many, in order, neighbours of one kind in one command.
std::vector<write_result> perform_all(const write_context& with, const std::vector<write_operation>& what,
                                      const std::function<bool()>& abandoned);

/// The document an operation is about: by its id, else the first that matches `where`.
struct aim {
  std::string id = {};
  std::optional<std::int64_t> version = {};  ///< it was seen to match at this version, which stands for `where`
};

/// Everything that has to hold of the document. `upsert`: in words that are not copied into what is inserted.
filter filter_of(const write_context& with, const write_operation& what, const aim& at, bool upsert);
/// Room for the operation's events.
void add_room(filter& to, const write_operation& what);

}  // namespace nxg::store::mongodb

#pragma once

#include "runtime/task.hpp"
#include "runtime/uuid.hpp"
#include "store/database.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// Events that are written and not delivered: what follows from a document is not there yet.
namespace nxg::store {

/// How many documents of the collection have such events.
task<std::uint64_t> count_undelivered(database& in, std::string collection);

/// The ids of one document's, in the order they were written; none where there is no such document.
task<std::vector<uuid>> undelivered_of(database& in, std::string collection, std::string document);

}  // namespace nxg::store

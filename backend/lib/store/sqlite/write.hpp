#pragma once

#include "store/engine.hpp"
#include "store/sqlite/table.hpp"

namespace nxg::store::sqlite {

class connection;

/// Carries out one operation inside the open transaction. What it refuses is in the result and has changed nothing;
/// throws `failed` for what is wrong with the engine. An operation changes documents by one statement, which SQLite
/// undoes by itself when it fails: that is its savepoint, and costs nothing.
write_result perform(connection& on, const table& in, const write_operation& what, instant now, bool strict);

}  // namespace nxg::store::sqlite

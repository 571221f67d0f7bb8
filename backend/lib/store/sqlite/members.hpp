#pragma once

#include <sqlite3.h>

#include <string_view>

namespace nxg::store::sqlite {

/// Lets a connection find a member of a document (`doc->>'$."a"."b"'` and `->`, as in columns, queries and triggers)
/// without taking the whole document apart, which SQLite does each time: a column is read for every document written,
/// and a document may hold long texts. Documents are taken to be JSON as our writer writes it. All that is not simple
/// is left to SQLite, and what is found is what it would find: its own shell may work on the same file.
void find_members_quickly(sqlite3* on);

/// Whether a document has no member of that name. False as well where it takes more to tell.
[[nodiscard]] bool surely_lacks(std::string_view document, std::string_view name);

}  // namespace nxg::store::sqlite

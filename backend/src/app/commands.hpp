#pragma once

#include "app/settings.hpp"

#include <cstddef>
#include <string>
#include <string_view>

/// The subcommands of nxg-connect. Each returns the exit code, and throws with a sentence for people when it cannot go
/// on.
namespace nxg::app {

[[nodiscard]] std::string_view version_text() noexcept;

int serve(loaded_settings loaded);
int create_admin(const settings& values, const std::string& email, const std::string& password);
int import_exercises(const settings& values, const std::string& file);
int import_foods(const settings& values, const std::string& file);
/// This, check_store and rotate_keys work on a store that is there; they make none.
int migrate(const settings& values);
/// `rebuild`: makes missing indexes, and derives anew what is derived and wrong. Exit code 1 where faults remain.
int check_store(const settings& values, bool rebuild);
/// Places are `sqlite:FOLDER` and `mongodb://…`; both stores stand still meanwhile. `most_documents` at once.
int copy_store(const settings& values, const std::string& from, const std::string& to, std::size_t most_documents);
/// A copy of the store the settings name, as a folder of SQLite.
int backup(const settings& values, const std::string& folder);
/// The other way; the store the settings name must be empty.
int restore(const settings& values, const std::string& folder);
int rotate_keys(const settings& values);
int print_openapi();
/// What goes over sockets: the AsyncAPI document, or docs/events.md.
int print_events(bool markdown);
/// A script for mongosh that shards what is declared to be, or says where it is sharded otherwise.
int print_sharding();
int print_settings(bool markdown);

}  // namespace nxg::app

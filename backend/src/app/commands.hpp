#pragma once

#include "app/settings.hpp"

#include <string>
#include <string_view>

/// The subcommands of nxg-connect. Each returns the exit code, and throws with a sentence for people when it cannot go
/// on.
namespace nxg::app {

[[nodiscard]] std::string_view version_text() noexcept;

int serve(loaded_settings loaded);
int create_admin(const settings& values, const std::string& email, const std::string& password);
int import_exercises(const settings& values, const std::string& file);
int migrate(const settings& values);
int check_store(const settings& values);
int rotate_keys(const settings& values);
int print_openapi();
int print_settings(bool markdown);

}  // namespace nxg::app

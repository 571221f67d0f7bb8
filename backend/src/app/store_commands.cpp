// The subcommands that work on the store, beside a running backend or without one.

#include "app/commands.hpp"
#include "app/identity.hpp"
#include "app/workbench.hpp"
#include "coordination/in_process.hpp"
#include "services/api_error.hpp"
#include "services/exercises/exercise_import.hpp"
#include "services/foods/food_import.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <fstream>
#include <functional>
#include <iterator>

namespace nxg::app {

namespace {

task<> prepare_identity(workbench& bench, identity& people) {
  co_await store::prepare(bench.kept.database);
  co_await people.keys.start();
}

/// What an api_error says, with every field.
std::string sentence_of(const api_error& error) {
  std::string text = error.detail();
  for (const auto& field : error.fields()) text += fmt::format("\n  {}: {}", field.pointer, field.message);
  return text;
}

/// Reads the file, has it taken in, and says what became of it.
int import_into(workbench& bench, const std::string& file,
                const std::function<task<import_report>(const std::string&)>& take) {
  std::ifstream stream{file, std::ios::binary};
  const std::string json{std::istreambuf_iterator<char>{stream}, {}};
  import_report report;
  auto job = [&]() -> task<> {
    co_await store::prepare(bench.kept.database);
    report = co_await take(json);
  };
  bench.on.run_to_end(job());
  fmt::print("Read {} rows: {} new, {} changed, {} as they were, {} refused\n", report.rows, report.inserted,
             report.updated, report.unchanged, report.refused.size());
  for (const auto& row : report.refused)
    fmt::print("  row {} ({}): {}\n", row.row, row.external_id, fmt::join(row.reasons, "; "));
  return report.rows > 0 && report.refused.size() == report.rows ? 1 : 0;
}

}  // namespace

int create_admin(const settings& values, const std::string& email, const std::string& password) {
  workbench bench{values};
  const auto shared = coordination::make_in_process(bench.on.time);
  identity people{bench.values, bench.on, bench.kept, *shared};
  uuid made;
  auto job = [&]() -> task<> {
    co_await prepare_identity(bench, people);
    made = co_await people.accounts.create_admin(email, password);
  };
  try {
    bench.on.run_to_end(job());
  } catch (const api_error& error) {
    const bool taken = error.code() == error_code::email_taken;
    fmt::print(stderr, "nxg-connect: {}\n",
               taken ? "an account with this e-mail address exists already" : sentence_of(error));
    return 1;
  }
  fmt::print("Made admin {} ({})\n", email, made.to_string());
  return 0;
}

int import_exercises(const settings& values, const std::string& file) {
  workbench bench{values};
  return import_into(bench, file, [&](const std::string& json) {
    return exercises::import_exercises(json, bench.kept.exercises, bench.on.time);
  });
}

int import_foods(const settings& values, const std::string& file) {
  workbench bench{values};
  return import_into(
      bench, file, [&](const std::string& json) { return foods::import_foods(json, bench.kept.foods, bench.on.time); });
}

int migrate(const settings& values) {
  workbench bench{values, store_use::maintain};
  store::migration_report report;
  auto job = [&]() -> task<> { report = co_await store::migrate(bench.kept.database); };
  bench.on.run_to_end(job());
  fmt::print("{} collections are at this version; {} documents were lifted\n", report.collections, report.lifted);
  return 0;
}

int rotate_keys(const settings& values) {
  workbench bench{values, store_use::maintain};
  const auto shared = coordination::make_in_process(bench.on.time);
  identity people{bench.values, bench.on, bench.kept, *shared};
  auto job = [&]() -> task<> {
    co_await prepare_identity(bench, people);
    co_await people.keys.rotate(key_purpose::access_token);
    co_await people.keys.rotate(key_purpose::cursor);
  };
  bench.on.run_to_end(job());
  fmt::print("Signing keys were rotated; running backends take the new ones within a minute\n");
  return 0;
}

}  // namespace nxg::app

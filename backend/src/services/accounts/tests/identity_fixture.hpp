#pragma once

#include "coordination/in_process.hpp"
#include "runtime/blocking_pool.hpp"
#include "runtime/clock.hpp"
#include "runtime/random.hpp"
#include "runtime/tests/temporary_folder.hpp"
#include "services/accounts/accounts.hpp"
#include "services/accounts/data_seals.hpp"
#include "services/api_error.hpp"
#include "store/database.hpp"
#include "store/sqlite.hpp"
#include "telemetry/log.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace nxg {

/// Who people and devices are, put together as the application does it.
struct identity {
  identity(store::database& in, coordination::coordinator& shared, const utilities::sealing_key& master,
           runtime::blocking_pool& pool)
      : attempt_counts{shared.rate_limiter()},
        held_keys{key_repository{in}, master,      pool,
                  in.clock(),         in.random(), {.longest_token_life = std::chrono::hours{1}}},
        seals{held_keys, in.random()},
        revoked{revocation_repository{in}, shared.bus(), in.clock(), telemetry::logger::none()},
        issued{held_keys, revoked, in.clock(), in.random(), 1},
        log{audit_repository{in}, in.clock(), in.random(), telemetry::logger::none()},
        users{in},
        body_records{in},
        bodies{users, body_records, in.clock(), in.random()},
        passwords{pool, {.passes = 1, .memory_kib = 8}},
        logins{user_repository{in}, refresh_family_repository{in}, issued, revoked, log, attempt_counts, in.clock(),
               in.random()},
        people{user_repository{in},   logins,    held_keys,  revoked,    log, attempt_counts, bodies,
               branch_repository{in}, passwords, in.clock(), in.random()} {
    in.use_keyring(&seals);
  }

  task<void> open() {
    co_await held_keys.start();
    co_await revoked.refresh();
  }

  key_service& keys() { return held_keys; }
  token_service& tokens() { return issued; }
  revocation_list& revocations() { return revoked; }
  audit_log& audit() { return log; }
  attempt_limits& attempts() { return attempt_counts; }
  session_service& sessions() { return logins; }
  account_service& accounts() { return people; }

  attempt_limits attempt_counts;
  key_service held_keys;
  data_seals seals;
  revocation_list revoked;
  token_service issued;
  audit_log log;
  user_repository users;
  body_record_repository body_records;
  body::metrics bodies;
  utilities::password_hasher passwords;
  session_service logins;
  account_service people;
};

/// A process with a store of its own in a temporary folder; `reopen` is a restart of it.
class identity_test : public testing::Test {
 protected:
  identity_test() {
    // It is noon: no day ends in the middle of a test.
    const auto now = time.now();
    const auto noon = std::chrono::floor<std::chrono::days>(now) + std::chrono::hours{12};
    time.advance((now < noon ? noon : noon + std::chrono::days{1}) - now);
    master = utilities::sealing_key::generate(random);
    reopen();
  }
  ~identity_test() override { close(); }

  void close() {
    people.reset();
    database.reset();
    shared.reset();
  }
  void reopen() {
    close();
    shared = coordination::make_in_process(time);
    auto engine = store::sqlite_engine::open({.folder = folder.path(), .strict = true});
    database = std::make_unique<store::database>(engine, time, random);
    people = std::make_unique<identity>(*database, *shared, *master, pool);
    run(store::prepare(*database));
    run(people->open());
  }
  /// Another process on the same store.
  std::unique_ptr<identity> second_process(store::database& its_database) {
    return std::make_unique<identity>(its_database, *shared, *master, pool);
  }

  template <class T>
  T run(task<T> work) {
    auto result = boost::asio::co_spawn(context, std::move(work), boost::asio::use_future);
    context.restart();
    context.run();
    return result.get();
  }
  /// The code of what the work throws; nothing when it succeeds.
  template <class T>
  std::optional<error_code> refusal(task<T> work) {
    try {
      run(std::move(work));
    } catch (const api_error& error) {
      return error.code();
    }
    return std::nullopt;
  }

  static registration form(std::string name) {
    registration wanted;
    wanted.username = name;
    wanted.email = name + "@example.org";
    wanted.password = std::string{"seven green bicycles"};
    wanted.confirm_password = std::string{"seven green bicycles"};
    wanted.name = std::string{"Test Member"};
    return wanted;
  }
  signed_in make_member(std::string name) {
    return run(people->accounts().register_member(form(std::move(name)), origin));
  }
  task<signed_in> log_in(std::string name, std::string password = "seven green bicycles",
                         std::string address = "192.0.2.1") {
    credentials shown;
    shown.email = name + "@example.org";
    shown.password = password;
    return people->accounts().login(std::move(shown),
                                    {.address = std::move(address), .user_agent = "test", .request_id = {}});
  }
  caller caller_of(const token_pair& tokens) {
    const auto who = run(people->tokens().verify(0, tokens.access_token));
    return {who->id, static_cast<role>(who->role), who->session, who->scopes};
  }
  std::optional<error_code> verdict(const std::string& access_token) {
    return refusal(people->tokens().verify(0, access_token));
  }

  runtime::clock time{runtime::clock::mode::adjustable};
  runtime::secure_random random;
  runtime::blocking_pool pool{"hashing", 2, 64};
  boost::asio::io_context context;
  runtime::temporary_folder folder{"identity"};
  std::optional<utilities::sealing_key> master;
  std::unique_ptr<coordination::coordinator> shared;
  std::unique_ptr<store::database> database;
  std::unique_ptr<identity> people;
  request_origin origin{.address = "192.0.2.1", .user_agent = "test", .request_id = {}};
};

}  // namespace nxg

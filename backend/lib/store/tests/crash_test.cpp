#include "sqlite_host.hpp"

#include "store/outbox.hpp"

#include <boost/asio/detached.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <set>

namespace nxg::store::testing {

namespace {

/// The consequence of a loan: a ticket of the same id. Its handler sets, so repeats change nothing.
task<void> set_ticket(collection<ticket>& tickets, const loan_opened& one) {
  const ticket fresh{.id = one.loan, .code = one.loan};  // named: see the limits in README.md
  co_await tickets.upsert(fresh, change<ticket>().set<&ticket::seat>(std::to_string(one.number)));
}

struct serving {
  explicit serving(const std::filesystem::path& folder, runtime::clock& time)
      : base{sqlite_engine::open({.folder = folder, .exclusive = true}), time, random},
        loans{base},
        tickets{base},
        events{base, loop.get_executor()} {
    events.on<loan_opened>("ticket",
                           [this](const loan_opened& one, const event_info&) { return set_ticket(tickets, one); });
    run_on(loop, prepare(base));
  }
  boost::asio::io_context loop;
  runtime::secure_random random;
  database base;
  collection<loan> loans;
  collection<ticket> tickets;
  dispatcher events;
};

/// Inserts loans, writing the id of each that was acknowledged to `told`. Never returns.
[[noreturn]] void insert_until_killed(const std::filesystem::path& folder, int told) {
  runtime::clock time;
  serving here{folder, time};
  here.events.start();
  const auto insert_for_ever = [&]() -> task<void> {
    for (int i = 0;; ++i) {
      loan one{.id = uuid::version_7(time.now(), here.random),
               .reader = uuid::version_7(time.now(), here.random),
               .since = time.now()};
      const std::string id = one.id.to_string();
      const loan_opened opened{id, i};
      co_await here.loans.insert(one, emit(opened));
      if (i % 7 == 3) co_await here.loans.remove(one.id, emit(opened));
      if (write(told, id.data(), id.size()) != static_cast<ssize_t>(id.size())) _exit(2);
    }
  };
  here.loop.restart();
  for (int i = 0; i < 8; ++i) boost::asio::co_spawn(here.loop, insert_for_ever(), boost::asio::detached);
  here.loop.run();
  _exit(3);
}

std::set<std::string> acknowledged_until_killed(const std::filesystem::path& folder, std::size_t after) {
  int pipe_ends[2];
  if (pipe(pipe_ends) != 0) throw std::runtime_error{"no pipe"};
  const pid_t child = fork();
  if (child == 0) {
    close(pipe_ends[0]);
    insert_until_killed(folder, pipe_ends[1]);
  }
  close(pipe_ends[1]);
  std::set<std::string> ids;
  std::string id(36, '\0');
  std::size_t have = 0;
  ssize_t got = 0;
  while ((got = read(pipe_ends[0], id.data() + have, id.size() - have)) > 0) {
    have += static_cast<std::size_t>(got);
    if (have < id.size()) continue;
    ids.insert(id);
    have = 0;
    if (ids.size() == after) kill(child, SIGKILL);  // what is in the pipe was acknowledged all the same
  }
  close(pipe_ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status));
  return ids;
}

TEST(crash, kill_9_loses_nothing_acknowledged_and_no_consequence) {
  runtime::temporary_folder folder{"crash"};
  std::set<std::string> acknowledged;
  for (const std::size_t after : {1u, 40u, 170u, 333u}) {
    acknowledged.merge(acknowledged_until_killed(folder.path(), after));

    runtime::clock time{runtime::clock::mode::adjustable};
    serving here{folder.path(), time};
    here.events.start();
    time.advance(std::chrono::minutes{5});  // also claims of the dead are over
    run_on(here.loop, here.events.drain());
    for (const auto& id : acknowledged) EXPECT_TRUE(run_on(here.loop, here.tickets.find(id))) << id;
    // What was not acknowledged may have happened, but then wholly.
    std::optional<std::string> next;
    std::size_t loans = 0;
    do {
      const auto page = run_on(here.loop, here.loans.find_page({}, {}, 500, next));
      for (const auto& one : page.items) EXPECT_TRUE(run_on(here.loop, here.tickets.find(one.id.to_string())));
      loans += page.items.size();
      next = page.next;
    } while (next);
    EXPECT_GT(loans, 0u);
    EXPECT_EQ(here.events.figures().dead_letters, 0u);
    run_on(here.loop, here.events.stop(std::chrono::seconds{1}));
  }
}

}  // namespace

}  // namespace nxg::store::testing

#include "host.hpp"
#include "proxy.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/system_error.hpp>

#include <map>
#include <set>

namespace nxg::store::testing {

namespace {

using std::chrono::milliseconds;
using fate = unix_proxy::fate;

/// An engine of its own, that may be killed, behind a proxy.
class mongodb_faults : public ::testing::Test {
 protected:
  mongodb_faults() {
    run(prepare(base));
    steady = engine->figures();
  }

  template <class T>
  T run(task<T> work) {
    return run_on(loop, std::move(work));
  }
  template <class T>
  std::string outcome_of(task<T> work) {
    try {
      run(std::move(work));
      return "done";
    } catch (const error& why) {
      return std::string{to_string(why.failed())};
    }
  }
  loan a_loan() {
    return {.id = uuid::version_7(time.now(), random),
            .reader = uuid::version_7(time.now(), random),
            .title = "Emma",
            .since = time.now()};
  }
  /// Asks until it is so; nobody helps meanwhile.
  template <class Question>
  bool eventually(Question question, milliseconds within = std::chrono::seconds{30}) {
    const auto end = std::chrono::steady_clock::now() + within;
    while (!question()) {
      if (std::chrono::steady_clock::now() > end) return false;
      boost::asio::steady_timer pause{loop, milliseconds{20}};
      run(pause.async_wait(boost::asio::use_awaitable));
    }
    return true;
  }
  bool works() { return outcome_of(loans.insert(a_loan())) == "done"; }
  template <class Work>
  static milliseconds duration_of(Work work) {
    const auto begun = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begun);
  }

  boost::asio::io_context loop;
  runtime::clock time;
  runtime::secure_random random;
  mongodb_server server;
  unix_proxy proxy{server.folder() / "front.sock", server.socket()};
  std::shared_ptr<mongodb_engine> engine =
      mongodb_engine::open({.url = url_of(server.folder() / "front.sock", "faults"),
                            .workers = 3,
                            .max_queued = 20,
                            .time_out = milliseconds{2'000},
                            .stalled_after = milliseconds{1'000},
                            .strict = true});
  database base{engine, time, random};
  collection<loan> loans{base};
  mongodb_figures steady;
};

TEST_F(mongodb_faults, a_write_whose_reply_is_cut_or_swallowed_is_unknown_and_was_done) {
  for (const fate how : {fate::cut, fate::swallowed}) {
    const loan one = a_loan();
    proxy.replies_to("insert", how);
    EXPECT_EQ(outcome_of(loans.insert(one)), "outcome_unknown");
    proxy.replies_to("", fate::passed);
    ASSERT_TRUE(eventually([&] { return outcome_of(loans.find(one.id)) == "done"; }));
    EXPECT_TRUE(run(loans.find(one.id)));

    proxy.replies_to("updates", how);
    EXPECT_EQ(outcome_of(loans.update(one.id, change<loan>().set<&loan::title>("Persuasion"))), "outcome_unknown");
    proxy.replies_to("findAndModify", how);
    ASSERT_TRUE(eventually([&] { return outcome_of(loans.find(one.id)) == "done"; }));
    EXPECT_EQ(outcome_of(loans.update_get_after(one.id, change<loan>().inc<&loan::renewals>(1))), "outcome_unknown");
    proxy.replies_to("documents", how);
    ASSERT_TRUE(eventually([&] { return outcome_of(loans.find(one.id)) == "done"; }));
    bulk<loan> many;
    const loan two = a_loan(), three = a_loan();
    many.insert(two).insert(three);
    EXPECT_EQ(outcome_of(loans.write(std::move(many))), "outcome_unknown");
    proxy.replies_to("deletes", how);
    ASSERT_TRUE(eventually([&] { return outcome_of(loans.find(two.id)) == "done"; }));
    EXPECT_EQ(outcome_of(loans.remove(two.id)), "outcome_unknown");
    proxy.replies_to("", fate::passed);
    ASSERT_TRUE(eventually([&] { return outcome_of(loans.find(one.id)) == "done"; }));
    const loan now = run(loans.get(one.id));
    EXPECT_EQ(now.title, "Persuasion");
    EXPECT_EQ(now.renewals, 1);
    EXPECT_FALSE(run(loans.find(two.id)));
    EXPECT_TRUE(run(loans.find(three.id)));
  }
}

TEST_F(mongodb_faults, what_is_known_of_a_bulk_stays_known_when_a_later_look_fails) {
  const loan taken = a_loan(), one = a_loan(), two = a_loan();
  run(loans.insert(taken));
  proxy.replies_to("find", fate::cut);
  bulk<loan> many;
  many.insert(one).insert(taken).insert(two);
  const auto done = run(loans.write(std::move(many)));
  proxy.replies_to("", fate::passed);
  EXPECT_TRUE(done[0].inserted && done[2].inserted);
  ASSERT_TRUE(done[1].refused);
  EXPECT_TRUE(done[1].refused->is(failure::unavailable));
  ASSERT_TRUE(eventually([&] { return works(); }));
  EXPECT_TRUE(run(loans.find(one.id)) && run(loans.find(two.id)));
}

TEST_F(mongodb_faults, a_read_whose_reply_is_cut_or_swallowed_is_unavailable) {
  for (const fate how : {fate::cut, fate::swallowed}) {
    proxy.replies_to("find", how);
    const auto took = duration_of([&] { EXPECT_EQ(outcome_of(loans.find(a_loan().id)), "unavailable"); });
    EXPECT_LT(took, milliseconds{5'000});
    proxy.replies_to("", fate::passed);
    EXPECT_TRUE(eventually([&] { return works(); }));
  }
}

TEST_F(mongodb_faults, a_callers_wait_ends_when_it_is_cancelled_whatever_the_engine_does) {
  proxy.replies_to("insert", fate::swallowed);
  boost::asio::cancellation_signal stop;
  std::exception_ptr thrown;
  loop.restart();
  boost::asio::co_spawn(loop, loans.insert(a_loan()),
                        boost::asio::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr e) { thrown = e; }));
  while (proxy.met() == 0 && !thrown) loop.poll();
  ASSERT_FALSE(thrown) << "it never came to the engine";
  const auto took = duration_of([&] {
    stop.emit(boost::asio::cancellation_type::all);
    loop.run();
  });
  EXPECT_LT(took, milliseconds{1'500});  // the time-out is 2'000
  try {
    ASSERT_TRUE(thrown);
    std::rethrow_exception(thrown);
  } catch (const error& why) {
    EXPECT_TRUE(why.is(failure::outcome_unknown));
  }
}

TEST_F(mongodb_faults, when_all_workers_hang_calls_are_refused_at_once_and_it_recovers_by_itself) {
  const loan one = a_loan();
  run(loans.insert(one));
  server.pause();
  std::map<std::string, int> ended;
  const auto took = duration_of([&] {
    loop.restart();
    for (int i = 0; i < 30; ++i) {
      boost::asio::co_spawn(loop, loans.insert(a_loan()), [&](std::exception_ptr thrown) {
        try {
          if (thrown) std::rethrow_exception(thrown);
          ++ended["done"];
        } catch (const error& why) {
          ++ended[std::string{to_string(why.failed())}];
        }
      });
    }
    loop.run();
  });
  EXPECT_LT(took, milliseconds{3'500});  // the time-out, and some
  // One for each worker, and maybe the one that asked whether the engine is back while others still waited.
  EXPECT_GE(ended["outcome_unknown"], 3);
  EXPECT_LE(ended["outcome_unknown"], 4);
  EXPECT_EQ(ended["done"], 0);
  EXPECT_EQ(ended["busy"] + ended["unavailable"], 30 - ended["outcome_unknown"]);
  // Now nobody waits any more: at most one at a time asks whether the engine is back.
  ASSERT_TRUE(eventually([&] { return !engine->figures().reachable || engine->figures().working == 3; }));
  int at_once = 0;
  loop.restart();
  const auto begun = std::chrono::steady_clock::now();
  for (int i = 0; i < 10; ++i) {
    boost::asio::co_spawn(loop, loans.find(one.id), [&](std::exception_ptr thrown, std::optional<loan>) {
      if (thrown && std::chrono::steady_clock::now() - begun < milliseconds{1'000}) ++at_once;
    });
  }
  loop.run();
  EXPECT_GE(at_once, 6);
  EXPECT_GT(engine->figures().refused, steady.refused);
  server.go_on();
  EXPECT_TRUE(eventually([&] { return works(); }));
  EXPECT_TRUE(run(loans.find(one.id)));
  EXPECT_TRUE(eventually([&] { return engine->figures().reachable; }));
}

TEST_F(mongodb_faults, a_killed_engine_loses_nothing_acknowledged_and_is_found_again) {
  std::vector<uuid> acknowledged;
  loop.restart();
  bool killed = false;
  const std::function<task<void>()> insert_on = [&]() -> task<void> {
    while (!killed) {
      const loan one = a_loan();
      co_await loans.insert(one);
      acknowledged.push_back(one.id);
      if (acknowledged.size() == 100) {
        killed = true;
        server.kill();
      }
    }
  };
  std::set<std::string> ended;
  for (int i = 0; i < 3; ++i) {
    boost::asio::co_spawn(loop, insert_on(), [&](std::exception_ptr thrown) {
      try {
        if (thrown) std::rethrow_exception(thrown);
      } catch (const error& why) {
        ended.insert(std::string{to_string(why.failed())});
      }
    });
  }
  loop.run();
  for (const auto& how : ended) EXPECT_TRUE(how == "outcome_unknown" || how == "unavailable") << how;
  ASSERT_TRUE(eventually([&] { return !works(); }));
  ASSERT_TRUE(eventually([&] { return !engine->figures().reachable; }));
  std::string how;
  EXPECT_LT(duration_of([&] { how = outcome_of(loans.count()); }), milliseconds{4'000});
  EXPECT_EQ(how, "unavailable");
  server.start();
  ASSERT_TRUE(eventually([&] { return works(); }));
  for (const uuid id : acknowledged) EXPECT_TRUE(run(loans.find(id))) << id.to_string();
}

TEST_F(mongodb_faults, a_network_that_is_cut_and_comes_back_is_used_again) {
  ASSERT_TRUE(works());
  proxy.cut_off();
  EXPECT_FALSE(works());
  ASSERT_TRUE(eventually([&] { return !engine->figures().reachable; }));
  proxy.open();
  EXPECT_TRUE(eventually([&] { return works(); }));
}

TEST_F(mongodb_faults, a_full_queue_is_busy_at_once) {
  proxy.replies_to("insert", fate::swallowed);
  std::map<std::string, int> at_once;
  loop.restart();
  const auto begun = std::chrono::steady_clock::now();
  for (int i = 0; i < 40; ++i) {
    boost::asio::co_spawn(loop, loans.insert(a_loan()), [&](std::exception_ptr thrown) {
      if (std::chrono::steady_clock::now() - begun > milliseconds{1'000}) return;
      try {
        if (thrown) std::rethrow_exception(thrown);
      } catch (const error& why) {
        ++at_once[std::string{to_string(why.failed())}];
      }
    });
  }
  loop.run();
  EXPECT_EQ(at_once["busy"], 17);  // 3 at work, 20 waiting
}

}  // namespace

}  // namespace nxg::store::testing

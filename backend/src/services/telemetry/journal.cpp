#include "services/telemetry/journal.hpp"

#include "runtime/timer.hpp"
#include "store/errors.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <utility>
#include <vector>

namespace nxg::samples {
namespace {

/// Who waits on one core. One message to each core, not to each machine: every message takes a lock, and may wake a
/// thread.
struct waiters {
  executor resume_on;
  std::vector<journal::completion> then;
};

struct flush {
  std::string text;
  std::int64_t samples = 0;
  std::vector<waiters> by_core;

  void add(const executor& resume_on, journal::completion then) {
    auto core = std::ranges::find(by_core, resume_on, &waiters::resume_on);
    if (core == by_core.end()) core = by_core.insert(core, {resume_on, {}});
    core->then.push_back(std::move(then));
  }
};

void complete(std::vector<waiters> by_core, journal::outcome with) {
  for (auto& core : by_core) {
    boost::asio::post(core.resume_on, [all = std::move(core.then), with]() mutable {
      for (auto& then : all) then(with);
    });
  }
}

}  // namespace

struct journal::state : std::enable_shared_from_this<state> {
  state(executor on, journal_repository& repository, runtime::clock& clock, runtime::random& source,
        telemetry::metrics& metrics, telemetry::logger logger, std::string name, journal_options with)
      : where{std::move(on)},
        segments{repository},
        time{clock},
        random{source},
        log{std::move(logger)},
        process{std::move(name)},
        options{with},
        timer{where, clock},
        written{metrics.make_counter("nxg_journal_segments_total", "Journal segments made durable")},
        written_samples{metrics.make_counter("nxg_journal_samples_total", "Samples made durable")},
        given_up{metrics.make_counter("nxg_journal_segments_given_up_total",
                                      "Journal segments whose samples were sent back")},
        backlog{metrics.make_gauge("nxg_journal_unfolded_segments", "Journal segments that wait to be folded")} {
    note_whether_it_takes();
  }

  executor where;
  journal_repository& segments;
  runtime::clock& time;
  runtime::random& random;
  telemetry::logger log;
  const std::string process;
  const journal_options options;
  runtime::timer timer;  // on `where` only
  telemetry::counter written;
  telemetry::counter written_samples;
  telemetry::counter given_up;
  telemetry::gauge backlog;

  mutable std::mutex mutex;
  // Below: under the mutex.
  flush open;
  bool armed = false;  // a flush of `open` is on its way: by the timer, or when an insert ends
  std::size_t inserts = 0;
  std::size_t waiting_bytes = 0;  // open and being inserted
  bool stopping = false;
  bool backlogged = false;
  /// For who only asks; written under the mutex.
  std::atomic<bool> takes{true};

  void note_whether_it_takes() {
    takes.store(!stopping && !backlogged && waiting_bytes < options.most_waiting_bytes, std::memory_order_relaxed);
  }

  /// On `where`: begins an insert of what is open, if there is anything and an insert is free.
  void begin_insert() {
    flush next;
    {
      const std::scoped_lock lock{mutex};
      armed = false;
      if (open.text.empty() || inserts >= options.most_inserts) return;
      next = std::exchange(open, {});
      open.text.reserve(next.text.size());  // one flush is much like the last
      ++inserts;
    }
    boost::asio::co_spawn(where, insert(shared_from_this(), std::move(next)), boost::asio::detached);
  }

  void arm() {
    timer.async_wait(time.steady() + options.flush_after, [self = shared_from_this()](bool due) {
      if (due) self->begin_insert();
    });
  }

  static task<void> insert(std::shared_ptr<state> self, flush what) {
    journal_segment segment{.id = uuid::version_7(self->time.now(), self->random),
                            .inserted_at = self->time.now(),
                            .process = self->process,
                            .samples = what.samples,
                            .text = std::move(what.text)};
    const auto bytes = segment.text.size();
    const auto durable = co_await make_durable(*self, std::move(segment));
    if (durable) {
      self->written.increment();
      self->written_samples.increment(static_cast<double>(what.samples));
    } else {
      self->given_up.increment();
    }
    self->end_insert(bytes);
    complete(std::move(what.by_core), durable ? outcome::durable : outcome::not_taken);
  }

  /// Tries under one id until it is in, or time is up: an insert whose outcome was unknown then meets itself.
  static task<bool> make_durable(state& self, journal_segment segment) {
    const auto give_up_at = self.time.steady() + self.options.give_up_after;
    auto pause = std::chrono::milliseconds{20};
    while (true) {
      std::string failure;
      try {
        co_await self.segments.insert(segment);
        co_return true;
      } catch (const store::error& error) {
        if (error.is(store::failure::duplicate)) co_return true;
        failure = error.what();
      } catch (const std::exception& error) {
        failure = error.what();
      }
      self.log.repeated(telemetry::log_level::warn, "a journal segment could not be written", {{"error", failure}});
      if (self.time.steady() + pause >= give_up_at) co_return false;
      co_await runtime::sleep_for(self.time, pause);
      pause = std::min(pause * 2, std::chrono::milliseconds{500});
    }
  }

  void end_insert(std::size_t bytes) {
    bool more = false;
    {
      const std::scoped_lock lock{mutex};
      --inserts;
      waiting_bytes -= bytes;
      note_whether_it_takes();
      // Whatever filled up while all inserts were taken has waited long enough.
      more = !open.text.empty() && !armed;
      armed = armed || more;
    }
    if (more) begin_insert();
  }
};

journal::journal(executor where, journal_repository& segments, runtime::clock& time, runtime::random& random,
                 telemetry::metrics& metrics, telemetry::logger log, std::string process, journal_options options)
    : state_{std::make_shared<state>(std::move(where), segments, time, random, metrics, std::move(log),
                                     std::move(process), options)} {}

journal::~journal() = default;

bool journal::accepts() const { return state_->takes; }

void journal::append(std::string_view text, std::int64_t samples, const executor& resume_on, completion then) {
  enum class next : std::uint8_t { nothing, arm, flush } what = next::nothing;
  {
    const std::scoped_lock lock{state_->mutex};
    if (!state_->takes) {
      boost::asio::post(resume_on, [then = std::move(then)]() mutable { then(outcome::not_taken); });
      return;
    }
    auto& open = state_->open;
    open.text += text;
    open.samples += samples;
    open.add(resume_on, std::move(then));
    state_->waiting_bytes += text.size();
    state_->note_whether_it_takes();
    const bool all_busy = state_->inserts >= state_->options.most_inserts;
    if (open.text.size() >= state_->options.flush_bytes && !all_busy) {
      what = next::flush;
    } else if (!state_->armed && !all_busy) {
      state_->armed = true;
      what = next::arm;
    }
  }
  switch (what) {
    case next::nothing: return;
    case next::arm: boost::asio::post(state_->where, [self = state_] { self->arm(); }); return;
    case next::flush: boost::asio::post(state_->where, [self = state_] { self->begin_insert(); }); return;
  }
}

void journal::set_backlog(std::uint64_t segments, std::chrono::milliseconds age_of_oldest) {
  state_->backlog.set(static_cast<double>(segments));
  const std::scoped_lock lock{state_->mutex};
  state_->backlogged = segments > state_->options.most_segments || age_of_oldest > state_->options.oldest_segment;
  state_->note_whether_it_takes();
}

task<void> journal::stop() {
  bool busy = false;
  {
    const std::scoped_lock lock{state_->mutex};
    state_->stopping = true;
    state_->note_whether_it_takes();
    busy = state_->inserts > 0 || !state_->open.text.empty();
  }
  if (!busy) co_return;
  boost::asio::post(state_->where, [self = state_] { self->begin_insert(); });
  // Bounded by `give_up_after`, of two flushes at most.
  while (true) {
    co_await runtime::sleep_for(state_->time, std::chrono::milliseconds{5});
    const std::scoped_lock lock{state_->mutex};
    if (state_->inserts == 0 && state_->open.text.empty()) co_return;
  }
}

}  // namespace nxg::samples

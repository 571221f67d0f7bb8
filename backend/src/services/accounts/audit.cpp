#include "services/accounts/audit.hpp"

#include "resilience/one_shot.hpp"
#include "schema/json.hpp"
#include "schema/problems.hpp"
#include "services/api_error.hpp"
#include "store/errors.hpp"
#include "utilities/digest.hpp"
#include "utilities/encoding.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <deque>
#include <exception>
#include <mutex>
#include <utility>

namespace nxg {

namespace {

constexpr std::size_t max_waiting = 4'096;
constexpr std::size_t max_group = 256;
constexpr int written = 1;
constexpr int not_written = 2;

std::string date_of(instant when) {
  const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(when)};
  const auto text = schema::to_json(day);
  return text.substr(1, text.size() - 2);
}

}  // namespace

/// Shared with the coroutine that writes: one at a time, on the core of whoever found none at work.
struct audit_log::writer {
  struct waiting {
    audit_record record;
    resilience::one_shot done;
  };

  writer(audit_repository where, runtime::clock& clock, runtime::random& source, telemetry::logger to)
      : records{std::move(where)}, time{clock}, random{source}, log{std::move(to)} {}

  /// True when the caller is to start `write_all`.
  bool add(audit_record record, const resilience::one_shot& done) {
    const std::scoped_lock lock{mutex};
    if (queue.size() >= max_waiting) throw busy();
    queue.push_back({std::move(record), done});
    return !std::exchange(writing, true);
  }

  std::vector<waiting> next_group() {
    const std::scoped_lock lock{mutex};
    std::vector<waiting> group;
    while (!queue.empty() && group.size() < max_group) {
      group.push_back(std::move(queue.front()));
      queue.pop_front();
    }
    if (group.empty()) writing = false;
    return group;
  }

  static task<void> write_all(std::shared_ptr<writer> self) {
    for (auto group = self->next_group(); !group.empty(); group = self->next_group()) {
      std::vector<audit_record> all;
      for (auto& one : group) all.push_back(std::move(one.record));
      const auto kept = co_await self->write(std::move(all));
      for (std::size_t i = 0; i < group.size(); ++i) group[i].done.fire(kept[i] ? written : not_written);
    }
  }

  /// Which of them are kept.
  task<std::vector<bool>> write(std::vector<audit_record> all) {
    const auto before = newest;
    for (auto& record : all) link(record);
    std::vector<bool> kept(all.size(), false);
    // The second try tells a lost answer from a lost write: records that are there are not written twice.
    for (int tries = 0; tries < 2; ++tries) {
      std::string why = "some were refused";
      bool unwritable = false;
      try {
        kept = co_await records.append(all);
        if (std::ranges::find(kept, false) == kept.end()) co_return kept;
      } catch (const schema::unwritable& error) {
        unwritable = true;
        why = error.what();
      } catch (const std::exception& error) {
        why = error.what();
      }
      log.repeated(telemetry::log_level::error, "audit records cannot be written", {{"error", why}});
      if (!unwritable) continue;
      // Found out before anything was written: the chain goes on where it was.
      newest = before;
      if (all.size() == 1) co_return kept;
      co_return co_await write_each(std::move(all));
    }
    // What was written of them is not known: they end their chain, and a new one begins.
    newest.chain.clear();
    co_return kept;
  }

  /// One that cannot be written must not take the others with it.
  task<std::vector<bool>> write_each(std::vector<audit_record> all) {
    std::vector<bool> kept;
    for (auto& record : all) {
      std::vector<audit_record> alone{std::move(record)};
      const auto outcome = co_await write(std::move(alone));
      kept.push_back(outcome.front());
    }
    co_return kept;
  }

  void link(audit_record& record) {
    const auto date = date_of(record.at);
    if (newest.chain.empty() || date != newest.date) {
      // A new day goes on from the head of the day before, so that whole days cannot vanish unseen.
      if (newest.chain.empty()) newest.head.clear();
      newest.chain = uuid::version_7(record.at, random).to_string() + ":" + date;
      newest.date = date;
      newest.sequence = 0;
    }
    record.chain = newest.chain;
    record.sequence = ++newest.sequence;
    record.previous_hash = newest.head;
    record.hash = hash_of(record);
    newest.head = record.hash;
  }

  audit_repository records;
  runtime::clock& time;
  runtime::random& random;
  telemetry::logger log;
  utilities::lru_map<uuid, uuid> pseudonyms{16'384};

  std::mutex mutex;
  std::deque<waiting> queue;
  bool writing = false;

  /// Where the chain ends, for the next record. Touched by `write_all` only.
  struct chain_end {
    std::string chain;
    std::string date;
    std::string head;
    std::int64_t sequence = 0;
  };
  chain_end newest;
};

audit_log::audit_log(audit_repository records, runtime::clock& time, runtime::random& random, telemetry::logger log)
    : writer_{std::make_shared<writer>(std::move(records), time, random, std::move(log))} {}

audit_log::~audit_log() = default;

task<void> audit_log::record(audit_entry entry) {
  auto& shared = *writer_;
  const auto now = shared.time.now();
  audit_record made{
      .id = uuid::version_7(now, shared.random),
      .event = entry.event,
      .at = now,
      .actor_role = entry.actor_role,
      .branch_id = entry.branch_id,
      .success = entry.success,
      .detail = std::move(entry.detail),
      .network = network_of(entry.origin.address),
      .user_agent = std::move(entry.origin.user_agent),
  };
  if (!entry.origin.request_id.is_nil()) made.request_id = entry.origin.request_id;
  const resilience::one_shot done;
  try {
    if (entry.actor) made.actor = co_await pseudonym_of(*entry.actor);
    if (entry.subject) made.subject = co_await pseudonym_of(*entry.subject);
  } catch (const store::error& error) {
    shared.log.repeated(telemetry::log_level::error, "audit records cannot be written", {{"error", error.what()}});
    throw unavailable("What was asked for must be recorded, and records cannot be kept right now.");
  }
  const auto here = co_await boost::asio::this_coro::executor;
  if (shared.add(std::move(made), done)) boost::asio::co_spawn(here, writer::write_all(writer_), boost::asio::detached);
  const int outcome = co_await done.wait();
  if (outcome != written)
    throw unavailable("What was asked for must be recorded, and records cannot be kept right now.");
}

task<uuid> audit_log::pseudonym_of(uuid account) {
  const auto known = writer_->pseudonyms.find(account);
  if (known) co_return *known;
  const auto fresh = uuid::version_7(writer_->time.now(), writer_->random);
  const auto found = co_await writer_->records.pseudonym_of(account, fresh);
  writer_->pseudonyms.put(account, found);
  co_return found;
}

std::string hash_of(const audit_record& record) {
  auto hashed = record;
  hashed.hash.clear();
  // The store's own counter.
  hashed.version = 0;
  return utilities::hex(utilities::sha256(schema::to_json(hashed)));
}

task<std::optional<std::string>> fault_in_chain(audit_repository& records, std::string chain) {
  std::optional<std::string> fault;
  std::int64_t expected = 1;
  std::optional<std::string> head;
  co_await records.each_of(std::move(chain), [&](const audit_record& record) {
    if (fault) return;
    if (record.sequence != expected) {
      fault = "record " + std::to_string(expected) + " is missing";
    } else if (hash_of(record) != record.hash) {
      fault = "record " + std::to_string(expected) + " was changed";
    } else if (head && record.previous_hash != *head) {
      fault = "record " + std::to_string(expected) + " does not follow the one before";
    }
    head = record.hash;
    ++expected;
  });
  co_return fault;
}

std::string network_of(std::string_view address) {
  boost::system::error_code error;
  const auto parsed = boost::asio::ip::make_address(std::string{address}, error);
  if (error) return {};
  if (parsed.is_v4()) {
    auto octets = parsed.to_v4().to_bytes();
    octets[3] = 0;
    return boost::asio::ip::address_v4{octets}.to_string() + "/24";
  }
  auto octets = parsed.to_v6().to_bytes();
  std::fill(octets.begin() + 6, octets.end(), static_cast<unsigned char>(0));
  return boost::asio::ip::address_v6{octets}.to_string() + "/48";
}

}  // namespace nxg

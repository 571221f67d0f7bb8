#include "repositories/keyed_operations.hpp"

#include "store/errors.hpp"

#include <utility>

namespace nxg {
namespace {

store::filter<keyed_operation> unfinished() {
  return store::absent<&keyed_operation::answer>() && store::absent<&keyed_operation::sealed_answer>();
}

store::filter<keyed_operation> held(const uuid& id, instant claimed_until) {
  return store::eq<&keyed_operation::id>(id) && store::eq<&keyed_operation::claimed_until>(claimed_until) &&
         unfinished();
}

}  // namespace

task<keyed_operation_repository::claimed> keyed_operation_repository::claim(keyed_operation wanted, instant now) {
  // The record can vanish between two steps (it expired, a first try forgot it): then the first step is due again.
  for (int tries = 0; tries < 3; ++tries) {
    bool inserted = true;
    try {
      co_await operations_.insert(wanted);
    } catch (const store::error& refused) {
      if (!refused.is(store::failure::duplicate)) throw;
      inserted = false;
    }
    if (inserted) co_return claimed{.record = wanted, .inserted = true};

    const auto ended = store::eq<&keyed_operation::id>(wanted.id) &&
                       store::eq<&keyed_operation::fingerprint>(wanted.fingerprint) &&
                       store::lte<&keyed_operation::claimed_until>(now) && unfinished();
    auto taken =
        co_await operations_.update_get_after(ended, store::change<keyed_operation>()
                                                         .set<&keyed_operation::claimed_until>(wanted.claimed_until)
                                                         .set<&keyed_operation::expires_at>(wanted.expires_at));
    if (taken) co_return claimed{.record = *std::move(taken), .taken_over = true};

    auto found = co_await operations_.find(wanted.id);
    if (found) co_return claimed{.record = *std::move(found)};
  }
  throw store::error{store::failure::busy, "an idempotency record comes and goes"};
}

task<void> keyed_operation_repository::finish(uuid id, kept_answer answer, instant expires_at) {
  auto ended = store::change<keyed_operation>()
                   .set<&keyed_operation::sealed_answer>(std::move(answer))
                   .set<&keyed_operation::expires_at>(expires_at);
  // Sealed under its id; expired meanwhile, there is nothing to keep.
  co_await operations_.update(id, unfinished(), std::move(ended));
}

task<void> keyed_operation_repository::release(uuid id, instant claimed_until, instant now) {
  co_await operations_.update(held(id, claimed_until),
                              store::change<keyed_operation>().set<&keyed_operation::claimed_until>(now));
}

task<void> keyed_operation_repository::forget(uuid id, instant claimed_until) {
  co_await operations_.remove(held(id, claimed_until));
}

}  // namespace nxg

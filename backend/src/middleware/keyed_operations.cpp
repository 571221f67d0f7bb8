#include "middleware/keyed_operations.hpp"

#include <utility>

namespace nxg {

namespace {

uuid id_of(const http::idempotency_store::claim& claim) {
  return uuid::derived_from(claim.principal.to_string() + '\n' + claim.operation + '\n' + claim.key);
}

http::stored_answer told_again(const kept_answer& kept) {
  return {.status = static_cast<int>(kept.status),
          .content_type = kept.content_type,
          .location = kept.location,
          .etag = kept.etag,
          .preference_applied = kept.preference_applied.value_or(""),
          .body = kept.body};
}

}  // namespace

task<http::idempotency_store::record> keyed_operations::begin(const claim& wanted) {
  keyed_operation mine{
      .id = id_of(wanted),
      .principal = wanted.principal,
      .fingerprint = wanted.fingerprint,
      .seed = wanted.seed,
      .at = wanted.now,
      .claimed_until = wanted.claimed_until,
      .expires_at = wanted.expires,
  };
  auto found = co_await records_.claim(std::move(mine), wanted.now);
  auto& kept = found.record;
  record told{.fingerprint = kept.fingerprint,
              .seed = kept.seed,
              .at = kept.at,
              .claimed_until = kept.claimed_until,
              .answer = {}};
  if (found.inserted) {
    told.found = record::outcome::begun;
  } else if (found.taken_over) {
    told.found = record::outcome::resumed;
  } else if (kept.sealed_answer) {
    told.found = record::outcome::finished;
    told.answer = told_again(kept.sealed_answer->value());
  } else if (kept.answer) {
    told.found = record::outcome::finished;
    told.answer = told_again(*kept.answer);
  } else {
    told.found = record::outcome::in_progress;
  }
  co_return told;
}

task<void> keyed_operations::finish(const claim& held, const http::stored_answer& answer) {
  kept_answer kept{.status = answer.status,
                   .content_type = answer.content_type,
                   .location = answer.location,
                   .etag = answer.etag,
                   .body = answer.body};
  if (!answer.preference_applied.empty()) kept.preference_applied = answer.preference_applied;
  return records_.finish(id_of(held), std::move(kept), held.expires);
}

task<void> keyed_operations::release(const claim& held) {
  return records_.release(id_of(held), held.claimed_until, held.now);
}

task<void> keyed_operations::forget(const claim& held) { return records_.forget(id_of(held), held.claimed_until); }

}  // namespace nxg

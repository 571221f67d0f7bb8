#pragma once

#include "runtime/random.hpp"
#include "store/outbox.hpp"

#include <vector>

/// How undelivered events lie in their document:
///
///   _outbox {
///     sequence  events ever written with this document
///     pending   how many of them are in `events`
///     dueAt     when a sweep should look at the document; absent when nothing is pending
///     claim     {by, until}: the process that delivers now
///     removed   the document is gone, only this is left (a tombstone)
///     events [{id, type, schema, at, payload, notBefore?, sequence?, tries?, retryAt?, handledBy?, lastError?}]
///   }
///
/// Writers only push, add to `sequence` and `pending`, and lower `dueAt`; the process that delivers writes `events`
/// anew, on the condition that `sequence` is what it read. Events get their sequence then: those without one are the
/// last ones pushed.
namespace nxg::store::detail {

/// The `_outbox` of a new document with these events; null without events. Throws std::logic_error for a type the
/// collection does not carry.
document_value outbox_of(const events& with, const collection_rules& rules, instant now, runtime::random& random);
/// The operators that add the same to a stored document.
void add_to_outbox(const document_value& outbox, std::vector<mutation>& to);

/// When an event, as stored, is to be looked at next.
instant due_at(const document_value& event);
instant time_at(const document_value& value, std::string_view path);

}  // namespace nxg::store::detail

#include "store/mongodb/failures.hpp"

#include "store/engine.hpp"

#include <mongoc/mongoc.h>

#include <stdexcept>

namespace nxg::store::mongodb {

namespace {

/// https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml
enum code : std::int64_t {
  bad_value = 2,
  host_unreachable = 6,
  host_not_found = 7,
  failed_to_parse = 9,
  unauthorized = 13,
  type_mismatch = 14,
  authentication_failed = 18,
  illegal_operation = 20,
  lock_timeout = 24,
  path_not_viable = 28,
  conflicting_operators = 40,
  cursor_not_found = 43,
  lock_busy = 46,
  max_time_expired = 50,
  dollar_field = 52,
  dotted_field = 57,
  write_concern_timeout = 64,
  immutable_field = 66,
  network_timeout = 89,
  shutting_down = 91,
  write_conflict = 112,
  invalid_document = 121,
  parallel_arrays = 171,
  stepped_down = 189,
  exceeded_time = 262,
  no_plan = 291,
  socket_failed = 9001,
  not_primary = 10107,
  too_large = 10334,
  duplicate = 11000,
  duplicate_in_update = 11001,
  stopping = 11600,
  interrupted = 11601,
  stepping_down = 11602,
  duplicate_in_capped = 12582,
  not_primary_no_secondary = 13435,
  not_primary_or_secondary = 13436,
  disk_full = 14031,
};

error unavailable(const std::string& sentence) { return {failure::unavailable, sentence}; }

/// The command may have been under way.
error cut(effect of, const std::string& where, const std::string& why) {
  if (of == effect::writes)
    return {failure::outcome_unknown, where + ": " + why + "; the write may have happened all the same"};
  return unavailable(where + ": " + why);
}

error of_server(std::int64_t code, std::string_view message, effect of, const std::string& where) {
  switch (code) {
    case unauthorized: return unavailable(where + ": the user of the URL has no right to do this");
    case authentication_failed: return unavailable(where + " refuses the user and password of the URL");
    case lock_timeout:
    case lock_busy:
    case write_conflict: return {failure::busy, where + ": too much is going on at the same documents"};
    case max_time_expired:
    case exceeded_time:
      if (of == effect::reads) return {failure::busy, where + ": the query took longer than its time"};
      return cut(of, where, "the write took longer than its time");
    case not_primary:
    case not_primary_no_secondary:
    case not_primary_or_secondary: return unavailable(where + " is not the primary (now)");
    case host_unreachable:
    case host_not_found:
    case network_timeout:
    case socket_failed:
    case shutting_down:
    case stopping:
    case interrupted:
    case stepped_down:
    case stepping_down: return cut(of, where, "it is stopping, or has lost its others");
    case disk_full: return unavailable(where + ": its disk is full");
    case write_concern_timeout: return cut(of, where, "the write was not confirmed by a majority in time");
    default: break;
  }
  if (code == no_plan || message.find("notablescan") != std::string_view::npos)
    throw std::logic_error{"no declared index serves this query on " + where};
  if (message.find("hint provided does not correspond") != std::string_view::npos)
    return unavailable(where + " lacks what a collection declares: run migrate first");
  return unavailable(where + " answers with error " + std::to_string(code));
}

}  // namespace

error to_error(const bson_error_t& what, effect of, const std::string& where) {
  switch (what.domain) {
    case MONGOC_ERROR_SERVER:
    case MONGOC_ERROR_QUERY:
    case MONGOC_ERROR_COMMAND:
    case MONGOC_ERROR_WRITE_CONCERN: return of_server(what.code, what.message, of, where);
    case MONGOC_ERROR_SERVER_SELECTION: return unavailable(where + " is away: " + what.message);
    case MONGOC_ERROR_CLIENT:
      if (what.code == MONGOC_ERROR_CLIENT_AUTHENTICATE)
        return unavailable(where + " refuses the user and password of the URL");
      return unavailable(where + ": " + what.message);
    case MONGOC_ERROR_SASL:
    case MONGOC_ERROR_SCRAM: return unavailable(where + " refuses the user and password of the URL");
    case MONGOC_ERROR_STREAM:
      // Before there is a connection nothing was sent.
      if (what.code == MONGOC_ERROR_STREAM_CONNECT || what.code == MONGOC_ERROR_STREAM_NAME_RESOLUTION ||
          what.code == MONGOC_ERROR_STREAM_NOT_ESTABLISHED)
        return unavailable(where + " cannot be reached: " + what.message);
      return cut(of, where, "the connection was lost, or no answer came in time");
    case MONGOC_ERROR_PROTOCOL: return cut(of, where, "the answer was cut");
    default:
      return cut(of, where, "libmongoc failed with " + std::to_string(what.domain) + "." + std::to_string(what.code));
  }
}

bool is_duplicate(std::int64_t code) {
  return code == duplicate || code == duplicate_in_update || code == duplicate_in_capped;
}

bool concerns_document(std::int64_t code) {
  switch (code) {
    case bad_value:
    case failed_to_parse:
    case type_mismatch:
    case path_not_viable:
    case conflicting_operators:
    case dollar_field:
    case dotted_field:
    case immutable_field:
    case invalid_document:
    case parallel_arrays:
    case too_large: return true;
    default: return is_duplicate(code);
  }
}

error refusal_of(std::int64_t code, const std::string& collection) {
  if (code == too_large) return unavailable(collection + ": the document would be larger than 16 MB");
  if (code == invalid_document) return unavailable(collection + ": a rule of the database forbids the document");
  return unavailable(collection + ": the change does not fit what is stored (MongoDB error " + std::to_string(code) +
                     ")");
}

std::string index_in(std::string_view message) {
  // "E11000 duplicate key error collection: gym.visits index: one_open_visit dup key: { ... }"
  constexpr std::string_view before = " index: ";
  const auto at = message.find(before);
  if (at == std::string_view::npos) return {};
  std::string_view name = message.substr(at + before.size());
  name = name.substr(0, name.find(' '));
  return std::string{name == "_id_" ? stored_names::id : name};
}

}  // namespace nxg::store::mongodb

#include "store/mongodb/session.hpp"

#include "store/engine.hpp"

#include <algorithm>
#include <utility>

namespace nxg::store::mongodb {

namespace {

/// The server's own limit is a little shorter than the socket's, so that its answer still arrives.
constexpr int parts_for_server = 9;
constexpr int parts = 10;

constexpr std::uint32_t already_there = 48;  // NamespaceExists

std::string key_value_in(const bson_iter_t& error) {
  bson_iter_t inner, at;
  if (!bson_iter_recurse(&error, &inner) || !bson_iter_find(&inner, "keyValue") || !BSON_ITER_HOLDS_DOCUMENT(&inner))
    return {};
  at = inner;
  return std::string{bytes_at(at)};
}

}  // namespace

bool reply::find(const char* path, bson_iter_t& at) const {
  bson_iter_t root;
  return bson_iter_init(&root, &held_->document) && bson_iter_find_descendant(&root, path, &at);
}

std::int64_t reply::integer(const char* path) const {
  bson_iter_t at;
  return find(path, at) && BSON_ITER_HOLDS_NUMBER(&at) ? bson_iter_as_int64(&at) : 0;
}

std::string_view reply::document_at(const char* path) const {
  bson_iter_t at;
  return find(path, at) && BSON_ITER_HOLDS_DOCUMENT(&at) ? bytes_at(at) : std::string_view{};
}

std::vector<reply::write_error> reply::write_errors() const {
  std::vector<write_error> all;
  bson_iter_t at, one;
  if (!find("writeErrors", at) || !bson_iter_recurse(&at, &one)) return all;
  while (bson_iter_next(&one)) {
    const bson_t error = view(bytes_at(one));
    all.push_back({.index = static_cast<std::size_t>(integer_in(error, "index")),
                   .code = integer_in(error, "code"),
                   .message = std::string{text_in(error, "errmsg")},
                   .key = key_value_in(one)});
  }
  return all;
}

reply::write_error reply::refusal() const {
  return {.code = refused_with,
          .message = std::string{text_in(held_->document, "errmsg")},
          .key = std::string{document_at("keyValue")}};
}

std::string session::where(std::string_view collection) const {
  return "MongoDB at " + driver_->where().hosts + ", " + driver_->where().database + "." + std::string{collection};
}

void session::limit(bson_writer& command, bool writes) const {
  using std::chrono::milliseconds;
  const auto left = std::chrono::duration_cast<milliseconds>(deadline_ - std::chrono::steady_clock::now());
  if (left <= milliseconds{0}) throw error{failure::busy, "the store did not come to it in time"};
  const std::int64_t time = std::max<std::int64_t>(1, std::min(left, command_time_).count() * parts_for_server / parts);
  if (writes) {
    // A server that is no member of a replica set answers "majority" before its journal is on disk, whatever j says:
    // killed, it forgets what it acknowledged. With w: 1 it waits.
    command.open("writeConcern");
    driver_->standalone() ? command.add("w", 1) : command.add("w", "majority");
    command.add("j", true).add("wtimeout", time).close();
  }
  command.add("maxTimeMS", time);
}

reply session::send(const std::string& command, effect of, std::string_view collection) {
  reply answer;
  const bson_t sent = view(command);
  bson_error_t why{};
  const bool good =
      mongoc_client_command_simple(client_, driver_->where().database.c_str(), &sent, nullptr, answer.target(), &why);
  if (good) return answer;
  if (of == effect::writes && why.domain == MONGOC_ERROR_SERVER && concerns_document(why.code)) {
    answer.refused_with = why.code;
    return answer;
  }
  throw to_error(why, of, where(collection));
}

reply session::read(bson_writer& command, std::string_view collection) {
  limit(command, false);
  return send(command.take(), effect::reads, collection);
}

reply session::write(bson_writer& command, std::string_view collection) {
  limit(command, true);
  reply answer = send(command.take(), effect::writes, collection);
  if (!answer.document_at("writeConcernError").empty()) {
    throw error{failure::outcome_unknown, where(collection) + ": the write was not confirmed by a majority in time"};
  }
  for (const auto& one : answer.write_errors()) {
    if (concerns_document(one.code)) continue;
    bson_error_t why{};
    bson_set_error(&why, MONGOC_ERROR_SERVER, static_cast<std::uint32_t>(one.code), "%s", one.message.c_str());
    const error told = to_error(why, effect::writes, where(collection));
    // Others of the same command were written.
    throw answer.integer("n") > 0 ? error{failure::outcome_unknown, told.what()} : told;
  }
  return answer;
}

reply session::administer(bson_writer& command, std::string_view collection) {
  const std::string text = command.take();
  const bson_t sent = view(text);
  reply answer;
  bson_error_t why{};
  if (mongoc_client_command_simple(client_, driver_->where().database.c_str(), &sent, nullptr, answer.target(), &why))
    return answer;
  if (why.domain == MONGOC_ERROR_SERVER && (is_duplicate(why.code) || why.code == already_there)) {
    answer.refused_with = why.code;
    return answer;
  }
  // Done again it changes nothing, so a lost answer is no more than "unavailable".
  throw to_error(why, effect::reads, where(collection));
}

void session::each(bson_writer& command, std::string_view collection,
                   const std::function<void(std::string_view)>& take) {
  reply answer = read(command, collection);
  const char* batch = "cursor.firstBatch";
  for (;;) {
    bson_iter_t at, one;
    if (answer.find(batch, at) && bson_iter_recurse(&at, &one)) {
      while (bson_iter_next(&one)) take(bytes_at(one));
    }
    const std::int64_t more = answer.integer("cursor.id");
    if (more == 0) return;
    bson_writer next;
    next.add("getMore", more).add("collection", collection);
    // The cursor has the time of its query; getMore takes no other.
    answer = send(next.take(), effect::reads, collection);
    batch = "cursor.nextBatch";
  }
}

}  // namespace nxg::store::mongodb

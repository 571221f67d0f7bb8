#pragma once

#include "runtime/clock.hpp"
#include "store/mongodb/bson.hpp"
#include "store/mongodb/driver.hpp"
#include "store/mongodb/failures.hpp"

#include <mongoc/mongoc.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace nxg::store::mongodb {

/// What the server answered.
class reply {
 public:
  reply() : held_{std::make_unique<held>()} {}
  [[nodiscard]] bson_t* target() noexcept { return &held_->document; }
  [[nodiscard]] const bson_t& document() const noexcept { return held_->document; }

  /// Not 0: the server refused the one document that was to be written (findAndModify).
  std::int64_t refused_with = 0;

  /// The member at a dotted path, if it is there.
  [[nodiscard]] bool find(const char* path, bson_iter_t& at) const;
  [[nodiscard]] std::int64_t integer(const char* path) const;
  /// The document at a path; empty where there is none.
  [[nodiscard]] std::string_view document_at(const char* path) const;
  /// What is told of single documents: `writeErrors`.
  struct write_error {
    std::size_t index = 0;
    std::int64_t code = 0;
    std::string message = {};
    std::string key = {};  ///< of a duplicate: its values, as a filter
  };
  [[nodiscard]] std::vector<write_error> write_errors() const;
  [[nodiscard]] write_error refusal() const;

 private:
  struct held {
    held() { bson_init(&document); }
    ~held() { bson_destroy(&document); }
    held(const held&) = delete;
    held& operator=(const held&) = delete;
    bson_t document;
  };
  std::unique_ptr<held> held_;
};

/// One connection at work for one call. Every command is bounded by what is left of the call's time.
class session {
 public:
  session(driver& of, mongoc_client_t* client, steady_instant deadline, std::chrono::milliseconds command_time)
      : driver_{&of}, client_{client}, deadline_{deadline}, command_time_{command_time} {}

  /// Sends a command, which is of no use afterwards. Throws `error`: outcome_unknown where a write may have happened.
  reply read(bson_writer& command, std::string_view collection);
  reply write(bson_writer& command, std::string_view collection);
  /// For collections and indexes: without a time of the server's. A collection that is there already, and duplicates
  /// under a new unique index, are in the reply.
  reply administer(bson_writer& command, std::string_view collection);

  /// Runs a query and hands over each document, as BSON.
  void each(bson_writer& command, std::string_view collection, const std::function<void(std::string_view)>& take);

  [[nodiscard]] driver& of() const noexcept { return *driver_; }

 private:
  reply send(const std::string& command, effect of, std::string_view collection);
  void limit(bson_writer& command, bool writes) const;
  [[nodiscard]] std::string where(std::string_view collection) const;

  driver* driver_;
  mongoc_client_t* client_;
  steady_instant deadline_;
  std::chrono::milliseconds command_time_;
};

}  // namespace nxg::store::mongodb

#pragma once

#include "runtime/clock.hpp"
#include "runtime/uuid.hpp"
#include "store/declare.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <string>

namespace nxg {

/// What one flush of one process made durable: samples of many machines, in the text of `models/sample_text.hpp`.
///
/// Text and not structured samples, because writing it is an append per sample with nothing to build, to escape or to
/// index, a few dozen octets each; and still `select replace(doc->>'$.text', ';', char(10)) …` shows every sample.
struct journal_segment {
  uuid id;
  std::int64_t version = 0;
  /// When its process began to insert it.
  instant inserted_at{};
  /// Which process, to look for in the logs.
  std::string process;
  std::int64_t samples = 0;
  std::string text;
};
BOOST_DESCRIBE_STRUCT(journal_segment, (), (id, version, inserted_at, process, samples, text))
store::declaration<journal_segment> declare(store::tag<journal_segment>);

}  // namespace nxg

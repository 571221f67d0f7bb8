#pragma once

#include "runtime/task.hpp"
#include "store/database.hpp"
#include "store/declare.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// How a copy reads and writes: page by page in the order of ids, patiently.
namespace nxg::store::detail {

using rules_pointer = std::shared_ptr<const collection_rules>;

/// Does it again, a few times with growing pauses, where the engine was busy, away, or did not answer. For what may be
/// done twice.
task<std::vector<stored_document>> find_patiently(database& in, rules_pointer rules, query what);
task<std::uint64_t> count_patiently(database& in, rules_pointer rules, query what);
task<std::vector<write_result>> write_patiently(database& in, rules_pointer rules, std::vector<write_operation> what);
task<void> do_patiently(database& in, std::function<task<void>()> work);

/// A document with the types its collection declares, whatever engine it came from.
struct copied_document {
  std::string id;
  document_value value;
};

copied_document typed(const collection_rules& rules, document_value stored);

/// The form in which documents of all engines are compared: JSON, members sorted, without what is null.
std::string canonical(const document_value& document);

/// Whether the document is past its time.
bool is_expired(const collection_rules& rules, const document_value& document, instant now);

/// How many documents make a page: few where they are large.
class page_size {
 public:
  page_size(std::size_t most_documents, std::size_t most_bytes)
      : most_{std::max(most_documents, least)}, bytes_{most_bytes} {}
  [[nodiscard]] std::size_t next() const noexcept { return std::min(next_, most_); }
  void learn(const std::vector<stored_document>& page) noexcept;

 private:
  static constexpr std::size_t least = 2;  // a query for one document has no order
  std::size_t most_;
  std::size_t bytes_;
  std::size_t next_ = 16;
};

/// All documents of a collection in the order of their ids: tombstones and expired ones too.
class scan {
 public:
  scan(database& in, rules_pointer rules, page_size pages, std::string after = {})
      : in_{&in}, rules_{std::move(rules)}, pages_{pages}, after_{std::move(after)} {}

  /// The next ones; none: that was all.
  task<std::vector<copied_document>> page();
  /// The next one without taking it; null: that was all.
  task<const copied_document*> peek();
  void take() { ahead_.pop_front(); }

 private:
  database* in_;
  rules_pointer rules_;
  page_size pages_;
  std::string after_;
  std::deque<copied_document> ahead_;
  bool over_ = false;
};

/// A SHA-256 that grows.
class digest {
 public:
  digest();
  ~digest();
  digest(const digest&) = delete;
  digest& operator=(const digest&) = delete;
  void add(std::string_view text);
  [[nodiscard]] std::string hex();

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace nxg::store::detail

#include "store/undelivered.hpp"

#include "store/evaluate.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace nxg::store {

namespace {

std::shared_ptr<const collection_spec> spec_of(const database& in, const std::string& name) {
  for (const auto& rules : in.collections()) {
    if (rules->spec->name == name) return rules->spec;
  }
  throw std::logic_error{"the database knows no collection '" + name + "'"};
}

}  // namespace

task<std::uint64_t> count_undelivered(database& in, std::string collection) {
  const auto spec = spec_of(in, collection);
  if (!spec->has_outbox) co_return 0;
  query what{.tombstones = true};
  what.where = {.what = predicate::kind::exists, .path = "_outbox.dueAt"};
  co_return co_await in.port().count(spec, std::move(what), in.clock().now());
}

task<std::vector<uuid>> undelivered_of(database& in, std::string collection, std::string document) {
  std::vector<uuid> ids;
  query what{.limit = 1, .tombstones = true};
  what.where = {.what = predicate::kind::equal, .path = std::string{stored_names::id}, .values = {document}};
  const auto found = co_await in.port().find(spec_of(in, collection), std::move(what), in.clock().now());
  if (found.empty()) co_return ids;
  const document_value stored = in.port().decode(found.front());
  const document_value* events = value_at_path(stored, std::string{stored_names::outbox} + ".events");
  const auto* each = events ? events->get_if<document_value::array>() : nullptr;
  if (!each) co_return ids;
  for (const auto& one : *each) {
    if (const auto id = uuid::parse(text_at(one, "id"))) ids.push_back(*id);
  }
  co_return ids;
}

}  // namespace nxg::store

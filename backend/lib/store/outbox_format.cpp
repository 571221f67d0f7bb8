#include "store/outbox_format.hpp"

#include "store/evaluate.hpp"

#include <algorithm>
#include <stdexcept>

namespace nxg::store {

void events::append(events more) {
  for (auto& one : more.entries_) entries_.push_back(std::move(one));
}

namespace detail {

namespace {

document_value stored_event(const events::entry& one, const collection_rules& rules, instant now,
                            runtime::random& random) {
  const auto declared = std::ranges::find(rules.events, one.type, &event_spec::type);
  if (declared == rules.events.end()) {
    throw std::logic_error{rules.spec->name + " does not declare that it carries events of type " + one.type.name()};
  }
  document_value made{document_value::object{}};
  made.set("id", one.id.value_or(uuid::version_7(now, random)).to_string());
  made.set("type", declared->name);
  made.set("schema", std::int64_t{declared->schema});
  made.set("at", now);
  if (one.not_before) made.set("notBefore", *one.not_before);
  made.set("payload", one.payload);
  return made;
}

}  // namespace

document_value outbox_of(const events& with, const collection_rules& rules, instant now, runtime::random& random) {
  if (with.empty()) return {};
  document_value::array stored;
  instant due = instant::max();
  for (const auto& one : with.entries()) {
    stored.push_back(stored_event(one, rules, now, random));
    due = std::min(due, due_at(stored.back()));
  }
  const auto number = static_cast<std::int64_t>(stored.size());
  return document_value{
      document_value::object{{"sequence", number}, {"pending", number}, {"dueAt", due}, {"events", std::move(stored)}}};
}

void add_to_outbox(const document_value& outbox, std::vector<mutation>& to) {
  if (outbox.is_null()) return;
  const auto path = [](std::string_view name) { return std::string{stored_names::outbox} + "." + std::string{name}; };
  to.push_back({.what = mutation::kind::increase, .path = path("sequence"), .values = {*outbox.find("sequence")}});
  to.push_back({.what = mutation::kind::increase, .path = path("pending"), .values = {*outbox.find("pending")}});
  to.push_back({.what = mutation::kind::minimum, .path = path("dueAt"), .values = {*outbox.find("dueAt")}});
  to.push_back({.what = mutation::kind::push,
                .path = path("events"),
                .values = *outbox.find("events")->get_if<document_value::array>()});
}

instant time_at(const document_value& value, std::string_view path) {
  const document_value* found = value_at_path(value, path);
  return found ? schema::read_document<instant>(*found) : instant{};
}

instant due_at(const document_value& event) {
  if (value_at_path(event, "retryAt")) return time_at(event, "retryAt");
  if (value_at_path(event, "notBefore")) return time_at(event, "notBefore");
  return time_at(event, "at") + left_to_writer;
}

}  // namespace detail
}  // namespace nxg::store

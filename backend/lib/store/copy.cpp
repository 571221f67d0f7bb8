#include "store/copy.hpp"

#include "store/collection.hpp"
#include "store/copy_scan.hpp"
#include "store/evaluate.hpp"

#include <boost/describe/class.hpp>

#include <algorithm>
#include <exception>
#include <optional>
#include <utility>

namespace nxg::store {

namespace {

/// How far a copy came. There is one document, until the copy is done.
struct store_copy {
  std::string id;
  std::int64_t version = 0;
  std::string source;
  std::vector<std::string> finished;  ///< collections
  std::string collection;             ///< the one at work
  std::string through;                ///< id of the last of its documents that is in the target
  instant started_at;
};
BOOST_DESCRIBE_STRUCT(store_copy, (), (id, version, source, finished, collection, through, started_at))

declaration<store_copy> declare(tag<store_copy>) {
  return {.name = "storeCopies",
          .schema = 1,
          .shard = unsharded("one document"),
          .owner = nobodys("an operator's"),
          .exported = not_exported("nobody's"),
          .erased = not_erased("nobody's"),
          .kept = kept_for_good("removed when the copy is done")};
}

constexpr const char* the_copy = "copy";

using namespace detail;

struct comparison {
  copied_collection same;
  std::uint64_t missing = 0;
  std::uint64_t extra = 0;
  std::uint64_t different = 0;
  [[nodiscard]] std::uint64_t faults() const noexcept { return missing + extra + different; }
};

class copier {
 public:
  copier(database& from, database& to, copy_options options)
      : from_{&from},
        to_{&to},
        options_{std::move(options)},
        copies_{to},
        pages_{std::clamp<std::size_t>(options_.most_documents, 1, 1'000), options_.most_bytes} {}

  task<copy_report> run() {
    co_await look();
    for (const auto& rules : collections_) co_await to_->port().prepare(rules->spec);
    co_await to_->port().prepare(rules_of<store_copy>()->spec);
    co_await begin();
    co_await count();
    for (const auto& rules : collections_) {
      const bool done = std::ranges::find(state_.finished, rules->spec->name) != state_.finished.end();
      if (!done) co_await copy(rules);
    }
    progress_.done = progress_.of / 2;
    for (const auto& rules : collections_) co_await verify(rules);
    // Gone already where its first answer was lost.
    std::function<task<void>()> work = [this]() -> task<void> { return forget(); };
    co_await do_patiently(*to_, std::move(work));
    co_return std::move(report_);
  }

 private:
  static query all() { return {.tombstones = true}; }

  void tell(copy_progress::phase now, const collection_rules& rules, std::uint64_t more) {
    progress_.now = now;
    progress_.collection = rules.spec->name;
    progress_.done += more;
    if (options_.on_progress) options_.on_progress(progress_);
  }

  task<void> count() {
    for (const auto& rules : collections_) {
      const std::uint64_t here = co_await count_patiently(*from_, rules, all());
      progress_.of += 2 * here;
      if (!report_.resumed) continue;
      const std::uint64_t there = co_await count_patiently(*to_, rules, all());
      progress_.done += std::min(here, there);
    }
  }

  /// What the program declares and the source has: of a collection nobody has needed yet there is nothing to copy.
  task<void> look() {
    from_->add(rules_of<dead_letter>());
    for (const auto& rules : from_->collections()) {
      if (rules->type == typeid(store_copy)) continue;
      const auto missing = co_await from_->port().missing(rules->spec);
      if (std::ranges::find(missing, rules->spec->name) == missing.end()) collections_.push_back(rules);
    }
  }

  /// Takes up what is there, or begins where there is nothing.
  task<void> begin() {
    const std::optional<store_copy> found = co_await copies_.find(the_copy);
    if (found) {
      if (found->source != options_.source) {
        throw error{failure::unavailable,
                    "the target holds an unfinished copy of " + found->source + ", not of " + options_.source};
      }
      state_ = *found;
      report_.resumed = true;
      co_return;
    }
    for (const auto& rules : collections_) {
      const std::uint64_t number = co_await count_patiently(*to_, rules, all());
      if (number == 0) continue;
      throw error{failure::unavailable, "the target is not empty: there are documents in " + rules->spec->name + " (" +
                                            std::to_string(number) + ")"};
    }
    state_ = {.id = the_copy, .source = options_.source, .started_at = to_->clock().now()};
    co_await copies_.insert(state_);
  }

  task<void> note() {
    std::function<task<void>()> work = [this] {
      return copies_.update(the_copy, change<store_copy>()
                                          .set<&store_copy::finished>(state_.finished)
                                          .set<&store_copy::collection>(state_.collection)
                                          .set<&store_copy::through>(state_.through));
    };
    return do_patiently(*to_, std::move(work));
  }

  task<void> forget() { co_await copies_.remove(eq<&store_copy::id>(the_copy)); }

  task<void> copy(rules_pointer rules) {
    const std::string& name = rules->spec->name;
    if (state_.collection != name) {
      state_.collection = name;
      state_.through.clear();
    }
    scan source{*from_, rules, pages_, state_.through};
    tell(copy_progress::phase::copying, *rules, 0);
    for (;;) {
      const auto page = co_await source.page();
      if (page.empty()) break;
      co_await put(rules, page, report_.resumed);
      state_.through = page.back().id;
      co_await note();
      tell(copy_progress::phase::copying, *rules, page.size());
    }
    state_.finished.push_back(name);
    co_await note();
  }

  /// `may_be_in_the_way`: an older state of the target's, in a unique index. What is refused for it is found missing by
  /// the comparison, and mended.
  task<void> put(rules_pointer rules, const std::vector<copied_document>& page, bool may_be_in_the_way) {
    std::vector<write_operation> operations;
    operations.reserve(page.size());
    for (const auto& one : page) {
      write_operation placed{.what = write_operation::kind::put, .id = one.id};
      placed.document = to_->port().encode([&](document_sink& sink) { schema::write_value(sink, one.value); });
      operations.push_back(std::move(placed));
    }
    const auto results = co_await write_patiently(*to_, rules, std::move(operations));
    for (const auto& one : results) {
      const bool in_the_way = may_be_in_the_way && one.refused && one.refused->is(failure::duplicate);
      if (one.refused && !in_the_way) throw *one.refused;
    }
  }

  task<void> erase(rules_pointer rules, std::vector<std::string> ids) {
    std::vector<write_operation> operations;
    operations.reserve(ids.size());
    for (auto& id : ids)
      operations.push_back({.what = write_operation::kind::remove, .id = std::move(id), .tombstones = true});
    const auto results = co_await write_patiently(*to_, rules, std::move(operations));
    for (const auto& one : results) {
      if (one.refused) throw *one.refused;
    }
  }

  // --- comparing ----------------------------------------------------------------------------------------------------

  /// One document, as it is in the source and in the target; null: not there.
  using visitor = std::function<task<void>(const copied_document* source, const copied_document* target)>;

  task<void> walk(rules_pointer rules, copy_progress::phase phase, visitor visit) {
    scan source{*from_, rules, pages_};
    scan target{*to_, rules, pages_};
    constexpr std::uint64_t told_every = 256;
    std::uint64_t seen = 0;
    tell(phase, *rules, 0);
    for (;;) {
      const copied_document* here = co_await source.peek();
      const copied_document* there = co_await target.peek();
      if (!here && !there) break;
      const bool in_source = here && (!there || here->id <= there->id);
      const bool in_target = there && (!here || there->id <= here->id);
      if (!in_source) here = nullptr;
      if (!in_target) there = nullptr;
      co_await visit(here, there);
      if (in_source && ++seen % told_every == 0)
        tell(phase, *rules, phase == copy_progress::phase::comparing ? told_every : 0);
      if (in_source) source.take();
      if (in_target) target.take();
    }
    if (phase == copy_progress::phase::comparing) tell(phase, *rules, seen % told_every);
  }

  /// What is past its time may go from either engine at any moment.
  [[nodiscard]] bool may_be_gone(const collection_rules& rules, const copied_document& one) const {
    return is_expired(rules, one.value, from_->clock().now());
  }

  task<comparison> compare(rules_pointer rules) {
    comparison found;
    digest of_source, of_target;
    const instant as_of = from_->clock().now();
    visitor visit = [&](const copied_document* source, const copied_document* target) -> task<void> {
      compare_one(*rules, source, target, as_of, found, of_source, of_target);
      return nothing();
    };
    co_await walk(rules, copy_progress::phase::comparing, std::move(visit));
    found.same.name = rules->spec->name;
    found.same.hash = of_source.hex();
    if (found.faults() == 0 && of_target.hex() != found.same.hash) ++found.different;
    co_return found;
  }

  void compare_one(const collection_rules& rules, const copied_document* source, const copied_document* target,
                   instant as_of, comparison& found, digest& of_source, digest& of_target) const {
    if (!source || !target) {
      if (may_be_gone(rules, source ? *source : *target)) return;
      ++(source ? found.missing : found.extra);
      return;
    }
    const std::string here = canonical(source->value);
    const std::string there = canonical(target->value);
    if (here != there) ++found.different;
    if (is_expired(rules, source->value, as_of)) return;
    ++found.same.documents;
    of_source.add(here);
    of_target.add(there);
  }

  static task<void> nothing() { co_return; }

  task<void> verify(rules_pointer rules) {
    comparison found = co_await compare(rules);
    if (found.faults() > 0 && report_.resumed) {
      // Somebody worked on the source between the two.
      report_.mended += found.faults();
      co_await mend(rules);
      found = co_await compare(rules);
    }
    if (found.faults() > 0) {
      throw error{failure::unavailable,
                  "source and target differ in " + rules->spec->name + ": " + std::to_string(found.missing) +
                      " documents are missing, " + std::to_string(found.extra) + " too many, " +
                      std::to_string(found.different) +
                      " different. Was one of them in use? Stop every backend and run the same copy again"};
    }
    report_.documents += found.same.documents;
    report_.collections.push_back(std::move(found.same));
  }

  /// Removes first what is not as in the source: it may stand in the way in unique indexes.
  task<void> mend(rules_pointer rules) {
    visitor prune = [&](const copied_document* source, const copied_document* target) -> task<void> {
      if (!target || (source && canonical(source->value) == canonical(target->value))) return nothing();
      return erase(rules, {target->id});
    };
    co_await walk(rules, copy_progress::phase::mending, std::move(prune));
    visitor fill = [&](const copied_document* source, const copied_document* target) -> task<void> {
      return source && !target ? put_one(rules, *source) : nothing();
    };
    co_await walk(rules, copy_progress::phase::mending, std::move(fill));
  }

  task<void> put_one(rules_pointer rules, copied_document one) {
    std::vector<copied_document> page;
    page.push_back(std::move(one));
    co_await put(rules, page, false);
  }

  database* from_;
  database* to_;
  copy_options options_;
  collection<store_copy> copies_;
  std::vector<rules_pointer> collections_;
  page_size pages_;
  store_copy state_;
  copy_progress progress_;
  copy_report report_;
};

}  // namespace

task<copy_report> copy_store(database& from, database& to, copy_options options) {
  copier work{from, to, std::move(options)};
  co_return co_await work.run();
}

task<void> refuse_unfinished_copy(database& of) {
  const auto rules = rules_of<store_copy>();
  const auto missing = co_await of.port().missing(rules->spec);
  if (std::ranges::find(missing, rules->spec->name) != missing.end()) co_return;
  const query any{.limit = 1};
  const auto found = co_await of.port().find(rules->spec, any, of.clock().now());
  if (found.empty()) co_return;
  throw error{failure::unavailable,
              "this store is the target of a copy of " + text_at(of.port().decode(found.front()), "source") +
                  " that has not come to its end: run copy-store (or restore) again, or empty it"};
}

}  // namespace nxg::store

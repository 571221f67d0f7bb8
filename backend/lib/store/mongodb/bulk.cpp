#include "store/mongodb/changes.hpp"
#include "store/mongodb/write.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace nxg::store::mongodb {

namespace {

using kind = write_operation::kind;

constexpr std::size_t most_together = 1'000;
constexpr std::size_t most_bytes = 8u << 20;  // a command may have 16 MB

/// Operations that one command can carry tell of each of themselves, and do not depend on each other.
class chunk {
 public:
  chunk(const write_context& with, const std::vector<write_operation>& all, std::size_t begin)
      : with_{&with}, all_{&all}, begin_{begin}, end_{begin + 1} {
    if (!is_plain(first())) return;
    std::set<std::string_view> ids{first().id};
    std::size_t bytes = size_of(first());
    while (end_ < all.size() && end_ - begin_ < most_together && together(all[end_]) &&
           ids.insert(all[end_].id).second && (bytes += size_of(all[end_])) <= most_bytes) {
      ++end_;
    }
  }

  [[nodiscard]] std::size_t end() const noexcept { return end_; }

  /// `results` are those of all operations.
  void run(std::vector<write_result>& results) {
    if (end_ - begin_ == 1) {
      results[begin_] = perform(*with_, first());
      return;
    }
    switch (first().what) {
      case kind::insert: insert(results); break;
      case kind::put:
      case kind::update:
      case kind::upsert: update(results); break;
      default: remove(results); break;
    }
  }

 private:
  [[nodiscard]] const write_operation& first() const { return (*all_)[begin_]; }
  [[nodiscard]] const write_operation& at(std::size_t index) const { return (*all_)[index]; }

  static bool is_update(const write_operation& one) { return one.what == kind::update || one.what == kind::upsert; }
  static bool is_plain(const write_operation& one) {
    if (one.id.empty() || one.wanted != write_operation::returning::nothing || one.what == kind::lift) return false;
    if (one.what == kind::upsert && one.expected_version) return false;
    return one.what != kind::remove || one.changes.empty();
  }
  [[nodiscard]] bool together(const write_operation& one) const {
    return is_plain(one) && (one.what == first().what || (is_update(one) && is_update(first())));
  }
  static std::size_t size_of(const write_operation& one) {
    return one.document.bytes.size() + 256 * (one.changes.size() + 1);
  }

  [[nodiscard]] write_result done(std::size_t index, bool inserted) const {
    return {.matched = true, .inserted = inserted, .id = at(index).id};
  }
  /// What is out of the ordinary is looked at by itself. What fails then says nothing about the others, which are done.
  void alone(std::vector<write_result>& results, const std::set<std::size_t>& which) {
    for (const std::size_t index : which) {
      try {
        results[index] = perform(*with_, at(index));
      } catch (const error& why) {
        results[index] = {.refused = why};
      }
    }
  }

  void insert(std::vector<write_result>& results) {
    bson_writer command{"insert", with_->in->name};
    command.open_array("documents");
    for (std::size_t i = begin_; i < end_; ++i) command.document(at(i).document.bytes);
    command.close().add("ordered", false);
    const reply answer = with_->on->write(command, with_->in->name);
    for (std::size_t i = begin_; i < end_; ++i) results[i] = done(i, true);
    std::set<std::size_t> again;
    for (const auto& one : answer.write_errors()) {
      const std::size_t index = begin_ + one.index;
      const bool plain = !with_->in->has_outbox && with_->in->expires.empty();
      if (is_duplicate(one.code) && plain && index_in(one.message) == stored_names::id) {
        results[index] = {.refused = error::duplicate(with_->in->name, std::string{stored_names::id})};
      } else {
        again.insert(index);
      }
    }
    alone(results, again);
  }

  void update(std::vector<write_result>& results) {
    bson_writer command{"update", with_->in->name};
    command.open_array("updates");
    for (std::size_t i = begin_; i < end_; ++i) write_update(command, at(i));
    command.close().add("ordered", false);
    const reply answer = with_->on->write(command, with_->in->name);
    for (std::size_t i = begin_; i < end_; ++i) results[i] = done(i, false);
    for (const std::size_t i : upserted(answer)) results[begin_ + i].inserted = true;
    std::set<std::size_t> again;
    for (const auto& one : answer.write_errors()) again.insert(begin_ + one.index);
    alone(results, again);
  }

  /// All of them as upserts: an update that finds nothing is then an error with its index, where a number of those that
  /// found something would not tell which.
  void write_update(bson_writer& to, const write_operation& one) const {
    if (one.what == kind::put) {
      to.begin_object();
      to.add_document("q", filter{*with_->in}.id(one.id).bson()).add_document("u", one.document.bytes);
      to.add("upsert", true).close();
      return;
    }
    const bool inserts = one.what == kind::upsert;
    const update_form form{.initial = inserts ? std::string_view{one.document.bytes} : std::string_view{},
                           .raise_version = !one.bookkeeping,
                           .no_insert = !inserts};
    to.begin_object();
    to.add_document("q", filter_of(*with_, one, {one.id}, true).bson())
        .add_document("u", spell_update(one.changes, form))
        .add("upsert", true)
        .close();
  }

  static std::vector<std::size_t> upserted(const reply& answer) {
    std::vector<std::size_t> indexes;
    bson_iter_t at, one;
    if (!answer.find("upserted", at) || !bson_iter_recurse(&at, &one)) return indexes;
    while (bson_iter_next(&one)) indexes.push_back(static_cast<std::size_t>(integer_in(view(bytes_at(one)), "index")));
    return indexes;
  }

  // --- removals -----------------------------------------------------------------------------------------------------

  /// The server tells only how many it removed. So those that are not there are left out; where fewer go than were
  /// sent, those still there are looked at one by one, and who removed the others can be unknown.
  void remove(std::vector<write_result>& results) {
    std::set<std::size_t> sent, left;
    const auto there = present(begin_, end_);
    for (std::size_t i = begin_; i < end_; ++i) {
      if (there.contains(at(i).id)) sent.insert(i);
    }
    if (sent.empty()) return;
    const std::size_t removed = remove_all(sent);
    if (removed < sent.size()) {
      std::set<std::string> still;
      try {
        still = present(begin_, end_);
      } catch (const error& why) {
        const error unknown{failure::outcome_unknown, why.what()};
        for (const std::size_t i : sent) results[i].refused = unknown;
        return;
      }
      for (const std::size_t i : sent) {
        if (still.contains(at(i).id)) left.insert(i);
      }
    }
    for (const std::size_t i : sent) {
      if (left.contains(i)) continue;
      if (removed == sent.size() - left.size()) {
        results[i] = done(i, false);
      } else if (removed > 0) {
        results[i].refused = error{failure::outcome_unknown,
                                   with_->in->name + ": others removed some of the same documents at the same time"};
      }
    }
    alone(results, left);
  }

  std::size_t remove_all(const std::set<std::size_t>& which) {
    bson_writer command{"delete", with_->in->name};
    command.open_array("deletes");
    for (const std::size_t i : which) {
      filter where = filter_of(*with_, at(i), {at(i).id}, false);
      if (with_->in->has_outbox && !at(i).tombstones)
        where.term(not_comparison(stored_names::pending, "$gt", document_value{0}));
      command.begin_object();
      command.add_document("q", where.bson()).add("limit", 1).close();
    }
    command.close().add("ordered", false);
    return static_cast<std::size_t>(with_->on->write(command, with_->in->name).integer("n"));
  }

  std::set<std::string> present(std::size_t begin, std::size_t end) {
    bson_writer ids;
    ids.open("_id").open_array("$in");
    for (std::size_t i = begin; i < end; ++i) ids.string(at(i).id);
    ids.close().close();
    bson_writer command{"find", with_->in->name};
    command.add_document("filter", ids.take()).open("projection").add("_id", 1).close();
    command.add("batchSize", static_cast<std::int64_t>(most_together));
    std::set<std::string> found;
    with_->on->each(command, with_->in->name,
                    [&](std::string_view bson) { found.emplace(text_in(view(bson), "_id")); });
    return found;
  }

  const write_context* with_;
  const std::vector<write_operation>* all_;
  std::size_t begin_;
  std::size_t end_;
};

}  // namespace

std::vector<write_result> perform_all(const write_context& with, const std::vector<write_operation>& what,
                                      const std::function<bool()>& abandoned) {
  std::vector<write_result> results(what.size());
  for (std::size_t next = 0; next < what.size() && !abandoned();) {
    chunk one{with, what, next};
    try {
      one.run(results);
    } catch (const error& why) {
      if (next == 0) throw;
      // Something can be said about those before: these may have happened, the rest was not begun.
      const error rest{failure::unavailable, why.what()};
      for (std::size_t i = next; i < what.size(); ++i) results[i] = {.refused = i < one.end() ? why : rest};
      break;
    }
    next = one.end();
  }
  return results;
}

}  // namespace nxg::store::mongodb

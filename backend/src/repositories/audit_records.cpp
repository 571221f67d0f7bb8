#include "repositories/audit_records.hpp"

#include <optional>
#include <utility>

namespace nxg {

task<std::vector<bool>> audit_repository::append(std::vector<audit_record> records) {
  store::bulk<audit_record> all;
  for (auto& record : records) all.insert(std::move(record));
  const auto outcomes = co_await records_.write(std::move(all));
  std::vector<bool> kept;
  for (const auto& outcome : outcomes) {
    const bool written_before =
        outcome.refused && outcome.refused->is(store::failure::duplicate) && outcome.refused->index() == "id";
    kept.push_back(!outcome.refused || written_before);
  }
  co_return kept;
}

task<void> audit_repository::each_of(std::string chain, std::function<void(const audit_record&)> take) {
  constexpr std::size_t page_size = 500;
  std::optional<std::string> after;
  do {
    auto page = co_await records_.find_page(store::eq<&audit_record::chain>(chain),
                                            store::sort<audit_record>().ascending<&audit_record::sequence>(), page_size,
                                            std::move(after));
    for (const auto& one : page.items) take(one);
    after = std::move(page.next);
  } while (after);
}

task<std::vector<audit_record>> audit_repository::about(uuid subject_pseudonym, std::size_t limit) {
  auto page = co_await records_.find_page(store::eq<&audit_record::subject>(subject_pseudonym),
                                          store::sort<audit_record>().descending<&audit_record::at>(), limit);
  co_return std::move(page.items);
}

task<uuid> audit_repository::pseudonym_of(uuid account, uuid fresh) {
  const auto known = co_await pseudonyms_.find(account);
  if (known) co_return known->stands_as;
  const auto made =
      co_await pseudonyms_.upsert_get_after(pseudonym{.id = account, .stands_as = fresh},
                                            store::change<pseudonym>().set_on_insert<&pseudonym::stands_as>(fresh));
  co_return made.stands_as;
}

}  // namespace nxg

#include "jobs/orphan_objects.hpp"

#include <memory>
#include <utility>

namespace nxg::jobs {

namespace {

constexpr std::size_t page_size = 500;

class orphan_search {
 public:
  orphan_search(orphan_parts with, std::chrono::hours grace) : with_{std::move(with)}, grace_{grace} {}

  task<void> run() const {
    for (const auto& family : with_.families) co_await search(family);
  }

 private:
  task<void> search(const object_family& family) const {
    std::size_t removed = 0;
    objects::list_options which;
    which.prefix = family.prefix;
    which.limit = page_size;
    for (bool more = true; more;) {
      const auto page = co_await with_.files.list(which);
      removed += co_await remove_unnamed(family, page.objects);
      which.after = page.next;
      more = !page.next.empty();
    }
    if (removed > 0)
      with_.log.info("objects that nothing names were removed", {{"prefix", family.prefix}, {"objects", removed}});
  }

  task<std::size_t> remove_unnamed(const object_family& family, const std::vector<objects::object_info>& page) const {
    const auto old = with_.time.now() - grace_;
    std::set<uuid> documents;
    std::vector<std::string> candidates;
    for (const auto& one : page) {
      const auto document = family.document_of(one.key);
      if (!document || one.modified >= old) continue;
      documents.insert(*document);
      candidates.push_back(one.key);
    }
    if (candidates.empty()) co_return 0;
    std::vector<uuid> ids{documents.begin(), documents.end()};
    const auto named = co_await family.named_by(std::move(ids));
    std::size_t removed = 0;
    for (const auto& key : candidates) {
      if (named.contains(key)) continue;
      co_await with_.files.remove(key);
      ++removed;
    }
    co_return removed;
  }

  orphan_parts with_;
  std::chrono::hours grace_;
};

}  // namespace

void add_orphan_job(runner& to, orphan_parts with, orphan_settings settings) {
  const auto search = std::make_shared<const orphan_search>(std::move(with), settings.grace);
  to.add({"orphan_objects", settings.every, [search] { return search->run(); }});
}

}  // namespace nxg::jobs

#include "repositories/revocations.hpp"

#include <optional>
#include <string>
#include <utility>

namespace nxg {

task<void> revocation_repository::record(revocation made) {
  auto later = store::change<revocation>()
                   .max<&revocation::revoked_at>(made.revoked_at)
                   .max<&revocation::expires_at>(made.expires_at);
  co_await revocations_.upsert(std::move(made), std::move(later));
}

task<void> revocation_repository::each_since(instant since, std::function<void(const revocation&)> take) {
  constexpr std::size_t page_size = 1'000;
  std::optional<std::string> after;
  do {
    auto page = co_await revocations_.find_page(store::gte<&revocation::revoked_at>(since),
                                                store::sort<revocation>().ascending<&revocation::revoked_at>(),
                                                page_size, std::move(after));
    for (const auto& one : page.items) take(one);
    after = std::move(page.next);
  } while (after);
}

}  // namespace nxg

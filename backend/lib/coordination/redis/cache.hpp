#pragma once

#include "coordination/cache.hpp"
#include "coordination/redis/server.hpp"
#include "coordination/single_flight.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace nxg::coordination::redis {

/// Values live in Redis only, with their times in front; Redis lets go of them when they are of no more use, or when
/// its memory limit says so.
class redis_cache final : public cache {
 public:
  redis_cache(server& with, const redis_options& options);

  task<std::optional<cached>> get(std::string_view key) override;
  task<void> put(std::string_view key, std::optional<std::string> value, lifetime how_long) override;
  task<void> remove(std::string_view key) override;
  task<cached> get_or_fill(std::string_view key, lifetime how_long, fill_function fill) override;

 private:
  /// What Redis has.
  struct stored {
    /// Tells this version of the entry from others; empty: none.
    std::string mark;
    std::optional<cached> known;
  };
  task<stored> look_up(std::string_view key);
  [[nodiscard]] stored read(std::string content) const;
  task<cached> make(const std::string& key, const lifetime& how_long, const fill_function& fill,
                    const single_flight::flight& mine);
  /// Does not wait: what is asked next comes after it.
  void keep(const std::string& key, const std::shared_ptr<const std::string>& value, const lifetime& how_long,
            const std::string& seen);

  server& with_;
  const std::size_t max_bytes_;
  const script replace_;
  single_flight flights_;
};

}  // namespace nxg::coordination::redis

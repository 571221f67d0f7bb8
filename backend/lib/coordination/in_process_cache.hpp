#pragma once

#include "coordination/cache.hpp"
#include "coordination/in_process.hpp"
#include "coordination/single_flight.hpp"
#include "runtime/clock.hpp"

#include <list>
#include <mutex>
#include <unordered_map>

namespace nxg::coordination {

class in_process_cache final : public cache {
 public:
  in_process_cache(runtime::clock& time, const in_process_options& options)
      : time_{time}, max_bytes_{options.max_cache_bytes}, max_entries_{options.max_cache_entries} {}

  task<std::optional<cached>> get(std::string_view key) override;
  task<void> put(std::string_view key, std::optional<std::string> value, lifetime how_long) override;
  task<void> remove(std::string_view key) override;
  task<cached> get_or_fill(std::string_view key, lifetime how_long, fill_function fill) override;

 private:
  using bytes = std::shared_ptr<const std::string>;
  struct entry {
    std::string key;
    bytes value;
    steady_instant stored;
    steady_instant fresh_until;
    steady_instant stale_until;
  };

  // These want the lock held.
  [[nodiscard]] std::optional<cached> look_up(std::string_view key);
  void store(std::string_view key, bytes value, const lifetime& how_long);
  void erase(std::string_view key);

  task<cached> make(const std::string& key, const lifetime& how_long, const fill_function& fill,
                    const single_flight::flight& mine);

  runtime::clock& time_;
  const std::size_t max_bytes_;
  const std::size_t max_entries_;
  std::mutex mutex_;
  /// The one used last comes first.
  std::list<entry> entries_;
  std::unordered_map<std::string_view, std::list<entry>::iterator> index_;
  std::size_t bytes_ = 0;
  single_flight flights_;
};

}  // namespace nxg::coordination

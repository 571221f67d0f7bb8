#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace nxg::runtime {

/// How many of something are under way at once, per key: of an account, of an address. Holds the keys that have any.
/// Thread-safe; its places may outlive it.
template <class Key, class Hash = std::hash<Key>>
class tally {
  struct counts {
    std::mutex mutex;
    std::unordered_map<Key, std::size_t, Hash> under_way;
  };

 public:
  /// One of them, until it is destroyed.
  class place {
   public:
    place() = default;
    place(place&&) noexcept = default;
    place& operator=(place&& other) noexcept {
      if (this != &other) {
        leave();
        of_ = std::move(other.of_);
        key_ = std::move(other.key_);
        number_ = other.number_;
      }
      return *this;
    }
    ~place() { leave(); }

    /// How many its key had when it was taken, itself included; 0 when it is none.
    [[nodiscard]] std::size_t number() const noexcept { return number_; }

   private:
    friend tally;
    place(std::shared_ptr<counts> of, Key key, std::size_t number)
        : of_{std::move(of)}, key_{std::move(key)}, number_{number} {}

    void leave() noexcept {
      if (!of_) return;
      const std::lock_guard lock{of_->mutex};
      const auto at = of_->under_way.find(key_);
      if (--at->second == 0) of_->under_way.erase(at);
      of_.reset();
    }

    std::shared_ptr<counts> of_;
    Key key_{};
    std::size_t number_ = 0;
  };

  [[nodiscard]] place take(Key key) {
    const std::lock_guard lock{counts_->mutex};
    const auto number = ++counts_->under_way[key];
    return place{counts_, std::move(key), number};
  }

 private:
  std::shared_ptr<counts> counts_ = std::make_shared<counts>();
};

}  // namespace nxg::runtime

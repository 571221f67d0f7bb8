#pragma once

#include "repositories/keys.hpp"
#include "runtime/blocking_pool.hpp"
#include "runtime/clock.hpp"
#include "runtime/random.hpp"
#include "utilities/lru_map.hpp"
#include "utilities/sealing.hpp"
#include "utilities/signing.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace nxg {

struct key_settings {
  /// How long what a retired key made may still be shown: the longest life of an access token, which is that of a
  /// screen.
  std::chrono::seconds longest_token_life{std::chrono::days{366}};
  /// How long cursors of a retired key still open.
  std::chrono::seconds cursor_life{std::chrono::hours{24}};
  /// How often a key nobody knows may make us look into the store.
  std::chrono::seconds unknown_key_interval{5};
  /// For how long a key signs before `maintain` puts the next one in its place.
  std::chrono::days rotate_after{90};
  std::size_t cached_branch_keys = 4'096;
  std::size_t cached_data_keys = 65'536;
};

/// The keys in the store cannot be opened: another master key was used before.
class wrong_master_key : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// All keys of the deployment: documents whose secret part is sealed under the master key, opened once and kept in
/// memory. Thread-safe. Every process that starts on an empty store makes keys; the store decides whose count.
class key_service {
 public:
  struct signer {
    std::string kid;
    utilities::private_key key;
  };
  struct published {
    std::string kid;
    utilities::public_key key;
  };

  key_service(key_repository keys, utilities::sealing_key master, runtime::blocking_pool& pool, runtime::clock& time,
              runtime::random& random, key_settings settings = {});
  ~key_service();

  /// Begins to make the first key of access tokens while the store is being made ready: for a store that is new. In
  /// vain, but harmless, where there is one after all.
  void make_ahead();
  /// Before anything else: reads what is there and makes what must be there. Throws `wrong_master_key`, store errors.
  task<void> start();
  /// Reads the keys of tokens and cursors again, makes the next ones ahead of need and rotates what has signed for long
  /// enough; in any number of processes at once. For a job, about each minute. Returns what was rotated.
  task<std::vector<key_purpose>> maintain();
  /// Retires the current key of a purpose in favour of the next; `owner` where keys have owners. Crash-safe: a rotation
  /// that was interrupted is completed by the next one and by `maintain`.
  task<void> rotate(key_purpose purpose, std::optional<uuid> owner = {});

  /// What new access tokens are signed with.
  [[nodiscard]] signer access_signer() const;
  [[nodiscard]] std::optional<utilities::public_key> access_verifier(std::string_view kid) const;
  /// Also looks into the store, at a bounded rate.
  task<std::optional<utilities::public_key>> find_access_verifier(std::string kid);
  /// Next, current and retired keys of access tokens.
  [[nodiscard]] std::vector<published> published_keys() const;

  /// Secrets that sign cursors of lists, the current one first.
  [[nodiscard]] std::vector<std::string> cursor_keys() const;

  /// A secret for one more purpose, the same in every process: made from the master key, so that it lasts as long.
  [[nodiscard]] std::string secret_for(std::string_view purpose) const;

  /// The key a branch's screens sign with; made on first use, rotated when it has signed for long enough. `kid` is a
  /// UUID.
  task<signer> branch_signer(uuid branch);
  /// A key of that branch, current or retired; nothing when it has no such key.
  task<std::optional<utilities::public_key>> branch_verifier(uuid branch, uuid kid);

  /// Makes the key a member's health data is sealed under, unless there is one.
  task<void> make_data_key(uuid member);
  /// Nothing when the member never had one, or it was erased.
  task<std::optional<utilities::sealing_key>> data_key(uuid member);

 private:
  struct opened_key;
  struct ring;
  using shared_ring = std::shared_ptr<const ring>;

  task<shared_ring> load(key_purpose purpose, std::optional<uuid> owner);
  task<shared_ring> load_or_make(key_purpose purpose, std::optional<uuid> owner);
  /// The same with a next key ready, and rotated where that was due.
  task<shared_ring> load_in_order(key_purpose purpose, std::optional<uuid> owner);
  /// Retires the current key of `before`; harmless where somebody else did.
  task<shared_ring> replace(key_purpose purpose, std::optional<uuid> owner, shared_ring before);
  [[nodiscard]] bool is_due(const ring& keys) const;
  task<void> make(key_purpose purpose, std::optional<uuid> owner, key_state state);
  /// Of tokens; runs on the pool.
  [[nodiscard]] std::function<utilities::private_key()> generator_of(utilities::signature_algorithm algorithm,
                                                                     key_purpose purpose, key_state state);
  task<void> promote(key_purpose purpose, std::optional<uuid> owner);
  [[nodiscard]] opened_key open(const stored_key& key) const;
  [[nodiscard]] std::chrono::seconds afterlife_of(key_purpose purpose) const;
  void keep(key_purpose purpose, shared_ring loaded);
  [[nodiscard]] shared_ring kept(key_purpose purpose) const;
  /// What was read of that scope last; null where nothing was.
  [[nodiscard]] shared_ring known(key_purpose purpose, const std::optional<uuid>& owner);
  bool may_look_up();

  key_repository keys_;
  utilities::sealing_key master_;
  runtime::blocking_pool& pool_;
  runtime::clock& time_;
  runtime::random& random_;
  key_settings settings_;

  mutable std::mutex mutex_;
  shared_ring access_;
  shared_ring cursors_;
  /// Made before it was asked for; for whoever asks first.
  std::future<utilities::private_key> ahead_;
  std::optional<steady_instant> looked_up_at_;
  utilities::lru_map<uuid, shared_ring> branches_;
  utilities::lru_map<uuid, utilities::sealing_key> data_keys_;
};

}  // namespace nxg

#pragma once

#include "http/chain.hpp"
#include "repositories/keyed_operations.hpp"

namespace nxg {

/// Where requests with an `Idempotency-Key` are remembered: in the store, for a day, their answers sealed.
class keyed_operations final : public http::idempotency_store {
 public:
  explicit keyed_operations(keyed_operation_repository records) : records_{std::move(records)} {}

  task<record> begin(const claim& wanted) override;
  task<void> finish(const claim& held, const http::stored_answer& answer) override;
  task<void> release(const claim& held) override;
  task<void> forget(const claim& held) override;

 private:
  keyed_operation_repository records_;
};

}  // namespace nxg

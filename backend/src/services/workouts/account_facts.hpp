#pragma once

#include "repositories/users.hpp"
#include "runtime/clock.hpp"
#include "services/workouts/member_facts.hpp"

namespace nxg {

/// Body facts from the member's account.
class account_facts final : public member_facts {
 public:
  account_facts(user_repository& users, runtime::clock& time) : users_{users}, time_{time} {}
  task<body_facts> body_of(uuid member) override;

 private:
  user_repository& users_;
  runtime::clock& time_;
};

}  // namespace nxg

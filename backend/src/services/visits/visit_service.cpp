#include "services/visits/visit_service.hpp"

#include "services/accounts/errors.hpp"
#include "services/api_error.hpp"
#include "services/branches/branches.hpp"
#include "services/visits/auto_end.hpp"
#include "utilities/signed_code.hpp"
#include "utilities/time_zones.hpp"

namespace nxg {
namespace {

/// How far a process's clock may be ahead of ours.
constexpr std::chrono::seconds clock_skew{5};

api_error code_invalid() { return {error_code::check_in_code_invalid, "This is no check-in code of ours."}; }
api_error code_expired() {
  return {error_code::check_in_code_expired, "This code is too old: scan the one on the screen now."};
}
api_error code_used() {
  return {error_code::check_in_code_used, "You have used this code before: scan the one on the screen now."};
}
api_error visit_active() { return {error_code::visit_active, "You are checked in already."}; }
api_error visit_not_found() { return {error_code::visit_not_found, "You are not checked in."}; }

}  // namespace

visit_service::visit_service(visit_repository& visits, branch_repository& branches, key_service& keys,
                             link_service& links, user_repository& users, runtime::clock& time, runtime::random& random,
                             telemetry::logger log)
    : visits_{visits},
      branches_{branches},
      keys_{keys},
      links_{links},
      users_{users},
      time_{time},
      random_{random},
      log_{std::move(log)} {}

task<check_in_code> visit_service::code(caller who, uuid branch_id) {
  // Who has no business there learns nothing, not even whether there is such a branch.
  const auto found = co_await branches_.find(branch_id);
  if (!found || !found->active || !who.works_at(branch_id)) throw branch_not_found();
  const auto signer = co_await keys_.branch_signer(branch_id);
  const auto key = uuid::parse(signer.kid);
  if (!key) throw std::logic_error{"the key of a branch has no uuid"};
  const auto now = time_.now();
  const utilities::signed_code made{branch_id, *key, uuid::version_7(now, random_), now, now + code_accepted_for};
  co_return check_in_code{utilities::write_code(made, signer.key), made.expires_at, now + code_shown_for};
}

task<visit_service::accepted_code> visit_service::accept(std::string token) {
  const auto claimed = utilities::unverified_code::parse(token);
  if (!claimed) throw code_invalid();
  const auto key = co_await keys_.branch_verifier(claimed->issuer(), claimed->key());
  if (!key) throw code_invalid();
  const auto code = claimed->verified_by(*key);
  if (!code) throw code_invalid();
  const auto now = time_.now();
  if (code->issued_at > now + clock_skew) throw code_invalid();
  if (code->expires_at <= now || code->issued_at + code_accepted_for <= now) throw code_expired();
  co_return accepted_code{code->issuer, code->nonce, code->issued_at};
}

task<visit> visit_service::start(uuid member, std::string token, uuid visit_id) {
  const auto again = co_await visits_.find(visit_id);
  if (again && again->member_id == member) co_return *again;
  const auto code = co_await accept(std::move(token));
  const auto at = co_await branches_.find(code.branch_id);
  if (!at || !at->active) throw code_invalid();
  const auto now = time_.now();
  const auto active = co_await visits_.active_of(member);
  if (active) {
    if (active->auto_end_at > now) throw visit_active();
    co_await end_by_clock(*active);
  }
  const check_in_claim claim{.id = uuid::derived_from("check-in:" + code.nonce.to_string() + ":" + member.to_string()),
                             .member_id = member,
                             .visit_id = visit_id,
                             .expires_at = code.issued_at + 2 * code_accepted_for + clock_skew};
  const bool first_use = co_await visits_.claim_code(claim);
  if (!first_use) throw code_used();
  const auto end = visits::auto_end_of(now, at->hours, at->time_zone);
  visit made{.id = visit_id,
             .member_id = member,
             .branch_id = at->id,
             .branch_name = at->name,
             .check_in_at = now,
             .auto_end_at = end.at,
             .auto_end_reason = end.reason,
             .time_zone = at->time_zone,
             .local_date = utilities::local_date_at(now, at->time_zone)};
  std::string taken;
  try {
    co_await visits_.insert(made);
  } catch (const store::error& error) {
    if (!error.is(store::failure::duplicate)) throw;
    taken = error.index();
  }
  if (taken == "one_active_visit") throw visit_active();
  const auto written = co_await visits_.find(visit_id);
  // Suspended since the token was looked at: what ends the visits of the suspended may have been here before this one.
  const bool welcome = co_await is_welcome(member);
  if (!welcome) {
    co_await turn_out(*written);
    throw token_revoked();
  }
  co_return written.value();
}

task<visit_service::ended> visit_service::end(uuid member, instant first_tried) {
  const auto active = co_await visits_.active_of(member);
  std::optional<visit> done;
  if (active) {
    done = co_await visits_.end(active->id, member, active->branch_id, visit_state::completed, visit_end::member,
                                time_.now());
  }
  if (!done) {
    auto last = co_await visits_.history(member, 1, std::nullopt);
    const bool by_this_request =
        !last.items.empty() && last.items.front().check_out_at && *last.items.front().check_out_at >= first_tried;
    if (!by_this_request) throw visit_not_found();
    done = std::move(last.items.front());
  }
  co_await links_.release_visit(member, done->id, link_end::checked_out);
  ended told{std::move(*done), {}};
  // The visit says what it held when it ended, whoever has released it since.
  if (told.made.link) {
    const auto workout = told.made.link->link_id;
    told.workout = co_await links_.ended(workout, member, link_end::checked_out);
  }
  told.made.link.reset();
  co_return told;
}

task<std::optional<visit>> visit_service::current(uuid member) { return visits_.active_of(member); }

task<bool> visit_service::is_welcome(uuid member) {
  const auto account = co_await users_.find(member);
  co_return account && account->status == account_status::active;
}

task<void> visit_service::on_started(visit_started event) {
  const auto begun = co_await visits_.find(event.visit_id);
  if (!begun || begun->state != visit_state::active) co_return;
  const bool welcome = co_await is_welcome(event.member_id);
  if (!welcome) co_await turn_out(*begun);
}

task<void> visit_service::on_ended(visit_ended event) {
  const bool by_person = event.reason == visit_end::member || event.reason == visit_end::staff;
  const auto why = by_person ? link_end::checked_out : link_end::visit_expired;
  co_await links_.release_visit(event.member_id, event.visit_id, why);
}

task<void> visit_service::on_suspended(account_suspended event) {
  const auto active = co_await visits_.active_of(event.member_id);
  if (!active) co_return;
  const bool welcome = co_await is_welcome(event.member_id);
  // Let in again before this was delivered: what began since is none of it.
  if (welcome && active->check_in_at > event.at) co_return;
  co_await turn_out(*active);
}

task<void> visit_service::turn_out(const visit& whose) {
  const auto done = co_await visits_.end(whose.id, whose.member_id, whose.branch_id, visit_state::completed,
                                         visit_end::staff, time_.now());
  if (done) co_await links_.release_visit(done->member_id, done->id, link_end::checked_out);
}

task<bool> visit_service::end_by_clock(visit one) {
  // At the time it was due, however late this runs.
  const auto done = co_await visits_.end(one.id, one.member_id, one.branch_id, visit_state::expired,
                                         one.auto_end_reason, one.auto_end_at);
  if (!done) co_return false;
  co_await links_.release_visit(one.member_id, one.id, link_end::visit_expired);
  co_return true;
}

task<std::size_t> visit_service::end_due() {
  std::size_t count = 0;
  const auto due = co_await visits_.due(time_.now());
  for (const auto& one : due) {
    const bool done = co_await end_by_clock(one);
    if (done) ++count;
  }
  co_return count;
}

}  // namespace nxg

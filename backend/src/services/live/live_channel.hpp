#pragma once

#include "runtime/task.hpp"
#include "runtime/uuid.hpp"
#include "schema/json.hpp"
#include "services/live/live_event.hpp"

#include <string>

namespace nxg {

/// Port: what people and machines are told, on whatever connection they have, in whatever process. What is told is
/// declared with its payload, see `live_event.hpp`.
class live_channel {
 public:
  live_channel() = default;
  live_channel(const live_channel&) = delete;
  live_channel& operator=(const live_channel&) = delete;
  virtual ~live_channel() = default;

  /// To a member: written to their inbox, then told to the devices that are there; those that are not get it when they
  /// come back. The same event (by name and `id`) again changes nothing and is told again only to who has not heard it.
  /// For handlers of the outbox: throws what the store throws, so that it is tried again.
  template <live::announced_payload Payload>
  task<void> tell(const uuid& member, const Payload& payload) {
    static_assert(is_for_members<Payload>() && announced(live::tag<Payload>{}).kept == live::keeping::inbox);
    return keep(member, live::listed<Payload>(), payload.id, schema::to_json(payload));
  }

  /// To a member's devices that are there now. `json` is the text of a `Payload`, for those that are written by hand.
  /// Best effort; returns at once, from any thread, and never throws.
  template <live::announced_payload Payload>
  void show(const uuid& member, std::string json) {
    static_assert(is_for_members<Payload>() && announced(live::tag<Payload>{}).kept == live::keeping::momentary);
    show_member(member, live::listed<Payload>(), std::move(json));
  }

  /// To whoever watches the branch. As `show`.
  template <live::announced_payload Payload>
  void tell_branch(const uuid& branch, const Payload& payload) {
    static_assert(announced(live::tag<Payload>{}).to == live::audience::branch);
    show_branch(branch, live::listed<Payload>(), schema::to_json(payload));
  }

  /// To those of the branch's staff who watch its floor. As `show`.
  template <live::announced_payload Payload>
  void tell_staff(const uuid& branch, const Payload& payload) {
    static_assert(announced(live::tag<Payload>{}).to == live::audience::staff);
    show_staff(branch, live::listed<Payload>(), schema::to_json(payload));
  }

  /// To the machine itself. As `show`.
  template <live::announced_payload Payload>
  void tell_machine(const uuid& machine, const Payload& payload) {
    static_assert(announced(live::tag<Payload>{}).to == live::audience::machine);
    show_machine(machine, live::listed<Payload>(), schema::to_json(payload));
  }

 protected:
  virtual task<void> keep(uuid member, const live::sent& what, uuid id, std::string json) = 0;
  virtual void show_member(const uuid& member, const live::sent& what, std::string json) = 0;
  virtual void show_branch(const uuid& branch, const live::sent& what, std::string json) = 0;
  virtual void show_staff(const uuid& branch, const live::sent& what, std::string json) = 0;
  virtual void show_machine(const uuid& machine, const live::sent& what, std::string json) = 0;

 private:
  template <class Payload>
  static consteval bool is_for_members() {
    constexpr auto to = announced(live::tag<Payload>{}).to;
    return to == live::audience::workouts || to == live::audience::notifications;
  }
};

}  // namespace nxg

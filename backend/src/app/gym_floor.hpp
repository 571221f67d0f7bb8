#pragma once

#include "app/identity.hpp"
#include "app/platform.hpp"
#include "app/storage.hpp"
#include "services/branches/branches.hpp"
#include "services/live/live_channel.hpp"
#include "services/machines/link_service.hpp"
#include "services/machines/presence.hpp"
#include "services/machines/registry.hpp"
#include "services/machines/upkeep.hpp"
#include "services/points/ledger.hpp"
#include "services/telemetry/fold.hpp"
#include "services/telemetry/intake.hpp"
#include "services/telemetry/journal.hpp"
#include "services/visits/branch_floor.hpp"
#include "services/visits/visit_service.hpp"
#include "services/workouts/account_facts.hpp"
#include "services/workouts/closing.hpp"
#include "services/workouts/history.hpp"
#include "services/workouts/projections.hpp"
#include "services/workouts/samples_of_workout.hpp"

namespace nxg::app {

/// Branches, visits, machines, their samples and what becomes of them.
struct gym_floor {
  gym_floor(const settings& values, platform& on, storage& kept, identity& people, live_channel& live);

  account_facts facts;
  workouts::workout_samples samples;
  workouts::closing summaries;
  workouts::history history;
  workouts::projections rows;
  points::ledger points;
  branch_service branches;
  machine_registry registry;
  machine_presence presence;
  link_service links;
  machine_upkeep upkeep;
  visit_service visits;
  branch_floor who_is_where;
  samples::journal journal;
  samples::intake intake;
  samples::folder folder;
};

}  // namespace nxg::app

#pragma once

#include "repositories/census.hpp"
#include "runtime/task.hpp"
#include "services/upkeep/findings.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace nxg::upkeep {

/// Who names whom: collected over a page, then looked up together.
class references {
 public:
  /// `from` names `to`, and it is a fault, called `fault`, where that does not exist.
  void note(census::target what, const uuid& to, const std::string& fault, std::string from);
  /// Looks up what was noted, and forgets it.
  task<void> resolve(census& all, findings& into);

 private:
  struct mention {
    std::string fault;
    std::string from;
  };
  std::map<census::target, std::map<uuid, std::vector<mention>>> noted_;
};

/// Every document that names another one names one that exists.
task<void> check_references(census& all, findings& into);

}  // namespace nxg::upkeep

// How collections are spread over the shards of MongoDB: declared with the models, told to an operator's mongosh.

#include "app/commands.hpp"
#include "app/empty_folder.hpp"
#include "app/workbench.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string>
#include <vector>

namespace nxg::app {

namespace {

/// Ids begin with the time: by range, all that is new would go to one shard. Others are members and machines, and stand
/// in front of unique indexes, which a hash forbids.
std::string key_of(const store::collection_spec& spec) {
  return spec.shard_key == store::stored_names::id ? R"({_id: "hashed"})"
                                                   : fmt::format(R"({{"{}": 1}})", spec.shard_key);
}

constexpr std::string_view script_end = R"(
let wrong = 0;
for (const [name, key] of Object.entries(wanted)) {
  const there = db.getSiblingDB("config").collections.findOne({_id: `${db.getName()}.${name}`});
  if (there && !there.unsplittable && EJSON.stringify(there.key) !== EJSON.stringify(key)) {
    print(`${name} is sharded by ${EJSON.stringify(there.key)}, not by ${EJSON.stringify(key)}`);
    ++wrong;
  } else if (there && !there.unsplittable) {
    print(`${name} is sharded as it should be`);
  } else {
    print(`sharding ${name} by ${EJSON.stringify(key)}`);
    sh.shardCollection(`${db.getName()}.${name}`, key);
  }
}
quit(wrong === 0 ? 0 : 1);
)";

}  // namespace

int print_sharding() {
  const empty_folder folder{"sharding"};
  const workbench bench{folder.values()};
  std::vector<std::string> wanted;
  for (const auto& rules : bench.kept.database.collections()) {
    if (!rules->spec->shard_key.empty())
      wanted.push_back(fmt::format("  {}: {}", rules->spec->name, key_of(*rules->spec)));
  }
  fmt::print(
      "// nxg-connect sharding > sharding.js; mongosh \"mongodb://…/DATABASE\" sharding.js\n"
      "const wanted = {{\n{}\n}};{}",
      fmt::join(wanted, ",\n"), script_end);
  return 0;
}

}  // namespace nxg::app

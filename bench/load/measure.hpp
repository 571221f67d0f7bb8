#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace nxg::load {

/// What one run over some seconds came to.
struct outcome {
  double seconds = 0;
  std::uint64_t sent = 0;
  std::uint64_t acknowledged = 0;
  std::uint64_t delivered = 0;
  double cpu_user_seconds = 0;
  double cpu_system_seconds = 0;
  std::vector<float> delivery_ms;
  std::vector<float> ack_ms;
};

/// CPU time a process has used, from /proc.
struct cpu_time {
  double user_seconds = 0;
  double system_seconds = 0;
};
cpu_time cpu_of(int pid);
/// Of all of them together.
cpu_time cpu_of(const std::vector<int>& pids);

/// Resident memory of a process, from /proc.
std::uint64_t resident_bytes(int pid);

double quantile(std::vector<float>& values, double share);

/// One JSON object on one line.
std::string to_json(outcome& result);

}  // namespace nxg::load

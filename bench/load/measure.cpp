#include "load/measure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include <unistd.h>

namespace nxg::load {

cpu_time cpu_of(int pid) {
  std::ifstream file{fmt::format("/proc/{}/stat", pid)};
  std::string text{std::istreambuf_iterator<char>{file}, {}};
  // The fields after the command's name, which may hold spaces: utime and stime are the 12th and 13th of them.
  std::istringstream fields{text.substr(std::min(text.size(), text.rfind(')') + 1))};
  std::string skipped;
  for (int i = 0; i < 11; ++i) fields >> skipped;
  double user = 0;
  double system = 0;
  fields >> user >> system;
  const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  return {user / ticks, system / ticks};
}

cpu_time cpu_of(const std::vector<int>& pids) {
  cpu_time all{};
  for (const int pid : pids) {
    const auto one = cpu_of(pid);
    all.user_seconds += one.user_seconds;
    all.system_seconds += one.system_seconds;
  }
  return all;
}

std::uint64_t resident_bytes(int pid) {
  std::ifstream file{fmt::format("/proc/{}/statm", pid)};
  std::uint64_t total = 0;
  std::uint64_t resident = 0;
  file >> total >> resident;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

double quantile(std::vector<float>& values, double share) {
  if (values.empty()) return 0;
  const auto at = std::min(values.size() - 1, static_cast<std::size_t>(share * static_cast<double>(values.size())));
  std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(at));
  return values[at];
}

std::string to_json(outcome& result) {
  return fmt::format(
      R"({{"seconds":{:.3f},"sent":{},"acknowledged":{},"delivered":{},"cpuUserSeconds":{:.3f},"cpuSystemSeconds":{:.3f},)"
      R"("deliveryP50Ms":{:.3f},"deliveryP99Ms":{:.3f},"ackP50Ms":{:.3f},"ackP99Ms":{:.3f}}})",
      result.seconds, result.sent, result.acknowledged, result.delivered, result.cpu_user_seconds,
      result.cpu_system_seconds, quantile(result.delivery_ms, 0.5), quantile(result.delivery_ms, 0.99),
      quantile(result.ack_ms, 0.5), quantile(result.ack_ms, 0.99));
}

}  // namespace nxg::load

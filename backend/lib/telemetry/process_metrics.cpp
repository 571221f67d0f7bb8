#include "telemetry/metrics.hpp"

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <sys/resource.h>
#include <unistd.h>

namespace nxg::telemetry {

namespace {

/// The fields of /proc/self/stat from the third on (proc(5)): the second is a name that may hold spaces.
std::vector<double> stat_fields() {
  std::ifstream file{"/proc/self/stat"};
  std::string text{std::istreambuf_iterator<char>{file}, {}};
  std::istringstream rest{text.substr(text.rfind(')') + 3)};
  return {std::istream_iterator<double>{rest}, {}};
}

double stat_field(std::size_t number) {
  const auto fields = stat_fields();
  return fields.at(number - 4);
}

double memory_pages(std::size_t field) {
  std::ifstream file{"/proc/self/statm"};
  double value = 0;
  for (std::size_t i = 0; i <= field; ++i) file >> value;
  return value * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double open_descriptors() {
  const std::filesystem::directory_iterator all{"/proc/self/fd"};
  return static_cast<double>(std::distance(all, {}) - 1);  // the directory itself is open
}

double max_descriptors() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  return static_cast<double>(limit.rlim_cur);
}

/// Unix time.
double start_time() {
  std::ifstream file{"/proc/stat"};
  std::string word;
  double boot = 0;
  while (file >> word) {
    if (word == "btime") file >> boot;
  }
  constexpr std::size_t start_ticks = 22;
  return boot + stat_field(start_ticks) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

}  // namespace

std::uint64_t resident_bytes() { return static_cast<std::uint64_t>(memory_pages(1)); }

std::vector<metrics::registration> process_metrics(metrics& into) {
  constexpr std::size_t thread_count = 20;
  std::vector<metrics::registration> all;
  all.push_back(
      into.gauge_from("process_resident_memory_bytes", "Resident memory.", {}, [] { return memory_pages(1); }));
  all.push_back(into.gauge_from("process_virtual_memory_bytes", "Virtual memory.", {}, [] { return memory_pages(0); }));
  all.push_back(into.gauge_from("process_open_fds", "Open file descriptors.", {}, open_descriptors));
  all.push_back(into.gauge_from("process_max_fds", "Allowed file descriptors.", {}, max_descriptors));
  all.push_back(into.gauge_from("process_threads", "Threads.", {}, [] { return stat_field(thread_count); }));
  all.push_back(into.counter_from("process_cpu_seconds_total", "CPU time, user and system.", {}, cpu_seconds));
  all.push_back(into.gauge_from("process_start_time_seconds", "Start of the process, Unix time.", {},
                                [started = start_time()] { return started; }));
  return all;
}

}  // namespace nxg::telemetry

#include "objects/folder.hpp"
#include "objects/tests/loop.hpp"
#include "runtime/tests/temporary_folder.hpp"

#include <boost/asio/detached.hpp>
#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <set>
#include <stdexcept>
#include <string>

namespace nxg::objects::testing {
namespace {

constexpr std::size_t key_size = 12;

/// Of `key_size` octets.
std::string key_of(int writer, int number) {
  std::string digits = std::to_string(number);
  digits.insert(0, 8 - digits.size(), '0');
  return "w" + std::to_string(writer) + "/" + digits + "x";
}

std::string content_of(const std::string& key) {
  std::string all;
  while (all.size() < 20'000) all += key;
  return all;
}

/// Puts objects, some by uploads, and writes the key of each that was acknowledged to `told`. Never returns.
[[noreturn]] void put_until_killed(const std::filesystem::path& folder, int told) {
  runtime::clock time;
  runtime::secure_random random;
  boost::asio::io_context context;
  const auto store = open_folder(time, random, {.path = folder});
  const auto put_for_ever = [&](int writer) -> task<void> {
    for (int i = 0;; ++i) {
      const auto key = key_of(writer, i);
      const auto content = content_of(key);
      if (i % 3 == 0) {
        const auto going = store->start_upload(key, put_options{});
        co_await going->write(content);
        co_await going->finish();
      } else {
        co_await store->put(key, content);
      }
      co_await store->put("latest", content);
      if (::write(told, key.data(), key.size()) != static_cast<ssize_t>(key.size())) ::_exit(2);
    }
  };
  for (int writer = 0; writer < 4; ++writer)
    boost::asio::co_spawn(context, put_for_ever(writer), boost::asio::detached);
  context.run();
  ::_exit(3);
}

std::set<std::string> acknowledged_until_killed(const std::filesystem::path& folder, std::size_t after) {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) throw std::runtime_error{"no pipe"};
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    put_until_killed(folder, ends[1]);
  }
  ::close(ends[1]);
  std::set<std::string> keys;
  std::string key(key_size, '\0');
  std::size_t have = 0;
  ssize_t got = 0;
  while ((got = ::read(ends[0], key.data() + have, key.size() - have)) > 0) {
    have += static_cast<std::size_t>(got);
    if (have < key.size()) continue;
    keys.insert(key);
    have = 0;
    if (keys.size() == after) ::kill(child, SIGKILL);  // what is in the pipe was acknowledged all the same
  }
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status));
  return keys;
}

TEST(folder_crash_test, what_was_acknowledged_is_there_and_whole) {
  const runtime::temporary_folder folder{"objects"};
  const auto keys = acknowledged_until_killed(folder.path(), 60);
  loop here;
  runtime::clock time;
  runtime::secure_random random;
  const auto store = open_folder(time, random, {.path = folder.path()});
  for (const auto& key : keys) EXPECT_EQ(here.get(store->get(key)).content, content_of(key));
  list_options which;
  std::size_t listed = 0;
  for (const auto& one : here.get(store->list(which)).objects) {
    const auto read = here.get(store->get(one.key));
    EXPECT_EQ(read.content, content_of(read.content.substr(0, key_size))) << one.key;
    ++listed;
  }
  EXPECT_GE(listed, keys.size() + 1);
}

}  // namespace
}  // namespace nxg::objects::testing

#include "objects/folder.hpp"

#include "objects/folder/blocking.hpp"
#include "objects/tests/contract/suite.hpp"
#include "runtime/tests/temporary_folder.hpp"

#include <sys/resource.h>
#include <sys/stat.h>
#include <utime.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <future>
#include <iterator>

namespace nxg::objects::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::StartsWith;

task<void> come_and_go(std::shared_ptr<object_store> in, std::string key) {
  for (int i = 0; i < 10; ++i) {
    co_await in->put(key, "x");
    co_await in->remove(key);
  }
}

class folder_test : public ::testing::Test, protected loop {
 protected:
  std::shared_ptr<object_store> opened(folder_options options = {}) {
    options.path = folder_.path();
    return open_folder(time_, random_, std::move(options));
  }
  void put(const std::string& key, std::string content) { get(store_->put(key, std::move(content))); }
  [[nodiscard]] std::filesystem::path path(const char* inside) const { return folder_.path() / inside; }
  static std::string file(const std::filesystem::path& which) {
    std::ifstream in{which, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
  }
  static void write(const std::filesystem::path& which, const std::string& content) {
    std::ofstream{which, std::ios::binary} << content;
  }
  std::vector<std::string> keys() {
    std::vector<std::string> all;
    list_options which;
    for (const auto& one : get(store_->list(which)).objects) all.push_back(one.key);
    return all;
  }

  runtime::temporary_folder folder_{"objects"};
  runtime::clock time_{runtime::clock::mode::adjustable};
  runtime::secure_random random_;
  std::shared_ptr<object_store> store_ = opened();
};

TEST_F(folder_test, content_stands_at_the_front_of_a_file_of_that_name) {
  put("meals/today/salad.jpg", "a picture");
  EXPECT_THAT(file(path("meals%/today%/salad.jpg")), StartsWith("a picture{\""));
  struct stat about{};
  ASSERT_EQ(::stat(path("meals%/today%/salad.jpg").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0600U);
}

TEST_F(folder_test, folders_go_with_their_last_object) {
  put("a/b/c", "x");
  put("a/d", "x");
  run(store_->remove("a/b/c"));
  EXPECT_FALSE(std::filesystem::exists(path("a%/b%")));
  EXPECT_TRUE(std::filesystem::exists(path("a%")));
  run(store_->remove("a/d"));
  EXPECT_FALSE(std::filesystem::exists(path("a%")));
}

TEST_F(folder_test, objects_are_there_for_the_next_process) {
  put("k", "kept");
  store_ = opened();
  EXPECT_EQ(get(store_->get("k")).content, "kept");
}

TEST_F(folder_test, no_symbolic_link_leads_out) {
  const runtime::temporary_folder outside{"outside"};
  write(outside.path() / "secret", "not for you");
  put("a/k", "x");
  std::filesystem::create_directory_symlink(outside.path(), path("link%"));
  std::filesystem::create_symlink(outside.path() / "secret", path("secret"));
  EXPECT_EQ(failure_of([&] { return store_->get("link/secret"); }), failure::denied);
  EXPECT_EQ(failure_of([&] { return store_->get("secret"); }), failure::denied);
  EXPECT_EQ(failure_of([&] { return store_->put("link/new", "x"); }), failure::denied);
  EXPECT_EQ(failure_of([&] { return store_->remove("link/secret"); }), failure::denied);
  EXPECT_EQ(keys(), std::vector<std::string>{"a/k"});
  EXPECT_FALSE(std::filesystem::exists(outside.path() / "new"));
  EXPECT_TRUE(std::filesystem::exists(outside.path() / "secret"));
  put("secret", "mine");  // takes the place of the link, and leaves alone where that led
  EXPECT_EQ(file(outside.path() / "secret"), "not for you");
}

TEST_F(folder_test, what_others_put_there_is_no_object) {
  put("k", "x");
  write(path("foreign"), "made by hand");
  write(path("tiny"), "");
  write(path("file%"), "");
  std::filesystem::create_directory(path("plain"));
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  EXPECT_EQ(keys(), std::vector<std::string>{"k"});
  EXPECT_EQ(failure_of([&] { return store_->get("foreign"); }), failure::damaged);
  EXPECT_EQ(failure_of([&] { return store_->head("tiny"); }), failure::damaged);
  put("foreign", "made by us");
  EXPECT_EQ(get(store_->get("foreign")).content, "made by us");
}

TEST_F(folder_test, changed_and_shortened_files_are_noticed) {
  put("k", "0123456789");
  const auto whole = file(path("k"));
  write(path("k"), "9" + whole.substr(1));
  EXPECT_EQ(failure_of([&] { return store_->get("k"); }), failure::damaged);
  write(path("k"), whole.substr(1));
  EXPECT_EQ(failure_of([&] { return store_->get("k"); }), failure::damaged);
  write(path("k"), whole.substr(0, whole.size() - 1));
  EXPECT_EQ(failure_of([&] { return store_->get("k"); }), failure::damaged);
}

TEST_F(folder_test, what_a_crash_left_under_way_is_seen_by_nobody_and_swept_later) {
  const auto fresh = path("%under way") / "fresh";
  const auto old = path("%under way") / "old";
  write(fresh, "half");
  write(old, "half");
  const utimbuf two_days_ago{::time(nullptr) - 172'800, ::time(nullptr) - 172'800};
  ASSERT_EQ(::utime(old.c_str(), &two_days_ago), 0);
  store_ = opened();
  EXPECT_TRUE(keys().empty());
  EXPECT_TRUE(std::filesystem::exists(fresh));
  EXPECT_FALSE(std::filesystem::exists(old));
}

/// What a disk that is full does to a write.
class file_size_limit {
 public:
  explicit file_size_limit(rlim_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit now{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &now);
  }
  ~file_size_limit() { ::setrlimit(RLIMIT_FSIZE, &before_); }
  file_size_limit(const file_size_limit&) = delete;
  file_size_limit& operator=(const file_size_limit&) = delete;

 private:
  rlimit before_{};
};

TEST_F(folder_test, what_does_not_fit_on_the_disk_leaves_nothing) {
  put("k", "before");
  {
    const file_size_limit full{4'096};
    EXPECT_EQ(failure_of([&] { return store_->put("k", octets(100'000)); }), failure::unavailable);
    EXPECT_THAT(last_text, HasSubstr("cannot be written"));
  }
  EXPECT_EQ(get(store_->get("k")).content, "before");
  EXPECT_TRUE(std::filesystem::is_empty(path("%under way")));
  put("k", octets(100'000));
}

TEST_F(folder_test, a_folder_that_cannot_be_used_is_named_with_its_setting) {
  write(path("file"), "in the way");
  folder_options options{.path = path("file") / "below"};
  try {
    open_folder(time_, random_, options);
    ADD_FAILURE();
  } catch (const unusable& why) {
    EXPECT_THAT(why.what(), StartsWith("NXG_DATA_DIR: "));
    EXPECT_THAT(why.what(), HasSubstr("/file/below'"));
  }
}

TEST_F(folder_test, nothing_is_presigned_without_a_secret_and_a_short_one_is_refused) {
  EXPECT_THROW((void)store_->presign_get("k", {}), error);
  EXPECT_THROW(opened({.url_secret = "short"}), unusable);
}

TEST_F(folder_test, folders_that_come_and_go_do_not_disturb_others) {
  std::vector<testing_support::spawned<bool>> all;
  for (int i = 0; i < 15; ++i) {
    all.push_back(start(come_and_go(store_, "a/b/c" + std::to_string(i) + "/k")));
  }
  run_until([&] { return std::ranges::all_of(all, [](auto& one) { return one.ended(); }); });
  for (auto& one : all) EXPECT_NO_THROW(one.result());
  EXPECT_TRUE(keys().empty());
  EXPECT_FALSE(std::filesystem::exists(path("a%")));
}

class folder_threads_test : public ::testing::Test, protected loop {
 protected:
  /// Holds the one thread until told otherwise.
  auto hold(folder::effect how) {
    auto job = [this, release = release_.get_future().share()] {
      begun_.set_value();
      release.wait();
    };
    return start(threads_.run(how, std::move(job)));
  }
  failure late(testing_support::spawned<bool>& one) {
    time_.advance(2s);
    run_until([&] { return one.ended(); });
    try {
      one.result();
    } catch (const error& why) {
      return why.failed();
    }
    throw std::runtime_error{"it was not late"};
  }

  runtime::clock time_{runtime::clock::mode::adjustable};
  std::promise<void> begun_;
  std::promise<void> release_;
  folder::blocking threads_{time_, 1, 4, 1s};
};

TEST_F(folder_threads_test, a_write_that_takes_too_long_may_still_happen) {
  auto one = hold(folder::effect::writes);
  context.poll();
  begun_.get_future().wait();
  EXPECT_EQ(late(one), failure::outcome_unknown);
  release_.set_value();
}

TEST_F(folder_threads_test, a_read_that_takes_too_long_is_given_up) {
  auto one = hold(folder::effect::reads);
  context.poll();
  begun_.get_future().wait();
  EXPECT_EQ(late(one), failure::unavailable);
  release_.set_value();
}

TEST_F(folder_threads_test, more_than_the_threads_can_take_is_refused_at_once) {
  auto held = hold(folder::effect::writes);
  context.poll();
  begun_.get_future().wait();
  std::vector<testing_support::spawned<bool>> queued;
  for (int i = 0; i < 4; ++i) {
    auto job = [] {};
    queued.push_back(start(threads_.run(folder::effect::writes, std::move(job))));
  }
  context.restart();
  context.poll();
  auto job = [] {};
  EXPECT_EQ(failure_of([&] { return threads_.run(folder::effect::writes, job); }), failure::busy);
  release_.set_value();
  run_until([&] { return std::ranges::all_of(queued, [](auto& one) { return one.ended(); }); });
  for (auto& one : queued) EXPECT_TRUE(one.result());
}

TEST_F(folder_threads_test, what_did_not_begin_in_its_time_does_not_begin_later) {
  auto first = hold(folder::effect::writes);
  context.poll();
  begun_.get_future().wait();
  bool ran = false;
  auto job = [&ran] { ran = true; };
  auto second = start(threads_.run(folder::effect::writes, std::move(job)));
  context.restart();
  context.poll();
  EXPECT_EQ(late(second), failure::busy);
  release_.set_value();
  auto last_job = [] {};
  run(threads_.run(folder::effect::reads, std::move(last_job)));  // comes after it
  EXPECT_FALSE(ran);
}

}  // namespace
}  // namespace nxg::objects::testing

#include "objects/folder/file_upload.hpp"

#include "objects/detail/counted.hpp"

#include <utility>

namespace nxg::objects::folder {

namespace {
constexpr std::size_t piece_size = 1 << 20;
}

void file_upload::under_way::write(std::string_view bytes) {
  const std::lock_guard lock{mutex_};
  opened().write(bytes);
}

written file_upload::under_way::publish() {
  const std::lock_guard lock{mutex_};
  const written made = on_->publish(opened(), what_);
  over_ = true;
  return made;
}

void file_upload::under_way::abandon() {
  const std::lock_guard lock{mutex_};
  over_ = true;
  file_.reset();
}

new_file& file_upload::under_way::opened() {
  if (over_) throw error{failure::invalid, "the upload is over"};
  if (!file_) file_ = on_->create(name_);
  return *file_;
}

file_upload::file_upload(std::shared_ptr<disk> on, std::shared_ptr<blocking> threads,
                         std::shared_ptr<detail::counters> counters, std::string name, object_info what)
    : threads_{std::move(threads)},
      counters_{std::move(counters)},
      state_{std::make_shared<under_way>(std::move(on), std::move(name), std::move(what))} {}

file_upload::~file_upload() {
  threads_->later([state = std::move(state_)] {});  // the file is removed where blocking is no harm
}

task<void> file_upload::write(std::string_view bytes) { return detail::counted(counters_, write_all(bytes)); }
task<written> file_upload::finish() { return detail::counted(counters_, publish()); }

task<void> file_upload::write_all(std::string_view bytes) {
  require_open();
  over_ = true;
  while (!bytes.empty()) {
    std::string piece{bytes.substr(0, piece_size)};
    bytes.remove_prefix(piece.size());
    auto held = std::make_shared<detail::held_bytes>(counters_, piece.size());
    auto job = [state = state_, piece = std::move(piece), held = std::move(held)]() mutable {
      const auto counted = std::move(held);  // both end here, not with a job that its thread has yet to let go
      const auto mine = std::move(piece);
      state->write(mine);
    };
    co_await threads_->run(effect::writes, std::move(job));
  }
  over_ = false;
}

task<written> file_upload::publish() {
  require_open();
  over_ = true;
  auto job = [state = state_] { return state->publish(); };
  co_return co_await threads_->run(effect::writes, std::move(job));
}

task<void> file_upload::abandon() {
  over_ = true;
  auto job = [state = state_] { state->abandon(); };
  co_await threads_->run(effect::writes, std::move(job));
}

void file_upload::require_open() const {
  if (over_) throw error{failure::invalid, "the upload is over"};
}

}  // namespace nxg::objects::folder

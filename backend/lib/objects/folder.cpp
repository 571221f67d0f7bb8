#include "objects/folder.hpp"

#include "objects/detail/check.hpp"
#include "objects/detail/counted.hpp"
#include "objects/folder/blocking.hpp"
#include "objects/folder/disk.hpp"
#include "objects/folder/file_upload.hpp"
#include "objects/folder_urls.hpp"

#include <utility>

namespace nxg::objects {

namespace {

constexpr std::size_t least_secret = 32;

class folder_store final : public object_store {
 public:
  folder_store(runtime::clock& time, runtime::random& random, folder_options options)
      : options_{std::move(options)},
        time_{time},
        random_{random},
        disk_{std::make_shared<folder::disk>(options_.path)},
        threads_{std::make_shared<folder::blocking>(time, options_.workers, options_.max_queued, options_.time_out)} {}

  task<void> check() override { return detail::check(*this, random_, options_.setting + ": "); }
  [[nodiscard]] objects::figures figures() const override { return counters_->figures(); }

 private:
  task<written> do_put(std::string key, std::string content, put_options how) override {
    return detail::counted(counters_, put_file(std::move(key), std::move(content), std::move(how)));
  }
  task<object> do_get(std::string key, get_options how) override {
    auto job = [disk = disk_, counters = counters_, key = std::move(key), how = std::move(how)] {
      object read = disk->get(key, how);
      const detail::held_bytes held{counters, read.content.size()};
      return read;
    };
    return detail::counted(counters_, threads_->run(folder::effect::reads, std::move(job)));
  }
  task<object_info> do_head(std::string key) override {
    auto job = [disk = disk_, key = std::move(key)] { return disk->head(key); };
    return detail::counted(counters_, threads_->run(folder::effect::reads, std::move(job)));
  }
  task<void> do_remove(std::string key) override {
    auto job = [disk = disk_, key = std::move(key)] { disk->remove(key); };
    return detail::counted(counters_, threads_->run(folder::effect::writes, std::move(job)));
  }
  task<list_page> do_list(list_options which) override {
    auto job = [disk = disk_, which = std::move(which)] { return disk->list(which); };
    return detail::counted(counters_, threads_->run(folder::effect::reads, std::move(job)));
  }
  std::unique_ptr<upload> do_start_upload(std::string key, put_options how) override {
    return std::make_unique<folder::file_upload>(disk_, threads_, counters_, new_name(),
                                                 about(std::move(key), std::move(how)));
  }

  task<written> put_file(std::string key, std::string content, put_options how) {
    auto held = std::make_shared<detail::held_bytes>(counters_, content.size());
    auto job = [disk = disk_, name = new_name(), what = about(std::move(key), std::move(how)),
                content = std::move(content), held = std::move(held)]() mutable {
      const auto counted = std::move(held);  // both end here, not with a job that its thread has yet to let go
      const auto bytes = std::move(content);
      const auto file = disk->create(name);
      file->write(bytes);
      return disk->publish(*file, std::move(what));
    };
    return threads_->run(folder::effect::writes, std::move(job));
  }

  presigned do_presign_get(const std::string& key, const presign_get_options& how) const override {
    url_permission what{.key = key, .file_name = how.file_name, .expires = until(how.valid)};
    return signed_url("GET", what, {});
  }
  presigned do_presign_put(const std::string& key, const presign_put_options& how) const override {
    url_permission what{.key = key, .content_type = how.content_type, .size = how.size, .expires = until(how.valid)};
    return signed_url("PUT", what, {{"content-type", how.content_type}, {"content-length", std::to_string(how.size)}});
  }

  presigned signed_url(std::string method, const url_permission& what,
                       std::vector<std::pair<std::string, std::string>> headers) const {
    if (options_.url_secret.empty()) throw error{failure::denied, "no secret for signed URLs is set"};
    auto url = options_.base_url + "/" + sign_folder_url(options_.url_secret, method, what);
    return {std::move(method), std::move(url), std::move(headers), what.expires};
  }

  /// Whole seconds, as the URL says it.
  [[nodiscard]] instant until(std::chrono::seconds valid) const {
    return std::chrono::floor<std::chrono::seconds>(time_.now()) + valid;
  }

  object_info about(std::string key, put_options how) const {
    return {.key = std::move(key),
            .modified = time_.now(),
            .content_type = std::move(how.content_type),
            .cache_control = std::move(how.cache_control),
            .metadata = std::move(how.metadata)};
  }

  std::string new_name() { return detail::random_name(random_, 16); }

  const folder_options options_;
  runtime::clock& time_;
  runtime::random& random_;
  std::shared_ptr<detail::counters> counters_ = std::make_shared<detail::counters>();
  std::shared_ptr<folder::disk> disk_;
  std::shared_ptr<folder::blocking> threads_;
};

}  // namespace

std::shared_ptr<object_store> open_folder(runtime::clock& time, runtime::random& random, folder_options options) {
  if (!options.url_secret.empty() && options.url_secret.size() < least_secret)
    throw unusable{"the secret of signed URLs has less than 32 octets"};
  const std::string setting = options.setting + ": the folder of objects '" + options.path.string() + "': ";
  try {
    return std::make_shared<folder_store>(time, random, std::move(options));
  } catch (const error& why) {
    throw unusable{setting + why.what()};
  }
}

}  // namespace nxg::objects

#pragma once

#include "objects/detail/counters.hpp"
#include "objects/folder/blocking.hpp"
#include "objects/folder/disk.hpp"
#include "objects/object_store.hpp"

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace nxg::objects::folder {

/// Pieces go to the file as they come, at most 1 MiB of them at a time.
class file_upload final : public upload {
 public:
  file_upload(std::shared_ptr<disk> on, std::shared_ptr<blocking> threads, std::shared_ptr<detail::counters> counters,
              std::string name, object_info what);
  ~file_upload() override;

  task<void> write(std::string_view bytes) override;
  task<written> finish() override;
  task<void> abandon() override;

 private:
  /// The file, for the threads: it lives as long as whoever comes last, the upload or a job of it.
  class under_way {
   public:
    under_way(std::shared_ptr<disk> on, std::string name, object_info what)
        : on_{std::move(on)}, name_{std::move(name)}, what_{std::move(what)} {}
    void write(std::string_view bytes);
    written publish();
    void abandon();

   private:
    new_file& opened();

    std::mutex mutex_;  // a job whose caller is gone may still be at work
    std::shared_ptr<disk> on_;
    const std::string name_;
    const object_info what_;
    std::unique_ptr<new_file> file_{};
    bool over_ = false;
  };

  task<void> write_all(std::string_view bytes);
  task<written> publish();
  void require_open() const;

  std::shared_ptr<blocking> threads_;
  std::shared_ptr<detail::counters> counters_;
  std::shared_ptr<under_way> state_;
  /// A call failed or is under way, or the upload is over.
  bool over_ = false;
};

}  // namespace nxg::objects::folder

#pragma once

#include "objects/object_store.hpp"
#include "objects/s3/connection.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace nxg::objects::s3 {

/// Gathers a part and sends it before it takes more: what is held is a part, and its copy while that is on its way.
/// What fits into one part is an ordinary put.
class part_upload final : public upload {
 public:
  /// `key` with the prefix.
  part_upload(std::shared_ptr<connection> by, std::string key, put_options how);
  ~part_upload() override;

  task<void> write(std::string_view bytes) override;
  task<written> finish() override;
  task<void> abandon() override;

 private:
  task<void> write_all(std::string_view bytes);
  task<written> complete();
  std::string take_part();
  task<void> begin();
  task<void> send_part();
  task<written> put_whole();
  static task<void> abort(std::shared_ptr<connection> by, std::string key, std::string upload_id);
  static task<void> abort_quietly(std::shared_ptr<connection> by, std::string key, std::string upload_id);
  void require_open() const;

  std::shared_ptr<connection> by_;
  const std::string key_;
  const put_options how_;
  std::string part_;
  std::uint64_t size_ = 0;
  std::string upload_id_;
  std::vector<std::string> etags_;
  /// A call failed or is under way, or the upload is over.
  bool over_ = false;
};

}  // namespace nxg::objects::s3

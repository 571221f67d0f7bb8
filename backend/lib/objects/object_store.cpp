#include "objects/object_store.hpp"

#include "objects/detail/rules.hpp"

#include <utility>

namespace nxg::objects {

// Plain functions: what is wrong is thrown at once, which to who awaits the call is the same.

task<written> object_store::put(std::string key, std::string content, put_options how) {
  detail::require_key(key);
  detail::require(how);
  if (content.size() > max_put_bytes) throw error{failure::invalid, "the content is too long for one put"};
  return do_put(std::move(key), std::move(content), std::move(how));
}

task<written> object_store::put(std::string key, std::string content) {
  return put(std::move(key), std::move(content), put_options{});
}

task<object> object_store::get(std::string key, get_options how) {
  detail::require_key(key);
  if (how.range && how.range->length == 0) throw error{failure::invalid, "the range is empty"};
  if (how.range && how.range->length > how.max_bytes)
    throw error{failure::invalid, "the range is longer than max_bytes"};
  detail::require_header("if_match", how.if_match);
  return do_get(std::move(key), std::move(how));
}

task<object> object_store::get(std::string key) { return get(std::move(key), get_options{}); }

task<object_info> object_store::head(std::string key) {
  detail::require_key(key);
  return do_head(std::move(key));
}

task<void> object_store::remove(std::string key) {
  detail::require_key(key);
  return do_remove(std::move(key));
}

task<list_page> object_store::list(list_options which) {
  detail::require_prefix(which.prefix);
  if (which.after.size() > 1'024) throw error{failure::invalid, "no key is that long"};
  if (which.limit == 0 || which.limit > max_list) throw error{failure::invalid, "a page has 1 to 1,000 objects"};
  return do_list(std::move(which));
}

std::unique_ptr<upload> object_store::start_upload(std::string key, put_options how) {
  detail::require_key(key);
  detail::require(how);
  return do_start_upload(std::move(key), std::move(how));
}

presigned object_store::presign_get(const std::string& key, const presign_get_options& how) const {
  detail::require_key(key);
  detail::require_life(how.valid);
  detail::require_file_name(how.file_name);
  return do_presign_get(key, how);
}

presigned object_store::presign_put(const std::string& key, const presign_put_options& how) const {
  detail::require_key(key);
  detail::require_life(how.valid);
  detail::require_content_type(how.content_type);
  return do_presign_put(key, how);
}

}  // namespace nxg::objects

#include "objects/s3/xml.hpp"

#include "objects/detail/percent.hpp"
#include "objects/detail/rules.hpp"
#include "objects/s3/times.hpp"

#include <pugixml.hpp>

#include <algorithm>

namespace nxg::objects::s3 {

namespace {

/// The root element of that name.
pugi::xml_node root_of(pugi::xml_document& all, std::string_view body, const char* name) {
  if (!all.load_buffer(body.data(), body.size(), pugi::parse_default, pugi::encoding_utf8)) return {};
  return all.child(name);
}

std::string text_of(const pugi::xml_node& in, const char* name) { return in.child(name).text().get(); }

/// As `encoding-type=url` writes keys.
std::optional<std::string> decoded(std::string text) {
  std::ranges::replace(text, '+', ' ');
  return detail::percent_decoded(text);
}

std::optional<object_info> read_object(const pugi::xml_node& one) {
  object_info info;
  info.size = one.child("Size").text().as_ullong();
  info.etag = bare_etag(text_of(one, "ETag"));
  const auto modified = read_iso_time(text_of(one, "LastModified"));
  if (!modified || info.etag.empty()) return std::nullopt;
  info.modified = *modified;
  return info;
}

}  // namespace

std::optional<service_error> read_error(std::string_view body) {
  pugi::xml_document all;
  const auto root = root_of(all, body, "Error");
  if (!root) return std::nullopt;
  return service_error{text_of(root, "Code"), text_of(root, "Message")};
}

std::optional<list_page> read_list(std::string_view body, std::string_view prefix) {
  pugi::xml_document all;
  const auto root = root_of(all, body, "ListBucketResult");
  if (!root) return std::nullopt;
  const bool encoded = text_of(root, "EncodingType") == "url";
  list_page page;
  std::string last;
  for (const auto& one : root.children("Contents")) {
    auto key = encoded ? decoded(text_of(one, "Key")) : text_of(one, "Key");
    auto info = read_object(one);
    if (!key || !info || !key->starts_with(prefix)) return std::nullopt;
    last = key->substr(prefix.size());
    if (!detail::is_key(last)) continue;
    info->key = last;
    page.objects.push_back(std::move(*info));
  }
  if (root.child("IsTruncated").text().as_bool()) {
    if (last.empty()) return std::nullopt;  // there would be no end to it
    page.next = std::move(last);
  }
  return page;
}

std::optional<std::string> read_upload_id(std::string_view body) {
  pugi::xml_document all;
  auto id = text_of(root_of(all, body, "InitiateMultipartUploadResult"), "UploadId");
  if (id.empty()) return std::nullopt;
  return id;
}

std::optional<std::string> read_completed(std::string_view body) {
  pugi::xml_document all;
  auto etag = bare_etag(text_of(root_of(all, body, "CompleteMultipartUploadResult"), "ETag"));
  if (etag.empty()) return std::nullopt;
  return etag;
}

std::string completion_of(const std::vector<std::string>& etags_of_parts) {
  pugi::xml_document all;
  auto root = all.append_child("CompleteMultipartUpload");
  root.append_attribute("xmlns") = "http://s3.amazonaws.com/doc/2006-03-01/";
  unsigned number = 0;
  for (const auto& etag : etags_of_parts) {
    auto part = root.append_child("Part");
    part.append_child("PartNumber").text() = ++number;
    part.append_child("ETag").text() = ('"' + etag + '"').c_str();
  }
  struct to_text final : pugi::xml_writer {
    void write(const void* data, std::size_t size) override { text.append(static_cast<const char*>(data), size); }
    std::string text;
  } out;
  all.save(out, "", pugi::format_raw | pugi::format_no_declaration, pugi::encoding_utf8);
  return std::move(out.text);
}

std::string bare_etag(std::string_view etag) {
  if (etag.starts_with("W/")) etag.remove_prefix(2);
  if (etag.size() >= 2 && etag.front() == '"' && etag.back() == '"') etag = etag.substr(1, etag.size() - 2);
  return std::string{etag};
}

}  // namespace nxg::objects::s3

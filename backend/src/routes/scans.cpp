#include "routes/scans.hpp"

#include "http/form.hpp"
#include "http/route.hpp"
#include "middleware/arguments.hpp"
#include "services/scans/errors.hpp"

#include <boost/describe/class.hpp>

#include <chrono>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace nxg::routes {

using scanning::scan_details;
using scanning::scan_summary;
using scanning::scan_view;
using scanning::upload_view;

struct scan_form {
  schema::file file;
  std::optional<instant> scan_date;
  std::optional<schema::text<1, 100>> device_used;
  std::optional<scan_notes> notes;
  std::optional<uuid> user_id;

  static constexpr schema::note descriptions[] = {
      {"file", "OBJ, GLB, PLY, CSV, PDF or JSON by its content, at most 50 MiB"},
      {"user_id", "For staff: the member, who is in a branch they work at"}};
};
BOOST_DESCRIBE_STRUCT(scan_form, (), (file, scan_date, device_used, notes, user_id))

struct scan_announcement {
  schema::bounded<std::int64_t, 1, 52428800> size_bytes;
  schema::hex<64> sha256;
  std::optional<instant> scan_date;
  std::optional<schema::text<1, 100>> device_used;
  std::optional<scan_notes> notes;
  std::optional<uuid> user_id;
};
BOOST_DESCRIBE_STRUCT(scan_announcement, (), (size_bytes, sha256, scan_date, device_used, notes, user_id))

struct measured_scan {
  scan_measurements measurements;
  std::optional<instant> scan_date;
  std::optional<schema::text<1, 100>> device_used;
  std::optional<scan_notes> notes;
  std::optional<uuid> user_id;
};
BOOST_DESCRIBE_STRUCT(measured_scan, (), (measurements, scan_date, device_used, notes, user_id))

struct scan_path {
  uuid scan_id;
};
BOOST_DESCRIBE_STRUCT(scan_path, (), (scan_id))
struct scan_upload_path {
  uuid upload_id;
};
BOOST_DESCRIBE_STRUCT(scan_upload_path, (), (upload_id))
struct scan_part_path {
  uuid upload_id;
  schema::bounded<std::int32_t, 1, 100> number;
};
BOOST_DESCRIBE_STRUCT(scan_part_path, (), (upload_id, number))
struct scan_part_query {
  schema::hex<64> sha256;
  static constexpr schema::note descriptions[] = {{"sha256", "Of the part, hexadecimal"}};
};
BOOST_DESCRIBE_STRUCT(scan_part_query, (), (sha256))
struct scan_pair {
  uuid from;
  uuid to;
};
BOOST_DESCRIBE_STRUCT(scan_pair, (), (from, to))

namespace {

using namespace std::chrono_literals;

constexpr std::size_t form_limit = (50u << 20) + (128u << 10);
/// Of our own work: the sender's time does not count.
constexpr auto file_deadline = 60s;
constexpr std::size_t webhook_limit = 256 * 1024;

template <class Sent>
scan_details details_of(const Sent& sent) {
  scan_details details;
  details.scan_date = sent.scan_date;
  if (sent.device_used) details.device_used = sent.device_used->value();
  details.notes = sent.notes;
  return details;
}

std::string place_of(const scan_summary& one) { return "/api/scans/" + one.scan_id.to_string(); }

http::accepted<scan_summary> taken(scan_summary one) {
  auto place = place_of(one);
  return {std::move(one), std::move(place)};
}

template <class T>
http::page<T> shown(store::page<T> found) {
  return {std::move(found.items), std::move(found.next)};
}

/// Whose scans callers bring. For somebody else it is recorded first: what could not be recorded must not happen.
class bringing {
 public:
  bringing(scanning::scans& scans, audit_log& audit) : scans_{scans}, audit_{audit} {}

  /// Throws what `scans::owner` throws, and what keeping the record does.
  task<user> owner(caller who, std::optional<uuid> member, std::string_view operation, request_origin origin) const {
    auto found = co_await scans_.owner(who, member);
    if (found.id != who.id) {
      audit_entry act{.event = audit_event::privileged_request,
                      .actor = who.id,
                      .actor_role = who.role,
                      .subject = found.id,
                      .detail = std::string{operation},
                      .origin = std::move(origin)};
      co_await audit_.record(std::move(act));
    }
    co_return found;
  }

 private:
  scanning::scans& scans_;
  audit_log& audit_;
};

class receiving {
 public:
  receiving(scanning::scans& scans, bringing owners) : scans_{scans}, owners_{owners} {}

  task<http::accepted<scan_summary>> file(caller who, http::upload<scan_form> sent, http::new_ids ids,
                                          request_origin origin) const {
    // Before anything is read; of whom else it may be is known at its end only.
    if (who.role == role::member) {
      const auto own = co_await scans_.owner(who, std::nullopt);
      static_cast<void>(own);
    }
    const auto place = scans_.start_receiving(who.id);
    const auto id = ids.next();
    const auto key = scan_key(id, "original");
    std::exception_ptr failed;
    scan_summary made;
    try {
      made = co_await take(who, sent, id, key, std::move(origin));
    } catch (...) {
      failed = std::current_exception();
    }
    if (failed) {
      co_await scans_.discard(key);
      std::rethrow_exception(failed);
    }
    co_return taken(std::move(made));
  }

  task<upload_view> part(caller who, scan_part_path which, std::string sha256, http::octets sent) const {
    const auto size = co_await scans_.size_of_part(who.id, which.upload_id, which.number.value());
    const auto place = scans_.start_receiving(who.id);
    std::string content;
    for (;;) {
      const auto piece = co_await sent.next();
      if (piece.empty()) break;
      if (content.size() + piece.size() > static_cast<std::size_t>(size)) throw scanning::scan_too_large();
      content.append(piece);
    }
    co_return co_await scans_.put_part(who.id, which.upload_id, which.number.value(), std::move(content),
                                       std::move(sha256));
  }

 private:
  task<scan_summary> take(const caller& who, http::upload<scan_form>& sent, uuid id, const std::string& key,
                          request_origin origin) const {
    const auto about = co_await sent.file();
    static_cast<void>(about);
    scanning::file_receiver into{scans_.files(), key};
    for (;;) {
      const auto piece = co_await sent.next();
      if (piece.empty()) break;
      co_await into.add(piece);
    }
    auto received = co_await into.finish();
    const auto fields = co_await sent.fields();
    auto owner = co_await owners_.owner(who, fields.user_id, "uploadScan", std::move(origin));
    auto details = details_of(fields);
    co_return co_await scans_.add(std::move(owner), who, id, std::move(received), std::move(details));
  }

  scanning::scans& scans_;
  bringing owners_;
};

void add_taking(http::router& routes, scanning::scans& scans, bringing owners) {
  routes.post("/api/scans/upload")
      .summary("Upload a body scan")
      .description(
          "The file is kept as it arrives and processed afterwards: `scan:status` tells the member's sockets how it "
          "goes. "
          "One scan a day is processed. On a network that breaks, use `/api/scans/uploads`.")
      .tag("Scans")
      .operation_id("uploadScan")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .errors(error_code::consent_required, error_code::not_found, error_code::scan_format_unsupported,
              error_code::scan_too_large, error_code::scan_damaged, error_code::scan_duplicate,
              error_code::scan_day_taken)
      .body_limit(form_limit)
      .deadline(file_deadline)
      .alias("/api/upload/scan-data")
      .handle([take = receiving{scans, owners}](caller who, http::upload<scan_form> sent, http::new_ids ids,
                                                request_origin origin) {
        return take.file(std::move(who), std::move(sent), ids, std::move(origin));
      });

  routes.post("/api/integrations/3d-scan")
      .summary("Make an avatar of measurements")
      .tag("Scans")
      .operation_id("measureScan")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .errors(error_code::consent_required, error_code::not_found, error_code::scan_day_taken)
      .idempotent()
      .handle([&scans, owners](caller who, http::body<measured_scan> sent, http::new_ids ids,
                               request_origin origin) -> task<http::accepted<scan_summary>> {
        auto owner = co_await owners.owner(who, sent->user_id, "measureScan", std::move(origin));
        auto details = details_of(*sent);
        const auto id = ids.next();
        auto made = co_await scans.add_measurements(std::move(owner), who, id, sent->measurements, std::move(details));
        co_return taken(std::move(made));
      });
}

void add_uploads(http::router& routes, scanning::scans& scans, bringing owners) {
  routes.post("/api/scans/uploads")
      .summary("Begin an upload in parts")
      .description(
          "The answer says how large the parts are and which are missing. Parts may come in any order and again.")
      .tag("Scans")
      .operation_id("beginScanUpload")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .errors(error_code::consent_required, error_code::not_found, error_code::scan_duplicate,
              error_code::scan_too_many_uploads)
      .idempotent()
      .handle([&scans, owners](caller who, http::body<scan_announcement> sent, http::new_ids ids,
                               request_origin origin) -> task<http::created<upload_view>> {
        auto owner = co_await owners.owner(who, sent->user_id, "beginScanUpload", std::move(origin));
        scanning::announced_upload what{sent->size_bytes.value(), sent->sha256.value(), details_of(*sent)};
        const auto id = ids.next();
        auto made = co_await scans.begin_upload(std::move(owner), who, id, std::move(what));
        auto place = "/api/scans/uploads/" + made.upload_id.to_string();
        co_return http::created<upload_view>{std::move(made), std::move(place)};
      });
  routes.get("/api/scans/uploads/{uploadId}")
      .summary("What has arrived of an upload")
      .tag("Scans")
      .operation_id("getScanUpload")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .errors(error_code::scan_upload_not_found)
      .handle(
          [&scans](caller who, http::path<scan_upload_path> which) { return scans.upload(who.id, which->upload_id); });
  routes.put("/api/scans/uploads/{uploadId}/parts/{number}")
      .summary("A part of an upload")
      .tag("Scans")
      .operation_id("putScanPart")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .errors(error_code::scan_upload_not_found, error_code::scan_damaged, error_code::scan_too_large)
      .body_limit(static_cast<std::size_t>(scanning::scans::part_bytes))
      .deadline(file_deadline)
      .handle([take = receiving{scans, owners}](caller who, http::path<scan_part_path> which,
                                                http::query<scan_part_query> asked, http::octets sent) {
        return take.part(std::move(who), *which, asked->sha256.value(), std::move(sent));
      });
  routes.post("/api/scans/uploads/{uploadId}/complete")
      .summary("Put the parts together")
      .description("Repeating it gives the same scan.")
      .tag("Scans")
      .operation_id("completeScanUpload")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .errors(error_code::scan_upload_not_found, error_code::scan_upload_incomplete, error_code::scan_damaged,
              error_code::scan_format_unsupported, error_code::scan_too_large, error_code::scan_duplicate,
              error_code::scan_day_taken, error_code::consent_required, error_code::not_found)
      .deadline(file_deadline)
      .handle([&scans](caller who, http::path<scan_upload_path> which) -> task<http::accepted<scan_summary>> {
        auto made = co_await scans.complete_upload(std::move(who), which->upload_id);
        co_return taken(std::move(made));
      });
  routes.del("/api/scans/uploads/{uploadId}")
      .summary("Give an upload up")
      .tag("Scans")
      .operation_id("abandonScanUpload")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .errors(error_code::scan_upload_not_found)
      .handle([&scans](caller who, http::path<scan_upload_path> which) -> task<void> {
        return scans.abandon_upload(who.id, which->upload_id);
      });
}

void add_showing(http::router& routes, scanning::scans& scans) {
  routes.get("/api/scans")
      .summary("The caller's scans, newest first")
      .tag("Scans")
      .operation_id("listScans")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .handle([&scans](caller who, http::page_request page) -> task<http::page<scan_summary>> {
        auto found = co_await scans.list(who.id, static_cast<std::size_t>(page.limit), std::move(page.after));
        co_return shown(std::move(found));
      });
  routes.get("/api/scans/compare")
      .summary("What changed from one scan to another")
      .tag("Scans")
      .operation_id("compareScans")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .errors(error_code::scan_not_found, error_code::scan_not_ready)
      .handle(
          [&scans](caller who, http::query<scan_pair> asked) { return scans.compare(who.id, asked->from, asked->to); });
  routes.get("/api/scans/{scanId}")
      .summary("A scan: how it stands, its measurements, links to its files")
      .tag("Scans")
      .operation_id("getScan")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .errors(error_code::scan_not_found)
      .secret()
      .handle([&scans](caller who, http::path<scan_path> which) { return scans.find(who.id, which->scan_id); });
  routes.del("/api/scans/{scanId}")
      .summary("Remove a scan with its files")
      .description("Its place of the day stays taken.")
      .tag("Scans")
      .operation_id("deleteScan")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .errors(error_code::scan_not_found)
      .handle([&scans](caller who, http::path<scan_path> which) -> task<void> {
        return scans.remove(who.id, which->scan_id);
      });
  routes.post("/api/scans/{scanId}/confirm")
      .summary("Take a scan's measurements into the body metrics")
      .tag("Scans")
      .operation_id("confirmScan")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .errors(error_code::scan_not_found, error_code::scan_not_ready, error_code::scan_implausible)
      .status(200)
      .handle([&scans](caller who, http::path<scan_path> which) { return scans.confirm(who.id, which->scan_id); });
}

void add_webhook(http::router& routes, scanning::scans& scans) {
  routes.post(scanning::processing::webhook_path)
      .summary("For the scan service: a job ended")
      .description(
          "The body is the `JobReport` of the service's contract. `X-SCS-Signature` is `sha256=` and the hexadecimal "
          "HMAC-SHA256 of `X-SCS-Timestamp`, a full stop and the body as sent; the timestamp holds for five minutes.")
      .tag("Scans")
      .operation_id("receiveScanWebhook")
      .open()
      .limit("unlimited")
      .body_limit(webhook_limit)
      .errors(error_code::webhook_refused, error_code::scan_not_found)
      .handle([&scans](http::request& incoming) -> task<void> {
        if (!incoming.query.empty()) throw invalid_field("/query", "unknown_field", "takes no parameters");
        integrations::webhook_request came;
        came.timestamp = incoming.headers.find("x-scs-timestamp").value_or("");
        came.signature = incoming.headers.find("x-scs-signature").value_or("");
        came.body = incoming.body;
        co_await scans.take_webhook(came);
      });
}

}  // namespace

void declare_scans(http::router& routes, scanning::scans& scans, audit_log& audit) {
  const bringing owners{scans, audit};
  add_taking(routes, scans, owners);
  add_uploads(routes, scans, owners);
  add_showing(routes, scans);
  add_webhook(routes, scans);
}

}  // namespace nxg::routes

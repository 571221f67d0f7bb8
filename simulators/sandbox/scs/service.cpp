#include "sandbox/scs/service.hpp"

#include "http/range.hpp"
#include "http/route.hpp"
#include "sandbox/scs/digest.hpp"
#include "schema/json.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <deque>
#include <memory>
#include <mutex>
#include <utility>

namespace nxg::sandbox::scs {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view tag = "scs";
// Longer than any caller waits: hanging is what hung requests do.
constexpr auto patience = 10min;
constexpr auto token_life = 1h;

struct token_answer {
  std::string access_token;
  std::string token_type = "Bearer";
  std::int64_t expires_in = 0;
};
BOOST_DESCRIBE_STRUCT(token_answer, (), (access_token, token_type, expires_in))
// OAuth writes its names with underscores, which described members are not.
std::string to_text(const token_answer& answer) {
  return R"({"access_token":")" + answer.access_token + R"(","token_type":"Bearer","expires_in":)" +
         std::to_string(answer.expires_in) + "}";
}

struct job_path {
  std::string job_id;
};
BOOST_DESCRIBE_STRUCT(job_path, (), (job_id))
struct file_path {
  std::string file_id;
};
BOOST_DESCRIBE_STRUCT(file_path, (), (file_id))

struct webhook_order {
  webhook_fault kind = webhook_fault::none;
};
BOOST_DESCRIBE_STRUCT(webhook_order, (), (kind))

template <class T>
http::response answer(int status, const T& value) {
  return http::make_response(status, "application/json", schema::to_json(value));
}

std::string base64(std::string_view octets) {
  std::string text(4 * ((octets.size() + 2) / 3) + 1, '\0');
  const auto size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(octets.data()), static_cast<int>(octets.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

/// Tokens tell when they end and are signed with the client's secret.
class door {
 public:
  door(client_credentials known, runtime::clock& time, std::size_t per_hour)
      : known_{std::move(known)}, time_{time}, per_hour_{per_hour} {}

  [[nodiscard]] http::response token(const http::request& incoming) const {
    if (incoming.body.find("grant_type=client_credentials") == std::string::npos)
      throw http::problem{400, "unsupported_grant_type", "Only client_credentials."};
    const auto life = std::chrono::duration_cast<std::chrono::seconds>(token_life);
    const auto end = std::to_string((seconds() + life).count());
    return http::make_response(200, "application/json",
                               to_text({end + "." + hmac_sha256_hex(known_.secret, end), "Bearer", life.count()}));
  }

  void admit(const http::request& incoming) {
    if (incoming.route->path.ends_with("/oauth/token")) return require_client(incoming);
    require_token(incoming);
    if (incoming.method == http::verb::post) count();
  }

 private:
  [[nodiscard]] std::chrono::seconds seconds() const {
    return std::chrono::floor<std::chrono::seconds>(time_.now()).time_since_epoch();
  }
  void require_client(const http::request& incoming) const {
    if (!has_header(incoming, "Authorization", "Basic " + base64(known_.id + ":" + known_.secret)))
      throw http::problem{401, "invalid_client", "The client or its secret is wrong."};
  }
  void require_token(const http::request& incoming) const {
    auto given = incoming.headers.find("authorization").value_or("");
    const auto refuse = [] { throw http::problem{401, "invalid_token", "The token is wrong or has ended."}; };
    if (incoming.headers.count("authorization") != 1 || !given.starts_with("Bearer ")) refuse();
    given.remove_prefix(7);
    const auto dot = std::min(given.find('.'), given.size());
    const std::string end{given.substr(0, dot)};
    if (given != end + "." + hmac_sha256_hex(known_.secret, end)) refuse();
    if (std::stoll(end) <= seconds().count()) refuse();
  }
  void count() {
    const std::lock_guard lock{mutex_};
    const auto now = time_.steady();
    while (!orders_.empty() && now - orders_.front() >= 1h) orders_.pop_front();
    if (orders_.size() >= per_hour_) {
      const auto wait = std::chrono::ceil<std::chrono::seconds>(1h - (now - orders_.front()));
      throw http::problem{429, "quota_exceeded", "The hour's scans are used up."}.with_retry_after(wait);
    }
    orders_.push_back(now);
  }

  client_credentials known_;
  runtime::clock& time_;
  std::size_t per_hour_;
  std::mutex mutex_;
  std::deque<steady_instant> orders_;
};

http::response part_of(const http::request& incoming, const std::string& content) {
  const auto asked = http::asked_range(incoming.headers.find("range"), {}, content.size(), "");
  if (std::holds_alternative<http::beyond_resource>(asked)) return http::make_response(416, "text/plain", "");
  const auto* range = std::get_if<http::octet_range>(&asked);
  if (range == nullptr) return http::make_response(200, "application/octet-stream", content);
  auto answer = http::make_response(206, "application/octet-stream", content.substr(range->first, range->length));
  answer.headers.set("Content-Range", "bytes " + std::to_string(range->first) + "-" +
                                          std::to_string(range->first + range->length - 1) + "/" +
                                          std::to_string(content.size()));
  return answer;
}

std::string key_of(const http::request& incoming) {
  return std::string{incoming.headers.find("idempotency-key").value_or("")};
}

http::route& prepare(http::route& route, std::string_view summary, std::string_view path) {
  return route.summary(std::string{summary})
      .tag(std::string{tag})
      .open()
      .deadline(patience)
      .body_limit(64 * 1024)
      .alias("/v1" + std::string{path});
}

void declare_orders(http::router& routes, job_shop& shop) {
  prepare(routes.post("/scans/process"), "Measure a scan", "/scans/process")
      .handle([&shop](http::body<scan_order> order, http::request& incoming) {
        return answer(202, job_accepted{shop.take(*order, key_of(incoming))});
      });
  prepare(routes.post("/avatars/generate"), "Make an avatar of measurements", "/avatars/generate")
      .handle([&shop](http::body<avatar_order> order, http::request& incoming) {
        return answer(202, job_accepted{shop.take(*order, key_of(incoming))});
      });
}

void declare_results(http::router& routes, job_shop& shop) {
  prepare(routes.get("/processing/status/{jobId}"), "How a job stands", "/processing/status/{jobId}")
      .handle([&shop](http::path<job_path> which) {
        const auto report = shop.report(which->job_id);
        if (!report) throw http::problem{404, "job_not_found", "There is no such job."};
        return answer(200, *report);
      });
  prepare(routes.get("/files/{fileId}"), "A file of a job", "/files/{fileId}")
      .handle([&shop](http::path<file_path> which, http::request& incoming) {
        const auto content = shop.file(which->file_id);
        if (!content) throw http::problem{404, "file_not_found", "There is no such file."};
        return part_of(incoming, *content);
      });
}

/// What a broken service may say instead.
std::string lie(std::int64_t number) {
  constexpr std::array<std::string_view, 6> lies{
      R"({"jobId":42,"status":"completed"})",
      R"([])",
      R"({"jobId":"job-1","status":"completed","measurements":{"chestCm":9000,"waistCm":-3},"files":[]})",
      R"({"jobId":"job-2","status":"completed","files":[{"kind":"mesh","url":"http://169.254.169.254/latest/meta-data","sha256":"00"}]})",
      R"({"jobId":"job-3","stat)",
      R"(<html><body>It works!</body></html>)"};
  return std::string{lies.at(static_cast<std::size_t>(number) % lies.size())};
}

}  // namespace

played_service play(http::router& routes, job_shop& shop, client_credentials known, runtime::clock& time,
                    std::size_t per_hour) {
  const auto guard = std::make_shared<door>(std::move(known), time, per_hour);
  prepare(routes.post("/oauth/token"), "An access token", "/oauth/token").handle([guard](http::request& incoming) {
    return guard->token(incoming);
  });
  declare_orders(routes, shop);
  declare_results(routes, shop);
  routes.post("/scs/webhooks")
      .summary("Order a fault of webhooks")
      .open()
      .handle([&shop](http::body<webhook_order> order) {
        shop.order_webhooks(order->kind);
        return answer(200, webhook_order{shop.webhooks()});
      });
  played_service made;
  made.name = tag;
  made.admit = [guard](const http::request& incoming) { guard->admit(incoming); };
  made.lie = &lie;
  return made;
}

}  // namespace nxg::sandbox::scs

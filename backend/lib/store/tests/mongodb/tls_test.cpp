#include "host.hpp"
#include "http_client/tests/certificate.hpp"
#include "tls_front.hpp"

#include <string>

namespace nxg::store::testing {

namespace {

class mongodb_tls : public ::testing::Test {
 protected:
  mongodb_tls() {
    tls.use_certificate_file(certificate.file(), boost::asio::ssl::context::pem);
    tls.use_private_key_file(certificate.key_file(), boost::asio::ssl::context::pem);
  }
  std::shared_ptr<mongodb_engine> open(const std::string& options) {
    const std::string url = "mongodb://127.0.0.1:" + std::to_string(front.port()) + "/tls?" + options;
    return mongodb_engine::open({.url = url, .workers = 2, .time_out = std::chrono::milliseconds{2'000}});
  }
  std::string refusal(const std::string& options) {
    try {
      open(options);
    } catch (const error& why) {
      return why.what();
    }
    return "it was opened";
  }

  http::certificate certificate;
  boost::asio::ssl::context tls{boost::asio::ssl::context::tls_server};
  tls_front front{tls, shared_server().socket()};
};

TEST_F(mongodb_tls, the_url_brings_the_certificate_the_server_is_checked_with) {
  boost::asio::io_context loop;
  runtime::clock time;
  runtime::secure_random random;
  database base{open("tls=true&tlsCAFile=" + certificate.file()), time, random};
  collection<ticket> tickets{base};
  run_on(loop, prepare(base));
  const ticket one{.id = "1", .code = "A"};
  run_on(loop, tickets.insert(one));
  EXPECT_EQ(run_on(loop, tickets.get("1")).code, "A");
}

TEST_F(mongodb_tls, a_server_that_cannot_be_trusted_is_not_talked_to) {
  EXPECT_NE(refusal("tls=true").find("TLS"), std::string::npos) << refusal("tls=true");
  EXPECT_NE(refusal("tls=false").find("127.0.0.1"), std::string::npos);
}

}  // namespace

}  // namespace nxg::store::testing

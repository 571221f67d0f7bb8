#include "http_client/client.hpp"

#include "http_client/tests/certificate.hpp"
#include "http_client/tests/scripted_server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include <future>
#include <memory>

namespace nxg::http {
namespace {

namespace asio = boost::asio;

class tls_test : public testing::Test {
 protected:
  tls_test() {
    tls_.use_certificate_file(certificate_.file(), asio::ssl::context::pem);
    tls_.use_private_key_file(certificate_.key_file(), asio::ssl::context::pem);
    server_.emplace(always(ok("secret")), &tls_);
  }

  /// The body, or the failure's name.
  std::string ask(const std::string& url, const std::string& ca_file) {
    asio::io_context context;
    client with{context.get_executor(), time_, {.ca_file = ca_file}};
    auto answer = asio::co_spawn(context, with.send({.url = url}), asio::use_future);
    while (answer.wait_for(std::chrono::seconds{0}) != std::future_status::ready) context.run_one();
    try {
      return answer.get().body;
    } catch (const client_error& error) {
      return std::string{name_of(error.how)};
    }
  }

  certificate certificate_;
  asio::ssl::context tls_{asio::ssl::context::tls_server};
  runtime::clock time_;
  std::optional<scripted_server> server_;
};

TEST_F(tls_test, a_certificate_that_verifies_is_accepted) {
  EXPECT_EQ(ask(server_->url("/", "127.0.0.1", "https"), certificate_.file()), "secret");
}

TEST_F(tls_test, an_unknown_certificate_is_refused) {
  EXPECT_EQ(ask(server_->url("/", "127.0.0.1", "https"), ""), "tls");
}

TEST_F(tls_test, a_certificate_for_another_name_is_refused) {
  EXPECT_EQ(ask(server_->url("/", "localhost", "https"), certificate_.file()), "tls");
}

TEST_F(tls_test, a_server_without_tls_is_refused) {
  scripted_server plain{[](connection& with) {
    with.write(ok("plain"));
    with.wait_for_close();
  }};
  EXPECT_EQ(ask(plain.url("/", "127.0.0.1", "https"), certificate_.file()), "tls");
}

TEST_F(tls_test, a_missing_file_of_authorities_is_refused) {
  EXPECT_EQ(ask(server_->url("/", "127.0.0.1", "https"), "/nowhere/ca.pem"), "tls");
}

}  // namespace
}  // namespace nxg::http

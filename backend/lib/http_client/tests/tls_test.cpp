#include "http_client/client.hpp"

#include "http_client/tests/scripted_server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <future>
#include <memory>

namespace nxg::http {
namespace {

namespace asio = boost::asio;

/// A certificate for 127.0.0.1 signed by itself, with its key, in files of its own.
class certificate {
 public:
  certificate() : folder_{std::filesystem::temp_directory_path() / ("nxg-tls-" + std::to_string(::getpid()))} {
    std::filesystem::create_directories(folder_);
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{EVP_EC_gen("P-256"), EVP_PKEY_free};
    const std::unique_ptr<X509, decltype(&X509_free)> made{X509_new(), X509_free};
    X509_set_version(made.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), -60);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), 3600);
    X509_set_pubkey(made.get(), key.get());
    auto* name = X509_get_subject_name(made.get());
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
    X509_set_issuer_name(made.get(), name);
    add(made.get(), NID_subject_alt_name, "IP:127.0.0.1");
    add(made.get(), NID_basic_constraints, "critical,CA:TRUE");
    X509_sign(made.get(), key.get(), EVP_sha256());
    write(key_file(),
          [&](std::FILE* file) { PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr); });
    write(file(), [&](std::FILE* file) { PEM_write_X509(file, made.get()); });
  }
  certificate(const certificate&) = delete;
  certificate& operator=(const certificate&) = delete;
  ~certificate() { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::string file() const { return folder_ / "certificate.pem"; }
  [[nodiscard]] std::string key_file() const { return folder_ / "key.pem"; }

 private:
  static void add(X509* to, int kind, const char* value) {
    const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> more{
        X509V3_EXT_conf_nid(nullptr, nullptr, kind, value), X509_EXTENSION_free};
    X509_add_ext(to, more.get(), -1);
  }
  template <class Writer>
  static void write(const std::string& path, Writer writer) {
    const std::unique_ptr<std::FILE, decltype(&std::fclose)> file{std::fopen(path.c_str(), "w"), std::fclose};
    writer(file.get());
  }
  std::filesystem::path folder_;
};

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

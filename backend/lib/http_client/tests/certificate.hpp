#pragma once

#include "runtime/tests/temporary_folder.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <memory>
#include <string>

namespace nxg::http {

/// A certificate for the loopback signed by itself, with its key, in files of its own.
class certificate {
 public:
  /// `names`: whom it is for, as subjectAltName says it.
  explicit certificate(const char* names = "IP:127.0.0.1") {
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
    add(made.get(), NID_subject_alt_name, names);
    add(made.get(), NID_basic_constraints, "critical,CA:TRUE");
    X509_sign(made.get(), key.get(), EVP_sha256());
    write(key_file(),
          [&](std::FILE* file) { PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr); });
    write(file(), [&](std::FILE* file) { PEM_write_X509(file, made.get()); });
  }
  certificate(const certificate&) = delete;
  certificate& operator=(const certificate&) = delete;

  [[nodiscard]] std::string file() const { return folder_.path() / "certificate.pem"; }
  [[nodiscard]] std::string key_file() const { return folder_.path() / "key.pem"; }

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
  runtime::temporary_folder folder_{"tls"};
};

}  // namespace nxg::http

#include "store/mongodb/url.hpp"

#include "store/errors.hpp"

#include <unistd.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace nxg::store::mongodb {

namespace {

constexpr std::chrono::milliseconds longest_connect{2'000};
constexpr std::chrono::milliseconds look_again{2'000};

/// What libmongoc says while a URL is parsed, which is the only way it tells of an option it does not know.
thread_local std::string* overheard = nullptr;

void listen(mongoc_log_level_t level, const char*, const char* message, void*) {
  if (overheard && level <= MONGOC_LOG_LEVEL_WARNING && overheard->empty()) *overheard = message;
}

struct library {
  library() {
    mongoc_init();
    mongoc_log_set_handler(listen, nullptr);
  }
  ~library() { mongoc_cleanup(); }
};

[[noreturn]] void refuse(const std::string& why) {
  throw error{failure::unavailable, "the URL of MongoDB is wrong: " + why};
}

/// Sentences of libmongoc may quote the URL: what stands before an @ is cut out of them.
std::string without_credentials(std::string text) {
  const auto begin = text.find("://");
  const auto end = text.rfind('@');
  if (begin != std::string::npos && end != std::string::npos && end > begin) text.erase(begin + 3, end - begin - 2);
  return text;
}

/// libmongoc takes what follows the first @ for the host, and would name it.
void refuse_bare_at(std::string_view url) {
  const std::string_view rest = url.substr(url.find("://") + 3);
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?"));
  if (std::ranges::count(authority, '@') > 1)
    refuse("its user or password has a character that has to be percent-encoded (@ as %40)");
}

std::string hosts_of(const mongoc_uri_t* uri) {
  std::string all;
  for (const auto* host = mongoc_uri_get_hosts(uri); host; host = host->next) {
    all += (all.empty() ? "" : ",");
    all += host->host[0] == '/' ? host->host : host->host_and_port;
  }
  return all;
}

/// The store's promises hold with majority and journaled writes, read from the primary: a URL cannot weaken them.
void refuse_weaker(const mongoc_uri_t* uri) {
  const auto* writes = mongoc_uri_get_write_concern(uri);
  if (mongoc_uri_has_option(uri, MONGOC_URI_W) && !mongoc_write_concern_get_wmajority(writes))
    refuse("it sets w; writes are always confirmed by a majority: leave it out");
  if (mongoc_write_concern_journal_is_set(writes) && !mongoc_write_concern_get_journal(writes))
    refuse("it sets journal=false; writes are always journaled: leave it out");
  const auto* reads = mongoc_uri_get_read_prefs_t(uri);
  if (mongoc_read_prefs_get_mode(reads) != MONGOC_READ_PRIMARY)
    refuse("it sets readPreference; reads are always from the primary: leave it out");
}

void refuse_missing_files(const mongoc_uri_t* uri) {
  for (const char* option : {MONGOC_URI_TLSCAFILE, MONGOC_URI_TLSCERTIFICATEKEYFILE}) {
    const char* file = mongoc_uri_get_option_as_utf8(uri, option, nullptr);
    if (file && access(file, R_OK) != 0) refuse(std::string{option} + " names " + file + ", which cannot be read");
  }
}

void bound(mongoc_uri_t* uri, const char* option, std::chrono::milliseconds most) {
  const auto limit = static_cast<std::int32_t>(most.count());
  const std::int32_t asked = mongoc_uri_get_option_as_int32(uri, option, limit);
  mongoc_uri_set_option_as_int32(uri, option, asked > 0 ? std::min(asked, limit) : limit);
}

}  // namespace

void start_libmongoc() { static const library once; }

address parse_url(const std::string& url, std::size_t clients, std::chrono::milliseconds time_out) {
  start_libmongoc();
  if (!url.starts_with("mongodb://") && !url.starts_with("mongodb+srv://"))
    refuse("it begins with mongodb:// or mongodb+srv://");
  refuse_bare_at(url);
  std::string warning;
  bson_error_t why{};
  overheard = &warning;
  address made;
  made.uri.reset(mongoc_uri_new_with_error(url.c_str(), &why));
  overheard = nullptr;
  if (!made.uri) refuse(without_credentials(why.message));
  if (!warning.empty()) refuse(without_credentials(warning));
  refuse_weaker(made.uri.get());
  refuse_missing_files(made.uri.get());
  const char* database = mongoc_uri_get_database(made.uri.get());
  made.database = database ? database : "nxg";
  made.hosts = hosts_of(made.uri.get());
  mongoc_uri_set_option_as_int32(made.uri.get(), MONGOC_URI_MAXPOOLSIZE, static_cast<std::int32_t>(clients));
  // One try each: the caller decides what is done again, and its time is bounded.
  mongoc_uri_set_option_as_bool(made.uri.get(), MONGOC_URI_RETRYWRITES, false);
  mongoc_uri_set_option_as_bool(made.uri.get(), MONGOC_URI_RETRYREADS, false);
  bound(made.uri.get(), MONGOC_URI_SOCKETTIMEOUTMS, time_out);
  bound(made.uri.get(), MONGOC_URI_CONNECTTIMEOUTMS, std::min(time_out, longest_connect));
  bound(made.uri.get(), MONGOC_URI_SERVERSELECTIONTIMEOUTMS, std::min(time_out, longest_connect));
  bound(made.uri.get(), MONGOC_URI_HEARTBEATFREQUENCYMS, look_again);
  if (!mongoc_uri_get_appname(made.uri.get())) mongoc_uri_set_appname(made.uri.get(), "nxg-connect");
  return made;
}

}  // namespace nxg::store::mongodb

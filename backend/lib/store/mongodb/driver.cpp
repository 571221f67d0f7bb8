#include "store/mongodb/driver.hpp"

#include "store/errors.hpp"

#include <utility>

namespace nxg::store::mongodb {

namespace {

constexpr std::int32_t clear_errors = 2;  // error API version: the server's errors have a domain of their own

}  // namespace

driver::driver(address where, const mongodb_options& options)
    : where_{std::move(where)}, on_command_{options.on_command}, pool_{mongoc_client_pool_new(where_.uri.get())} {
  if (!pool_) {
    throw error{failure::unavailable,
                "the URL of MongoDB is wrong: its TLS settings cannot be used (is there every file it names?)"};
  }
  mongoc_client_pool_set_error_api(pool_, clear_errors);
  watch();
}

driver::~driver() { mongoc_client_pool_destroy(pool_); }

driver::lent_client driver::lend() { return {mongoc_client_pool_pop(pool_), give_back{pool_}}; }

std::unique_ptr<mongoc_client_t, driver::end> driver::patient_client(std::chrono::milliseconds patience) const {
  const std::unique_ptr<mongoc_uri_t, address::release> uri{mongoc_uri_copy(where_.uri.get())};
  mongoc_uri_set_option_as_int32(uri.get(), MONGOC_URI_SOCKETTIMEOUTMS, static_cast<std::int32_t>(patience.count()));
  std::unique_ptr<mongoc_client_t, end> made{mongoc_client_new_from_uri(uri.get())};
  if (made) mongoc_client_set_error_api(made.get(), clear_errors);
  return made;
}

void driver::told(const char* name, std::int64_t microseconds, bool failed) {
  commands_.fetch_add(1, std::memory_order_relaxed);
  if (failed) failed_commands_.fetch_add(1, std::memory_order_relaxed);
  if (on_command_) on_command_({.name = name, .took = std::chrono::microseconds{microseconds}, .failed = failed});
}

void driver::watch() {
  const std::unique_ptr<mongoc_apm_callbacks_t, void (*)(mongoc_apm_callbacks_t*)> callbacks{
      mongoc_apm_callbacks_new(), mongoc_apm_callbacks_destroy};
  mongoc_apm_set_command_succeeded_cb(callbacks.get(), [](const mongoc_apm_command_succeeded_t* event) {
    static_cast<driver*>(mongoc_apm_command_succeeded_get_context(event))
        ->told(mongoc_apm_command_succeeded_get_command_name(event), mongoc_apm_command_succeeded_get_duration(event),
               false);
  });
  mongoc_apm_set_command_failed_cb(callbacks.get(), [](const mongoc_apm_command_failed_t* event) {
    static_cast<driver*>(mongoc_apm_command_failed_get_context(event))
        ->told(mongoc_apm_command_failed_get_command_name(event), mongoc_apm_command_failed_get_duration(event), true);
  });
  mongoc_apm_set_topology_changed_cb(callbacks.get(), [](const mongoc_apm_topology_changed_t* event) {
    static_cast<driver*>(mongoc_apm_topology_changed_get_context(event))
        ->see(mongoc_apm_topology_changed_get_new_description(event));
  });
  mongoc_client_pool_set_apm_callbacks(pool_, callbacks.get(), this);
}

void driver::see(const mongoc_topology_description_t* servers) {
  reachable_ = mongoc_topology_description_has_writable_server(servers);
  std::size_t number = 0;
  mongoc_server_description_t** all = mongoc_topology_description_get_servers(servers, &number);
  for (std::size_t i = 0; i < number; ++i) {
    const std::string_view type = mongoc_server_description_type(all[i]);
    if (type != "Unknown") standalone_ = type == "Standalone";
  }
  mongoc_server_descriptions_destroy_all(all, number);
}

}  // namespace nxg::store::mongodb

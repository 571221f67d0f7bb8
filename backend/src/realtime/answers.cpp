#include "realtime/answers.hpp"

#include "schema/json.hpp"
#include "store/errors.hpp"

namespace nxg::realtime {
namespace {

refusal refusal_of(const api_error& error) {
  refusal made{false, std::string{name_of(error.code())}, error.detail(), {}, {}};
  if (!error.fields().empty()) {
    made.errors.emplace();
    for (const auto& field : error.fields()) made.errors->push_back({field.pointer, field.code, field.message});
  }
  if (error.retry_after()) made.retry_after_ms = std::chrono::milliseconds{*error.retry_after()}.count();
  return made;
}

refusal refusal_of(const schema::invalid& error) {
  return {
      false, std::string{name_of(error_code::invalid_request)}, "The message has invalid fields.", error.list(), {}};
}

refusal refusal_of(const store::error& error) {
  switch (error.failed()) {
    case store::failure::busy: return refusal_of(busy());
    case store::failure::unavailable:
    case store::failure::outcome_unknown: return refusal_of(unavailable("The store cannot be reached right now."));
    case store::failure::duplicate:
    case store::failure::version_conflict:
    case store::failure::not_found: return refusal_of(lost_race());
  }
  return refusal_of(busy());
}

refusal refusal_of(const std::exception_ptr& error, const telemetry::logger& log) {
  try {
    std::rethrow_exception(error);
  } catch (const api_error& known) {
    return refusal_of(known);
  } catch (const schema::invalid& known) {
    return refusal_of(known);
  } catch (const store::error& known) {
    log.repeated(telemetry::log_level::warn, "the store failed a socket event", {{"error", known.what()}});
    return refusal_of(known);
  } catch (...) {
    log.error("a socket event failed", {{"error", telemetry::text_of(error)}});
    return {false, "internal_error", "Something went wrong on our side.", {}, {}};
  }
}

}  // namespace

std::string refusal_json(const api_error& error) { return schema::to_json(refusal_of(error)); }
std::string refusal_json(const schema::invalid& error) { return schema::to_json(refusal_of(error)); }
std::string refusal_json(const std::exception_ptr& error, const telemetry::logger& log) {
  return schema::to_json(refusal_of(error, log));
}

socketio::refused handshake_refusal(const std::exception_ptr& error, const telemetry::logger& log) {
  const auto made = refusal_of(error, log);
  return {made.code, schema::to_json(made)};
}

}  // namespace nxg::realtime

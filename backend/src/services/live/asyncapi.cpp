#include "schema/json.hpp"
#include "services/live/catalogue.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

namespace nxg::live {
namespace {

constexpr std::string_view introduction =
    "What travels over sockets. The same events, names and payloads go through two doors: Socket.IO (path "
    "`/socket.io/`, a channel here is a namespace) and, for firmware without it, plain WebSockets at "
    "`/api/ws/machines` and `/api/ws/workouts` with JSON frames `{\"event\":…,\"data\":…,\"id\":…}`. Events marked "
    "`x-kept: inbox` carry a `cursor` and are had again by `events:after` or `GET /api/events`. Fields may be added; "
    "a change that breaks readers gets a new name.";

/// `points:awarded` and `/workouts` as a key of the document.
std::string key_of(std::string_view name) {
  std::string made;
  bool capital = false;
  for (const char c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) {
      capital = !made.empty();
      continue;
    }
    made += capital ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    capital = false;
  }
  return made;
}

std::string capitalised(std::string text) {
  if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

std::string text(std::string_view value) {
  std::string out;
  schema::append_json_string(out, value);
  return out;
}

std::string reference_to(const std::string& to) { return R"({"$ref":")" + to + R"("})"; }

/// Objects of a JSON document in the order they were added.
class object {
 public:
  object& set(std::string_view key, const std::string& json) {
    text_ += text_.empty() ? "" : ",";
    schema::append_json_string(text_, key);
    text_ += ':';
    text_ += json;
    return *this;
  }
  [[nodiscard]] std::string json() const { return '{' + text_ + '}'; }

 private:
  std::string text_;
};

/// What a message kept in the inbox has besides its payload.
std::string with_cursor(const std::string& payload) {
  return R"({"allOf":[)" + payload +
         R"(,{"type":"object","properties":{"cursor":{"type":"integer","minimum":1,"description":"Its place in the )"
         R"(member's inbox; ask for what comes after it."}},"required":["cursor"]}]})";
}

class document {
 public:
  explicit document(const std::vector<catalogued>& events) {
    for (const auto& one : events) add(one);
  }

  [[nodiscard]] std::string json(std::string_view version) const {
    object info;
    info.set("title", text("NXG Connect: events")).set("version", text(version));
    info.set("description", text(introduction));
    object channels;
    for (const auto& [name, messages] : channels_) {
      object channel;
      channel.set("address", text(name)).set("title", text("Namespace " + name)).set("messages", messages.json());
      channels.set(key_of(name), channel.json());
    }
    object components;
    components.set("messages", messages_.json()).set("schemas", schemas_.to_json());
    object whole;
    whole.set("asyncapi", text("3.0.0")).set("info", info.json()).set("defaultContentType", text("application/json"));
    whole.set("channels", channels.json()).set("operations", operations_.json()).set("components", components.json());
    return whole.json();
  }

 private:
  void add(const catalogued& one) {
    const auto channel = key_of(one.channel);
    const auto key = channel + capitalised(key_of(one.name));
    message(
        one, key, one.name,
        one.kept == keeping::inbox ? with_cursor(one.payload(schemas_, use(one))) : one.payload(schemas_, use(one)));
    object operation;
    operation.set("action", text(one.by_server ? "send" : "receive"))
        .set("channel", reference_to("#/channels/" + channel));
    operation.set("summary", text(one.text))
        .set("messages", '[' + reference_to("#/channels/" + channel + "/messages/" + key) + ']');
    if (one.answer != nullptr) {
      const auto answer = key + "Answer";
      message(one, answer, one.name, answer_schema(one));
      object reply;
      reply.set("channel", reference_to("#/channels/" + channel));
      reply.set("messages", '[' + reference_to("#/channels/" + channel + "/messages/" + answer) + ']');
      operation.set("reply", reply.json());
    }
    operations_.set((one.by_server ? "send" : "receive") + capitalised(key), operation.json());
  }

  static schema::schema_use use(const catalogued& one) {
    return one.by_server ? schema::schema_use::output : schema::schema_use::input;
  }

  std::string answer_schema(const catalogued& one) {
    return R"({"oneOf":[)" + one.answer(schemas_, schema::schema_use::output) + ',' +
           R"({"type":"object","description":"A refusal.","properties":{"success":{"const":false},)"
           R"("code":{"type":"string"},"detail":{"type":"string"},"errors":{"type":"array"},)"
           R"("retryAfterMs":{"type":"integer"}},"required":["success","code","detail"]}]})";
  }

  void message(const catalogued& one, const std::string& key, const std::string& name, const std::string& payload) {
    const bool answers = key.ends_with("Answer");
    object made;
    made.set("name", text(name)).set("title", text(answers ? "Answer to " + name : name));
    made.set("summary", text(answers ? "The acknowledgement" : one.text)).set("payload", payload);
    made.set(one.by_server ? "x-to" : "x-from", text(one.who));
    if (one.by_server) made.set("x-kept", text(one.kept == keeping::inbox ? "inbox" : "momentary"));
    messages_.set(key, made.json());
    channels_[one.channel].set(key, reference_to("#/components/messages/" + key));
  }

  schema::components schemas_;
  std::map<std::string, object> channels_;
  object messages_;
  object operations_;
};

}  // namespace

std::string asyncapi_document(const catalogue& of, std::string_view version) {
  return document{of.all()}.json(version);
}

}  // namespace nxg::live

#pragma once

#include "services/live/live_event.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace nxg::live {

/// What a client may say, with the payload it brings and the answer it gets. Declared where it is handled; a namespace
/// takes nothing else.
template <class Payload, class Answer>
struct received {
  std::string_view name;
  /// Who may say it, in words.
  std::string_view from;
  std::string_view text;
};

/// One event of one namespace, as the documents show it.
struct catalogued {
  std::string channel;  ///< the namespace, with its slash
  std::string name;
  std::string text;
  bool by_server = true;
  /// By the server: who hears it. By clients: who may say it.
  std::string who;
  keeping kept = keeping::momentary;
  schema_of_payload payload = nullptr;
  /// Of what clients say: the acknowledgement.
  schema_of_payload answer = nullptr;
};

/// Every event there is: what the server says from the start, what clients may say once the namespaces are declared.
class catalogue {
 public:
  catalogue();

  void add(catalogued one) { events_.push_back(std::move(one)); }
  template <class Payload, class Answer>
  void add(std::string channel, const received<Payload, Answer>& what) {
    add({.channel = std::move(channel),
         .name = std::string{what.name},
         .text = std::string{what.text},
         .by_server = false,
         .who = std::string{what.from},
         .payload = &payload_schema<Payload>,
         .answer = &payload_schema<Answer>});
  }

  /// Sorted by channel, then direction (clients first), then name.
  [[nodiscard]] std::vector<catalogued> all() const;

 private:
  std::vector<catalogued> events_;
};

/// The AsyncAPI 3.0 document, JSON.
[[nodiscard]] std::string asyncapi_document(const catalogue& of, std::string_view version);
/// The same for people, in Markdown: a heading for each namespace and each event, tables of what they carry.
[[nodiscard]] std::string events_listing(const catalogue& of);
/// docs/events.md.
[[nodiscard]] std::string events_page(const catalogue& of);

}  // namespace nxg::live

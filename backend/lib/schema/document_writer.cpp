#include "schema/document.hpp"

#include "schema/json.hpp"
#include "schema/scalars.hpp"
#include "schema/sealing.hpp"
#include "schema/text.hpp"

namespace nxg::schema::detail {

namespace {

class document_writer {
 public:
  document_writer(document_sink& sink, cipher* seals, std::string_view path) noexcept
      : sink_{sink}, seals_{seals}, path_{path} {}

  void value(const shape& what, void* storage, const place* here) {
    switch (what.what) {
      case kind::boolean: return sink_.boolean(*static_cast<const bool*>(storage));
      case kind::integer: return sink_.integer(writable_integer(static_cast<const integer_shape&>(what), storage));
      case kind::number: return sink_.number(writable_number(static_cast<const number_shape&>(what), storage));
      case kind::string: return string(*static_cast<const std::string*>(storage));
      case kind::id: {
        const auto id = static_cast<const uuid*>(storage)->spelled();
        return sink_.string({id.data(), id.size()});
      }
      case kind::date: return sink_.string(to_iso_date(*static_cast<const local_date*>(storage)));
      case kind::enumeration: return sink_.string(writable_enumerator(static_cast<const enum_shape&>(what), storage));
      case kind::time: return time(*static_cast<const instant*>(storage));
      case kind::binary: return sink_.binary(*static_cast<const std::string*>(storage));
      case kind::raw_json: return sink_.string(*static_cast<const std::string*>(storage));
      case kind::optional: return optional(static_cast<const optional_shape&>(what), storage, here);
      case kind::list: return list(static_cast<const list_shape&>(what), storage, here);
      case kind::map: return map(static_cast<const map_shape&>(what), storage, here);
      case kind::object:
        sink_.begin_object();
        fields(static_cast<const object_shape&>(what), storage, here);
        return sink_.end_object();
      case kind::sealed: return sealed(*static_cast<const sealed_shape&>(what).value, storage, here);
    }
  }

  void fields(const object_shape& what, void* storage, const place* here) {
    for (const auto& member : what.fields) {
      void* at = member.access(storage);
      const shape* inner = member.value;
      if (inner->what == kind::optional) {
        const auto& optional = static_cast<const optional_shape&>(*inner);
        at = optional.get(at);
        if (at == nullptr) continue;
        inner = optional.value;
      }
      sink_.key(member.key);
      const place inside{.parent = here, .key = member.key};
      value(*inner, at, &inside);
    }
  }

 private:
  void string(const std::string& text) {
    if (!is_utf8(text)) throw unwritable{"text that is not UTF-8"};
    sink_.string(text);
  }

  void time(instant when) {
    require_writable(when);  // also where this engine could hold it: another could not
    sink_.time(when);
  }

  void optional(const optional_shape& what, void* storage, const place* here) {
    if (void* const inner = what.get(storage)) return value(*what.value, inner, here);
    sink_.null();
  }

  void list(const list_shape& what, void* storage, const place* here) {
    sink_.begin_array();
    const auto count = what.size(storage);
    for (std::size_t i = 0; i < count; ++i) value(*what.element, what.at(storage, i), here);
    sink_.end_array();
  }

  void map(const map_shape& what, void* storage, const place* here) {
    struct state {
      document_writer& self;
      const shape& value;
      const place* here;
    } context{*this, *what.value, here};
    sink_.begin_object();
    what.each(storage, &context, [](void* opaque, const std::string& key, void* item) {
      auto& [self, value, around] = *static_cast<state*>(opaque);
      if (!is_utf8(key)) throw unwritable{"a key that is not UTF-8"};
      self.sink_.key(key);
      const place inside{.parent = around, .key = key};
      self.value(value, item, &inside);
    });
    sink_.end_object();
  }

  void sealed(const shape& what, void* storage, const place* here) {
    if (seals_ == nullptr) throw std::logic_error{"a cipher is needed to write " + sealed_path(path_, here)};
    std::string plain;
    append_json(plain, what, storage);
    sink_.binary(seals_->seal(sealed_path(path_, here), plain));
  }

  document_sink& sink_;
  cipher* seals_;
  std::string_view path_;
};

}  // namespace

void write_document(document_sink& sink, const shape& what, const void* storage, cipher* seals, std::string_view path) {
  document_writer{sink, seals, path}.value(what, const_cast<void*>(storage), nullptr);
}

void write_fields(document_sink& sink, const object_shape& what, const void* storage, cipher* seals) {
  document_writer{sink, seals, {}}.fields(what, const_cast<void*>(storage), nullptr);
}

}  // namespace nxg::schema::detail

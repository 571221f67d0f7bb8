#pragma once

#include "schema/types.hpp"
#include "store/declare.hpp"

#include <boost/describe.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// What the contract suite keeps in a store.
namespace nxg::store::testing {

enum class loan_state { open, returned, lost };
BOOST_DESCRIBE_ENUM(loan_state, open, returned, lost)

struct loan_opened {
  std::string loan = {};
  int number = 0;
};
BOOST_DESCRIBE_STRUCT(loan_opened, (), (loan, number))
inline event_declaration<loan_opened> declare(tag<loan_opened>) { return {.name = "loan_opened", .schema = 1}; }

struct loan_closed {
  std::string loan = {};
};
BOOST_DESCRIBE_STRUCT(loan_closed, (), (loan))
inline event_declaration<loan_closed> declare(tag<loan_closed>) { return {.name = "loan_closed", .schema = 1}; }

struct note {
  std::string author = {};
  int stars = 0;
};
BOOST_DESCRIBE_STRUCT(note, (), (author, stars))

struct shelf {
  std::string room = {};
  std::optional<int> row = {};
};
BOOST_DESCRIBE_STRUCT(shelf, (), (room, row))

/// A loan of a library: every kind of member, every kind of index.
struct loan {
  uuid id = {};
  std::int64_t version = 0;
  uuid reader = {};
  loan_state state = loan_state::open;
  std::string title = {};
  instant since = {};
  std::optional<instant> until = {};
  std::int64_t renewals = 0;
  double fee = 0;
  bool urgent = false;
  std::optional<std::string> locker = {};
  std::vector<std::string> tags = {};
  std::vector<note> notes = {};
  std::optional<shelf> place = {};
  std::map<std::string, int> counts = {};
  schema::bytes cover = {};
};
BOOST_DESCRIBE_STRUCT(loan, (),
                      (id, version, reader, state, title, since, until, renewals, fee, urgent, locker, tags, notes,
                       place, counts, cover))
inline declaration<loan> declare(tag<loan>) {
  return {.name = "loans",
          .schema = 1,
          .shard = sharded_by<&loan::reader>(),
          .owner = owned_by<&loan::reader>(),
          .exported = exported_whole(),
          .erased = anonymised<&loan::reader>(),
          .kept = kept_for<&loan::since>(std::chrono::hours{24 * 365 * 10}),
          .indexes =
              {index_of<loan>("one_open_loan").on<&loan::reader>().unique().where(eq<&loan::state>(loan_state::open)),
               index_of<loan>("locker").on<&loan::reader>().on<&loan::locker>().unique(),
               index_of<loan>("by_reader").on<&loan::reader>().on<&loan::since>(),
               index_of<loan>("by_state").on<&loan::state>().on<&loan::until>(),
               index_of<loan>("by_title").on<&loan::title>(), index_of<loan>("by_fee").on<&loan::fee>(),
               index_of<loan>("by_renewals").on_descending<&loan::renewals>().on<&loan::title>(),
               index_of<loan>("by_urgent").on<&loan::urgent>().on<&loan::since>(),
               index_of<loan>("by_room").on<&loan::place, &shelf::room>(),
               index_of<loan>("by_tag").on_elements<&loan::tags>(),
               index_of<loan>("by_author").on_elements<&loan::notes, &note::author>(),
               index_of<loan>("by_words").on_words<&loan::title>()},
          .events = carries<loan_opened, loan_closed>()};
}

/// Expires; a unique index counts what is absent.
struct ticket {
  std::string id = {};
  std::int64_t version = 0;
  std::string code = {};
  std::optional<std::string> seat = {};
  std::optional<instant> expires_at = {};
};
BOOST_DESCRIBE_STRUCT(ticket, (), (id, version, code, seat, expires_at))
inline declaration<ticket> declare(tag<ticket>) {
  return {
      .name = "tickets",
      .schema = 1,
      .shard = unsharded("tests have one shard"),
      .owner = nobodys("tests have no members"),
      .exported = not_exported("nobody's"),
      .erased = not_erased("nobody's"),
      .kept = kept_until<&ticket::expires_at>(),
      .indexes = {index_of<ticket>("code_and_seat").on<&ticket::code>().on<&ticket::seat>().unique().absent_counts()}};
}

/// A balance that remembers what was applied to it.
struct account {
  std::string id = {};
  std::int64_t version = 0;
  std::int64_t balance = 0;
  std::vector<std::string> applied = {};
  std::optional<std::int64_t> smallest = {};
  std::optional<std::int64_t> largest = {};
  schema::encrypted<std::string> secret = {};
};
BOOST_DESCRIBE_STRUCT(account, (), (id, version, balance, applied, smallest, largest, secret))
inline declaration<account> declare(tag<account>) {
  return {.name = "accounts",
          .schema = 1,
          .shard = unsharded("tests have one shard"),
          .owner = owned_by<&account::id>(),
          .exported = exported_without<&account::secret>(),
          .erased = deleted(),
          .kept = kept_for_good("until erased"),
          .indexes = {index_of<account>("by_balance").on<&account::balance>()},
          .events = carries<loan_opened>()};
}

/// The same collection as an older, this, and a newer program know it.
namespace past {
struct book {
  std::string id = {};
  std::int64_t version = 0;
  std::string name = {};  // "Title, Author"
  int old_only = 0;
};
BOOST_DESCRIBE_STRUCT(book, (), (id, version, name, old_only))
declaration<book> declare(tag<book>);
}  // namespace past

namespace present {
struct book {
  std::string id = {};
  std::int64_t version = 0;
  std::string title = {};
  std::string author = {};
};
BOOST_DESCRIBE_STRUCT(book, (), (id, version, title, author))
declaration<book> declare(tag<book>);
}  // namespace present

namespace future {
struct book {
  std::string id = {};
  std::int64_t version = 0;
  std::string title = {};
};
BOOST_DESCRIBE_STRUCT(book, (), (id, version, title))
declaration<book> declare(tag<book>);
}  // namespace future

}  // namespace nxg::store::testing

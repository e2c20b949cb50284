#ifndef LABSLOT_CLIENT_COMMANDS_BOOKING_H_
#define LABSLOT_CLIENT_COMMANDS_BOOKING_H_

// What is asked for when something is booked: by book and hold, by series, and
// by explain.

#include <cstdint>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/session.h"
#include "client/time_grammar.h"
#include "labslot/v1/refusal.pb.h"
#include "labslot/v1/reservation.pb.h"

namespace labslot::client {

// The words and options of a booking, as they were typed.
struct BookOptions {
  std::vector<std::string> words;
  std::string at;
  std::string site;
  std::string organisation;
  std::string user;
  std::string title;
  std::string purpose;
  std::string project;
  std::string activity_class;
  std::string activity_reason;
  std::string access;
  std::string on_behalf_of;
  std::string funding;
  int attendees = 0;
  int priority = 0;
  bool confidential = false;
  std::vector<std::string> labels;
  // What else will do; see flexible_wish.h.
  std::string window;
  std::string flex;
  bool like = false;
  bool firm = false;
  std::vector<std::string> choices;
  // What becomes of it if others stand in the way; one of these at most.
  bool wait = false;
  bool displace = false;
  bool nearest = false;
  // Where it competes, and what it is worth there.
  std::string round;
  std::int64_t value = 0;
  // Only of hold.
  std::string ttl = "30m";
  std::string override_reason;
  WriteFlags write;
};

// The same, read.
struct Wish {
  // With its interval.
  v1::Reservation reservation;
  TimeRange range;
  // What its times were read against.
  TimeContext times;
};

// Adds the positions and the options that say what is wanted.
void AddWishOptions(CLI::App* command, BookOptions* options);

// Reads them; `command` is what errors show as an example, such as "book".
absl::StatusOr<Wish> ReadWish(Session& session, const std::string& command,
                              const BookOptions& options);

// Only those that say for whom it is, and what for.
void AddWordOptions(CLI::App* command, BookOptions* options);

// Reads these into a reservation.
absl::Status ReadWords(const BookOptions& options, v1::Reservation* reservation);

// Books it as `command`, which is "book" or "hold", and shows what became of it.
absl::Status Book(Session& session, const std::string& command, const BookOptions& options);

// The command line that books an alternative with everything else as it was; only
// without what else would do, which need not hold the alternative, and without
// waiting for others or taking their place.
std::string PasteLine(const std::string& command, const BookOptions& options,
                      const v1::Alternative& alternative, absl::TimeZone fallback);

// Reads the words of --class and --access; nothing leaves the field as it is.
absl::Status ReadClass(const std::string& word, v1::Reservation* reservation);
absl::Status ReadAccess(const std::string& word, v1::Reservation* reservation);

// Reads a word of ParseItemWord.
absl::Status ReadItem(const std::string& word, v1::Item* item);

// Replaces the items by such words.
absl::Status ReadItems(const std::vector<std::string>& words, v1::Reservation* reservation);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_COMMANDS_BOOKING_H_

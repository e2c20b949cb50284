#ifndef LABSLOT_DAEMON_STORAGE_STORED_MESSAGES_H_
#define LABSLOT_DAEMON_STORAGE_STORED_MESSAGES_H_

#include <map>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "daemon/domain/catalogue.h"
#include "daemon/domain/directory.h"
#include "daemon/domain/occupancy.h"
#include "daemon/domain/reservation.h"
#include "daemon/storage/key_layout.h"
#include "labslot/storage/v1/calendar.pb.h"
#include "labslot/storage/v1/catalogue.pb.h"
#include "labslot/storage/v1/directory.pb.h"
#include "labslot/storage/v1/reservation.pb.h"

namespace labslot::storage {

namespace stored = ::labslot::storage::v1;

// The values of the domain as stored messages and back. ToStored fills an empty
// message. FromStored gives nothing for a message that names an enumerator
// which this version does not know. Enumerators have the same numbers on both
// sides.

void ToStored(const Calendar& calendar, stored::Calendar& out);
void ToStored(const HolidayRegion& region, stored::HolidayRegion& out);
void ToStored(const Site& site, stored::Site& out);
void ToStored(const Asset& asset, stored::Asset& out);
void ToStored(const Organisation& organisation, stored::Organisation& out);
void ToStored(const User& user, stored::User& out);
void ToStored(const Token& token, stored::Token& out);
void ToStored(const Reservation& reservation, stored::Reservation& out);
void ToStored(const Occupancy& occupancy, stored::Occupancy& out);

std::optional<Calendar> FromStored(const stored::Calendar& calendar);
std::optional<HolidayRegion> FromStored(const stored::HolidayRegion& region);
std::optional<Site> FromStored(const stored::Site& site);
std::optional<Asset> FromStored(const stored::Asset& asset);
std::optional<Organisation> FromStored(const stored::Organisation& organisation);
std::optional<User> FromStored(const stored::User& user);
std::optional<Token> FromStored(const stored::Token& token);
std::optional<Reservation> FromStored(const stored::Reservation& reservation);
// The key has the rest of an occupancy.
std::optional<Occupancy> FromStored(IndexEntry key, const stored::Occupancy& occupancy);

inline int32_t ToStoredDay(absl::CivilDay day) {
  return static_cast<int32_t>(day - absl::CivilDay(1970, 1, 1));
}
inline absl::CivilDay FromStoredDay(int32_t day) { return absl::CivilDay(1970, 1, 1) + day; }

// Lists of stored::Label.
template <typename List>
void ToStoredLabels(const std::map<std::string, std::string>& labels, List& out) {
  for (const auto& [key, value] : labels) {
    auto& label = *out.Add();
    label.set_key(key);
    label.set_value(value);
  }
}

template <typename List>
std::map<std::string, std::string> FromStoredLabels(const List& list) {
  std::map<std::string, std::string> labels;
  for (const auto& label : list) labels.emplace_hint(labels.end(), label.key(), label.value());
  return labels;
}

}  // namespace labslot::storage

#endif  // LABSLOT_DAEMON_STORAGE_STORED_MESSAGES_H_

#ifndef LABSLOT_DAEMON_STORAGE_STORED_MESSAGES_H_
#define LABSLOT_DAEMON_STORAGE_STORED_MESSAGES_H_

#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "daemon/domain/catalogue.h"
#include "daemon/domain/directory.h"
#include "daemon/domain/machine_report.h"
#include "daemon/domain/occupancy.h"
#include "daemon/domain/outage.h"
#include "daemon/domain/policy.h"
#include "daemon/domain/quota.h"
#include "daemon/domain/refusal.h"
#include "daemon/domain/reservation.h"
#include "daemon/domain/round.h"
#include "daemon/domain/selector.h"
#include "daemon/domain/series.h"
#include "daemon/storage/key_layout.h"
#include "labslot/storage/v1/calendar.pb.h"
#include "labslot/storage/v1/catalogue.pb.h"
#include "labslot/storage/v1/directory.pb.h"
#include "labslot/storage/v1/machine_report.pb.h"
#include "labslot/storage/v1/policy.pb.h"
#include "labslot/storage/v1/quota.pb.h"
#include "labslot/storage/v1/refusal.pb.h"
#include "labslot/storage/v1/reservation.pb.h"
#include "labslot/storage/v1/selector.pb.h"
#include "labslot/storage/v1/series.pb.h"

namespace labslot::storage {

namespace stored = ::labslot::storage::v1;

// The values of the domain as stored messages and back. ToStored fills an empty
// message. FromStored gives nothing for a message that names an enumerator
// which this version does not know. Enumerators have the same numbers on both
// sides.

void ToStored(const WeeklyWindow& window, stored::WeeklyWindow& out);
void ToStored(const Calendar& calendar, stored::Calendar& out);
void ToStored(const HolidayRegion& region, stored::HolidayRegion& out);
void ToStored(const Site& site, stored::Site& out);
void ToStored(const Asset& asset, stored::Asset& out);
void ToStored(const Outage& outage, stored::Outage& out);
void ToStored(const Round& round, stored::Round& out);
void ToStored(const MachineReport& report, stored::MachineReport& out);
void ToStored(const Organisation& organisation, stored::Organisation& out);
void ToStored(const User& user, stored::User& out);
void ToStored(const Token& token, stored::Token& out);
void ToStored(const Group& group, stored::Group& out);
void ToStored(const DateRange& range, stored::DateRange& out);
void ToStored(const Selector& selector, stored::Selector& out);
void ToStored(const Policy& policy, stored::Policy& out);
void ToStored(const Quota& quota, stored::Quota& out);
void ToStored(const ReservationItem& item, stored::ReservationItem& out);
void ToStored(const Reservation& reservation, stored::Reservation& out);
void ToStored(const Violation& violation, stored::Violation& out);
void ToStored(const Alternative& alternative, stored::Alternative& out);
void ToStored(const Refusal& refusal, stored::Refusal& out);
void ToStored(const Occurrence& occurrence, stored::Occurrence& out);
void ToStored(const Series& series, stored::Series& out);
void ToStored(const Occupancy& occupancy, stored::Occupancy& out);

WeeklyWindow FromStored(const stored::WeeklyWindow& window);
std::optional<Calendar> FromStored(const stored::Calendar& calendar);
std::optional<HolidayRegion> FromStored(const stored::HolidayRegion& region);
std::optional<Site> FromStored(const stored::Site& site);
std::optional<Asset> FromStored(const stored::Asset& asset);
std::optional<Outage> FromStored(const stored::Outage& outage);
std::optional<Round> FromStored(const stored::Round& round);
std::optional<MachineReport> FromStored(const stored::MachineReport& report);
std::optional<Organisation> FromStored(const stored::Organisation& organisation);
std::optional<User> FromStored(const stored::User& user);
std::optional<Token> FromStored(const stored::Token& token);
std::optional<Group> FromStored(const stored::Group& group);
DateRange FromStored(const stored::DateRange& range);
std::optional<Selector> FromStored(const stored::Selector& selector);
std::optional<Policy> FromStored(const stored::Policy& policy);
std::optional<Quota> FromStored(const stored::Quota& quota);
ReservationItem FromStored(const stored::ReservationItem& item);
std::optional<Reservation> FromStored(const stored::Reservation& reservation);
std::optional<Violation> FromStored(const stored::Violation& violation);
std::optional<Alternative> FromStored(const stored::Alternative& alternative);
std::optional<Refusal> FromStored(const stored::Refusal& refusal);
std::optional<Occurrence> FromStored(const stored::Occurrence& occurrence);
std::optional<Series> FromStored(const stored::Series& series);
// The key has the rest of an occupancy.
std::optional<Occupancy> FromStored(IndexEntry key, const stored::Occupancy& occupancy);

inline int32_t ToStoredDay(absl::CivilDay day) {
  return static_cast<int32_t>(day - absl::CivilDay(1970, 1, 1));
}
inline absl::CivilDay FromStoredDay(int32_t day) { return absl::CivilDay(1970, 1, 1) + day; }

// a + b, or the nearest number there is: damaged bytes may hold any two.
template <typename Number>
Number Sum(Number a, Number b) {
  Number sum = 0;
  if (!__builtin_add_overflow(a, b, &sum)) return sum;
  return b < 0 ? std::numeric_limits<Number>::min() : std::numeric_limits<Number>::max();
}

// True and the enumerator in `out`, unless the number is 0 or unknown.
template <typename Number, typename Value>
bool ReadEnumerator(Number number, bool (*is_known)(int), Value& out) {
  out = static_cast<Value>(number);
  return number != 0 && is_known(number);
}

// Lists of the values above. False if one of them is damaged.
template <typename Value, typename List>
void ToStoredList(const std::vector<Value>& values, List& out) {
  out.Reserve(static_cast<int>(values.size()));
  for (const Value& value : values) ToStored(value, *out.Add());
}

template <typename List, typename Value>
bool ReadList(const List& list, std::vector<Value>& out) {
  out.reserve(static_cast<size_t>(list.size()));
  for (const auto& message : list) {
    std::optional<Value> value = FromStored(message);
    if (!value) return false;
    out.push_back(*std::move(value));
  }
  return true;
}

// Lists of words and ids.
template <typename List>
void ToStoredWords(const std::vector<std::string>& words, List& out) {
  for (const std::string& word : words) *out.Add() = word;
}

template <typename List>
std::vector<std::string> FromStoredWords(const List& list) {
  return {list.begin(), list.end()};
}

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

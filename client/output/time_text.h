#ifndef LABSLOT_CLIENT_OUTPUT_TIME_TEXT_H_
#define LABSLOT_CLIENT_OUTPUT_TIME_TEXT_H_

// Times as people read them, always in a zone that is told.

#include <string>

#include "absl/time/time.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/type/interval.pb.h"

namespace labslot::client {

absl::Time ToTime(const google::protobuf::Timestamp& timestamp);
google::protobuf::Timestamp ToTimestamp(absl::Time time);
absl::Duration ToDuration(const google::protobuf::Duration& duration);
google::protobuf::Duration ToProtoDuration(absl::Duration duration);
google::type::Interval ToInterval(absl::Time start, absl::Time end);

// "Mon 2027-03-01 09:00". With its offset where the clocks show it twice.
std::string TimeText(absl::Time time, absl::TimeZone zone);

// "Mon 2027-03-01 09:00-12:00", or "Mon 2027-03-01 09:00 - Tue 03-02 12:00". The
// end of a day is written 24:00.
std::string SpanText(absl::Time start, absl::Time end, absl::TimeZone zone);
std::string SpanText(const google::type::Interval& interval, absl::TimeZone zone);

// SpanText with the name of the zone and its offset:
// "Mon 2027-03-01 09:00-12:00 Europe/Brussels (+01:00)".
std::string SpanTextWithZone(absl::Time start, absl::Time end, absl::TimeZone zone);

// The same for one moment.
std::string TimeTextWithZone(absl::Time time, absl::TimeZone zone);

// "2027-03-01 09:00:00", as spreadsheets read it.
std::string SheetTime(absl::Time time, absl::TimeZone zone);

// What the time grammar reads back as this span in this zone:
// "2027-03-01 09:00..12:00".
std::string SpanToType(absl::Time start, absl::Time end, absl::TimeZone zone);

// "2 h", "1 h 30 min", "3 d 4 h".
std::string LengthText(absl::Duration length);

// "20 h", "1.5 h": for sums, which are compared in hours.
std::string HoursText(absl::Duration length);

// "2h", "1h30m": what the time grammar reads back.
std::string LengthToType(absl::Duration length);

// The zone of that name; the fallback if this machine does not know it.
absl::TimeZone ZoneOr(const std::string& name, absl::TimeZone fallback);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_OUTPUT_TIME_TEXT_H_

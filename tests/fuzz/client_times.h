#ifndef LABSLOT_TESTS_FUZZ_CLIENT_TIMES_H_
#define LABSLOT_TESTS_FUZZ_CLIENT_TIMES_H_

#include <vector>

#include "absl/time/time.h"
#include "client/time_grammar.h"

namespace labslot::fuzz {

// Zones whose clocks do what clocks do: go back at night by an hour, by half an hour, at
// midnight itself, and leave out a day. In each it is just before that.
inline const std::vector<client::TimeContext>& Contexts() {
  static const auto* const contexts = [] {
    auto* made = new std::vector<client::TimeContext>();
    const auto add = [&](const char* zone, int year, int month, int day) {
      const absl::TimeZone loaded = client::LoadZone(zone).value();
      made->push_back({absl::FromCivil(absl::CivilSecond(year, month, day, 10), loaded), loaded});
    };
    add("Europe/Brussels", 2027, 3, 27);
    add("Australia/Lord_Howe", 2027, 4, 3);
    add("America/Havana", 2027, 10, 31);
    add("Pacific/Apia", 2011, 12, 29);
    return made;
  }();
  return *contexts;
}

// True of times that a daemon would tell of: from 1970 to 2199.
inline bool IsUsual(absl::Time time) {
  return time >= absl::UnixEpoch() && time < absl::FromUnixSeconds(7258118400);
}

}  // namespace labslot::fuzz

#endif  // LABSLOT_TESTS_FUZZ_CLIENT_TIMES_H_

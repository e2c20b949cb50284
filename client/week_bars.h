#ifndef LABSLOT_CLIENT_WEEK_BARS_H_
#define LABSLOT_CLIENT_WEEK_BARS_H_

#include <string>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "labslot/v1/availability_service.pb.h"

namespace labslot::client {

struct WeekBarsStyle {
  // Characters that a line may have, at least 60.
  int columns = 80;
  // Block characters, or ASCII alone.
  bool utf8 = true;
  bool colours = false;
};

// Days of one asset as bars, one line a day from midnight to midnight of the
// wall clock, with an axis above and a legend of what occurs below. What is
// closed, free, booked, held, set up, on the way or out of service is told by the
// characters alone; colours only add to it. A pool shows how much of it is taken. A cell shows the
// most that is taken in it.
//
// `answer` must cover the days in `zone`.
std::string WeekBars(const v1::AssetFreeBusy& answer, absl::CivilDay first, int days,
                     absl::TimeZone zone, const WeekBarsStyle& style);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_WEEK_BARS_H_

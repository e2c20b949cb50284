#ifndef LABSLOT_CLIENT_UTILISATION_PICTURES_H_
#define LABSLOT_CLIENT_UTILISATION_PICTURES_H_

// Reports of use as pictures for a terminal. What they show is told by the
// characters alone; colours only add to it.

#include <string>

#include "client/utilisation_tables.h"

namespace labslot::client {

struct PictureStyle {
  // Characters that a line may have, at least 60.
  int columns = 80;
  // Block characters, or ASCII alone.
  bool utf8 = true;
  bool colours = false;
};

// Seven rows of 24 hours, Monday first: how much of the opening hours of that hour
// of the week was used or is booked. Its rows must be by HOUR_OF_WEEK. One picture
// a group; or, with `together`, one of all of them, which must be of assets.
std::string HeatMap(const UtilisationReport& report, bool together, const PictureStyle& style);

// One line a group: its occupancy bucket by bucket, and the first, the last and
// the mean.
std::string Sparks(const UtilisationReport& report, const PictureStyle& style);

// One bar a bucket, each state with its own sign, and a legend. Closed hours are
// left out.
std::string StateBars(const UtilisationReport& report, const PictureStyle& style);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_UTILISATION_PICTURES_H_

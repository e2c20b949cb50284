#ifndef LABSLOT_CLIENT_UTILISATION_TABLES_H_
#define LABSLOT_CLIENT_UTILISATION_TABLES_H_

// Reports of use as tables.

#include <string>

#include "client/output/table.h"
#include "client/utilisation_words.h"

namespace labslot::client {

// A reply, and what was asked.
struct UtilisationReport {
  const v1::QueryUtilisationResponse& reply;
  const Grouping& grouping;
  Bucket bucket;
};

// What people look for, in 80 columns. With `bar_cells` there is a bar of that
// length behind it.
Table UseTable(const UtilisationReport& report, int bar_cells, bool utf8);
// What its columns mean, in whole lines.
std::string UseLegend(const UtilisationReport& report);

// Every state in hours.
Table StateTable(const UtilisationReport& report);

// Every field of every row, in seconds, for spreadsheets.
Table SheetTable(const UtilisationReport& report);

// The ratios, each with what it is made of.
Table RatioTable(const UtilisationReport& report);

// How many were reserved, called off and let to others, and how long ahead.
Table DemandTable(const UtilisationReport& report);

// Two periods side by side, group by group, and the difference. For people what
// there is not is a dash.
Table CompareTable(const UtilisationReport& now, const UtilisationReport& before, bool for_people);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_UTILISATION_TABLES_H_

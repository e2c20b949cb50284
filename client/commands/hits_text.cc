#include "client/commands/hits_text.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "client/names.h"
#include "client/output/words.h"

namespace labslot::client {

std::string OutcomeText(v1::Hit::Outcome outcome) {
  if (outcome == v1::Hit::OUTCOME_UNSPECIFIED) return "";
  return EnumWords(v1::Hit::Outcome_Name(outcome), "");
}

std::string HitName(const v1::Hit& hit) {
  return hit.reservation().empty() ? "(another's)" : ShortName(hit.reservation());
}

Table HitsTable(const google::protobuf::RepeatedPtrField<v1::Hit>& hits) {
  Table table;
  table.columns = {{"RESERVATION"}, {"OUTCOME"}, {"MESSAGE", Shown::kAlways, false, false, true}};
  table.when_empty = "no reservation is hit";
  for (const v1::Hit& hit : hits) {
    table.rows.push_back({HitName(hit), OutcomeText(hit.outcome()), hit.message()});
  }
  return table;
}

std::string HitsSum(const google::protobuf::RepeatedPtrField<v1::Hit>& hits) {
  std::map<v1::Hit::Outcome, int> counts;
  for (const v1::Hit& hit : hits) ++counts[hit.outcome()];
  std::string text = Count(hits.size(), "reservation", "reservations");
  const char* separator = ": ";
  for (const auto& [outcome, count] : counts) {
    absl::StrAppend(&text, separator, count, " ", OutcomeText(outcome));
    separator = ", ";
  }
  return absl::StrCat(text, ".\n");
}

}  // namespace labslot::client

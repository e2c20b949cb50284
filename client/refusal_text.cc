#include "client/refusal_text.h"

#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/names.h"
#include "client/output/reservation_text.h"
#include "client/output/time_text.h"
#include "client/output/words.h"

namespace labslot::client {
namespace {

using v1::Alternative;
using v1::Conflict;
using v1::Violation;

std::string KindText(Alternative::Kind kind) {
  switch (kind) {
    case Alternative::LIKE_ASSET:
      return "same time, a like asset";
    case Alternative::OTHER_TIME:
      return "another time";
    case Alternative::SHORTER:
      return "shorter";
    case Alternative::OTHER_SITE:
      return "same time, a like asset at another site";
    case Alternative::FEWER_UNITS:
      return "fewer units";
    case Alternative::LONGER:
      return "longer";
    default:
      return "instead";
  }
}

// A reservation that the reader may not see is "busy", and nothing more.
std::string ConflictText(const Conflict& conflict, const std::string& subject,
                         absl::TimeZone zone) {
  std::string text =
      conflict.reservation().empty()
          ? "busy"
          : absl::StrCat("reservation ", Printable(ShortName(conflict.reservation())));
  absl::StrAppend(&text, "  ", SpanText(conflict.occupancy(), zone));
  if (conflict.quantity() > 1) absl::StrAppend(&text, "  takes ", conflict.quantity());
  if (conflict.asset() != subject) {
    absl::StrAppend(&text, "  on ", Printable(ShortName(conflict.asset())));
  }
  return text;
}

std::string ActorText(absl::string_view actor) {
  if (actor == "managers") return "managers of the asset";
  const std::string name = Printable(ShortName(actor));
  return CollectionOf(actor) == kGroups ? absl::StrCat("group ", name) : name;
}

// What would not have been refused for this reason alone is told apart.
absl::string_view EffectWords(v1::RuleEffect effect) {
  if (effect == v1::RULE_EFFECT_WARN) return "only a warning: ";
  if (effect == v1::RULE_EFFECT_NEEDS_APPROVAL) return "would need approval: ";
  return "";
}

std::string ViolationText(const Violation& violation, absl::TimeZone zone, int columns) {
  std::string text = Wrap(absl::StrCat(EffectWords(violation.effect()), ViolationLine(violation)),
                          columns, "    ");
  text.replace(0, 4, "  - ");
  for (const Conflict& conflict : violation.conflicts()) {
    absl::StrAppend(&text, "      ", ConflictText(conflict, violation.asset(), zone), "\n");
  }
  if (!violation.overridable_by().empty()) {
    const std::string who =
        absl::StrCat("may be overridden by ", ActorsText(violation.overridable_by()),
                     ", with --override REASON");
    absl::StrAppend(&text, Wrap(who, columns, "      "));
  }
  return text;
}

std::string AlternativeText(const Alternative& alternative, absl::TimeZone fallback,
                            const AlternativeCommand& command) {
  const absl::TimeZone zone = ZoneOr(alternative.time_zone(), fallback);
  std::string text = absl::StrCat(
      KindText(alternative.kind()), ": ", Printable(ItemsText(alternative.items())), "  ",
      SpanTextWithZone(ToTime(alternative.interval().start_time()),
                       ToTime(alternative.interval().end_time()), zone));
  if (!alternative.site().empty()) {
    absl::StrAppend(&text, " at ", Printable(ShortName(alternative.site())));
  }
  absl::StrAppend(&text, alternative.needs_approval() ? ", awaits approval" : "", "\n");
  if (command) absl::StrAppend(&text, "       ", command(alternative), "\n");
  return text;
}

}  // namespace

std::string ViolationLine(const Violation& violation) {
  std::string text = Printable(violation.message());
  if (text.empty()) {
    text = EnumWords(Violation::Rule_Name(violation.rule()), "");
    if (!violation.asset().empty()) {
      text = absl::StrCat(Printable(ShortName(violation.asset())), ": ", text);
    }
    if (!violation.limit().empty()) {
      absl::StrAppend(&text, " (", Printable(violation.found()),
                      "; allowed: ", Printable(violation.limit()), ")");
    }
  }
  return WithSource(text, violation.source());
}

std::string WithSource(const std::string& text, const std::string& source) {
  // The daemon names a rule itself if it has no other name than its id.
  const bool named = absl::StrContains(text, source) ||
                     absl::StrContains(text, absl::StrCat("(", ShortName(source)));
  return named ? text : absl::StrCat(text, " [", Printable(source), "]");
}

std::string ActorsText(const google::protobuf::RepeatedPtrField<std::string>& actors) {
  std::vector<std::string> words;
  for (const std::string& actor : actors) words.push_back(ActorText(actor));
  return OrList(words);
}

std::string RefusalText(const v1::Refusal& refusal, absl::TimeZone zone,
                        const AlternativeCommand& command, const ViolationRemark& remark,
                        int columns) {
  std::string text;
  // The days of a series are often refused for one and the same reason.
  std::set<std::string> told;
  for (const Violation& violation : refusal.violations()) {
    std::string words = ViolationText(violation, zone, columns);
    if (remark) absl::StrAppend(&words, remark(violation));
    if (told.insert(words).second) absl::StrAppend(&text, words);
  }
  if (refusal.has_earliest_start_time()) {
    absl::StrAppend(&text, "The earliest start that would pass: ",
                    TimeTextWithZone(ToTime(refusal.earliest_start_time()), zone), "\n");
  }
  if (refusal.alternatives().empty()) return text;
  absl::StrAppend(&text, "What would pass now:\n");
  int number = 0;
  for (const Alternative& alternative : refusal.alternatives()) {
    absl::StrAppend(&text, "  ", ++number, ". ", AlternativeText(alternative, zone, command));
  }
  return text;
}

}  // namespace labslot::client

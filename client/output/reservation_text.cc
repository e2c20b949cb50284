#include "client/output/reservation_text.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "client/names.h"
#include "client/output/time_text.h"
#include "client/output/words.h"
#include "client/yaml/scalars.h"

namespace labslot::client {
namespace {

using v1::Reservation;

constexpr absl::string_view kDisplacedWords =
    "It had to give way. It is first on the wait list: it gets its slot back, or\n"
    "another one that would do, as soon as there is one.\n";

absl::Time StartOf(const Reservation& reservation) {
  return ToTime(reservation.interval().start_time());
}

absl::Time EndOf(const Reservation& reservation) {
  return ToTime(reservation.interval().end_time());
}

std::string ClassText(Reservation::ActivityClass value) {
  if (value == Reservation::ACTIVITY_CLASS_UNSPECIFIED) return "";
  return EnumWords(Reservation::ActivityClass_Name(value), "ACTIVITY_CLASS_");
}

std::string AccessText(Reservation::AccessMode value) {
  if (value == Reservation::ACCESS_MODE_UNSPECIFIED) return "";
  return EnumWords(Reservation::AccessMode_Name(value), "");
}

void AddLine(std::string* text, absl::string_view what, const std::string& value) {
  if (value.empty()) return;
  absl::StrAppendFormat(text, "  %-13s %s\n", what, Printable(value));
}

// What is blocked beyond the run itself, if anything is.
std::string BlockedText(const Reservation& reservation, absl::TimeZone zone) {
  absl::Duration set_up;
  absl::Duration tear_down;
  for (const v1::Item& item : reservation.items()) {
    set_up = std::max(set_up, ToDuration(item.set_up()));
    tear_down = std::max(tear_down, ToDuration(item.tear_down()));
  }
  if (set_up == absl::ZeroDuration() && tear_down == absl::ZeroDuration()) return "";
  return absl::StrCat(SpanText(StartOf(reservation) - set_up, EndOf(reservation) + tear_down, zone),
                      ", with ", LengthText(set_up), " set-up and ", LengthText(tear_down),
                      " tear-down");
}

bool HasUntil(const Reservation& reservation) {
  return reservation.has_hold_expire_time() && !UntilWords(reservation.state()).empty();
}

std::string WindowText(const Reservation& reservation, absl::TimeZone zone) {
  if (!reservation.has_window()) return "";
  return absl::StrCat(SpanText(reservation.window(), zone), ", at any time in there");
}

// "sem-2, Tue 2027-03-02 09:00-12:00".
std::string ChoiceText(const v1::Choice& choice, absl::TimeZone zone) {
  std::string text = ItemsText(choice.items());
  if (!choice.has_interval()) return text;
  return absl::StrCat(text, text.empty() ? "" : ", ", SpanText(choice.interval(), zone));
}

// "rigs: rig-1, rig-2".
std::string UnitsText(const google::protobuf::RepeatedPtrField<v1::Item>& items) {
  std::string text;
  for (const v1::Item& item : items) {
    if (item.units().empty()) continue;
    absl::StrAppend(&text, text.empty() ? "" : "; ", ShortName(item.asset()), ": ",
                    absl::StrJoin(item.units(), ", "));
  }
  return text;
}

// As it was when booked; of an asset without rates there is nothing to tell.
void AddRateLines(const Reservation& reservation, std::string* text) {
  for (const v1::Item& item : reservation.items()) {
    const v1::Rate& rate = item.rate();
    if (rate.currency_code().empty()) continue;
    AddLine(text, "rate",
            absl::StrCat(ShortName(item.asset()), ": an hour of a unit costs ",
                         MoneyText(rate.cost_per_hour()), " ", rate.currency_code(),
                         ", and is charged at ", MoneyText(rate.price_per_hour()), " ",
                         rate.currency_code()));
  }
}

// "rigs:2", "rigs: rig-1, rig-2".
std::string ReturnText(const v1::Return& one) {
  const std::string asset = ShortName(one.asset());
  if (!one.units().empty()) return absl::StrCat(asset, ": ", absl::StrJoin(one.units(), ", "));
  return one.quantity() > 1 ? absl::StrCat(asset, ":", one.quantity()) : asset;
}

// What became of its use, and what is not clear about it.
void AddUseLines(const Reservation& reservation, absl::TimeZone zone, std::string* text) {
  if (reservation.has_check_in_time()) {
    AddLine(text, "checked in", TimeTextWithZone(ToTime(reservation.check_in_time()), zone));
  }
  for (const v1::Return& one : reservation.returns()) {
    AddLine(text, "returned",
            absl::StrCat(ReturnText(one), ", ", TimeText(ToTime(one.time()), zone)));
  }
  if (reservation.has_check_out_time()) {
    AddLine(text, "checked out", TimeTextWithZone(ToTime(reservation.check_out_time()), zone));
  }
  if (reservation.overdue()) AddLine(text, "overdue", "yes: it is in use beyond its end");
  if (reservation.problem() == Reservation::PROBLEM_UNSPECIFIED) return;
  AddLine(text, "problem",
          absl::StrCat(ProblemText(reservation.problem()), "; to settle it: labslot correct ",
                       ShortName(reservation.name()), " --reason ..."));
}

// "reservation 1043", "outage saw".
std::string CauseText(const std::string& name) {
  if (name.empty()) return "";
  const absl::string_view kind = CollectionOf(name) == kOutages ? "outage " : "reservation ";
  return absl::StrCat(kind, ShortName(name));
}

using Value = std::function<std::string(const Reservation&, absl::TimeZone)>;

// A column that is there only if some row has something to say.
void AddColumnIfAny(const std::vector<Reservation>& reservations,
                    const std::vector<absl::TimeZone>& zones, const Column& column,
                    const Value& value, Table* table) {
  std::vector<std::string> cells;
  bool any = column.shown != Shown::kPeople;
  for (std::size_t i = 0; i < reservations.size(); ++i) {
    cells.push_back(value(reservations[i], zones[i]));
    any = any || !cells.back().empty();
  }
  if (!any) return;
  table->columns.push_back(column);
  for (std::size_t i = 0; i < cells.size(); ++i) table->rows[i].push_back(std::move(cells[i]));
}

// In words for people, which most lists do not need; and as columns that are
// always there, for programs.
void AddWaitColumns(const std::vector<Reservation>& reservations,
                    const std::vector<absl::TimeZone>& zones, Table* table) {
  const auto add = [&](const Column& column, const Value& value) {
    AddColumnIfAny(reservations, zones, column, value, table);
  };
  add({"UNTIL", Shown::kPeople}, [](const Reservation& one, absl::TimeZone zone) -> std::string {
    if (!HasUntil(one)) return "";
    return absl::StrCat(UntilWords(one.state()), " ",
                        TimeText(ToTime(one.hold_expire_time()), zone));
  });
  add({"UNTIL", Shown::kSheet}, [](const Reservation& one, absl::TimeZone zone) -> std::string {
    return HasUntil(one) ? SheetTime(ToTime(one.hold_expire_time()), zone) : "";
  });
  add({"WINDOW", Shown::kPeople}, [](const Reservation& one, absl::TimeZone zone) -> std::string {
    return one.has_window() ? SpanText(one.window(), zone) : "";
  });
  add({"WINDOW-START", Shown::kSheet},
      [](const Reservation& one, absl::TimeZone zone) -> std::string {
        return one.has_window() ? SheetTime(ToTime(one.window().start_time()), zone) : "";
      });
  add({"WINDOW-END", Shown::kSheet},
      [](const Reservation& one, absl::TimeZone zone) -> std::string {
        return one.has_window() ? SheetTime(ToTime(one.window().end_time()), zone) : "";
      });
}

// For programs and wide tables.
void AddUseColumns(const std::vector<Reservation>& reservations,
                   const std::vector<absl::TimeZone>& zones, Table* table) {
  const auto add = [&](const Column& column, const Value& value) {
    AddColumnIfAny(reservations, zones, column, value, table);
  };
  add({"CHECKED-IN", Shown::kSheet},
      [](const Reservation& one, absl::TimeZone zone) -> std::string {
        return one.has_check_in_time() ? SheetTime(ToTime(one.check_in_time()), zone) : "";
      });
  add({"CHECKED-OUT", Shown::kSheet},
      [](const Reservation& one, absl::TimeZone zone) -> std::string {
        return one.has_check_out_time() ? SheetTime(ToTime(one.check_out_time()), zone) : "";
      });
  add({"ACCESS", Shown::kWide},
      [](const Reservation& one, absl::TimeZone) { return AccessText(one.access_mode()); });
  add({"FUNDING", Shown::kWide, false, true},
      [](const Reservation& one, absl::TimeZone) { return one.funding(); });
  add({"ON-BEHALF-OF", Shown::kWide},
      [](const Reservation& one, absl::TimeZone) { return ShortName(one.on_behalf_of()); });
  add({"PROBLEM", Shown::kWide},
      [](const Reservation& one, absl::TimeZone) { return ProblemText(one.problem()); });
  add({"ACTIVITY-REASON", Shown::kWide, false, true},
      [](const Reservation& one, absl::TimeZone) { return one.activity_reason(); });
  add({"RULE-SETS", Shown::kWide, false, true},
      [](const Reservation& one, absl::TimeZone) { return absl::StrJoin(one.rule_sets(), "; "); });
}

}  // namespace

std::string UntilWords(Reservation::State state) {
  switch (state) {
    case Reservation::STATE_HELD:
      return "held until";
    case Reservation::STATE_PENDING:
      return "stands until";
    case Reservation::STATE_WAITLISTED:
    case Reservation::STATE_DISPLACED:
      return "waits until";
    case Reservation::STATE_OFFERED:
      return "offered until";
    default:
      return "";
  }
}

std::string ItemText(const v1::Item& item) {
  std::string text = ShortName(item.asset());
  if (item.quantity() > 1) absl::StrAppend(&text, ":", item.quantity());
  const std::map<std::string, std::string> labels(item.unit_labels().begin(),
                                                  item.unit_labels().end());
  for (const auto& [key, value] : labels) absl::StrAppend(&text, ":", key, "=", value);
  return text;
}

std::string ItemsText(const google::protobuf::RepeatedPtrField<v1::Item>& items) {
  return absl::StrJoin(items, " + ", [](std::string* out, const v1::Item& item) {
    absl::StrAppend(out, ItemText(item));
  });
}

std::string LastReturnText(const Reservation& reservation) {
  if (reservation.returns().empty()) return "";
  return ReturnText(reservation.returns(reservation.returns_size() - 1));
}

std::string ProblemText(Reservation::Problem problem) {
  if (problem == Reservation::PROBLEM_UNSPECIFIED) return "";
  if (problem == Reservation::FORGOTTEN_CHECK_OUT) return "nobody checked out";
  return EnumWords(Reservation::Problem_Name(problem), "");
}

std::string StateText(Reservation::State state) {
  return EnumWords(Reservation::State_Name(state), "STATE_");
}

absl::TimeZone ZoneOf(const Reservation& reservation, absl::TimeZone fallback) {
  return ZoneOr(reservation.time_zone(), fallback);
}

Table ReservationTable(const std::vector<Reservation>& reservations, absl::TimeZone fallback,
                       const absl::TimeZone* zone) {
  Table table;
  table.columns = {{"ID"},
                   {"STATE"},
                   {"WHEN", Shown::kPeople},
                   {"START", Shown::kSheet},
                   {"END", Shown::kSheet},
                   {"ZONE"},
                   {"HOURS", Shown::kWide, true},
                   {"ASSETS", Shown::kAlways, false, true},
                   {"SITE", Shown::kAlways, false, true},
                   {"TITLE", Shown::kAlways, false, true},
                   {"USER", Shown::kWide},
                   {"ORGANISATION", Shown::kWide},
                   {"PURPOSE", Shown::kWide, false, true},
                   {"PROJECT", Shown::kWide, false, true},
                   {"CLASS", Shown::kWide},
                   {"ATTENDEES", Shown::kWide, true},
                   {"PRIORITY", Shown::kWide, true},
                   {"SERIES", Shown::kWide}};
  table.when_empty = "no reservations found";
  std::vector<absl::TimeZone> zones;
  for (const Reservation& one : reservations) {
    const absl::TimeZone local = zone != nullptr ? *zone : ZoneOf(one, fallback);
    zones.push_back(local);
    const absl::Time start = StartOf(one);
    const absl::Time end = EndOf(one);
    table.rows.push_back(
        {ShortName(one.name()), StateText(one.state()), SpanText(start, end, local),
         SheetTime(start, local), SheetTime(end, local), local.name(),
         absl::StrFormat("%.2f", absl::ToDoubleHours(end - start)), ItemsText(one.items()),
         ShortName(one.site()), one.display_name(), ShortName(one.user()),
         ShortName(one.organisation()), one.purpose(), one.project(),
         ClassText(one.activity_class()), absl::StrCat(one.attendees()),
         absl::StrCat(one.priority()), ShortName(one.series())});
  }
  AddWaitColumns(reservations, zones, &table);
  AddUseColumns(reservations, zones, &table);
  return table;
}

std::string ReservationText(const Reservation& reservation, absl::TimeZone zone) {
  std::string text;
  AddLine(&text, "what", ItemsText(reservation.items()));
  AddLine(&text, "when", SpanTextWithZone(StartOf(reservation), EndOf(reservation), zone));
  AddLine(&text, "window", WindowText(reservation, zone));
  for (const v1::Choice& choice : reservation.choices()) {
    AddLine(&text, "or", ChoiceText(choice, zone));
  }
  if (reservation.like_assets()) AddLine(&text, "like assets", "will do as well");
  if (reservation.firm()) AddLine(&text, "firm", "yes: it never gives way to others");
  AddLine(&text, "blocks", BlockedText(reservation, zone));
  AddLine(&text, "units", UnitsText(reservation.items()));
  AddRateLines(reservation, &text);
  AddLine(&text, "where", ShortName(reservation.site()));
  AddLine(&text, "title", reservation.display_name());
  AddLine(&text, "user", ShortName(reservation.user()));
  AddLine(&text, "organisation", ShortName(reservation.organisation()));
  AddLine(&text, "on behalf of", ShortName(reservation.on_behalf_of()));
  // Until when a request for approval stands is told with who may approve it.
  if (HasUntil(reservation) && reservation.state() != Reservation::STATE_PENDING) {
    AddLine(&text, UntilWords(reservation.state()),
            TimeTextWithZone(ToTime(reservation.hold_expire_time()), zone));
  }
  if (reservation.has_check_in_by_time()) {
    AddLine(&text, "check in by", TimeTextWithZone(ToTime(reservation.check_in_by_time()), zone));
  }
  AddUseLines(reservation, zone, &text);
  if (!reservation.series().empty()) {
    AddLine(&text, "series",
            absl::StrCat(ShortName(reservation.series()), ", its day ",
                         WriteDate(reservation.occurrence())));
  }
  AddLine(&text, "purpose", reservation.purpose());
  AddLine(&text, "project", reservation.project());
  AddLine(&text, "class", ClassText(reservation.activity_class()));
  AddLine(&text, "class reason", reservation.activity_reason());
  AddLine(&text, "rule sets", absl::StrJoin(reservation.rule_sets(), "; "));
  AddLine(&text, "access", AccessText(reservation.access_mode()));
  AddLine(&text, "funding", reservation.funding());
  if (reservation.attendees() > 0) {
    AddLine(&text, "attendees", absl::StrCat(reservation.attendees()));
  }
  if (reservation.priority() > 0) AddLine(&text, "priority", absl::StrCat(reservation.priority()));
  if (reservation.confidential()) AddLine(&text, "confidential", "yes: others see it as busy");
  for (const auto& [key, value] : reservation.labels()) {
    AddLine(&text, "label", absl::StrCat(key, "=", value));
  }
  AddLine(&text, "round", ShortName(reservation.round()));
  if (reservation.value() > 0) AddLine(&text, "value", absl::StrCat(reservation.value()));
  AddLine(&text, "gave way to", CauseText(reservation.displaced_by()));
  AddLine(&text, "reason", reservation.state_reason());
  return text;
}

std::string WaitText(const Reservation& reservation) {
  if (reservation.name().empty()) return "";
  const std::string id = Printable(ShortName(reservation.name()));
  if (reservation.state() == Reservation::STATE_OFFERED) {
    return absl::StrCat("To take it: labslot offer accept ", id,
                        "\nTo turn it down: labslot offer decline ", id, "\n");
  }
  const bool displaced = reservation.state() == Reservation::STATE_DISPLACED;
  if (reservation.state() != Reservation::STATE_WAITLISTED && !displaced) return "";
  std::string assets;
  std::set<std::string> told;
  for (const v1::Item& item : reservation.items()) {
    if (told.insert(item.asset()).second) absl::StrAppend(&assets, " ", ShortName(item.asset()));
  }
  return absl::StrCat(displaced ? kDisplacedWords : "", "To see who waits: labslot waitlist",
                      Printable(assets), "\nTo leave the wait list: labslot cancel ", id, "\n");
}

}  // namespace labslot::client

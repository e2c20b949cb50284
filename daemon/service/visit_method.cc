#include "daemon/service/visit_method.h"

#include <numeric>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "daemon/base/text.h"
#include "daemon/domain/names.h"
#include "daemon/engine/visit.h"
#include "daemon/engine/visit_decisions.h"
#include "daemon/service/commands.h"
#include "daemon/service/convert/names.h"
#include "daemon/service/convert/numbers.h"
#include "daemon/service/convert/reservation.h"
#include "daemon/service/convert/time.h"
#include "daemon/service/reservation_answer.h"

namespace labslot::service {
namespace {

// What is said of each stop, or of the visit as a whole, is not said of its reservations.
void CheckCommon(const v1::Reservation& common, FieldErrors& errors) {
  constexpr char kOfStops[] = "must be unset: say it of each stop";
  constexpr char kOfNone[] = "must be unset: a visit has windows, and its stops have options";
  if (!common.items().empty()) errors.Add("common.items", kOfStops);
  if (!common.site().empty()) errors.Add("common.site", kOfStops);
  if (common.has_interval()) errors.Add("common.interval", kOfNone);
  if (common.has_window()) errors.Add("common.window", kOfNone);
  if (!common.choices().empty()) errors.Add("common.choices", kOfNone);
  if (common.like_assets()) errors.Add("common.like_assets", kOfNone);
  if (!common.round().empty())
    errors.Add("common.round", "must be unset: a visit competes in none");
  if (common.value() != 0) errors.Add("common.value", "must be 0 outside of a round");
  if (common.labels().contains(engine::kVisitLabel)) {
    errors.Add(EntryPath("common.labels", engine::kVisitLabel),
               "must be unset: the daemon gives it the number of the visit");
  } else if (common.labels_size() == limits::kMaxLabels) {
    errors.Add("common.labels",
               absl::StrCat("must leave room for the label ", engine::kVisitLabel));
  }
}

engine::VisitOption OptionFromProto(const v1::VisitOption& proto, const std::string& path,
                                    FieldErrors& errors) {
  engine::VisitOption option;
  option.items = ItemsFromProto(proto.items(), FieldPath(path, "items"), errors);
  option.site =
      IdFromName(kSites, proto.site(), Presence::kOptional, FieldPath(path, "site"), errors);
  return option;
}

engine::VisitStop StopFromProto(const v1::VisitStop& proto, const std::string& path,
                                FieldErrors& errors) {
  engine::VisitStop stop;
  stop.display_name = LineFromProto(proto.display_name(), limits::kMaxNameText, Presence::kOptional,
                                    FieldPath(path, "display_name"), errors);
  stop.duration = DurationFromProto(proto.duration(), 1, limits::kLongestVisitStop,
                                    FieldPath(path, "duration"), errors);
  const std::string options = FieldPath(path, "options");
  if (proto.options().empty()) errors.Add(options, "must have at least one option");
  CheckCount(proto.options_size(), limits::kMaxVisitOptions, options, errors);
  for (int i = 0; i < AtMost(proto.options_size(), limits::kMaxVisitOptions); ++i) {
    stop.options.push_back(
        OptionFromProto(proto.options(i), ElementPath(options, static_cast<size_t>(i)), errors));
  }
  return stop;
}

void ReadStops(const v1::CreateVisitRequest& request, FieldErrors& errors,
               engine::CreateVisit& visit) {
  if (request.stops().empty()) errors.Add("stops", "must not be empty");
  CheckCount(request.stops_size(), limits::kMaxVisitStops, "stops", errors);
  for (int i = 0; i < AtMost(request.stops_size(), limits::kMaxVisitStops); ++i) {
    visit.stops.push_back(
        StopFromProto(request.stops(i), ElementPath("stops", static_cast<size_t>(i)), errors));
  }
}

void ReadWindows(const v1::CreateVisitRequest& request, FieldErrors& errors,
                 engine::CreateVisit& visit) {
  if (request.windows().empty()) errors.Add("windows", "must not be empty");
  CheckCount(request.windows_size(), limits::kMaxVisitWindows, "windows", errors);
  for (int i = 0; i < AtMost(request.windows_size(), limits::kMaxVisitWindows); ++i) {
    visit.windows.push_back(IntervalFromProto(request.windows(i), limits::kLongestVisitWindow,
                                              ElementPath("windows", static_cast<size_t>(i)),
                                              errors));
  }
}

// Stops that take longer than there is time are a slip, not a refusal.
void CheckLength(const engine::CreateVisit& visit, FieldErrors& errors) {
  const Seconds length = std::accumulate(
      visit.stops.begin(), visit.stops.end(), Seconds{0},
      [](Seconds sum, const engine::VisitStop& stop) { return sum + stop.duration; });
  const std::string words = LengthWords(length);
  for (size_t i = 0; i < visit.windows.size(); ++i) {
    if (visit.windows[i].length() >= length) continue;
    errors.Add(ElementPath("windows", i),
               absl::StrCat("must be at least as long as the stops together, ", words));
  }
  if (visit.same_day && length > limits::kLongestVisitOfADay) {
    errors.Add("same_day", absl::StrCat("must be unset: the stops take ", words));
  }
}

engine::CreateVisit VisitFromProto(const v1::CreateVisitRequest& request, FieldErrors& errors) {
  engine::CreateVisit visit;
  ReadStops(request, errors, visit);
  ReadWindows(request, errors, visit);
  visit.in_order = request.in_order();
  visit.same_day = request.same_day();
  CheckCommon(request.common(), errors);
  visit.common = WordsFromProto(request.common(), "common", errors);
  visit.common.firm = request.common().firm();
  if (errors.ok()) CheckLength(visit, errors);
  return visit;
}

void AnswerVisit(const DaemonCore& core, const std::vector<Reservation>& reservations, bool dry_run,
                 v1::Visit& response) {
  for (size_t i = 0; i < reservations.size(); ++i) {
    v1::Reservation& added = *response.add_reservations();
    AnswerProto(core, reservations[i], dry_run, added);
    if (dry_run) added.mutable_labels()->erase(engine::kVisitLabel);
    if (i == 0) continue;
    ToProto(engine::WayBetween(core.catalogue(), reservations[i - 1], reservations[i]),
            *response.add_travel_times());
  }
}

}  // namespace

void CreateVisit(const DaemonCore& core, const CallInfo& call,
                 const v1::CreateVisitRequest& request, const Reply<v1::Visit>& reply) {
  FieldErrors errors;
  engine::Command command = CommandOf(call, request, errors);
  const bool dry_run = command.validate_only;
  command.body = VisitFromProto(request, errors);
  SubmitCommand(core, call, std::move(command), errors, reply,
                [&core, dry_run](const runtime::Answer& answer, v1::Visit& response) {
                  AnswerVisit(core, answer.reservations, dry_run, response);
                });
}

}  // namespace labslot::service

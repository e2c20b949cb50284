#include "client/commands/policy_change.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/commands/common.h"
#include "client/commands/record_commands.h"
#include "client/names.h"
#include "client/output/reservation_text.h"
#include "client/output/time_text.h"
#include "client/output/words.h"
#include "client/places.h"
#include "client/refusal_text.h"
#include "client/suggest.h"
#include "client/time_grammar.h"
#include "labslot/v1/policy_service.grpc.pb.h"

namespace labslot::client {
namespace {

using v1::ApplyPolicyRequest;
using v1::ApplyPolicyResponse;
using v1::PolicyService;

constexpr absl::Duration kFarAhead = absl::Hours(24 * 3660);

struct PolicyChange {
  std::string file;
  std::vector<std::string> removals;
  std::string from;
  std::string to;
  ExistingOptions existing;
  WriteFlags write;
};

// What is removed may be a policy or a quota, so it says which.
absl::Status ReadRemovals(const std::vector<std::string>& names,
                          google::protobuf::RepeatedPtrField<std::string>* removals) {
  for (const std::string& name : names) {
    if (CollectionOf(name) != kPolicies && CollectionOf(name) != kQuotas) {
      return absl::InvalidArgumentError(
          absl::StrCat("--remove ", name, ": write policies/", name, " or quotas/", name));
    }
    *removals->Add() = name;
  }
  return absl::OkStatus();
}

// The records and removals of the command line, into a request of either kind.
template <typename Request>
absl::Status ReadChange(Session& session, const PolicyChange& change, Request* request) {
  if (absl::Status status = ReadCatalogueFile(session, change.file, request->mutable_changes());
      !status.ok()) {
    return status;
  }
  if (absl::Status status = ReadRemovals(change.removals, request->mutable_removals());
      !status.ok()) {
    return status;
  }
  if (request->changes().ByteSizeLong() == 0 && request->removals().empty()) {
    return absl::InvalidArgumentError("say what changes: a file with records, or --remove");
  }
  return absl::OkStatus();
}

Table BrokenTable(const v1::TestPolicyResponse& reply, absl::TimeZone fallback,
                  const absl::TimeZone* zone) {
  Table table;
  table.columns = {{"ID"},
                   {"WHEN", Shown::kPeople},
                   {"START", Shown::kSheet},
                   {"END", Shown::kSheet},
                   {"ZONE"},
                   {"ASSETS"},
                   {"USER"},
                   {"ORGANISATION", Shown::kWide},
                   {"TITLE", Shown::kWide},
                   {"WHY", Shown::kAlways, false, false, true}};
  table.when_empty = "no bookings would break a rule";
  for (const v1::BrokenReservation& broken : reply.broken()) {
    const v1::Reservation& one = broken.reservation();
    const absl::TimeZone local = zone != nullptr ? *zone : ZoneOf(one, fallback);
    const absl::Time start = ToTime(one.interval().start_time());
    const absl::Time end = ToTime(one.interval().end_time());
    const std::string why = absl::StrJoin(broken.violations(), "; ",
                                          [](std::string* out, const v1::Violation& violation) {
                                            absl::StrAppend(out, ViolationLine(violation));
                                          });
    table.rows.push_back({ShortName(one.name()), SpanText(start, end, local),
                          SheetTime(start, local), SheetTime(end, local), local.name(),
                          ItemsText(one.items()), ShortName(one.user()),
                          ShortName(one.organisation()), one.display_name(), why});
  }
  return table;
}

std::string TestedText(const v1::TestPolicyResponse& reply) {
  const std::string judged =
      absl::StrCat(Count(reply.judged_count(), "booking", "bookings"), " judged");
  if (reply.broken_count() == 0) return absl::StrCat(judged, ": none would break a rule.\n");
  std::string text = absl::StrCat(judged, ": ", reply.broken_count(), " would break a rule");
  if (reply.broken_count() > reply.broken_size()) {
    absl::StrAppend(&text, "; the first ", reply.broken_size(), " are shown");
  }
  return absl::StrCat(text, ".\n");
}

// From --from, or now, to --to, or further ahead than anything can be booked.
absl::Status ReadPeriod(Session& session, const PolicyChange& change,
                        google::type::Interval* period) {
  const absl::StatusOr<TimeContext> times = TimesOfNoPlace(session);
  if (!times.ok()) return times.status();
  absl::StatusOr<absl::Time> from = times->now;
  if (!change.from.empty()) from = ParseMoment(change.from, *times);
  if (!from.ok()) return from.status();
  absl::StatusOr<absl::Time> to = std::max(*from, times->now) + kFarAhead;
  if (!change.to.empty()) to = ParseMoment(change.to, *times);
  if (!to.ok()) return to.status();
  if (*to <= *from) return absl::InvalidArgumentError("--to is not after --from");
  *period = ToInterval(*from, *to);
  return absl::OkStatus();
}

absl::Status Test(Session& session, const PolicyChange& change) {
  v1::TestPolicyRequest request;
  if (absl::Status status = ReadChange(session, change, &request); !status.ok()) return status;
  if (absl::Status status = ReadPeriod(session, change, request.mutable_interval()); !status.ok()) {
    return status;
  }
  if (change.from.empty() && change.to.empty()) request.clear_interval();
  return TestChange(session, request);
}

absl::Status Apply(Session& session, const PolicyChange& change) {
  ApplyPolicyRequest request;
  if (absl::Status status = ReadChange(session, change, &request); !status.ok()) return status;
  if (absl::Status status = ReadExisting(change.existing, &request); !status.ok()) return status;
  const absl::StatusOr<ApplyPolicyResponse> reply =
      Write(session, &PolicyService::Stub::ApplyPolicy, request, change.write);
  if (!reply.ok()) return reply.status();
  return session.output.ShowText(*reply, AppliedTable(*reply),
                                 [&] { return AppliedText(*reply, change.write); });
}

void AddChangeOptions(CLI::App* command, PolicyChange* change) {
  command->add_option("file", change->file, "The records as they shall be; - is standard input")
      ->type_name("FILE");
  command
      ->add_option("--remove", change->removals,
                   "Without this policies/... or quotas/...; may be repeated")
      ->type_name("NAME")
      ->allow_extra_args(false);
}

}  // namespace

void AddExistingOptions(CLI::App* command, ExistingOptions* options) {
  command
      ->add_option("--existing", options->existing,
                   "Bookings that break rules then: keep, warn or cancel (default: keep)")
      ->type_name("WHAT");
  command
      ->add_option("--notice", options->notice,
                   "With cancel: what starts sooner than this stays, such as 3d")
      ->type_name("LENGTH");
  command->add_option("--reason", options->reason,
                      "Why; told to holders, and required with cancel");
}

absl::Status ReadExisting(const ExistingOptions& options, ApplyPolicyRequest* request) {
  if (options.existing == "keep") {
    request->set_existing(ApplyPolicyRequest::KEEP);
  } else if (options.existing == "warn") {
    request->set_existing(ApplyPolicyRequest::WARN);
  } else if (options.existing == "cancel") {
    request->set_existing(ApplyPolicyRequest::CANCEL);
  } else {
    return absl::InvalidArgumentError(
        absl::StrCat("--existing ", options.existing, ": it is keep, warn or cancel.",
                     DidYouMean(Suggest(options.existing, {"keep", "warn", "cancel"}))));
  }
  const bool cancels = request->existing() == ApplyPolicyRequest::CANCEL;
  if (cancels && options.reason.empty()) {
    return absl::InvalidArgumentError(
        "--existing cancel needs a --reason: it is told to those whose bookings are cancelled");
  }
  if (!options.notice.empty()) {
    if (!cancels) return absl::InvalidArgumentError("--notice belongs to --existing cancel");
    const absl::StatusOr<absl::Duration> notice = ParseDuration(options.notice);
    if (!notice.ok()) return notice.status();
    *request->mutable_notice() = ToProtoDuration(*notice);
  }
  request->set_reason(options.reason);
  return absl::OkStatus();
}

absl::Status TestChange(Session& session, const v1::TestPolicyRequest& request) {
  const absl::StatusOr<v1::TestPolicyResponse> reply =
      Read(session, &PolicyService::Stub::TestPolicy, request);
  if (!reply.ok()) return reply.status();
  const absl::StatusOr<absl::TimeZone> zone = session.ZoneFor("");
  if (!zone.ok()) return zone.status();
  const Table table = BrokenTable(*reply, *zone, session.zone.has_value() ? &*zone : nullptr);
  return session.output.ShowText(*reply, table, [&] {
    return absl::StrCat(
        table.rows.empty() ? "" : LayOut(table, {session.output.wide(), session.output.columns()}),
        TestedText(*reply));
  });
}

Table AppliedTable(const ApplyPolicyResponse& reply) {
  Table table;
  table.columns = {{"CREATED"}, {"UPDATED"}, {"REMOVED"}, {"UNCHANGED"}, {"WARNED"}, {"CANCELLED"}};
  table.rows.push_back({absl::StrCat(reply.created_count()), absl::StrCat(reply.updated_count()),
                        absl::StrCat(reply.removed_count()), absl::StrCat(reply.unchanged_count()),
                        absl::StrCat(reply.warned_count()), absl::StrCat(reply.cancelled_count())});
  return table;
}

std::string AppliedText(const ApplyPolicyResponse& reply, const WriteFlags& write) {
  return absl::StrCat(write.dry_run ? "It would be: " : "", reply.created_count(), " created, ",
                      reply.updated_count(), " updated, ", reply.removed_count(), " removed, ",
                      reply.unchanged_count(), " unchanged; ",
                      Count(reply.warned_count(), "booking", "bookings"), " with a new note, ",
                      reply.cancelled_count(), " cancelled.", DryRunNote(write), "\n");
}

void AddPolicyChangeCommands(CLI::App& group, Session& session) {
  CLI::App* test = AddCommand(
      group, "test", "Which bookings would break changed rules; changes nothing",
      {"labslot policy test rules.yaml", "labslot policy test rules.yaml --from 2027-03-01 -o wide",
       "labslot policy test --remove policies/sem-max-4h"});
  auto tested = std::make_shared<PolicyChange>();
  AddChangeOptions(test, tested.get());
  test->add_option("--from", tested->from, "Only bookings that end after this")->type_name("TIME");
  test->add_option("--to", tested->to, "Only bookings that start before this")->type_name("TIME");
  test->callback([&session, tested] {
    session.action = [&session, tested] { return Test(session, *tested); };
  });

  CLI::App* apply = AddCommand(
      group, "apply", "Change rules, and say what happens to bookings that break them",
      {"labslot policy apply rules.yaml --existing warn --dry-run",
       "labslot policy apply rules.yaml --existing cancel --notice 3d --reason \"new safety rule\"",
       "labslot policy apply --remove quotas/two-future --reason \"not needed any more\""});
  auto applied = std::make_shared<PolicyChange>();
  AddChangeOptions(apply, applied.get());
  AddExistingOptions(apply, &applied->existing);
  AddWriteFlags(apply, &applied->write);
  apply->callback([&session, applied] {
    session.action = [&session, applied] { return Apply(session, *applied); };
  });
}

}  // namespace labslot::client

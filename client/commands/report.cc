// report yearly.

#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/commands/commands.h"
#include "client/commands/common.h"
#include "client/commands/utilisation_query.h"
#include "client/names.h"
#include "client/output/rule_text.h"
#include "client/output/words.h"
#include "client/places.h"
#include "client/utilisation_words.h"
#include "labslot/v1/utilisation_service.grpc.pb.h"

namespace labslot::client {
namespace {

using v1::YearlyOverview;

// What the API takes for a year.
constexpr int kFirstYear = 1971;
constexpr int kLastYear = 2199;

constexpr absl::string_view kLegend =
    "Hours, of each unit of a pool. BOOKED: still to come. COST: of what is used and\n"
    "booked. REVENUE: of what is reserved, used or not. COUNTS: whether the quota\n"
    "counts it.\n";

struct YearlyOptions {
  std::string quota;
  int year = 0;
  std::string as_of;
};

std::string ClassText(v1::Reservation::ActivityClass value) {
  if (value == v1::Reservation::ACTIVITY_CLASS_UNSPECIFIED) return "";
  return EnumWords(v1::Reservation::ActivityClass_Name(value), "ACTIVITY_CLASS_");
}

std::int64_t WholeSeconds(double seconds) { return std::llround(seconds); }

std::string AmountText(double amount, const YearlyOverview::Share& share) {
  if (share.currency_code().empty()) return absl::StrCat(HoursOf(WholeSeconds(amount)), " h");
  return absl::StrCat(MoneyText(amount), " ", share.currency_code());
}

std::string PerCent(double part, double whole) {
  return whole == 0 ? "-" : absl::StrFormat("%.2f%%", 100 * part / whole);
}

Table ShareTable(const YearlyOverview& overview) {
  Table table;
  table.columns = {{"METHOD"},
                   {"COUNTED", Shown::kAlways, true},
                   {"WHOLE", Shown::kAlways, true},
                   {"SHARE", Shown::kAlways, true}};
  for (const YearlyOverview::Share& share : overview.shares()) {
    table.rows.push_back({share.method(), AmountText(share.counted(), share),
                          AmountText(share.whole(), share),
                          PerCent(share.counted(), share.whole())});
  }
  return table;
}

// What the quota counts, in the hours that it is a share of.
const YearlyOverview::Share* CountedShare(const YearlyOverview& overview) {
  const std::string method = absl::StrCat(
      EnumWords(v1::CapacityShare::Base_Name(overview.admissible().base()), ""), " hours");
  for (const YearlyOverview::Share& share : overview.shares()) {
    if (share.method() == method) return &share;
  }
  return nullptr;
}

std::string AdmissibleText(const YearlyOverview& overview) {
  std::string text = absl::StrCat("Admissible: ", ShareText(overview.admissible()), ", ",
                                  HoursOf(overview.admissible_seconds()), " h.");
  const YearlyOverview::Share* share = CountedShare(overview);
  if (share == nullptr) return absl::StrCat(text, "\n");
  const std::int64_t left = overview.admissible_seconds() - WholeSeconds(share->counted());
  if (left < 0) {
    return absl::StrCat(text, " It is exceeded by ", HoursOf(-left), " h.\n");
  }
  return absl::StrCat(text, " ", HoursOf(left), " h are left.\n");
}

Table PeopleTable(const YearlyOverview& overview) {
  Table table;
  table.columns = {{"ASSET", Shown::kAlways, false, true},
                   {"CLASS", Shown::kAlways, false, false, true},
                   {"COUNTS"},
                   {"USED", Shown::kAlways, true},
                   {"BOOKED", Shown::kAlways, true},
                   {"COST", Shown::kAlways, true},
                   {"REVENUE", Shown::kAlways, true},
                   {"IN"}};
  const auto or_dash = [](const std::string& text) { return text.empty() ? "-" : text; };
  for (const YearlyOverview::Row& row : overview.rows()) {
    const bool priced = !row.currency_code().empty();
    table.rows.push_back({ShortName(row.asset()), or_dash(ClassText(row.activity_class())),
                          row.counted() ? "yes" : "no", HoursOf(row.used_seconds()),
                          HoursOf(row.booked_seconds()), priced ? MoneyText(row.cost()) : "-",
                          priced ? MoneyText(row.revenue()) : "-", or_dash(row.currency_code())});
  }
  return table;
}

// Each row says what it is of, so that sheets of several years can be put together.
Table SheetTable(const YearlyOverview& overview) {
  Table table;
  for (const char* header :
       {"asset", "activity_class", "counted", "used_seconds", "booked_seconds", "currency_code",
        "cost", "revenue", "quota", "rule_set", "year", "revision"}) {
    table.columns.push_back({header});
  }
  table.when_empty = "nothing was used or booked";
  for (const YearlyOverview::Row& row : overview.rows()) {
    const bool priced = !row.currency_code().empty();
    table.rows.push_back(
        {ShortName(row.asset()), ClassText(row.activity_class()), row.counted() ? "true" : "false",
         absl::StrCat(row.used_seconds()), absl::StrCat(row.booked_seconds()), row.currency_code(),
         priced ? MoneyText(row.cost()) : "", priced ? MoneyText(row.revenue()) : "",
         ShortName(overview.quota()), overview.rule_set(), absl::StrCat(overview.year()),
         absl::StrCat(overview.revision())});
  }
  return table;
}

std::string Heading(const YearlyOverview& overview) {
  const std::string id = ShortName(overview.quota());
  const std::string title =
      overview.display_name().empty() ? id : absl::StrCat(overview.display_name(), " (", id, ")");
  std::string text = absl::StrCat(Printable(title), ", ", overview.year(), ", as of revision ",
                                  overview.revision(), "\n");
  if (!overview.rule_set().empty()) {
    absl::StrAppend(&text, "Rules: ", Printable(overview.rule_set()), "\n");
  }
  return text;
}

std::string OverviewText(const YearlyOverview& overview, const TableLayout& layout) {
  const std::string text = absl::StrCat(Heading(overview), LayOut(ShareTable(overview), layout),
                                        AdmissibleText(overview), "\n");
  if (overview.rows().empty()) return absl::StrCat(text, "Nothing was used or booked.\n");
  return absl::StrCat(text, LayOut(PeopleTable(overview), layout), kLegend);
}

absl::Status ShowYearly(Session& session, const YearlyOptions& options) {
  const absl::StatusOr<TimeContext> times = TimesOfNoPlace(session);
  if (!times.ok()) return times.status();
  const absl::StatusOr<AsOf> as_of = ReadAsOf(options.as_of, *times);
  if (!as_of.ok()) return as_of.status();
  v1::GetYearlyOverviewRequest request;
  request.set_quota(FullName(kQuotas, options.quota));
  request.set_year(options.year);
  SetAsOf(*as_of, &request);
  const absl::StatusOr<YearlyOverview> overview =
      Read(session, &v1::UtilisationService::Stub::GetYearlyOverview, request);
  if (!overview.ok()) return overview.status();
  return session.output.ShowText(*overview, SheetTable(*overview), [&] {
    return OverviewText(*overview, {session.output.wide(), session.output.columns()});
  });
}

void AddYearly(CLI::App& group, Session& session) {
  CLI::App* command = AddCommand(
      group, "yearly", "How much of the capacity was used for what a quota counts, in a year",
      {"labslot report yearly rdi-sem",
       "labslot report yearly rdi-sem --year 2026 -o csv > 2026.csv",
       "labslot report yearly rdi-sem --year 2026 --as-of 48211    # the report of that day "
       "again"});
  auto options = std::make_shared<YearlyOptions>();
  command
      ->add_option("quota", options->quota,
                   "A quota with max_share: says of which assets, and what counts")
      ->type_name("QUOTA")
      ->required();
  command->add_option("--year", options->year, "The calendar year (default: this one)")
      ->type_name("YEAR")
      ->check(CLI::Range(kFirstYear, kLastYear).description(""));
  AddAsOfOption(command, &options->as_of);
  command->callback([&session, options] {
    session.action = [&session, options] { return ShowYearly(session, *options); };
  });
}

}  // namespace

void AddReportCommands(CLI::App& root, Session& session) {
  CLI::App* group =
      AddCommand(root, "report", "Accounts of use for those who fund and audit",
                 {"labslot report yearly rdi-sem", "labslot report yearly rdi-sem --year 2026"});
  group->require_subcommand(1);
  AddYearly(*group, session);
}

}  // namespace labslot::client

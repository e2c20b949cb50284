// Accounts of use as one meets them on the command line.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/command_test.h"

namespace labslot::client {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr std::int64_t kHour = 3600;

class ReportCommandTest : public CommandTest {
 protected:
  ReportCommandTest() {
    v1::YearlyOverview& overview = answers().overview;
    overview.set_quota("quotas/rdi-sem");
    overview.set_display_name("Economic use of the SEM");
    overview.set_rule_set("RDI Framework 2022/C 414/01");
    overview.set_year(2027);
    overview.set_revision(813);
    overview.mutable_admissible()->set_percent(20);
    overview.mutable_admissible()->set_base(v1::CapacityShare::OPENING);
    overview.set_admissible_seconds(400 * kHour);
    AddShare("calendar hours", 300 * kHour, 8760 * kHour, "");
    AddShare("opening hours", 300 * kHour, 2000 * kHour, "");
    AddShare("available hours", 300 * kHour, 0, "");
    AddShare("used hours", 300 * kHour, 900 * kHour, "");
    AddShare("cost", 24000, 72000, "EUR");
    AddShare("revenue", 36150.5, 36150.5, "EUR");
    AddRow(v1::Reservation::ACTIVITY_CLASS_RENTAL, true, "EUR");
    AddRow(v1::Reservation::ACTIVITY_CLASS_INDEPENDENT_RESEARCH, false, "EUR");
    AddRow(v1::Reservation::ACTIVITY_CLASS_UNSPECIFIED, false, "");
  }

  void AddShare(const std::string& method, double counted, double whole,
                const std::string& currency) {
    v1::YearlyOverview::Share* share = answers().overview.add_shares();
    share->set_method(method);
    share->set_counted(counted);
    share->set_whole(whole);
    share->set_currency_code(currency);
  }

  void AddRow(v1::Reservation::ActivityClass activity_class, bool counted,
              const std::string& currency) {
    v1::YearlyOverview::Row* row = answers().overview.add_rows();
    row->set_asset("assets/sem");
    row->set_activity_class(activity_class);
    row->set_counted(counted);
    row->set_used_seconds(200 * kHour);
    row->set_booked_seconds(100 * kHour + 1800);
    row->set_currency_code(currency);
    row->set_cost(24000);
    row->set_revenue(36150.5);
  }
};

TEST_F(ReportCommandTest, AYearIsToldByEachMethodAndByAssetAndClass) {
  surroundings_.columns = 80;
  surroundings_.variables["NO_COLOR"] = "1";
  const Outcome outcome = Run({"report", "yearly", "rdi-sem", "--year", "2027"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out,
            "Economic use of the SEM (rdi-sem), 2027, as of revision 813\n"
            "Rules: RDI Framework 2022/C 414/01\n"
            "METHOD                COUNTED         WHOLE    SHARE\n"
            "calendar hours        300.0 h      8760.0 h    3.42%\n"
            "opening hours         300.0 h      2000.0 h   15.00%\n"
            "available hours       300.0 h         0.0 h        -\n"
            "used hours            300.0 h       900.0 h   33.33%\n"
            "cost             24000.00 EUR  72000.00 EUR   33.33%\n"
            "revenue          36150.50 EUR  36150.50 EUR  100.00%\n"
            "Admissible: 20% of opening hours, 400.0 h. 100.0 h are left.\n"
            "\n"
            "ASSET  CLASS                 COUNTS   USED  BOOKED      COST   REVENUE  IN\n"
            "sem    rental                yes     200.0   100.5  24000.00  36150.50  EUR\n"
            "sem    independent research  no      200.0   100.5  24000.00  36150.50  EUR\n"
            "sem    -                     no      200.0   100.5         -         -  -\n"
            "Hours, of each unit of a pool. BOOKED: still to come. COST: of what is used and\n"
            "booked. REVENUE: of what is reserved, used or not. COUNTS: whether the quota\n"
            "counts it.\n");
  const v1::GetYearlyOverviewRequest& asked = answers().overviews_asked.back();
  EXPECT_EQ(asked.quota(), "quotas/rdi-sem");
  EXPECT_EQ(asked.year(), 2027);
  EXPECT_EQ(asked.as_of_revision(), 0);
  EXPECT_FALSE(asked.has_as_of_time());
}

TEST_F(ReportCommandTest, WhatIsExceededIsToldByHowMuch) {
  answers().overview.set_admissible_seconds(287 * kHour + 1800);
  answers().overview.mutable_admissible()->set_percent(14.38);
  EXPECT_THAT(
      Run({"report", "yearly", "rdi-sem"}).out,
      HasSubstr("Admissible: 14.38% of opening hours, 287.5 h. It is exceeded by 12.5 h.\n"));
  EXPECT_EQ(answers().overviews_asked.back().year(), 0);
}

TEST_F(ReportCommandTest, AYearInWhichNothingHappenedIsAReportToo) {
  answers().overview.clear_rows();
  answers().overview.clear_shares();
  answers().overview.clear_rule_set();
  answers().overview.clear_display_name();
  const Outcome outcome = Run({"report", "yearly", "rdi-sem"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("rdi-sem, 2027, as of revision 813\n"));
  EXPECT_THAT(outcome.out, Not(HasSubstr("Rules:")));
  EXPECT_THAT(outcome.out, HasSubstr("Admissible: 20% of opening hours, 400.0 h.\n"));
  EXPECT_THAT(outcome.out, HasSubstr("\nNothing was used or booked.\n"));
}

TEST_F(ReportCommandTest, LongNamesStayInEightyColumns) {
  surroundings_.columns = 80;
  surroundings_.variables["NO_COLOR"] = "1";
  for (v1::YearlyOverview::Row& row : *answers().overview.mutable_rows()) {
    row.set_asset("assets/atomic-resolution-transmission-electron-microscope");
  }
  std::istringstream out(Run({"report", "yearly", "rdi-sem"}).out);
  for (std::string line; std::getline(out, line);) EXPECT_LE(line.size(), 80U) << line;
}

TEST_F(ReportCommandTest, ASheetIsFlatAndInSeconds) {
  EXPECT_EQ(Run({"report", "yearly", "rdi-sem", "-o", "csv"}).out,
            "asset,activity_class,counted,used_seconds,booked_seconds,currency_code,cost,revenue,"
            "quota,rule_set,year,revision\r\n"
            "sem,rental,true,720000,361800,EUR,24000.00,36150.50,"
            "rdi-sem,RDI Framework 2022/C 414/01,2027,813\r\n"
            "sem,independent research,false,720000,361800,EUR,24000.00,36150.50,"
            "rdi-sem,RDI Framework 2022/C 414/01,2027,813\r\n"
            "sem,,false,720000,361800,,,,rdi-sem,RDI Framework 2022/C 414/01,2027,813\r\n");
  EXPECT_THAT(Run({"report", "yearly", "rdi-sem", "-o", "json"}).out,
              HasSubstr("\"admissibleSeconds\": \"1440000\""));
}

TEST_F(ReportCommandTest, AReportCanBeHadAsItWas) {
  EXPECT_EQ(Run({"report", "yearly", "rdi-sem", "--as-of", "48211"}).code, 0);
  EXPECT_EQ(answers().overviews_asked.back().as_of_revision(), 48211);
  EXPECT_EQ(Run({"report", "yearly", "rdi-sem", "--as-of", "2027-03-01 12:00"}).code, 0);
  EXPECT_EQ(answers().overviews_asked.back().as_of_revision(), 0);
  // 12:00 in Brussels.
  EXPECT_EQ(answers().overviews_asked.back().as_of_time().seconds(), 1803898800);
}

TEST_F(ReportCommandTest, WhatIsMistypedIsToldWithItsOptionAndTheMend) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> table = {
      {{"report"}, "`labslot report` needs a command: yearly."},
      {{"report", "yearl"}, "Did you mean yearly?"},
      {{"report", "yearly"}, "quota is required"},
      {{"report", "yearly", "rdi-sem", "--year", "27"}, "--year: Value 27 not in range"},
      {{"report", "yearly", "rdi-sem", "--as-of", "soon"}, "--as-of: cannot read \"soon\""},
      {{"report", "yearly", "rdi-sem", "--as-of", "0"}, "--as-of: revisions count from 1"},
  };
  for (const auto& [words, error] : table) {
    const Outcome outcome = Run(words);
    EXPECT_EQ(outcome.code, 2) << error;
    EXPECT_THAT(outcome.err, HasSubstr(error));
  }
  EXPECT_THAT(answers().overviews_asked, IsEmpty());
  answers().catalogue.add_quotas()->set_name("quotas/rdi-sem");
  const Outcome unknown = Run({"report", "yearly", "rdi-sen"});
  EXPECT_EQ(unknown.code, 4);
  EXPECT_THAT(unknown.err, HasSubstr("quotas/rdi-sen does not exist. Did you mean rdi-sem?"));
  EXPECT_THAT(answers().overviews_asked, SizeIs(1));
}

}  // namespace
}  // namespace labslot::client

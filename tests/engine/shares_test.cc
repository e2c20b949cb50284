// Quotas whose limit is a share of capacity: the guard of economic use, what is kept of
// its rules, and the yearly overview.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "daemon/engine/admission.h"
#include "daemon/engine/capacity.h"
#include "daemon/engine/yearly_overview.h"
#include "tests/support/records.h"
#include "tests/support/times.h"
#include "tests/support/use_source.h"
#include "tests/support/world.h"

namespace labslot::engine {
namespace {

using support::Day;
using support::kHour;
using support::Span;

constexpr char kRules[] = "RDI Framework 2022/C 414/01";

Quota EconomicUse(CapacityBase base = CapacityBase::kOpening) {
  Selector economic;
  economic.activity_classes = {ActivityClass::kRental, ActivityClass::kService,
                               ActivityClass::kContractResearch};
  Quota quota;
  quota.id = "economic";
  quota.display_name = "Ancillary use";
  quota.applies_to = {economic};
  quota.measure = Measure::kTime;
  quota.share = CapacityShare{2000, base};
  quota.period = QuotaPeriod::kYear;
  quota.rule_set = kRules;
  return quota;
}

// Flanders in 2027, Monday to Friday from 8 to 17: a catalogue in which everything has
// been there for long.
class CapacityTest : public testing::Test {
 protected:
  CapacityTest() {
    catalogue_.Put(support::MakeRegion(
        "be-vlg",
        {support::Feast("2027-01-01", "New Year"), support::Feast("2027-03-29", "Easter"),
         support::Feast("2027-05-01", "Labour Day"), support::Feast("2027-05-06", "Ascension"),
         support::Feast("2027-05-17", "Whit"), support::Feast("2027-07-21", "National Day"),
         support::Feast("2027-08-15", "Assumption"), support::Feast("2027-11-01", "All Saints"),
         support::Feast("2027-11-11", "Armistice"), support::Feast("2027-12-25", "Christmas")}));
    Site lommel = support::MakeSite("lommel");
    lommel.calendar = support::Office();
    lommel.calendar->holiday_region = "be-vlg";
    catalogue_.Put(lommel);
    catalogue_.Put(support::MakeAsset("sem"));
    catalogue_.Put(support::MakePool("rigs", 7));
  }

  Seconds Of(const std::string& asset, const Quota& quota) const {
    return CapacityOf(catalogue_, quota, *catalogue_.FindAsset(asset), NumberOf(Day("2027-01-01")),
                      NumberOf(Day("2027-12-31")));
  }

  Catalogue catalogue_;
};

// 254 working days: the figure of the field's own books.
TEST_F(CapacityTest, OfAYearInFlandersIs2286Hours) {
  EXPECT_EQ(Of("sem", EconomicUse()), 2286 * kHour);
  EXPECT_EQ(Of("rigs", EconomicUse()), 7 * 2286 * kHour);
  EXPECT_EQ(Of("sem", EconomicUse(CapacityBase::kCalendar)), 8760 * kHour);
}

TEST_F(CapacityTest, IsLessByOutagesWhereOnlyWhatIsAvailableCounts) {
  Outage outage;
  outage.id = "broken";
  outage.asset = "rigs";
  outage.quantity = 2;
  outage.interval = Span("2027-03-01 8:00/2027-03-03 8:00");
  catalogue_.Put(outage);
  EXPECT_EQ(Of("rigs", EconomicUse(CapacityBase::kAvailable)), (7 * 2286 - 2 * 18) * kHour);
  EXPECT_EQ(Of("rigs", EconomicUse()), 7 * 2286 * kHour);
}

TEST_F(CapacityTest, IsOfTheDaysOfTheQuotaWhileTheAssetExists) {
  Quota quota = EconomicUse();
  quota.periods = {{Day("2027-03-01"), Day("2027-03-05")}, {Day("2027-12-20"), Day("2028-02-01")}};
  EXPECT_EQ(Of("sem", quota), (5 + 10) * 9 * kHour);
  Asset sem = *catalogue_.FindAsset("sem");
  sem.create_time = support::At("2027-03-02 12:00");
  sem.state = AssetState::kRetired;
  sem.retire_time = support::At("2027-12-21 8:00");
  catalogue_.Put(sem);
  EXPECT_EQ(Of("sem", quota), (5 + 3 * 9 + 9) * kHour);
}

TEST_F(CapacityTest, IsOfWhatTheQuotaIsAbout) {
  CapacityBook book;
  const auto all = [&](const Quota& quota, const std::string& key) {
    book.Forget();
    return book.Of(catalogue_, quota, key, NumberOf(Day("2027-01-01")),
                   NumberOf(Day("2027-12-31"))) /
           kHour;
  };
  Quota quota = EconomicUse();
  EXPECT_EQ(all(quota, ""), 8 * 2286);
  quota.each = {Dimension::kAsset};
  EXPECT_EQ(all(quota, "sem"), 2286);
  quota.each = {Dimension::kUser};
  EXPECT_EQ(all(quota, "ada"), 8 * 2286);
  quota.each.clear();
  Selector rigs;
  rigs.assets = {"rigs"};
  quota.except = {rigs};
  EXPECT_EQ(all(quota, ""), 2286);
  quota.except.front().users = {"ada"};
  EXPECT_EQ(all(quota, ""), 8 * 2286);
  quota.applies_to.front().sites = {"elsewhere"};
  EXPECT_EQ(all(quota, ""), 0);
}

TEST(ShareTest, ThePartOfALargeParkFits) {
  EXPECT_EQ(PartOf({2000, CapacityBase::kOpening}, 2286 * kHour), 457 * kHour + 720);
  const Seconds largest = Seconds{1} << 55;
  EXPECT_EQ(PartOf({10000, CapacityBase::kOpening}, largest), largest);
  EXPECT_EQ(PartOf({1, CapacityBase::kOpening}, 9999), 0);
}

// One asset, 2,340 opening hours in 2028: 468 of them are 20 %.
class GuardTest : public testing::Test {
 protected:
  GuardTest() {
    Site lommel = support::MakeSite("lommel");
    lommel.calendar = support::Office();
    world_.Add(lommel);
    Asset sem = support::MakeAsset("sem");
    sem.may_span_closed_time = true;
    sem.rates = {{"EUR", 4000, 10000}, {{ActivityClass::kEducation, 0}}};
    world_.Add(sem);
    User mia = support::MakeUser("mia");
    mia.role_bindings = {support::Binding(Role::kAssetManager)};
    world_.Add(mia);
  }

  ReservationId Book(const std::string& span, ActivityClass activity) {
    return world_.MustBook(Draft(span, activity));
  }

  static Reservation Draft(const std::string& span, ActivityClass activity) {
    Reservation draft = support::Draft({support::Item("sem")}, Span(span));
    draft.activity_class = activity;
    return draft;
  }

  void UseMost() {
    Book("2028-01-03 8:00/2028-01-14 17:00", ActivityClass::kRental);            // 273 h
    Book("2028-02-07 8:00/2028-02-11 17:00", ActivityClass::kService);           // 105 h
    Book("2028-02-14 8:00/2028-02-17 17:00", ActivityClass::kContractResearch);  // 81 h
    Book("2028-02-21 8:00/2028-02-25 17:00", ActivityClass::kEducation);
  }

  support::World world_;
};

TEST_F(GuardTest, SaysWhatItWouldComeToAndWhatIsAdmissible) {
  world_.Add(EconomicUse());
  UseMost();
  Book("2028-03-06 8:00/2028-03-06 17:00", ActivityClass::kRental);
  const auto refused =
      world_.Book(Draft("2028-03-07 8:00/2028-03-07 9:30", ActivityClass::kRental));
  ASSERT_FALSE(refused.ok());
  const Violation& violation = refused.error().refusal->violations.at(0);
  EXPECT_EQ(violation.rule, Rule::kQuotaExceeded);
  EXPECT_EQ(violation.message,
            "1.5 h more would make 469.5 h = 20.06 % of opening hours (all together, 2028); "
            "admissible are 468.0 h = 20.00 % of opening hours, so up to 0.0 h (Ancillary use; "
            "RDI Framework 2022/C 414/01)");
  EXPECT_EQ(violation.limit, "468.0 h = 20.00 % of opening hours");
  EXPECT_EQ(violation.found, "469.5 h = 20.06 % of opening hours");
  // The next year has a share of its own, and what is not counted has none.
  Book("2029-01-08 8:00/2029-01-08 17:00", ActivityClass::kRental);
  Book("2028-03-07 8:00/2028-03-07 9:30", ActivityClass::kIndependentResearch);
}

TEST_F(GuardTest, WarnsIfItIsToWarn) {
  Quota quota = EconomicUse();
  quota.effect = Effect::kWarn;
  world_.Add(quota);
  UseMost();
  Book("2028-03-06 8:00/2028-03-06 17:00", ActivityClass::kRental);
  const Reservation& warned =
      world_.reservation(Book("2028-03-07 8:00/2028-03-07 9:30", ActivityClass::kRental));
  ASSERT_EQ(warned.notes.size(), 1U);
  EXPECT_TRUE(absl::StrContains(warned.notes.front().message, "20.06 %"));
}

TEST_F(GuardTest, KnowsOfOutagesAndNewHoursAtOnce) {
  world_.Add(EconomicUse(CapacityBase::kAvailable));
  UseMost();
  Outage outage;
  outage.id = "broken";
  outage.asset = "sem";
  outage.interval = Span("2028-06-05 8:00/2028-06-10 8:00");  // 45 opening hours, 9 h of the share
  ASSERT_TRUE(world_.Run(CreateRecord{outage}).ok());
  EXPECT_FALSE(world_.Book(Draft("2028-03-06 8:00/2028-03-06 17:00", ActivityClass::kRental)).ok());
  ASSERT_TRUE(world_.Run(DeleteRecord{"outages", "broken", 0}).ok());
  Book("2028-03-06 8:00/2028-03-06 17:00", ActivityClass::kRental);
}

TEST_F(GuardTest, KeepsTheRulesOfTheDays) {
  Quota old_rules = EconomicUse();
  old_rules.periods = {{Day("2022-10-28"), Day("2028-01-31")}};
  world_.Add(old_rules);
  Quota new_rules = EconomicUse();
  new_rules.id = "economic-2028";
  new_rules.rule_set = "RDI Framework 2028";
  new_rules.periods = {{Day("2028-02-01"), Day("2034-12-31")}};
  world_.Add(new_rules);
  using Names = std::vector<std::string>;
  const auto rules_of = [&](const std::string& span) {
    return world_.reservation(Book(span, ActivityClass::kEducation)).rule_sets;
  };
  EXPECT_EQ(rules_of("2028-01-10 8:00/2028-01-10 9:00"), Names{kRules});
  EXPECT_EQ(rules_of("2028-02-10 8:00/2028-02-10 9:00"), Names{"RDI Framework 2028"});
  EXPECT_EQ(rules_of("2028-01-31 16:00/2028-02-01 9:00"), (Names{kRules, "RDI Framework 2028"}));
}

TEST_F(GuardTest, KeepsTheRatesOfItsTimeAndOfItsClass) {
  const ReservationId rented = Book("2028-01-10 8:00/2028-01-10 9:00", ActivityClass::kRental);
  const ReservationId taught = Book("2028-01-10 9:00/2028-01-10 10:00", ActivityClass::kEducation);
  Asset sem = *world_.catalogue().FindAsset("sem");
  sem.rates.usual = {"EUR", 5000, 12000};
  ASSERT_TRUE(world_.Replace(sem).ok());
  ASSERT_TRUE(world_.Move(rented, Span("2028-01-11 8:00/2028-01-11 9:00")).ok());
  EXPECT_EQ(world_.reservation(rented).items.front().rate, (Rate{"EUR", 4000, 10000}));
  EXPECT_EQ(world_.reservation(taught).items.front().rate, (Rate{"EUR", 4000, 0}));
  const auto rent = [](const Reservation& current) -> Result<Reservation> {
    Reservation next = current;
    next.activity_class = ActivityClass::kRental;
    return next;
  };
  ASSERT_TRUE(world_.Run(UpdateReservation{taught, 0, rent}).ok());
  EXPECT_EQ(world_.reservation(taught).items.front().rate, (Rate{"EUR", 5000, 12000}));
}

TEST_F(GuardTest, AReclassificationIsANewEntryWithItsReason) {
  world_.Add(EconomicUse());
  const ReservationId id = Book("2028-01-10 8:00/2028-01-10 9:00", ActivityClass::kEducation);
  world_.now = support::At("2028-01-12 8:00");
  const auto to_service = [](const Reservation& current) -> Result<Reservation> {
    Reservation next = current;
    next.activity_class = ActivityClass::kService;
    return next;
  };
  CorrectUse correct{.id = id, .patch = to_service};
  ASSERT_TRUE(world_.Run(Principal{"mia"}, correct, "the course was sold").ok());
  const Reservation& corrected = world_.reservation(id);
  EXPECT_EQ(corrected.activity_reason, "the course was sold");
  EXPECT_EQ(corrected.rule_sets, std::vector<std::string>{kRules});
  EXPECT_EQ(corrected.items.front().rate, (Rate{"EUR", 4000, 0})) << "charged is what was charged";
  EXPECT_EQ(world_.events().back().type, EventType::kCorrected);
  // It counts from now on.
  const Quota& quota = *world_.catalogue().FindQuota("economic");
  EXPECT_EQ(world_.state().ledger().Used(quota.id, "", NumberOf(Day("2028-01-01")),
                                         NumberOf(Day("2028-12-31"))),
            kHour);
}

class OverviewTest : public GuardTest {
 protected:
  YearlyOverview Overview(const Quota& quota) {
    UseQuery query;
    query.period = Span("2028-01-01 0:00/2029-01-01 0:00");
    query.group_by = OverviewDimensions();
    query.quota = quota.id;
    support::WorldUse source(world_);
    const auto epochs = source.Epochs(query.period);
    UseReport report(query, world_.now, source);
    report.Add(SpansOf(epochs, "sem"), support::kBrussels);
    YearlyOverview overview;
    overview.Add(report.Rows());
    return overview;
  }
};

TEST_F(OverviewTest, IsByTimeCostAndRevenue) {
  world_.Add(EconomicUse());
  Book("2028-01-03 8:00/2028-01-03 17:00", ActivityClass::kRental);
  Book("2028-01-04 8:00/2028-01-04 12:00", ActivityClass::kEducation);
  Book("2028-01-05 8:00/2028-01-05 10:00", ActivityClass::kUnspecified);
  Book("2028-11-06 8:00/2028-11-06 11:00", ActivityClass::kRental);
  world_.now = support::At("2028-06-01 8:00");
  YearlyOverview overview = Overview(EconomicUse());
  EXPECT_EQ(overview.capacity[CapacityBase::kCalendar], 8784 * kHour);
  EXPECT_EQ(overview.capacity[CapacityBase::kOpening], 2340 * kHour);
  EXPECT_EQ(overview.capacity[CapacityBase::kAvailable], 2340 * kHour);
  ASSERT_EQ(overview.rows.size(), 3U);
  const OverviewPart rental = overview.rows[{"assets/sem", "RENTAL", true, "EUR"}];
  EXPECT_EQ(rental.used, 9 * kHour);
  EXPECT_EQ(rental.booked, 3 * kHour);
  EXPECT_DOUBLE_EQ(MoneyOf(rental.cost), 12 * 40);
  EXPECT_DOUBLE_EQ(MoneyOf(rental.revenue), 12 * 100);
  const OverviewPart education = overview.rows[{"assets/sem", "EDUCATION", false, "EUR"}];
  EXPECT_EQ(education.used, 4 * kHour);
  EXPECT_DOUBLE_EQ(MoneyOf(education.cost), 160);
  EXPECT_DOUBLE_EQ(MoneyOf(education.revenue), 0);
  const OverviewPart other = overview.rows[{"assets/sem", "(none)", false, "EUR"}];
  EXPECT_EQ(other.used, 2 * kHour);
}

TEST(MoneyTest, IsRoundedOnceAtTheEnd) {
  EXPECT_DOUBLE_EQ(MoneyOf(1 * 1800), 0.01);
  EXPECT_DOUBLE_EQ(MoneyOf(1 * 1799), 0);
  EXPECT_DOUBLE_EQ(MoneyOf(int64_t{12345} * 3600), 123.45);
}

}  // namespace
}  // namespace labslot::engine

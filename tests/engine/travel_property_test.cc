// Random journeys of mobile assets, against a model that only knows what the API
// says of them.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <random>
#include <set>

#include "absl/strings/str_cat.h"
#include "daemon/domain/travel_time.h"
#include "daemon/engine/admission.h"
#include "daemon/engine/slots.h"
#include "tests/engine/travel_model.h"
#include "tests/support/records.h"
#include "tests/support/seeds.h"
#include "tests/support/times.h"
#include "tests/support/world.h"

namespace labslot::engine {
namespace {

using support::kDay;
using support::kHour;
using support::kMinute;
using support::World;

constexpr Instant kGrid = 15 * kMinute;

// What the ways are like.
enum class Roads {
  kEven,  // no way round is quicker, and drivers take no rests
  kOdd,   // rests, and stated ways: a way round may be quicker by far
  // The same, also with visits at home and any way between.
  kAny,
};

// Sites far and near, one of them nowhere, some with ways that they state, and
// one or two trucks that travel in some way.
class Journeys {
 public:
  Journeys(unsigned seed, Roads roads) : random_(seed), roads_(roads) {
    // The second and the third begin the day before the clocks are put on and back.
    static constexpr const char* kBeginnings[] = {"mon 6:00", "2027-03-27 6:00", "2027-10-30 6:00"};
    world_.now = support::At(kBeginnings[seed % 3]);
    AddSites();
    const unsigned trucks = 1 + Roll(2);
    for (unsigned i = 0; i < trucks; ++i) AddTruck(absl::StrCat("truck-", i));
  }

  unsigned Roll(unsigned sides) { return static_cast<unsigned>(random_() % sides); }
  Seconds RollTime(Seconds sides) { return static_cast<Seconds>(random_()) % sides; }

  World& world() { return world_; }
  const std::vector<std::string>& trucks() const { return trucks_; }
  Roads roads() const { return roads_; }
  TravelModel Model(const std::string& truck) const { return {world_.catalogue(), truck}; }
  // Visits at home are left out where they would be counted as being away.
  const std::string& AnySite() {
    bool limited = false;
    for (const std::string& id : trucks_) {
      const Travel& travel = world_.catalogue().FindAsset(id)->travel;
      limited |= travel.longest_tour > 0 && travel.between != Between::kAlwaysHome;
    }
    const unsigned first = limited && roads_ != Roads::kAny ? 1 : 0;
    return sites_[first + Roll(static_cast<unsigned>(sites_.size()) - first)];
  }

  Reservation AnyDraft() {
    std::vector<ReservationItem> items = {
        support::Item(trucks_[Roll(static_cast<unsigned>(trucks_.size()))])};
    if (trucks_.size() > 1 && Roll(6u) == 0) {
      items = {support::Item(trucks_[0]), support::Item(trucks_[1])};
    }
    Reservation draft = support::Draft(items, {}, AnySite());
    for (ReservationItem& item : draft.items) {
      const Asset& asset = *world_.catalogue().FindAsset(item.asset);
      item.set_up = asset.set_up;
      item.tear_down = asset.tear_down;
    }
    draft.interval = AnyInterval(draft);
    return draft;
  }

  // Often just where it fits behind or in front of another, or a little off.
  Interval AnyInterval(const Reservation& draft) {
    const Seconds length = 10 * kMinute * (1 + RollTime(100));
    Instant start = world_.now + 10 * kMinute * (1 + RollTime(6 * 24 * 8));
    const TravelModel model = Model(draft.items[0].asset);
    const std::vector<Visit> stays = model.Stays(world_);
    if (!stays.empty() && Roll(2u) == 0) {
      const Visit& other = stays[Roll(static_cast<unsigned>(stays.size()))];
      const Seconds off = std::array<Seconds, 5>{-60, -1, 0, 0, 600}[Roll(5u)];
      const ReservationItem& item = draft.items[0];
      start = other.blocked.end + model.Needed(other.site, draft.site) + item.set_up + off;
      if (Roll(2u) == 0) {
        start = other.blocked.start - model.Needed(draft.site, other.site) - item.tear_down -
                length - off;
      }
    }
    start = std::max(start, world_.now);
    return {start, start + length};
  }

  ReservationId AnyReservation() {
    const auto& all = world_.reservations();
    if (all.empty()) return 0;
    return std::next(all.begin(), Roll(static_cast<unsigned>(all.size())))->first;
  }

  // The same reservation at another time or site.
  Reservation Moved(Reservation reservation) {
    const Seconds shift = 10 * kMinute * (1 + RollTime(100));
    switch (Roll(5u)) {
      case 0:
        reservation.interval = {reservation.interval.start - shift,
                                reservation.interval.end - shift};
        break;
      case 1:
        reservation.interval = {reservation.interval.start + shift,
                                reservation.interval.end + shift};
        break;
      case 2:
        reservation.interval.end += (Roll(2u) == 0 ? 1 : -1) * shift;
        // What a request says is well-formed before it comes here.
        reservation.interval.end =
            std::max(reservation.interval.end, reservation.interval.start + 10 * kMinute);
        break;
      case 3:
        reservation.site = AnySite();
        break;
      default:
        reservation.interval = AnyInterval(reservation);
    }
    return reservation;
  }

 private:
  void AddSites() {
    struct Row {
      const char* id;
      const char* zone;
      double latitude;
      double longitude;
    };
    static constexpr Row kRows[] = {{"lommel", "Europe/Brussels", 51.229, 5.303},
                                    {"kortrijk", "Europe/Brussels", 50.818, 3.277},
                                    {"chemnitz", "Europe/Berlin", 50.811, 12.929},
                                    {"tartu", "Europe/Tallinn", 58.362, 26.679},
                                    {"nowhere", "Europe/Lisbon", 0, 0}};
    // Nowhere is no way off, hence a short cut to everywhere.
    const unsigned most = roads_ == Roads::kEven ? 4 : 5;
    const unsigned count = 3 + Roll(most - 2);
    for (unsigned i = 0; i < count; ++i) {
      Site site = support::MakeSite(kRows[i].id, kRows[i].zone);
      site.latitude = kRows[i].latitude;
      site.longitude = kRows[i].longitude;
      world_.Add(site);
      sites_.push_back(site.id);
    }
    const bool any_stated = Roll(2u) == 0;
    for (const std::string& id : sites_) {
      if (any_stated) StateWays(*world_.catalogue().FindSite(id));
    }
  }

  // Even ways are those of the road and some time to get out of the gate; then all
  // are stated, so that none is quicker for that.
  void StateWays(Site site) {
    Travel two_drivers;
    two_drivers.driving_per_day = 24 * kHour;
    const Seconds gate = 7 * kMinute * RollTime(9);
    for (const std::string& other : sites_) {
      if (other == site.id) continue;
      Site silent = *world_.catalogue().FindSite(other);
      silent.travel_times.clear();
      if (roads_ == Roads::kEven) {
        site.travel_times[other] = TravelTimeBetween(site, silent, two_drivers) + gate;
      } else if (Roll(3u) == 0) {
        site.travel_times[other] = 7 * kMinute * (1 + RollTime(90));
      }
    }
    ASSERT_TRUE(world_.Replace(site).ok());
  }

  void AddTruck(const std::string& id) {
    Asset truck = support::MakeMobile(id);
    truck.kind = "truck";
    truck.set_up = 10 * kMinute * RollTime(7);
    truck.tear_down = 10 * kMinute * RollTime(7);
    truck.travel.between = static_cast<Between>(1 + Roll(3u));
    if (roads_ == Roads::kOdd && truck.travel.between == Between::kHomeIfTime) {
      truck.travel.between = Between::kAlwaysHome;
    }
    truck.travel.driving_per_day = 24 * kHour;
    if (roads_ != Roads::kEven) {
      truck.travel.driving_per_day = std::array<Seconds, 4>{9, 9, 4, 24}[Roll(4u)] * kHour;
    }
    truck.travel.speed_kmh = Roll(2u) == 0 ? 65 : 80;
    if (Roll(8u) == 0) truck.travel.longest_tour = kDay * (1 + RollTime(6));
    world_.Add(truck);
    trucks_.push_back(id);
  }

  World world_;
  std::mt19937 random_;
  const Roads roads_;
  std::vector<std::string> sites_;
  std::vector<std::string> trucks_;
};

std::string Told(const std::vector<Visit>& stays) {
  std::string text;
  for (const Visit& stay : stays) {
    const auto zone = support::Zone(support::kBrussels);
    absl::StrAppend(&text, "  r", stay.reservation, " ", stay.site, " ",
                    FormatLocal(stay.blocked.start, zone), " to ",
                    FormatLocal(stay.blocked.end, zone), "\n");
  }
  return text;
}

std::string Told(const Asset& asset) {
  return absl::StrCat(asset.id, " between ", static_cast<int>(asset.travel.between), " driving ",
                      asset.travel.driving_per_day / kHour, " h, tour ",
                      asset.travel.longest_tour / kHour, " h, set-up ", asset.set_up / kMinute,
                      " tear-down ", asset.tear_down / kMinute);
}

bool IsTravelRule(Rule rule) {
  return rule == Rule::kTravelDoesNotFit || rule == Rule::kTourTooLong;
}

// Which rules of a refusal are broken, whatever the asset.
std::set<Rule> RulesOf(const Error& error) {
  std::set<Rule> rules;
  if (!error.refusal) return rules;
  for (const Violation& violation : error.refusal->violations) rules.insert(violation.rule);
  return rules;
}

// Lives journeys and holds each step against the model.
class Checked {
 public:
  Checked(unsigned seed, Roads roads) : journeys_(seed, roads) {}

  void Step() {
    World& world = journeys_.world();
    const ReservationId id = journeys_.AnyReservation();
    const unsigned what = journeys_.Roll(12u);
    if (what == 0) {
      world.now += 10 * kMinute * journeys_.RollTime(80);
      world.EndWhatIsDue();
      touched_ = 0;
    } else if (what == 1) {
      touched_ = 0;
      (void)world.Cancel(id);
    } else if (what < 5 && id != 0) {
      TryMove(id);
    } else {
      TryCreate();
    }
    for (const std::string& truck : journeys_.trucks()) CheckTruck(truck);
  }

  // Slots found pass from their first start to their last.
  void CheckSlots() {
    const World& world = journeys_.world();
    const std::string truck = journeys_.trucks()[0];
    SlotQuery query;
    query.items = {support::Item(truck)};
    query.site = journeys_.AnySite();
    query.duration = kHour * (1 + journeys_.RollTime(12));
    query.window = {world.now, world.now + 5 * kDay};
    query.limit = 1000;
    for (const Slot& slot : FindSlots(world.state(), query, world.now)) {
      for (const Seconds shift : {Seconds{0}, slot.start_slack / 2, slot.start_slack}) {
        const Interval run{slot.interval.start + shift, slot.interval.end + shift};
        const auto tried =
            world.Try({"ada"}, CreateReservation{support::Draft(slot.items, run, slot.site)});
        ASSERT_TRUE(tried.ok()) << support::Describe(tried.error()) << "\n"
                                << Told(support::Draft(slot.items, run, slot.site));
      }
    }
  }

  int granted() const { return granted_; }
  int refused_for_travel() const { return refused_for_travel_; }
  int refused_for_tour() const { return refused_for_tour_; }
  int searched() const { return searched_; }
  int left_behind() const { return static_cast<int>(left_behind_.size()); }
  Journeys& journeys() { return journeys_; }

 private:
  // All items together.
  TravelModel::Verdict Judge(const Reservation& draft, ReservationId without) {
    TravelModel::Verdict all;
    for (const ReservationItem& item : draft.items) {
      const TravelModel model = journeys_.Model(item.asset);
      const std::vector<Visit> planned = model.Stays(journeys_.world());
      std::vector<Visit> others = planned;
      others.erase(std::remove_if(others.begin(), others.end(),
                                  [&](const Visit& v) { return v.reservation == without; }),
                   others.end());
      const Visit own{without, OccupancyOf(draft, item), draft.site};
      const auto one = model.Judge(others, own, planned, journeys_.world().now);
      all.overlaps |= one.overlaps;
      all.travel &= one.travel;
      all.tour &= one.tour;
      all.unsure |= one.unsure;
    }
    return all;
  }

  std::string Told(const Reservation& draft) {
    const auto zone = support::Zone(support::kBrussels);
    std::string text = absl::StrCat("now ", FormatLocal(journeys_.world().now, zone), ", wanted ",
                                    draft.site, " ", FormatLocal(draft.interval.start, zone),
                                    " to ", FormatLocal(draft.interval.end, zone), "\n");
    for (const ReservationItem& item : draft.items) {
      const TravelModel model = journeys_.Model(item.asset);
      absl::StrAppend(&text, engine::Told(model.asset()), "\n",
                      engine::Told(model.Stays(journeys_.world())));
    }
    return text;
  }

  void Compare(const Result<Decision>& result, const TravelModel::Verdict& verdict,
               const std::string& told) {
    if (result.ok()) {
      EXPECT_FALSE(verdict.overlaps) << told;
      EXPECT_TRUE(verdict.travel) << "granted, but it does not get there or on\n" << told;
      EXPECT_TRUE(verdict.tour) << "granted, but it is away for too long\n" << told;
      ++granted_;
      return;
    }
    const std::set<Rule> rules = RulesOf(result.error());
    const bool only_travel = std::all_of(rules.begin(), rules.end(), IsTravelRule);
    if (rules.empty() || !only_travel || verdict.unsure) return;
    EXPECT_FALSE(verdict.passes()) << support::Describe(result.error()) << "\n" << told;
    if (rules.count(Rule::kTravelDoesNotFit) > 0) {
      EXPECT_FALSE(verdict.travel) << support::Describe(result.error()) << "\n" << told;
      ++refused_for_travel_;
    }
    if (rules.count(Rule::kTourTooLong) > 0) {
      EXPECT_FALSE(verdict.tour) << support::Describe(result.error()) << "\n" << told;
      ++refused_for_tour_;
    }
  }

  bool AnyLimited() {
    for (const std::string& truck : journeys_.trucks()) {
      if (journeys_.Model(truck).asset().travel.longest_tour > 0) return true;
    }
    return false;
  }

  // What the engine says of it.
  std::string Found(const Reservation& draft) {
    const auto tried = journeys_.world().Try({"ada"}, CreateReservation{draft});
    return tried.ok() ? "passes\n" : absl::StrCat(support::Describe(tried.error()), "\n");
  }

  void TryCreate() {
    World& world = journeys_.world();
    const Reservation draft = journeys_.AnyDraft();
    const auto verdict = Judge(draft, 0);
    const std::string told = Told(draft);
    const auto created = world.Book(draft, "ada", journeys_.Roll(5u) == 0 ? kHour : 0);
    touched_ = created.ok() ? std::get<Reservation>(created.value().result).id : 0;
    Compare(created, verdict, told);
    if (!created.ok() && journeys_.Roll(3u) == 0) CheckEarliest(draft, created.error());
  }

  void TryMove(ReservationId id) {
    World& world = journeys_.world();
    const Reservation current = world.reservation(id);
    touched_ = 0;
    if (!Blocks(current)) return;
    const Reservation moved = journeys_.Moved(current);
    const auto verdict = Judge(moved, id);
    const std::string told = absl::StrCat("move of r", id, "\n", Told(moved));
    UpdateReservation command;
    command.id = id;
    command.patch = [&moved](const Reservation& now) -> Result<Reservation> {
      Reservation next = now;
      next.interval = moved.interval;
      next.site = moved.site;
      return next;
    };
    const bool began = current.interval.start <= world.now;
    const auto result = world.Run({"ada"}, command);
    if (result.ok() && !result.value().changes.empty()) touched_ = id;
    // What began is where it is; what stays as it is was not judged.
    if (!began && (!result.ok() || touched_ == id)) Compare(result, verdict, told);
  }

  // The earliest start that a refusal names passes, and none before it does.
  void CheckEarliest(const Reservation& draft, const Error& error) {
    const std::set<Rule> rules = RulesOf(error);
    const bool known = std::all_of(rules.begin(), rules.end(), [](Rule rule) {
      return IsTravelRule(rule) || rule == Rule::kCapacityExceeded;
    });
    if (!known || rules.empty()) return;
    ++searched_;
    const auto& earliest = error.refusal->earliest_start;
    const Instant end = earliest ? *earliest : draft.interval.start + 20 * kDay;
    Reservation variant = draft;
    const auto move_to = [&](Instant start) {
      variant.interval = {start, start + draft.interval.length()};
    };
    // Of tours the search gives up, and of odd roads it goes too far: see below.
    const bool exact =
        journeys_.roads() == Roads::kAny || (journeys_.roads() == Roads::kEven &&
                                             rules.count(Rule::kTourTooLong) == 0 && !AnyLimited());
    for (Instant at = draft.interval.start; exact && at < end; at += kGrid) {
      move_to(at);
      const auto verdict = Judge(variant, 0);
      ASSERT_FALSE(verdict.passes() && !verdict.unsure)
          << "passes before the earliest start, wanted "
          << FormatLocal(draft.interval.start, support::Zone(support::kBrussels)) << ", found "
          << (earliest ? FormatLocal(*earliest, support::Zone(support::kBrussels)) : "none") << "\n"
          << Found(variant) << Told(variant);
    }
    if (!earliest) return;
    EXPECT_GE(*earliest, draft.interval.start);
    move_to(*earliest);
    const auto tried = journeys_.world().Try({"ada"}, CreateReservation{variant});
    EXPECT_TRUE(tried.ok()) << support::Describe(tried.error()) << "\n" << Told(variant);
  }

  void CheckTruck(const std::string& truck) {
    World& world = journeys_.world();
    const TravelModel model = journeys_.Model(truck);
    const std::vector<Visit> stays = model.Stays(world);
    const std::string told = absl::StrCat(engine::Told(model.asset()), "\n", engine::Told(stays));
    const std::vector<Visit> kept = world.state().itinerary(truck).All();
    ASSERT_EQ(engine::Told(kept), engine::Told(stays));
    const Ways ways(world.catalogue(), model.asset());
    const std::vector<Leg> legs = LegsOf(ways, kept);
    ASSERT_EQ(legs, model.Legs(stays)) << told;
    bool all_fit = true;
    for (size_t i = 1; i < stays.size(); ++i) {
      ASSERT_LE(stays[i - 1].blocked.end, stays[i].blocked.start) << told;
      if (model.Fits(stays[i - 1], stays[i])) continue;
      all_fit = false;
      CheckLeftBehind(stays[i - 1].reservation, stays[i].reservation, told);
    }
    if (all_fit) CheckLegs(stays, legs, told);
    CheckTours(model, stays, told);
  }

  // Two that became neighbours when one between them went: nobody judged them.
  void CheckLeftBehind(ReservationId before, ReservationId after, const std::string& told) {
    EXPECT_TRUE(touched_ == 0 || (before != touched_ && after != touched_))
        << "r" << before << " and r" << after << " are too close\n"
        << told;
    left_behind_.insert({before, after});
  }

  void CheckLegs(const std::vector<Visit>& stays, const std::vector<Leg>& legs,
                 const std::string& told) {
    for (size_t i = 0; i < legs.size(); ++i) {
      for (const Visit& stay : stays) {
        ASSERT_FALSE(legs[i].interval.Overlaps(stay.blocked)) << told;
      }
      if (i > 0) {
        ASSERT_LE(legs[i - 1].interval.end, legs[i].interval.start) << told;
      }
    }
  }

  void CheckTours(const TravelModel& model, const std::vector<Visit>& stays,
                  const std::string& told) {
    const Seconds longest = model.asset().travel.longest_tour;
    if (longest == 0 || touched_ == 0) return;
    for (const Visit& stay : stays) {
      if (stay.reservation != touched_) continue;
      for (const Interval& tour : model.Tours(stays)) {
        if (!tour.Contains(stay.blocked)) continue;
        EXPECT_LE(tour.length(), longest) << "r" << touched_ << "\n" << told;
      }
    }
  }

  Journeys journeys_;
  ReservationId touched_ = 0;  // granted in this step, or 0
  std::set<std::pair<ReservationId, ReservationId>> left_behind_;
  int granted_ = 0;
  int refused_for_travel_ = 0;
  int refused_for_tour_ = 0;
  int searched_ = 0;
};

// Lives that many journeys, and expects that enough was granted and refused.
void LiveAndCheck(unsigned seeds, Roads roads) {
  int granted = 0;
  int travel = 0;
  int tour = 0;
  int searched = 0;
  int left_behind = 0;
  for (unsigned seed = 0; seed < seeds; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Checked checked(seed, roads);
    for (int i = 0; i < 60; ++i) {
      checked.Step();
      if (testing::Test::HasFailure()) return;
    }
    checked.CheckSlots();
    granted += checked.granted();
    travel += checked.refused_for_travel();
    tour += checked.refused_for_tour();
    searched += checked.searched();
    left_behind += checked.left_behind();
  }
  EXPECT_GT(granted, 200);
  EXPECT_GT(travel, 60);
  EXPECT_GT(tour, 0);
  EXPECT_GT(searched, 40);
  testing::Test::RecordProperty("left_behind", left_behind);
}

TEST(TravelPropertyTest, NobodyIsPromisedATruckThatCannotBeThere) {
  LiveAndCheck(support::Seeds(30, 400), Roads::kEven);
}

TEST(TravelPropertyTest, AWayRoundThatIsQuickerChangesNothing) {
  LiveAndCheck(support::Seeds(20, 400), Roads::kOdd);
}

TEST(TravelPropertyTest, AllThisHoldsForAllRoads) {
  LiveAndCheck(support::Seeds(30, 400), Roads::kAny);
}

}  // namespace
}  // namespace labslot::engine

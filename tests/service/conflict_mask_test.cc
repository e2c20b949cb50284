#include "daemon/service/conflict_mask.h"

#include <vector>

#include "gtest/gtest.h"
#include "tests/support/records.h"

namespace labslot::service {
namespace {

// Reservations of ada, whose numbers are even, and of bob.
class ConflictMaskTest : public ::testing::Test {
 protected:
  ConflictMaskTest() {
    catalogue_.Put(support::MakeUser("ada"));
    catalogue_.Put(support::MakeUser("bob"));
    catalogue_.Put(support::MakeSite("lommel"));
    catalogue_.Put(support::MakeAsset("lab"));
  }

  ConflictMask MaskFor(const engine::Principal& principal) {
    return ConflictMask(catalogue_, principal,
                        [this](ReservationId id) -> absl::StatusOr<std::optional<Reservation>> {
                          ++reads_;
                          if (id >= kMissing) return std::nullopt;
                          Reservation reservation = support::Draft({support::Item("lab")}, {0, 60});
                          reservation.id = id;
                          reservation.user = id % 2 == 0 ? "ada" : "bob";
                          return reservation;
                        });
  }

  static std::vector<Violation> With(const std::vector<ReservationId>& conflicts) {
    Violation violation;
    for (const ReservationId id : conflicts) violation.conflicts.push_back({id, "lab", {0, 60}, 1});
    return {violation};
  }

  static std::vector<ReservationId> NamesIn(const std::vector<Violation>& violations) {
    std::vector<ReservationId> ids;
    for (const Conflict& conflict : violations.at(0).conflicts) ids.push_back(conflict.reservation);
    return ids;
  }

  static constexpr ReservationId kMissing = 1000000;
  engine::Catalogue catalogue_;
  const engine::Principal ada_ = {"ada"};
  int reads_ = 0;
};

TEST_F(ConflictMaskTest, OnlyWhatTheReaderMaySeeKeepsItsName) {
  std::vector<Violation> violations = With({2, 3, 0, 4, kMissing});
  MaskFor(ada_).Apply(violations);
  EXPECT_EQ(NamesIn(violations), (std::vector<ReservationId>{2, 0, 0, 4, 0}));
  EXPECT_EQ(violations[0].conflicts[1].occupancy, (Interval{0, 60}));
}

TEST_F(ConflictMaskTest, WhatCannotBeReadHasNoName) {
  std::vector<Violation> violations = With({2});
  ConflictMask(catalogue_, ada_, [](ReservationId) {
    return absl::StatusOr<std::optional<Reservation>>(absl::DataLossError("damaged"));
  }).Apply(violations);
  EXPECT_EQ(NamesIn(violations), std::vector<ReservationId>{0});
}

TEST_F(ConflictMaskTest, AReservationIsReadOnce) {
  std::vector<Violation> violations = With({2, 2, 2});
  MaskFor(ada_).Apply(violations);
  EXPECT_EQ(NamesIn(violations), (std::vector<ReservationId>{2, 2, 2}));
  EXPECT_EQ(reads_, 1);
}

TEST_F(ConflictMaskTest, BeyondSoManyReadsNothingIsNamed) {
  std::vector<ReservationId> ids;
  for (size_t i = 1; i <= ConflictMask::kMostReads + 1; ++i) {
    ids.push_back(static_cast<ReservationId>(2 * i));
  }
  std::vector<Violation> violations = With(ids);
  MaskFor(ada_).Apply(violations);
  EXPECT_EQ(reads_, static_cast<int>(ConflictMask::kMostReads));
  ids.back() = 0;
  EXPECT_EQ(NamesIn(violations), ids);
}

TEST_F(ConflictMaskTest, OfASeriesGoesThroughAllItsRefusals) {
  Series series;
  for (int i = 0; i < 3; ++i) {
    Refusal refusal;
    refusal.violations = With({2, 3});
    series.occurrences.push_back({absl::CivilDay(2027, 3, 1) + i, {}, 0, refusal});
  }
  series.occurrences[1].refusal.reset();
  MaskFor(ada_).Apply(series);
  for (const size_t i : {size_t{0}, size_t{2}}) {
    EXPECT_EQ(NamesIn(series.occurrences[i].refusal->violations),
              (std::vector<ReservationId>{2, 0}));
  }
  EXPECT_FALSE(series.occurrences[1].refusal);
}

}  // namespace
}  // namespace labslot::service

#include <string>
#include <variant>

#include "absl/strings/str_cat.h"
#include "daemon/domain/names.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/runtime/life.h"
#include "tests/support/records.h"
#include "tests/support/times.h"

namespace labslot::runtime {
namespace {

// Whether the two commands meet in one group, come one after the other, or
// have a restart between them, must make no difference.
enum class Meeting { kOneGroup, kOneAfterTheOther, kAcrossARestart };

class ExactlyOnceTest : public ::testing::TestWithParam<Meeting> {
 protected:
  struct Pair {
    Result<Answer> first;
    Result<Answer> second;
  };

  Pair RunBoth(engine::Command first, engine::Command second) {
    Slot first_slot;
    Slot second_slot;
    if (GetParam() == Meeting::kOneGroup) {
      first_slot = life_->Submit(std::move(first));
      second_slot = life_->Submit(std::move(second));
      life_->sequencer.Drain();
    } else {
      first_slot = life_->Submit(std::move(first));
      life_->sequencer.Drain();
      if (GetParam() == Meeting::kAcrossARestart) Restart();
      second_slot = life_->Submit(std::move(second));
      life_->sequencer.Drain();
    }
    return {**first_slot, **second_slot};
  }

  void Restart() { life_ = std::make_unique<Life>(lab_.store, lab_.clock); }

  SmallLab lab_;
  std::unique_ptr<Life> life_ = std::make_unique<Life>(lab_.store, lab_.clock);
};

TEST_P(ExactlyOnceTest, TheSameRequestGetsTheFirstAnswerAndChangesNothing) {
  const auto command = Order(Booking("rigs", "mon 9:00-10:00"), "r1");
  const Pair pair = RunBoth(command, command);
  EXPECT_EQ(WordOf(pair.first), "ok");
  ASSERT_EQ(WordOf(pair.second), "replayed");
  EXPECT_EQ(pair.second.value().result, pair.first.value().result);
  EXPECT_EQ(pair.second.value().created_count, 1);
  EXPECT_EQ(life_->sequencer.state().timeline("rigs").size(), 1u);
}

TEST_P(ExactlyOnceTest, ABatchGetsAllItsReservationsAgain) {
  engine::CreateReservations batch;
  for (const char* when : {"mon 9:00-10:00", "mon 9:30-11:00", "tue 9:00-10:00"}) {
    batch.requests.push_back(Booking("rigs", when));
  }
  const Pair pair = RunBoth(Order(batch, "r1"), Order(batch, "r1"));
  ASSERT_EQ(WordOf(pair.first), "ok");
  ASSERT_EQ(WordOf(pair.second), "replayed");
  ASSERT_EQ(pair.first.value().reservations.size(), 3u);
  EXPECT_EQ(pair.first.value().reservations[1].interval, support::Span("mon 9:30-11:00"));
  EXPECT_EQ(pair.second.value().reservations, pair.first.value().reservations);
  EXPECT_EQ(life_->sequencer.state().timeline("rigs").size(), 3u);
}

TEST_P(ExactlyOnceTest, AVisitGetsAllItsReservationsAgain) {
  engine::CreateVisit visit;
  for (int i = 0; i < 2; ++i) {
    visit.stops.push_back({"", support::kHour, {{{support::Item("rigs")}, ""}}});
  }
  visit.windows = {support::Span("mon 9:00-12:00")};
  visit.common.user = "ada";
  const Pair pair = RunBoth(Order(visit, "r1"), Order(visit, "r1"));
  ASSERT_EQ(WordOf(pair.first), "ok");
  ASSERT_EQ(WordOf(pair.second), "replayed");
  ASSERT_EQ(pair.first.value().reservations.size(), 2u);
  EXPECT_EQ(pair.first.value().reservations[1].interval, support::Span("mon 10:00-11:00"));
  EXPECT_EQ(pair.second.value().reservations, pair.first.value().reservations);
  EXPECT_EQ(life_->sequencer.state().timeline("rigs").size(), 2u);
}

TEST_P(ExactlyOnceTest, AnotherBodyUnderTheSameIdIsAnError) {
  const Pair pair = RunBoth(Order(Booking("rigs", "mon 9:00-10:00"), "r1", "one body"),
                            Order(Booking("rigs", "mon 9:00-10:00"), "r1", "other body"));
  EXPECT_EQ(WordOf(pair.first), "ok");
  EXPECT_EQ(WordOf(pair.second), "request_id_reused");
}

TEST_P(ExactlyOnceTest, TheIdOfOneUserIsNotThatOfAnother) {
  const Pair pair = RunBoth(OrderOf("ada", Booking("rigs", "mon 9:00-10:00"), "r1"),
                            Order(Booking("rigs", "mon 9:00-10:00"), "r1"));
  EXPECT_EQ(WordOf(pair.first), "ok");
  EXPECT_EQ(WordOf(pair.second), "ok");
}

TEST_P(ExactlyOnceTest, WithoutAnIdEveryRequestCounts) {
  const auto command = Order(Booking("rigs", "mon 9:00-10:00"));
  const Pair pair = RunBoth(command, command);
  EXPECT_EQ(WordOf(pair.second), "ok");
  EXPECT_EQ(life_->sequencer.state().timeline("rigs").size(), 2u);
}

TEST_P(ExactlyOnceTest, AnImportGetsItsCountsAgain) {
  engine::ImportRecords import;
  Asset lab = support::MakeAsset("lab");
  lab.description = "now with a description";
  import.records = {support::MakeOrganisation("acme"), lab, support::MakeAsset("oven"),
                    support::MakeAsset("press")};
  const Pair pair = RunBoth(Order(import, "r1"), Order(import, "r1"));
  ASSERT_EQ(WordOf(pair.first), "ok");
  ASSERT_EQ(WordOf(pair.second), "replayed");
  for (const Result<Answer>* answer : {&pair.first, &pair.second}) {
    EXPECT_EQ(answer->value().created_count, 2);
    EXPECT_EQ(answer->value().updated_count, 1);
    EXPECT_EQ(answer->value().unchanged_count, 1);
  }
}

TEST_P(ExactlyOnceTest, AnImportThatChangesNothingGetsItsCountsAgain) {
  engine::ImportRecords import;
  import.records = {support::MakeOrganisation("acme"), support::MakeAsset("lab")};
  const Pair pair = RunBoth(Order(import, "r1"), Order(import, "r1"));
  ASSERT_EQ(WordOf(pair.second), "replayed");
  EXPECT_EQ(pair.second.value().created_count, 0);
  EXPECT_EQ(pair.second.value().unchanged_count, 2);
}

TEST_P(ExactlyOnceTest, AnUpdateThatChangesNothingIsAnsweredWithTheRecordAgain) {
  const ReservationId id = IdOf(life_->Must(Order(Booking("rigs", "mon 9:00-10:00"))));
  const auto same = Order(Moving(id, "mon 9:00-10:00"), "r1");
  const Revision head = lab_.store.head();
  const Pair pair = RunBoth(same, same);
  EXPECT_EQ(WordOf(pair.first), "ok");
  ASSERT_EQ(WordOf(pair.second), "replayed");
  EXPECT_EQ(pair.second.value().result, pair.first.value().result);
  EXPECT_EQ(IdOf(pair.second.value()), id);
  EXPECT_EQ(pair.second.value().updated_count, 0);
  EXPECT_EQ(lab_.store.head(), head);
}

TEST_P(ExactlyOnceTest, AReplayShowsTheResourceAsItWasThen) {
  const auto book = Order(Booking("rigs", "mon 9:00-10:00"), "r1");
  const Answer first = life_->Must(book);
  const Pair pair = RunBoth(Order(Moving(IdOf(first), "mon 11:00-12:00")), book);
  EXPECT_EQ(WordOf(pair.first), "ok");
  ASSERT_EQ(WordOf(pair.second), "replayed");
  EXPECT_EQ(pair.second.value().result, first.result);
}

TEST_P(ExactlyOnceTest, ARefusedRequestIsJudgedAnew) {
  const ReservationId id = IdOf(life_->Must(Order(Booking("lab", "mon 9:00-10:00"))));
  const auto wanted = Order(Booking("lab", "mon 9:00-10:00"), "r1");
  EXPECT_EQ(WordOf(life_->Run(wanted)), "capacity_exceeded");
  const Pair pair = RunBoth(Order(engine::CancelReservation{id, 0}), wanted);
  EXPECT_EQ(WordOf(pair.second), "ok");
}

// A token carries a secret that is made for each call: the second caller must
// not be told one that is nowhere stored.
TEST_P(ExactlyOnceTest, TheSecretOfATokenIsIssuedOnce) {
  Token first;
  first.id = "t1";
  first.user = "ada";
  first.secret_sha256 = std::string(32, 'a');
  Token second = first;
  second.id = "t2";
  second.secret_sha256 = std::string(32, 'b');
  const Pair pair = RunBoth(OrderOf("ada", engine::CreateRecord{first}, "r1"),
                            OrderOf("ada", engine::CreateRecord{second}, "r1"));
  EXPECT_EQ(WordOf(pair.first), "ok");
  ASSERT_EQ(WordOf(pair.second), "replayed");
  EXPECT_EQ(std::get<Token>(pair.second.value().result).id, "t1");
  EXPECT_EQ(life_->sequencer.state().catalogue().tokens().size(), 1u);
}

// With the user go his tokens; the answer is about the user all the same.
TEST_P(ExactlyOnceTest, TheReplayOfADisabledUserIsTheUser) {
  Token token;
  token.id = "t1";
  token.user = "bob";
  token.secret_sha256 = std::string(32, 'a');
  life_->Must(OrderOf("bob", engine::CreateRecord{token}));
  const auto remove = Order(engine::DeleteRecord{kUsers, "bob", 0}, "r1");
  const Pair pair = RunBoth(remove, remove);
  ASSERT_EQ(WordOf(pair.first), "ok");
  ASSERT_EQ(WordOf(pair.second), "replayed");
  ASSERT_TRUE(std::holds_alternative<User>(pair.second.value().result));
  EXPECT_EQ(pair.second.value().result, pair.first.value().result);
}

TEST_P(ExactlyOnceTest, ADeletedRecordIsToldAgain) {
  const auto remove = Order(engine::DeleteRecord{kAssets, "lab", 0}, "r1");
  const Pair pair = RunBoth(remove, remove);
  ASSERT_EQ(WordOf(pair.second), "replayed");
  EXPECT_EQ(pair.second.value().result, pair.first.value().result);
}

INSTANTIATE_TEST_SUITE_P(Meetings, ExactlyOnceTest,
                         ::testing::Values(Meeting::kOneGroup, Meeting::kOneAfterTheOther,
                                           Meeting::kAcrossARestart),
                         [](const auto& meeting) {
                           return meeting.param == Meeting::kOneGroup           ? "OneGroup"
                                  : meeting.param == Meeting::kOneAfterTheOther ? "OneAfterTheOther"
                                                                                : "AcrossARestart";
                         });

}  // namespace
}  // namespace labslot::runtime

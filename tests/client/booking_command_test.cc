// Rules as one meets them when booking: overrides, notes, approval and
// explanations.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "labslot/v1/refusal.pb.h"
#include "tests/client/command_test.h"

namespace labslot::client {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class BookingCommandTest : public CommandTest {
 protected:
  BookingCommandTest() {
    v1::Policy* policy = answers().catalogue.add_policies();
    policy->set_name("policies/sem-max-4h");
    policy->set_display_name("Four hours");
    policy->set_description("So that everybody gets a turn");
    policy->mutable_approval()->mutable_approvers()->add_groups("groups/safety");
    policy->mutable_approval()->mutable_approvers()->add_users("users/bob");
  }

  void RefuseBookings() {
    answers().create = [](const v1::CreateReservationRequest&, v1::Reservation*) {
      v1::Refusal refusal;
      v1::Violation* violation = refusal.add_violations();
      violation->set_rule(v1::Violation::TOO_LONG);
      violation->set_message("9 h on rigs; at most 4 h");
      violation->set_source("policies/sem-max-4h");
      violation->add_overridable_by("managers");
      violation->add_overridable_by("groups/staff");
      refusal.add_violations()->set_rule(v1::Violation::START_IN_PAST);
      return WithDetails(grpc::StatusCode::FAILED_PRECONDITION, "refused", {&refusal});
    };
  }

  // Bookings are granted with this state and these notes.
  void Grant(v1::Reservation::State state, const std::vector<v1::Note>& notes) {
    answers().create = [state, notes](const v1::CreateReservationRequest& request,
                                      v1::Reservation* reply) {
      *reply = request.reservation();
      reply->set_name("reservations/1042");
      reply->set_time_zone("Europe/Brussels");
      reply->set_state(state);
      reply->mutable_hold_expire_time()->set_seconds(1804755600);
      reply->set_leaves_slot_free(true);
      for (const v1::Note& note : notes) *reply->add_notes() = note;
      return grpc::Status(grpc::Status::OK);
    };
  }

  static v1::Note NoteOf(v1::Note::Kind kind, const std::string& message,
                         const std::string& settled_by = "") {
    v1::Note note;
    note.set_kind(kind);
    note.set_rule("TOO_LONG");
    note.set_source("policies/sem-max-4h");
    note.set_message(message);
    note.set_settled_by(settled_by);
    return note;
  }
};

TEST_F(BookingCommandTest, ARefusalThatCanBeOverriddenSaysWhoMay) {
  RefuseBookings();
  const Outcome outcome = Run({"book", "rigs", "tomorrow 9:00 +9h"});
  EXPECT_EQ(outcome.code, 3);
  EXPECT_EQ(outcome.err,
            "labslot: refused:\n"
            "  - 9 h on rigs; at most 4 h [policies/sem-max-4h]\n"
            "      may be overridden by managers of the asset or group staff, with --override "
            "REASON\n"
            "  - start in past\n");
}

TEST_F(BookingCommandTest, EachReasonIsExplainedToANewcomer) {
  RefuseBookings();
  const Outcome outcome = Run({"book", "rigs", "tomorrow 9:00 +9h", "--explain"});
  EXPECT_EQ(outcome.code, 3);
  EXPECT_EQ(outcome.err,
            "labslot: refused:\n"
            "  - 9 h on rigs; at most 4 h [policies/sem-max-4h]\n"
            "      may be overridden by managers of the asset or group staff, with --override "
            "REASON\n"
            "      The booking is longer than allowed. The rule is called \"Four hours\". Why:\n"
            "      So that everybody gets a turn. It may be overridden by managers of the\n"
            "      asset or group staff: the same command with --override \"why\". The reason\n"
            "      is kept. What to do: Book a shorter time, or several slots on different\n"
            "      days.\n"
            "  - start in past\n"
            "      The start has already passed. Why: Bookings are plans; what has happened\n"
            "      cannot be booked any more. It always holds: nobody can override it. What\n"
            "      to do: Take a later start. `now` is the earliest.\n");
}

TEST_F(BookingCommandTest, ARuleThatIsBrokenTwiceIsExplainedOnce) {
  answers().create = [](const v1::CreateReservationRequest&, v1::Reservation*) {
    v1::Refusal refusal;
    for (const std::string message : {"rigs is taken", "sem is taken"}) {
      refusal.add_violations()->set_rule(v1::Violation::CAPACITY_EXCEEDED);
      refusal.mutable_violations()->rbegin()->set_message(message);
    }
    v1::Violation* approval = refusal.add_violations();
    approval->set_message("it takes approval");
    approval->set_effect(v1::RULE_EFFECT_NEEDS_APPROVAL);
    approval->set_rule(v1::Violation::APPROVAL_REQUIRED);
    return WithDetails(grpc::StatusCode::FAILED_PRECONDITION, "refused", {&refusal});
  };
  const std::string err = Run({"book", "rigs", "tomorrow 9:00 +9h", "--explain"}).err;
  const std::string words = "Others have booked it";
  ASSERT_NE(err.find(words), std::string::npos) << err;
  EXPECT_EQ(err.find(words, err.find(words) + 1), std::string::npos) << err;
  EXPECT_THAT(err, HasSubstr("  - would need approval: it takes approval\n"));
}

TEST_F(BookingCommandTest, TheReasonOfAnOverrideIsSent) {
  for (const std::string command : {"book", "hold"}) {
    EXPECT_EQ(Run({command, "rigs", "tomorrow 9:00 +9h", "--override", "open day"}).code, 0);
    EXPECT_EQ(answers().created.back().override_reason(), "open day");
  }
  EXPECT_EQ(Run({"move", "1042", "+1d", "--override", "open day"}).code, 0);
  EXPECT_EQ(answers().updated.back().override_reason(), "open day");
  EXPECT_EQ(Run({"extend", "1042", "+1h", "--override", "visitors"}).code, 0);
  EXPECT_EQ(answers().updated.back().override_reason(), "visitors");
  EXPECT_EQ(Run({"cancel", "1042", "--override", "broken"}).code, 0);
  EXPECT_EQ(answers().cancelled.back().override_reason(), "broken");
}

TEST_F(BookingCommandTest, WhatIsGrantedComesWithItsNotes) {
  Grant(v1::Reservation::STATE_CONFIRMED,
        {NoteOf(v1::Note::WARNING, "9 h; at most 4 h"),
         NoteOf(v1::Note::OVERRIDDEN, "9 h; at most 4 h", "users/anna"),
         NoteOf(v1::Note::NEEDS_APPROVAL, "9 h; at most 4 h", "users/bob")});
  const Outcome outcome = Run({"book", "rigs", "tomorrow 9:00 +9h"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("note: 9 h; at most 4 h [policies/sem-max-4h]\n"));
  EXPECT_THAT(outcome.out, HasSubstr("note: overridden by anna: 9 h; at most 4 h"));
  EXPECT_THAT(outcome.out, HasSubstr("note: approved by bob: 9 h; at most 4 h"));
  EXPECT_THAT(outcome.out, Not(HasSubstr("awaits approval")));
}

TEST_F(BookingCommandTest, WhatAwaitsApprovalSaysWhoMayApproveItAndUntilWhen) {
  Grant(v1::Reservation::STATE_PENDING, {NoteOf(v1::Note::NEEDS_APPROVAL, "9 h; at most 4 h")});
  const Outcome outcome = Run({"book", "rigs", "tomorrow 9:00 +9h"});
  EXPECT_THAT(outcome.out, HasSubstr("Reservation 1042 is pending.\n"));
  EXPECT_THAT(outcome.out, HasSubstr("note: needs approval: 9 h; at most 4 h"));
  EXPECT_THAT(outcome.out,
              HasSubstr("It awaits approval by bob or group safety (sem-max-4h), until Thu "
                        "2027-03-11 10:00 Europe/Brussels (+01:00). Meanwhile the slot stays free "
                        "for others.\n"));
}

TEST_F(BookingCommandTest, WithoutApproversItIsTheManagersWhoApprove) {
  answers().catalogue.mutable_policies(0)->clear_approval();
  Grant(v1::Reservation::STATE_PENDING, {NoteOf(v1::Note::NEEDS_APPROVAL, "words")});
  EXPECT_THAT(Run({"book", "rigs", "tomorrow 9:00 +9h"}).out,
              HasSubstr("It awaits approval by managers of the asset (sem-max-4h)"));
}

TEST_F(BookingCommandTest, SeveralAreApprovedAtOnceWhateverBecomesOfTheOthers) {
  const Outcome outcome = Run({"approve", "1042", "404", "1043", "--reason", "trained"});
  EXPECT_EQ(outcome.code, 4);
  ASSERT_THAT(answers().approved, SizeIs(3));
  EXPECT_EQ(answers().approved[0].name(), "reservations/1042");
  EXPECT_EQ(answers().approved[2].name(), "reservations/1043");
  EXPECT_EQ(answers().approved[2].reason(), "trained");
  EXPECT_NE(answers().approved[0].request_id(), answers().approved[2].request_id());
  EXPECT_THAT(outcome.out, HasSubstr("Reservation 1042 is confirmed."));
  EXPECT_THAT(outcome.out, HasSubstr("Reservation 1043 is confirmed."));
  EXPECT_THAT(outcome.err, HasSubstr("not done: reservation 404"));
  EXPECT_EQ(Run({"approve", "1", "2", "--request-id", "x"}).code, 2);
}

TEST_F(BookingCommandTest, ARejectionNeedsAReason) {
  EXPECT_EQ(Run({"reject", "1042"}).code, 2);
  EXPECT_THAT(answers().rejected, IsEmpty());
  const Outcome outcome = Run({"reject", "1042", "--reason", "no operator", "--dry-run"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(answers().rejected.back().reason(), "no operator");
  EXPECT_TRUE(answers().rejected.back().validate_only());
  EXPECT_THAT(outcome.out, HasSubstr("Reservation 1042 would be rejected. Nothing was changed"));
}

TEST_F(BookingCommandTest, ACheckInTellsTheState) {
  const Outcome outcome = Run({"checkin", "1042"});
  EXPECT_THAT(outcome.out, HasSubstr("Reservation 1042 is checked in."));
  EXPECT_EQ(answers().checked_in.back().name(), "reservations/1042");
}

v1::ExplainResponse TwoVerdicts() {
  v1::ExplainResponse answer;
  v1::RuleVerdict* hours = answer.add_verdicts();
  hours->mutable_rule()->set_rule(v1::Violation::OUTSIDE_OPENING_HOURS);
  hours->mutable_rule()->set_asset("assets/rigs");
  v1::RuleVerdict* length = answer.add_verdicts();
  length->set_broken(true);
  length->mutable_rule()->set_rule(v1::Violation::TOO_LONG);
  length->mutable_rule()->set_asset("assets/rigs");
  length->mutable_rule()->set_limit("4 h");
  length->mutable_rule()->set_found("9 h");
  length->mutable_rule()->set_source("policies/sem-max-4h");
  return answer;
}

TEST_F(BookingCommandTest, ExplainShowsTheVerdictOfEveryRule) {
  answers().explanation = TwoVerdicts();
  *answers().explanation.mutable_refusal()->add_violations() =
      answers().explanation.verdicts(1).rule();
  const Outcome outcome = Run({"explain", "rigs:2", "tomorrow", "9:00..18:00", "--user", "bob"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out,
            "RULE              VERDICT  ASSET  LIMIT  FOUND  FROM\n"
            "opening hours     ok       rigs\n"
            "longest duration  BROKEN   rigs   4 h    9 h    sem-max-4h\n"
            "It would be refused:\n"
            "  - rigs: too long (9 h; allowed: 4 h) [policies/sem-max-4h]\n");
  const v1::Reservation& wish = answers().explained.back().reservation();
  EXPECT_EQ(wish.items(0).quantity(), 2);
  EXPECT_EQ(wish.user(), "users/bob");
  EXPECT_EQ(wish.interval().end_time().seconds() - wish.interval().start_time().seconds(),
            9 * 3600);
}

TEST_F(BookingCommandTest, ExplainTakesAReservationByItsId) {
  answers().explanation = TwoVerdicts();
  answers().explanation.mutable_verdicts(1)->mutable_rule()->set_effect(
      v1::RULE_EFFECT_NEEDS_APPROVAL);
  answers().explanation.set_needs_approval(true);
  const Outcome outcome = Run({"explain", "1042"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(answers().explained.back().name(), "reservations/1042");
  EXPECT_THAT(outcome.out, HasSubstr("longest duration  approval"));
  EXPECT_THAT(outcome.out, HasSubstr("It would pass, and await approval.\n"));
  EXPECT_EQ(Run({"explain", "rigs"}).code, 2) << "an asset needs a time";
}

}  // namespace
}  // namespace labslot::client

"""Rules as data: what they refuse, let through, put off, and do to what is there."""

from google.protobuf import duration_pb2

import harness
from harness import Failure
from labslot.v1 import event_pb2, policy_pb2, policy_service_pb2, refusal_pb2, rule_scope_pb2
from world import (
    DAY, HOUR, Actors, Note, Quota, State, WARN, approval, at, booking, bounds, group, max_length,
    on, policy, quota, span,
)
from world_test_case import WorldTest

Event = event_pb2.Event
Existing = policy_service_pb2.ApplyPolicyRequest
PERIOD = span(at(0, "00:00"), at(7, "00:00"))


def terms(**fields):
    """Approval by bob, who manages nothing."""
    return rule_scope_pb2.ApprovalTerms(approvers=Actors(users=["users/bob"]), **fields)


def grace(name, seconds):
    return {"applies_to": [on(name)],
            "grace": policy_pb2.GraceRule(grace=duration_pb2.Duration(seconds=seconds))}


class PolicyTest(WorldTest):
    def rule(self, identifier, rule, **fields):
        return self.operator.CreatePolicy(policy_id=identifier,
                                          policy=policy(identifier, rule, **fields))

    def limit(self, identifier, *args, **fields):
        return self.operator.CreateQuota(quota_id=identifier,
                                         quota=quota(identifier, *args, **fields))

    def state(self, reservation):
        return self.operator.GetReservation(name=reservation.name).state

    def await_event(self, after, kind, name):
        """The event of that kind, when the daemon has told it."""
        stream = self.operator.Watch(after_revision=after, resources=[name], timeout=60)
        for message in stream:
            for event in message.events:
                if event.type == kind:
                    stream.cancel()
                    return event
        return self.fail("the stream ended before the event")


class RefusalTest(PolicyTest):
    def every_way_out_works(self, refusal, **fields):
        self.assertTrue(refusal.alternatives)
        for way in refusal.alternatives:
            self.assertTrue(way.kind and way.time_zone, way)
            made = self.alice.CreateReservation(reservation=booking(
                list(way.items), *bounds(way.interval), site=way.site, **fields))
            self.assertEqual(made.state, State.STATE_CONFIRMED)
            self.alice.CancelReservation(name=made.name)

    def test_a_refusal_names_the_policy_and_those_who_may_override_it(self):
        self.rule("short", max_length("sem", 2 * HOUR), description="others wait",
                  overriders=Actors(managers=True, users=["users/amir"]))
        refusal = self.refused("TOO_LONG", self.book, "sem", at(0, "09:00"), at(0, "13:00"),
                               by=self.alice).refusal
        violation = refusal.violations[0]
        self.assertEqual((violation.source, violation.asset), ("policies/short", "assets/sem"))
        self.assertTrue(violation.limit and violation.found)
        self.assertNotEqual(violation.limit, violation.found)
        self.assertEqual(violation.effect, rule_scope_pb2.RULE_EFFECT_REJECT)
        self.assertEqual(set(violation.overridable_by), {"users/amir", "managers"})
        self.assertFalse(refusal.HasField("earliest_start_time"), "no other time helps")
        self.every_way_out_works(refusal)
        self.assertIn(refusal_pb2.Alternative.SHORTER, [way.kind for way in refusal.alternatives])

    def test_a_quota_tells_what_it_counts_and_when_it_has_room_again(self):
        self.limit("few", "sem", 1, Quota.DAY)
        self.book("sem", at(0, "09:00"), at(0, "10:00"), by=self.alice)
        refusal = self.refused("QUOTA_EXCEEDED", self.book, "sem", at(0, "14:00"), at(0, "15:00"),
                               by=self.alice).refusal
        violation = refusal.violations[0]
        self.assertEqual(violation.source, "quotas/few")
        self.assertIn("users/alice", violation.scope)
        self.assertTrue(violation.limit and violation.found)
        self.assertEqual(refusal.earliest_start_time.seconds, at(1, "08:00"))
        self.every_way_out_works(refusal)
        self.book("sem", at(0, "14:00"), at(0, "15:00"), by=self.bob)
        self.book("sem", at(1, "08:00"), at(1, "09:00"), by=self.alice)

    def test_a_warning_is_a_note_and_no_refusal(self):
        self.rule("short", max_length("sem", 2 * HOUR), effect=WARN)
        made = self.book("sem", at(0, "09:00"), at(0, "13:00"), by=self.alice)
        self.assertEqual(made.state, State.STATE_CONFIRMED)
        self.assertEqual([(note.kind, note.rule, note.source) for note in made.notes],
                         [(Note.WARNING, "TOO_LONG", "policies/short")])

    def test_who_may_override_does_so_with_a_reason_and_that_is_kept(self):
        self.operator.CreateGroup(group_id="leads", group=group("leads", ["users/amir"]))
        self.rule("short", max_length("sem", 2 * HOUR), overriders=Actors(groups=["groups/leads"]))
        wanted = booking("sem", at(0, "09:00"), at(0, "13:00"))
        self.refused("TOO_LONG", self.amir.CreateReservation, reservation=wanted)
        self.refused("TOO_LONG", self.bob.CreateReservation, reservation=wanted,
                     override_reason="the minister comes")
        made = self.amir.CreateReservation(reservation=wanted,
                                           override_reason="the minister comes")
        self.assertEqual(made.state, State.STATE_CONFIRMED)
        note = made.notes[0]
        self.assertEqual((note.kind, note.rule, note.source, note.settled_by),
                         (Note.OVERRIDDEN, "TOO_LONG", "policies/short", "users/amir"))
        self.assertIn("the minister comes", note.message)

    def test_a_rule_that_is_switched_off_or_removed_refuses_nothing(self):
        self.rule("short", max_length("sem", 2 * HOUR))
        self.refused("TOO_LONG", self.book, "sem", at(0, "09:00"), at(0, "13:00"))
        self.operator.UpdatePolicy(policy={"name": "policies/short", "disabled": True},
                                   update_mask={"paths": ["disabled"]})
        self.book("sem", at(0, "09:00"), at(0, "13:00"))
        self.operator.UpdatePolicy(policy={"name": "policies/short"},
                                   update_mask={"paths": ["disabled"]})
        self.refused("TOO_LONG", self.book, "sem", at(1, "09:00"), at(1, "13:00"))
        self.operator.DeletePolicy(name="policies/short")
        self.book("sem", at(1, "09:00"), at(1, "13:00"))

    def test_a_group_that_a_rule_names_stays(self):
        self.operator.CreateGroup(group_id="leads", group=group("leads", ["users/amir"]))
        self.rule("short", max_length("sem", HOUR), overriders=Actors(groups=["groups/leads"]))
        self.refused("STILL_REFERENCED", self.operator.DeleteGroup, name="groups/leads")


class ApprovalTest(PolicyTest):
    def ask(self, start="09:00", by=None, **fields):
        asked = self.book("oven", at(0, start), at(0, "12:00"), by=by or self.alice, **fields)
        self.assertEqual(asked.state, State.STATE_PENDING)
        return asked

    def test_a_request_is_approved_by_whom_the_rule_names(self):
        self.rule("ask", approval("oven"), approval=terms())
        asked = self.ask()
        self.assertEqual(asked.notes[0].kind, Note.NEEDS_APPROVAL)
        self.refused("CAPACITY_EXCEEDED", self.book, "oven", at(0, "11:00"), at(0, "13:00"))
        for person in (self.alice, self.kim):
            self.fails("ROLE_REQUIRED", person.ApproveReservation, name=asked.name)
        self.assertEqual(self.bob.GetReservation(name=asked.name), asked)
        firm = self.bob.ApproveReservation(name=asked.name)
        self.assertEqual(firm.state, State.STATE_CONFIRMED)
        self.assertEqual(firm.notes[0].settled_by, "users/bob")
        self.refused("STATE_FORBIDS_CHANGE", self.operator.ApproveReservation, name=asked.name)

    def test_a_rejection_has_a_reason_and_frees_the_slot(self):
        self.rule("ask", approval("oven"), approval=terms())
        asked = self.ask()
        self.invalid("reason", self.bob.RejectReservation, name=asked.name)
        turned_down = self.bob.RejectReservation(name=asked.name, reason="too hot")
        self.assertEqual((turned_down.state, turned_down.state_reason),
                         (State.STATE_REJECTED, "too hot"))
        self.ask()

    def test_approving_one_of_two_requests_rejects_the_other(self):
        self.rule("ask", approval("oven"), approval=terms(leaves_slot_free=True))
        first, second = self.ask(), self.ask("10:00", self.amir)
        self.assertTrue(first.leaves_slot_free)
        self.bob.ApproveReservation(name=second.name)
        self.assertEqual(self.state(first), State.STATE_REJECTED)
        self.assertEqual(self.state(second), State.STATE_CONFIRMED)

    def test_a_request_runs_out_by_the_clock(self):
        self.rule("ask", approval("oven"), approval=terms(
            time_out=duration_pb2.Duration(seconds=2)))
        asked = self.ask()
        self.assertEqual(asked.hold_expire_time.seconds, asked.create_time.seconds + 2)
        event = self.await_event(self.revision(), Event.EXPIRED, asked.name)
        self.assertEqual((event.actor, event.reservation.state), ("daemon", State.STATE_EXPIRED))
        self.ask()


class CheckInTest(PolicyTest):
    def soon(self):
        """A run that begins in two seconds."""
        start = self.operator.GetServerInfo().now.seconds + 2
        return self.book("bench", start, start + HOUR, by=self.alice)

    def test_who_does_not_come_loses_the_slot(self):
        self.rule("grace", grace("bench", 1))
        lost = self.soon()
        self.assertEqual(lost.check_in_by_time.seconds, lost.interval.start_time.seconds + 1)
        event = self.await_event(self.revision(), Event.NO_SHOW, lost.name)
        self.assertEqual((event.actor, event.reservation.state), ("daemon", State.STATE_NO_SHOW))
        self.refused("STATE_FORBIDS_CHANGE", self.alice.CheckIn, name=lost.name)
        self.book("bench", lost.interval.end_time.seconds - 60, lost.interval.end_time.seconds + 60)

    def test_who_checks_in_keeps_the_slot(self):
        self.rule("grace", grace("bench", 1))
        kept = self.soon()
        before = self.revision()
        self.assertEqual(self.alice.CheckIn(name=kept.name).state, State.STATE_CHECKED_IN)
        self.await_event(before, Event.CHECKED_IN, kept.name)
        # Another run is lost later than this one could have been.
        witness_start = self.operator.GetServerInfo().now.seconds + 3
        self.rule("grace-2", grace("rigs", 1))
        witness = self.book("rigs", witness_start, witness_start + HOUR)
        self.await_event(before, Event.NO_SHOW, witness.name)
        self.assertEqual(self.state(kept), State.STATE_CHECKED_IN)

    def test_nobody_checks_in_long_before_the_start(self):
        start = self.operator.GetServerInfo().now.seconds + HOUR
        early = self.book("bench", start, start + HOUR, by=self.alice)
        self.fails("REFUSED", self.alice.CheckIn, name=early.name)


class ChangeOfRulesTest(PolicyTest):
    def setUp(self):
        super().setUp()
        self.long = self.book("sem", at(0, "09:00"), at(0, "13:00"), by=self.alice)
        self.short = self.book("sem", at(0, "14:00"), at(0, "15:00"), by=self.alice)
        self.changes = {"policies": [policy("short", max_length("sem", 2 * HOUR))]}

    def test_a_trial_tells_what_would_break_and_changes_nothing(self):
        before = self.revision()
        told = self.operator.TestPolicy(changes=self.changes)
        self.assertEqual((told.broken_count, told.judged_count), (1, 2))
        self.assertEqual(told.broken[0].reservation, self.long)
        self.assertEqual(told.broken[0].violations[0].rule, refusal_pb2.Violation.TOO_LONG)
        self.assertEqual(self.operator.TestPolicy(
            changes=self.changes, interval=span(at(1, "00:00"), at(2, "00:00"))).broken_count, 0)
        self.assertEqual(self.revision(), before)
        self.fails("RESOURCE_NOT_FOUND", self.operator.GetPolicy, name="policies/short")

    def apply(self, existing, **fields):
        return self.operator.ApplyPolicy(changes=self.changes, existing=existing, **fields)

    def test_what_breaks_may_stay(self):
        reply = self.apply(Existing.KEEP)
        self.assertEqual((reply.created_count, reply.warned_count, reply.cancelled_count),
                         (1, 0, 0))
        self.assertEqual(self.operator.GetReservation(name=self.long.name), self.long)
        self.refused("TOO_LONG", self.book, "sem", at(1, "09:00"), at(1, "13:00"))

    def test_what_breaks_may_get_a_note(self):
        self.assertEqual(self.apply(Existing.WARN).warned_count, 1)
        warned = self.operator.GetReservation(name=self.long.name)
        self.assertEqual(warned.state, State.STATE_CONFIRMED)
        self.assertEqual([(note.kind, note.source) for note in warned.notes],
                         [(Note.WARNING, "policies/short")])
        self.assertEqual(self.operator.GetReservation(name=self.short.name), self.short)

    def test_what_breaks_may_be_cancelled_with_a_reason(self):
        self.invalid("reason", self.apply, Existing.CANCEL)
        self.assertEqual(self.apply(Existing.CANCEL, reason="new rules").cancelled_count, 1)
        gone = self.operator.GetReservation(name=self.long.name)
        self.assertEqual((gone.state, gone.state_reason), (State.STATE_CANCELLED, "new rules"))
        self.assertEqual(self.operator.GetReservation(name=self.short.name), self.short)

    def test_what_starts_sooner_than_the_notice_gets_a_note_instead(self):
        reply = self.apply(Existing.CANCEL, reason="new rules",
                           notice=duration_pb2.Duration(seconds=100 * DAY))
        self.assertEqual((reply.warned_count, reply.cancelled_count), (1, 0))
        self.assertEqual(self.state(self.long), State.STATE_CONFIRMED)

    def test_a_dry_run_changes_nothing(self):
        before = self.revision()
        self.assertEqual(self.apply(Existing.CANCEL, reason="x", validate_only=True)
                         .cancelled_count, 1)
        self.assertEqual(self.revision(), before)

    def test_a_repetition_gets_the_same_reply_and_another_body_is_an_error(self):
        first = self.apply(Existing.WARN, request_id="once")
        before = self.revision()
        self.assertEqual(self.apply(Existing.WARN, request_id="once"), first)
        self.assertEqual(self.revision(), before)
        self.fails("REQUEST_ID_REUSED", self.apply, Existing.KEEP, request_id="once")


class PresetTest(PolicyTest):
    def test_a_preset_is_listed_written_out_and_applied(self):
        listed = {preset.preset: preset for preset in self.bob.ListPresets().presets}
        self.assertIn("nano-facility", listed)
        self.assertTrue(listed["nano-facility"].description)
        changes = self.kim.ExpandPreset(preset="nano-facility", applies_to=on("sem"),
                                        id_prefix="nano").changes
        names = [record.name for record in [*changes.policies, *changes.quotas]]
        self.assertTrue(names)
        self.assertTrue(all(name.split("/")[1].startswith("nano") for name in names), names)
        self.assertEqual(self.kim.ApplyPolicy(changes=changes).created_count, len(names))
        for hour in ("09:00", "11:00"):
            made = self.book("sem", at(0, hour), at(0, hour) + HOUR, by=self.alice)
            self.assertEqual(made.check_in_by_time.seconds, at(0, hour) + 15 * 60)
        self.refused("QUOTA_EXCEEDED", self.book, "sem", at(1, "09:00"), at(1, "10:00"),
                     by=self.alice)

    def test_presets_write_nothing_by_themselves(self):
        listed = self.alice.ListPresets().presets
        before = self.revision()
        for preset in listed:
            try:
                self.alice.ExpandPreset(preset=preset.preset, applies_to=on("sem"))
            except Failure as failure:
                self.assertEqual(failure.reason, "INVALID_FIELDS", preset.preset)
        self.assertEqual(self.revision(), before)


class SurvivalTest(PolicyTest):
    def test_rules_requests_and_counts_survive_a_kill(self):
        self.operator.CreateGroup(group_id="leads", group=group("leads", ["users/amir"]))
        self.rule("short", max_length("sem", 2 * HOUR), overriders=Actors(groups=["groups/leads"]))
        self.rule("ask", approval("oven"), approval=terms())
        self.limit("few", "sem", 2)
        asked = self.book("oven", at(0, "09:00"), at(0, "10:00"), by=self.alice)
        for hour in ("09:00", "11:00"):
            self.book("sem", at(0, hour), at(0, hour) + HOUR, by=self.alice)

        def everything():
            usage = self.operator.QueryQuotaUsage(user="users/alice", assets=["assets/sem"],
                                                  interval=PERIOD)
            return (self.operator.ExportCatalogue(), usage, self.revision(),
                    self.operator.GetReservation(name=asked.name))

        before = everything()
        self.assertEqual([(usage.quota, usage.used, usage.limit) for usage in before[1].usages],
                         [("quotas/few", 2, 2)])
        self.daemon.kill()
        self.daemon.start()
        self.operator = self.daemon.operator()
        self.assertEqual(everything(), before)
        self.refused("QUOTA_EXCEEDED", self.book, "sem", at(1, "09:00"), at(1, "10:00"))
        self.refused("TOO_LONG", self.book, "sem", at(1, "09:00"), at(1, "13:00"))
        self.assertEqual(self.operator.ApproveReservation(name=asked.name).state,
                         State.STATE_CONFIRMED)


if __name__ == "__main__":
    harness.main()

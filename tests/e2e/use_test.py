"""What happens to a reservation when its time has come, and what reports make of it."""

import harness
from labslot.v1 import (
    directory_pb2, event_pb2, policy_pb2, reservation_pb2, reservation_service_pb2,
    utilisation_service_pb2,
)
from world import (
    DAY, HOUR, USE_STATES, State, bounds, duration, on, policy, span, timestamp, token, user,
)
from world_test_case import WorldTest

Event = event_pb2.Event
Query = utilisation_service_pb2.QueryUtilisationRequest
Reservation = reservation_pb2.Reservation
Correct = reservation_service_pb2.CorrectUseRequest


def overrun(name, close_after, ends_for_next=False):
    return policy("overrun", {"applies_to": [on(name)], "overrun": policy_pb2.OverrunRule(
        ends_for_next=ends_for_next, close_after=duration(close_after))})


class UseTest(WorldTest):
    def now(self):
        return self.operator.GetServerInfo().now.seconds

    def using(self, asset="bench", seconds=HOUR, begins_in=1, quantity=0, **fields):
        """A run of alice that is checked in and begins in a moment."""
        start = self.now() + begins_in
        made = self.book(asset, start, start + seconds, quantity, by=self.alice, **fields)
        return self.alice.CheckIn(name=made.name)

    def get(self, reservation):
        return self.operator.GetReservation(name=reservation.name)

    def await_time(self, instant):
        harness.eventually(f"the clock to reach {instant}", lambda: self.now() >= instant)

    def await_event(self, after, kind, name):
        def found():
            for event in self.operator.ListEvents(after_revision=after).events:
                if event.type == kind and event.reservation.name == name:
                    return event
            return None
        return harness.eventually(f"{Event.Type.Name(kind)} of {name}", found)

    def report(self, start, end, asset="bench", **fields):
        return self.operator.QueryUtilisation(assets=[f"assets/{asset}"],
                                              interval=span(start, end), **fields)


class CheckOutTest(UseTest):
    def test_who_leaves_early_frees_the_rest(self):
        used = self.using()
        start, end = bounds(used.interval)
        self.refused("CAPACITY_EXCEEDED", self.book, "bench", end - HOUR // 2, end)
        self.await_time(start + 1)
        left = self.alice.CheckOut(name=used.name)
        self.assertEqual(left.state, State.STATE_COMPLETED)
        self.assertGreaterEqual(left.check_out_time.seconds, start + 1)
        self.assertEqual(bounds(left.interval), (start, end), "what was reserved stays on record")
        self.book("bench", end - HOUR // 2, end)
        self.refused("STATE_FORBIDS_CHANGE", self.alice.CheckOut, name=used.name)

    def test_tear_down_follows_the_check_out(self):
        self.operator.UpdateAsset(asset={"name": "assets/bench", "tear_down": duration(600)},
                                  update_mask={"paths": ["tear_down"]})
        used = self.using()
        self.await_time(used.interval.start_time.seconds + 1)
        left = self.alice.CheckOut(name=used.name).check_out_time.seconds
        self.refused("CAPACITY_EXCEEDED", self.book, "bench", left + 599, left + HOUR)
        self.daemon.restart()
        self.operator = self.daemon.operator()
        self.refused("CAPACITY_EXCEEDED", self.book, "bench", left + 599, left + HOUR)
        self.book("bench", left + 600, left + HOUR)

    def test_a_part_comes_back_before_the_rest(self):
        used = self.using("rigs", quantity=5)
        _, end = bounds(used.interval)
        back = self.alice.CheckOut(name=used.name, items=[{"asset": "assets/rigs", "quantity": 2}])
        self.assertEqual((back.state, back.items[0].quantity), (State.STATE_CHECKED_IN, 3))
        self.assertEqual((back.returns[0].asset, back.returns[0].quantity), ("assets/rigs", 2))
        self.refused("CAPACITY_EXCEEDED", self.book, "rigs", end - 900, end, 5)
        self.book("rigs", end - 900, end, 4)
        self.daemon.restart()
        self.operator = self.daemon.operator()
        self.refused("CAPACITY_EXCEEDED", self.book, "rigs", end - 900, end)
        failure = self.fails("INVALID_FIELDS", self.operator.CheckOut, name=used.name,
                             items=[{"asset": "assets/rigs", "quantity": 4}])
        self.assertIn("items[0].quantity", failure.fields)
        done = self.operator.CheckOut(name=used.name, items=[{"asset": "assets/rigs"}])
        self.assertEqual(done.state, State.STATE_COMPLETED)

    def test_only_what_is_in_use_is_checked_out(self):
        start = self.now() + HOUR
        booked = self.book("bench", start, start + HOUR, by=self.alice)
        self.refused("STATE_FORBIDS_CHANGE", self.alice.CheckOut, name=booked.name)

    def test_a_repeated_check_out_is_answered_alike(self):
        used = self.using()
        first = self.alice.CheckOut(name=used.name, request_id="once")
        self.assertEqual(self.alice.CheckOut(name=used.name, request_id="once"), first)


class OverrunTest(UseTest):
    def test_who_stays_is_overdue_and_the_next_is_told(self):
        before = self.revision()
        used = self.using(seconds=2)
        _, end = bounds(used.interval)
        following = self.book("bench", end, end + HOUR, user="users/bob", by=self.operator)
        overdue = self.await_event(before, Event.OVERDUE, used.name)
        self.assertTrue(overdue.reservation.overdue)
        note, = self.get(following).notes
        self.assertEqual(note.rule, "IN_USE_BEYOND_END")
        self.assertNotIn("alice", note.message)
        over = self.alice.CheckOut(name=used.name)
        self.assertFalse(over.overdue)
        self.assertGreaterEqual(over.check_out_time.seconds, end)
        self.assertEqual(len(self.get(following).notes), 0)
        row, = self.report(end - 2, self.now() + 1).rows
        self.assertEqual(row.overrun_seconds, over.check_out_time.seconds - end)

    def test_whoever_checks_in_next_proves_that_it_is_free(self):
        used = self.using(seconds=2)
        _, end = bounds(used.interval)
        following = self.book("bench", end, end + HOUR, user="users/bob", by=self.operator)
        self.await_time(end + 1)
        self.bob.CheckIn(name=following.name)
        closed = self.get(used)
        self.assertEqual((closed.state, closed.problem),
                         (State.STATE_COMPLETED, Reservation.FORGOTTEN_CHECK_OUT))
        self.assertEqual(closed.check_out_time.seconds, end)

    def test_the_next_reservation_ends_it_where_a_policy_says_so(self):
        self.operator.CreatePolicy(policy_id="overrun", policy=overrun("bench", 6 * HOUR, True))
        before = self.revision()
        used = self.using(seconds=2)
        _, end = bounds(used.interval)
        self.book("bench", end + 2, end + HOUR)
        closed = self.await_event(before, Event.CHECKED_OUT, used.name)
        self.assertEqual((closed.actor, closed.reservation.check_out_time.seconds),
                         ("daemon", end + 2))
        self.assertEqual(closed.reservation.problem, Reservation.PROBLEM_UNSPECIFIED)

    def test_a_forgotten_check_out_is_closed_listed_and_settled(self):
        self.operator.CreatePolicy(policy_id="overrun", policy=overrun("bench", 1))
        before = self.revision()
        used = self.using(seconds=2)
        start, end = bounds(used.interval)
        self.await_event(before, Event.CHECKED_OUT, used.name)
        self.assertEqual([problem.name for problem in self.otto.ListProblems().reservations], [])
        self.assertEqual([p.name for p in self.operator.ListProblems().reservations], [used.name])
        self.daemon.restart()
        self.operator = self.daemon.operator()
        problem, = self.operator.ListProblems().reservations
        self.assertEqual(problem.problem, Reservation.FORGOTTEN_CHECK_OUT)
        settled = self.operator.CorrectUse(name=used.name, reason="left at once",
                                           check_out_time=timestamp(start + 1))
        self.assertEqual(settled.check_out_time.seconds, start + 1)
        self.assertEqual(list(self.operator.ListProblems().reservations), [])
        event = self.operator.ListEvents(after_revision=self.revision() - 1).events[0]
        self.assertEqual((event.type, event.reason), (Event.CORRECTED, "left at once"))
        self.assertEqual(end - start, 2)


class CorrectionTest(UseTest):
    def used(self):
        used = self.using(seconds=2)
        self.await_time(used.interval.end_time.seconds + 1)
        return self.alice.CheckOut(name=used.name)

    def test_says_what_is_wrong(self):
        used = self.used()
        start, end = bounds(used.interval)
        for field, request in (
                ("reason", {"reason": ""}),
                ("check_out_time", {"check_out_time": timestamp(start - 60)}),
                ("check_out_time", {"check_out_time": timestamp(end + DAY)}),
                ("check_in_time", {"check_in_time": timestamp(start - HOUR)}),
                ("check_in_time", {"check_in_time": timestamp(start),
                                   "outcome": Correct.NOBODY_CAME}),
                ("update_mask", {"update_mask": {"paths": ["user"]}})):
            request = {"name": used.name, "reason": "seen", **request}
            self.invalid(field, lambda asked=request: self.operator.CorrectUse(**asked))
        coming = self.book("bench", self.now() + HOUR, self.now() + 2 * HOUR)
        self.refused("STATE_FORBIDS_CHANGE",
                     lambda: self.operator.CorrectUse(name=coming.name, reason="early"))
        self.fails("ROLE_REQUIRED",
                   lambda: self.alice.CorrectUse(name=used.name, reason="mine"))

    def test_changes_what_it_was_and_nothing_else(self):
        used = self.used()
        corrected = self.operator.CorrectUse(
            name=used.name, reason="the contract says so",
            reservation={"activity_class": Reservation.ACTIVITY_CLASS_RENTAL, "purpose": "no"},
            update_mask={"paths": ["activity_class"]})
        self.assertEqual(corrected.activity_class, Reservation.ACTIVITY_CLASS_RENTAL)
        self.assertEqual(corrected.purpose, used.purpose)
        nobody = self.operator.CorrectUse(name=used.name, reason="the door log",
                                          outcome=Correct.NOBODY_CAME)
        self.assertEqual(nobody.state, State.STATE_NO_SHOW)
        again = self.operator.CorrectUse(name=used.name, reason="another door",
                                         outcome=Correct.USED)
        self.assertEqual(again.state, State.STATE_COMPLETED)
        self.assertEqual(bounds(again.interval),
                         (again.check_in_time.seconds, again.check_out_time.seconds))

    def test_a_report_as_of_a_time_before_it_stays_as_it_was(self):
        used = self.used()
        start, end = bounds(used.interval)
        period = (start - 60, end + 1)
        fields = {"group_by": [Query.ASSET, Query.ACTIVITY_CLASS], "ratios": ["*"],
                  "lead_times": True}
        before = self.report(*period, **fields)
        at_that_time = self.now()
        self.await_time(at_that_time + 1)
        self.operator.CorrectUse(name=used.name, reason="the door log",
                                 outcome=Correct.NOBODY_CAME)
        # Moved out of the period, retired, and so on: all of it came later.
        self.operator.UpdateAsset(asset={"name": "assets/bench", "kind": "other"},
                                  update_mask={"paths": ["kind"]})
        self.operator.CreateOutage(outage={"asset": "assets/bench",
                                           "interval": span(start - 30, end)})
        after = self.report(*period, **fields)
        self.assertNotEqual(before.rows, after.rows)
        exists_since = self.operator.GetAsset(name="assets/bench").create_time.seconds
        self.assertEqual(sum(row.no_show_seconds for row in after.rows), 0)
        self.assertEqual(sum(row.unplanned_outage_seconds for row in after.rows),
                         end - exists_since)
        as_of = self.report(*period, as_of_revision=before.revision, **fields)
        self.assertEqual(as_of.SerializeToString(deterministic=True),
                         before.SerializeToString(deterministic=True))
        by_time = self.report(*period, as_of_time=timestamp(at_that_time), **fields)
        self.assertEqual(by_time, before)
        changes = self.operator.ListUseChanges(
            assets=["assets/bench"], interval=span(*period), from_revision=before.revision)
        self.assertEqual([event.type for event in changes.events],
                         [Event.CORRECTED, Event.CREATED])
        self.assertEqual(changes.events[0].reason, "the door log")

    def test_as_of_must_have_been(self):
        now = self.now()
        self.invalid("as_of_revision", self.report, now, now + 1, as_of_revision=10**9)
        self.invalid("as_of_time", self.report, now, now + 1, as_of_time=timestamp(now + HOUR))
        self.invalid("as_of_time", self.report, now, now + 1, as_of_time=timestamp(now - 1),
                     as_of_revision=1)


class ReportTest(UseTest):
    def test_the_states_add_up_and_groups_divide_them(self):
        self.using("rigs", quantity=2, seconds=HOUR, purpose="method development",
                   activity_class=Reservation.ACTIVITY_CLASS_COLLABORATION)
        self.book("rigs", self.now() + 600, self.now() + 2 * HOUR, 3, user="users/bob",
                  access_mode=Reservation.MARKET_DRIVEN)
        start = self.now()
        self.await_time(start + 3)
        period = (start - HOUR, start + 4 * HOUR)
        whole, = self.report(*period, asset="rigs").rows
        self.assertEqual(sum(getattr(whole, f"{state}_seconds") for state in USE_STATES),
                         whole.total_seconds)
        self.assertEqual(whole.engineering_seconds, whole.used_seconds)
        for dimension in (Query.USER, Query.ORGANISATION, Query.ORGANISATION_KIND,
                          Query.ACTIVITY_CLASS, Query.ACCESS_MODE, Query.PROJECT, Query.PURPOSE):
            rows = self.report(*period, asset="rigs", group_by=[dimension]).rows
            for state in USE_STATES + ("total",):
                name = f"{state}_seconds"
                self.assertEqual(sum(getattr(row, name) for row in rows), getattr(whole, name),
                                 f"{name} by {dimension}")
            self.assertTrue(all(row.base_seconds == whole.total_seconds for row in rows))

    def test_auditors_see_figures_without_persons(self):
        self.operator.CreateUser(user_id="audrey", user=user(
            "audrey", ["lab-owner"], directory_pb2.ROLE_AUDITOR, "assets/rigs"))
        audrey = self.daemon.client(token(self.operator, "audrey"))
        start = self.now() + 5
        self.book("rigs", start, start + HOUR, by=self.alice,
                  access_mode=Reservation.MARKET_DRIVEN)
        self.book("rigs", start, start + HOUR, user="users/bob")
        query = {"interval": span(start, start + HOUR), "assets": ["assets/rigs"]}
        rows = audrey.QueryUtilisation(group_by=[Query.ORGANISATION], **query).rows
        self.assertEqual([row.group[0] for row in rows],
                         ["", "(masked)", "organisations/globex"])
        few = audrey.QueryUtilisation(group_by=[Query.ORGANISATION], suppress_below=2, **query)
        self.assertEqual([row.group[0] for row in few.rows], ["", "(few)"])
        self.fails("ROLE_REQUIRED", audrey.QueryUtilisation, group_by=[Query.USER], **query)
        self.fails("ROLE_REQUIRED", audrey.QueryUtilisation, interval=query["interval"],
                   assets=["assets/bench"])
        self.fails("ROLE_REQUIRED", audrey.ListUseChanges, **query)
        self.assertEqual(len(audrey.QueryUtilisation(interval=query["interval"]).rows), 1)

    def test_what_is_asked_for_wrongly_is_told(self):
        now = self.now()
        for field, request in (
                ("group_by[0]", {"group_by": [0]}),
                ("group_by[1]", {"group_by": [Query.ASSET, Query.ASSET]}),
                ("label", {"group_by": [Query.LABEL]}),
                ("label", {"label": "x"}),
                ("ratios[0]", {"ratios": ["utilisation"]}),
                ("filter", {"filter": "kind > 3"}),
                ("filter", {"filter": 'colour = "red"'}),
                ("time_zone", {"group_by": [Query.KIND], "bucket": Query.DAY, "assets": []}),
                ("suppress_below", {"suppress_below": -1})):
            self.invalid(field, self.operator.QueryUtilisation,
                         **{"assets": ["assets/bench"], "interval": span(now, now + DAY),
                            **request})

    def test_filters_choose_assets(self):
        now = self.now()
        rows = self.operator.QueryUtilisation(interval=span(now, now + DAY),
                                              filter='kind = "sem" AND site = "sites/lommel"').rows
        self.assertEqual([row.asset for row in rows], ["assets/sem", "assets/sem-2"])

    def test_the_size_of_an_organisation_is_that_of_the_booking(self):
        sizes = directory_pb2.Organisation
        change = {"update_mask": {"paths": ["size_class"]}}
        self.operator.UpdateOrganisation(organisation={"name": "organisations/acme",
                                                       "size_class": sizes.SMALL}, **change)
        start = self.now() + HOUR
        self.book("bench", start, start + HOUR, by=self.alice)
        self.await_time(self.now() + 1)
        self.operator.UpdateOrganisation(organisation={"name": "organisations/acme",
                                                       "size_class": sizes.LARGE}, **change)
        rows = self.report(start, start + HOUR, group_by=[Query.ORGANISATION_SIZE]).rows
        self.assertEqual([row.group[0] for row in rows if row.booked_seconds], ["SMALL"])

    def test_what_was_wanted_and_refused_is_counted_once(self):
        start = self.now() + HOUR
        self.book("bench", start, start + HOUR, by=self.alice)
        for _ in range(3):
            self.refused("CAPACITY_EXCEEDED", self.book, "bench", start, start + 1800, by=self.bob)
        self.refused("CAPACITY_EXCEEDED", self.book, "bench", start + 900, start + 1800,
                     by=self.bob)
        self.refused("START_IN_PAST", self.book, "bench", start - 9 * HOUR, start, by=self.bob)
        self.refused("CAPACITY_EXCEEDED", self.book, "bench", start, start + 60, by=self.amir,
                     validate_only=True)
        self.daemon.kill()
        self.daemon.start()
        self.operator = self.daemon.operator()
        period = (start, start + HOUR)
        row, = self.report(*period, ratios=["refusal_rate"]).rows
        self.assertEqual((row.refused_count, row.refused_seconds, row.requested_seconds),
                         (1, 1800, 1800 + HOUR))
        self.assertEqual((row.ratios[0].numerator, row.ratios[0].denominator), (1800, 5400))
        rows = self.report(*period, group_by=[Query.ORGANISATION]).rows
        self.assertEqual({row.group[0]: row.refused_count for row in rows},
                         {"organisations/acme": 0, "organisations/globex": 1})
        self.assertTrue(all(row.open_seconds == HOUR for row in rows), "nobody has a row")

    def test_capacity_counts_from_its_change_on(self):
        start = self.now()
        self.await_time(start + 2)
        changed = self.operator.UpdateAsset(asset={"name": "assets/rigs", "capacity": 9},
                                            update_mask={"paths": ["capacity"]})
        since = changed.update_time.seconds
        row, = self.report(start, since + 10, asset="rigs").rows
        self.assertEqual(row.total_seconds, 7 * (since - start) + 9 * 10)


if __name__ == "__main__":
    harness.main()

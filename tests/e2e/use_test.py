"""What happens to a reservation when its time has come, and what reports make of it."""

import datetime

import harness
from labslot.v1 import (
    directory_pb2, event_pb2, machine_report_pb2, policy_pb2, quota_pb2, reservation_pb2,
    reservation_service_pb2, utilisation_service_pb2,
)
from world import (
    DAY, HOUR, USE_STATES, State, bounds, duration, on, policy, span, timestamp, token, user,
)
from world_test_case import WorldTest

Event = event_pb2.Event
Query = utilisation_service_pb2.QueryUtilisationRequest
MachineReport = machine_report_pb2.MachineReport
Quota = quota_pb2.Quota
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


class EconomicUseTest(UseTest):
    """A quota whose limit is a share of capacity, and what the year came to."""

    def setUp(self):
        super().setUp()
        self.operator.UpdateAsset(
            asset={"name": "assets/bench", "rates": {
                "currency_code": "EUR", "cost_per_hour": 40.25, "price_per_hour": 100,
                "prices": [{"activity_class": Reservation.ACTIVITY_CLASS_EDUCATION}]}},
            update_mask={"paths": ["rates"]})
        self.year = datetime.datetime.now(datetime.timezone.utc).year + 1

    def make_quota(self, percent, **fields):
        return self.operator.CreateQuota(quota_id="economic", quota={
            "display_name": "Ancillary use",
            "applies_to": [{"assets": ["assets/bench"],
                            "activity_classes": [Reservation.ACTIVITY_CLASS_RENTAL]}],
            "measure": Quota.TIME, "period": Quota.YEAR,
            "max_share": {"percent": percent, "base": quota_pb2.CapacityShare.CALENDAR},
            "rule_set": "RDI Framework", **fields})

    def moment(self, month, day, hour):
        local = datetime.datetime(self.year, month, day, hour, tzinfo=datetime.timezone.utc)
        return int(local.timestamp())

    def rent(self, month, hours, **fields):
        start = self.moment(month, 15, 6)
        return self.book("bench", start, start + hours * HOUR,
                         activity_class=Reservation.ACTIVITY_CLASS_RENTAL, **fields)

    def overview(self, **fields):
        return self.operator.GetYearlyOverview(quota="quotas/economic", year=self.year, **fields)

    def test_the_guard_says_what_it_would_come_to(self):
        self.make_quota(0.1)
        rented = self.rent(3, 6, activity_reason="let to acme by the hour")
        self.assertEqual(list(rented.rule_sets), ["RDI Framework"])
        self.assertEqual(rented.activity_reason, "let to acme by the hour")
        rate = rented.items[0].rate
        self.assertEqual((rate.currency_code, rate.cost_per_hour, rate.price_per_hour),
                         ("EUR", 40.25, 100))
        failure = self.refused("QUOTA_EXCEEDED", self.rent, 4, 5)
        violation = failure.refusal.violations[0]
        self.assertIn("5.0 h more would make 11.0 h = 0.13 % of calendar hours", violation.message)
        self.assertIn("RDI Framework", violation.message)
        self.rent(4, 2)
        usage, = self.operator.QueryQuotaUsage(
            user="users/alice", assets=["assets/bench"],
            interval=span(self.moment(5, 1, 6), self.moment(5, 1, 7)),
            activity_class=Reservation.ACTIVITY_CLASS_RENTAL).usages
        self.assertEqual(usage.used, 8 * HOUR)

    def test_the_overview_is_by_time_cost_and_revenue(self):
        self.make_quota(20)
        self.rent(3, 6)
        start = self.moment(4, 1, 6)
        self.book("bench", start, start + 2 * HOUR,
                  activity_class=Reservation.ACTIVITY_CLASS_EDUCATION)
        overview = self.overview()
        self.assertEqual((overview.rule_set, overview.year), ("RDI Framework", self.year))
        days = 366 if self.year % 4 == 0 else 365
        self.assertEqual(overview.admissible_seconds, days * DAY // 5)
        shares = {share.method: (share.counted, share.whole) for share in overview.shares}
        self.assertEqual(shares["calendar hours"], (6 * HOUR, days * DAY))
        self.assertEqual(shares["used hours"], (6 * HOUR, 8 * HOUR))
        self.assertEqual(shares["cost"], (6 * 40.25, 8 * 40.25))
        self.assertEqual(shares["revenue"], (600, 600))
        self.assertEqual([(row.activity_class, row.counted, row.booked_seconds, row.revenue)
                          for row in overview.rows],
                         [(Reservation.ACTIVITY_CLASS_EDUCATION, False, 2 * HOUR, 0),
                          (Reservation.ACTIVITY_CLASS_RENTAL, True, 6 * HOUR, 600)])

    def test_the_overview_as_of_an_event_stays_as_it_was(self):
        self.make_quota(20)
        self.rent(3, 6)
        before = self.overview()
        self.rent(5, 3)
        self.operator.UpdateQuota(quota={"name": "quotas/economic", "rule_set": "another"},
                                  update_mask={"paths": ["rule_set"]})
        self.operator.UpdateAsset(asset={"name": "assets/bench", "capacity": 1, "kind": "x"},
                                  update_mask={"paths": ["kind"]})
        self.assertNotEqual(self.overview().shares, before.shares)
        self.assertEqual(self.overview(as_of_revision=before.revision), before)
        self.operator.DeleteQuota(name="quotas/economic")
        self.assertEqual(self.overview(as_of_revision=before.revision), before)
        self.fails("RESOURCE_NOT_FOUND", self.overview)

    def test_what_is_asked_for_wrongly_is_told(self):
        self.make_quota(20)
        self.operator.CreateQuota(quota_id="count", quota={
            "measure": Quota.COUNT, "max_count": 1000, "period": Quota.YEAR})
        ask = self.operator.GetYearlyOverview
        self.invalid("quota", ask, quota="quotas/count")
        self.invalid("quota", ask, quota="economic")
        self.invalid("year", ask, quota="quotas/economic", year=12)
        self.fails("ROLE_REQUIRED", self.alice.GetYearlyOverview, quota="quotas/economic")
        self.invalid("quota", self.report, 0, DAY, group_by=[Query.QUOTA])
        self.invalid("quota", self.report, 0, DAY, quota="quotas/economic")
        self.invalid("quota.max_share.percent", self.make_quota, 20.005)
        self.invalid("quota.max_share", self.make_quota, 20, max_time=duration(HOUR))
        self.invalid("quota.max_share", self.make_quota, 20, period=Quota.FUTURE)

    def test_groups_by_quota_tell_what_it_counts(self):
        self.make_quota(20)
        self.rent(3, 6)
        self.book("bench", self.moment(4, 1, 6), self.moment(4, 1, 8))
        rows = self.report(self.moment(1, 1, 0), self.moment(12, 1, 0), group_by=[Query.QUOTA],
                           quota="quotas/economic").rows
        self.assertEqual([(row.group[0], row.booked_seconds) for row in rows],
                         [("", 0), ("counted", 6 * HOUR), ("other", 2 * HOUR)])


class MachineTest(UseTest):
    def say(self, state, start, end, **fields):
        return self.operator.ReportMachineStates(report={
            "asset": "assets/bench", "spans": [{"interval": span(start, end), "state": state}],
            **fields})

    def test_use_is_measured_and_reports_as_of_stay_as_they_were(self):
        start = self.now()
        self.book("bench", start, start + 4)
        self.await_time(start + 5)
        row, = self.report(start, start + 4).rows
        self.assertEqual(row.assumed_seconds, row.used_seconds)
        before = self.report(start, start + 4, group_by=[Query.USER])
        made = self.say(MachineReport.RUNNING, start + 1, start + 2)
        self.assertTrue(made.name.startswith("machineReports/"))
        self.say(MachineReport.IDLE, start + 2, start + 4)
        row, = self.report(start, start + 4).rows
        self.assertEqual(row.measured_seconds, 1)
        self.assertEqual(row.idle_seconds, 2)
        self.daemon.kill()
        self.daemon.start()
        self.operator = self.daemon.operator()
        self.assertEqual(self.report(start, start + 4).rows[0], row)
        self.assertEqual(
            self.report(start, start + 4, group_by=[Query.USER], as_of_revision=before.revision),
            before)
        changes = self.operator.ListUseChanges(
            assets=["assets/bench"], interval=span(start, start + 4),
            from_revision=before.revision)
        self.assertEqual([event.machine_report.spans[0].state for event in changes.events],
                         [MachineReport.RUNNING, MachineReport.IDLE])

    def test_a_repeated_report_is_taken_in_once(self):
        now = self.now()
        request = {"report": {"asset": "assets/bench", "spans": [
            {"interval": span(now - 20, now - 10), "state": MachineReport.DOWN}]},
            "request_id": "once"}
        first = self.operator.ReportMachineStates(**request)
        head = self.revision()
        self.assertEqual(self.operator.ReportMachineStates(**request), first)
        self.assertEqual(self.revision(), head)

    def test_what_is_reported_wrongly_is_told(self):
        now = self.now()
        self.invalid("report.spans[0].interval.end_time", self.say, MachineReport.IDLE, now,
                     now + HOUR)
        self.invalid("report.spans[0].interval.end_time", self.say, MachineReport.IDLE, now - 40 * DAY, now)
        self.invalid("report.spans[0].state", self.say, 0, now - 5, now)
        self.invalid("report.unit", self.say, MachineReport.IDLE, now - 5, now, unit="a")
        self.invalid("report.spans", self.say, MachineReport.IDLE, now - 5, now, spans=[])
        self.fails("RESOURCE_NOT_FOUND", self.say, MachineReport.IDLE, now - 5, now, asset="assets/none")
        self.fails("ROLE_REQUIRED", self.alice.ReportMachineStates, report={
            "asset": "assets/bench",
            "spans": [{"interval": span(now - 5, now), "state": MachineReport.IDLE}]})


if __name__ == "__main__":
    harness.main()

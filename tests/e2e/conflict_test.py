"""Where requests compete: travel, wait list, outages, displacement, rounds."""

import time

import harness
from labslot.v1 import (
    catalogue_pb2, event_pb2, planning_service_pb2, policy_pb2, reservation_service_pb2,
)
from world import (
    DAY, HOUR, USE_STATES, Item, Quota, State, at, booking, bounds, policy, quota, span,
    timestamp,
)
from world_test_case import WorldTest

Asset, Travel = catalogue_pb2.Asset, catalogue_pb2.Travel
WAIT = reservation_service_pb2.CreateReservationRequest.WAIT_LIST
DISPLACE = reservation_service_pb2.CreateReservationRequest.DISPLACE
Hit = catalogue_pb2.Hit
Plan = planning_service_pb2.PlanAllocationResponse
KORTRIJK = "sites/kortrijk"
TARTU = "sites/tartu"


class TravelTest(WorldTest):
    def visit(self, day, site, start="10:00", end="12:00", **fields):
        zone = "Europe/Tallinn" if site == TARTU else "Europe/Brussels"
        return self.book("make-lab", at(day, start, zone), at(day, end, zone), site=site, **fields)

    def legs(self, first=-7, last=21):
        reply = self.operator.QueryFreeBusy(assets=["assets/make-lab"],
                                            interval=span(at(first, "00:00"), at(last, "00:00")))
        return reply.assets[0]

    def test_the_lab_cannot_be_in_two_countries_on_two_days(self):
        made = self.visit(7, TARTU)
        failure = self.refused("TRAVEL_DOES_NOT_FIT", self.visit, 8, KORTRIJK)
        violation, = failure.refusal.violations
        self.assertEqual(violation.conflicts[0].reservation, made.name)
        self.assertIn("from Tartu to Kortrijk", violation.message)
        earliest = failure.refusal.earliest_start_time.seconds
        # Four days at the wheel, and tear-down and set-up.
        self.assertGreater(earliest - at(7, "11:00"), 3 * DAY)
        self.book("make-lab", earliest, earliest + 2 * HOUR, site=KORTRIJK)

    def test_ways_are_seen_as_legs_and_join_up(self):
        self.visit(7, KORTRIJK)
        self.visit(8, KORTRIJK)
        seen = self.legs()
        self.assertEqual([(leg.from_site, leg.to_site) for leg in seen.legs],
                         [("sites/lommel", KORTRIJK), (KORTRIJK, "sites/lommel")])
        there, back = (bounds(leg.interval) for leg in seen.legs)
        self.assertEqual(there[1], at(7, "08:00"))
        self.assertEqual(back[0], at(8, "14:00"))
        # 196 km by road at 65 km/h.
        self.assertTrue(2.9 * HOUR <= there[1] - there[0] <= 3.1 * HOUR)
        moving = [bounds(part.interval) for part in seen.spans if part.travelling]
        self.assertEqual(sum(end - start for start, end in moving),
                         there[1] - there[0] + back[1] - back[0])

    def test_cancelling_a_visit_frees_its_ways(self):
        self.visit(7, KORTRIJK)
        before = self.legs().legs
        far = self.visit(14, TARTU)
        self.assertNotEqual(self.legs().legs, before)
        self.operator.CancelReservation(name=far.name)
        self.assertEqual(self.legs().legs, before)

    def test_utilisation_counts_the_ways_and_adds_up(self):
        self.visit(7, KORTRIJK)
        there, back = (bounds(leg.interval) for leg in self.legs().legs)
        reply = self.operator.QueryUtilisation(
            assets=["assets/make-lab"], interval=span(at(6, "00:00"), at(9, "00:00")))
        row, = reply.rows
        self.assertEqual(row.travel_seconds, there[1] - there[0] + back[1] - back[0])
        parts = (row.booked_seconds + row.held_seconds + row.changeover_seconds +
                 row.travel_seconds + row.blocked_seconds + row.closed_seconds +
                 row.available_seconds)
        self.assertEqual(parts, row.total_seconds)

    def test_ways_survive_a_restart(self):
        self.visit(7, KORTRIJK)
        self.visit(14, TARTU)
        before = self.legs()
        self.daemon.restart()
        self.operator = self.daemon.operator()
        self.assertEqual(self.legs(), before)
        self.refused("TRAVEL_DOES_NOT_FIT", self.visit, 13, KORTRIJK)

    def test_what_does_not_travel_has_no_travel(self):
        bench = self.operator.GetAsset(name="assets/bench")
        bench.travel.speed_kmh = 80
        failure = self.fails("INVALID_FIELDS", self.operator.UpdateAsset, asset=bench)
        self.assertIn("asset.mobile", failure.fields)

    def test_how_it_travels_can_be_changed_alone(self):
        changed = self.operator.UpdateAsset(
            asset=Asset(name="assets/make-lab", travel=Travel(speed_kmh=80)),
            update_mask={"paths": ["travel"]})
        self.assertEqual(changed.travel.speed_kmh, 80)

    def test_a_stated_time_goes_before_the_map(self):
        lommel = self.operator.GetSite(name="sites/lommel")
        time = lommel.travel_times.add(site=KORTRIJK)
        time.duration.seconds = 5 * HOUR
        lommel = self.operator.UpdateSite(site=lommel)
        self.assertEqual(lommel.travel_times[0].duration.seconds, 5 * HOUR)
        self.visit(7, KORTRIJK)
        there = bounds(self.legs().legs[0].interval)
        self.assertEqual(there[1] - there[0], 5 * HOUR)


class WaitListTest(WorldTest):
    def wait(self, by, start="09:00", end="12:00", day=3, **fields):
        request = booking("bench", at(day, start), at(day, end), **fields)
        return by.CreateReservation(reservation=request, on_conflict=WAIT)

    def state(self, name):
        return self.operator.GetReservation(name=name).state

    def test_freed_time_is_offered_and_accepted(self):
        taken = self.book("bench", at(3, "09:00"), at(3, "12:00"), by=self.alice)
        waits = self.wait(self.bob)
        self.assertEqual(waits.state, State.STATE_WAITLISTED)
        self.assertEqual(waits.hold_expire_time.seconds, at(3, "09:00"))
        after = self.revision()
        self.alice.CancelReservation(name=taken.name)
        offer = self.bob.GetReservation(name=waits.name)
        self.assertEqual(offer.state, State.STATE_OFFERED)
        types = [event.type for page in self.operator.pages("ListEvents", after_revision=after)
                 for event in page.events]
        self.assertEqual(types, [event_pb2.Event.CANCELLED, event_pb2.Event.OFFERED])
        self.refused("CAPACITY_EXCEEDED", self.book, "bench", at(3, "09:00"), at(3, "10:00"),
                     by=self.alice)
        self.fails("RESOURCE_NOT_FOUND", self.alice.AcceptOffer, name=waits.name)
        taken = self.bob.AcceptOffer(name=waits.name)
        self.assertEqual(taken.state, State.STATE_CONFIRMED)

    def test_a_declined_offer_goes_to_the_next(self):
        taken = self.book("bench", at(3, "09:00"), at(3, "12:00"), by=self.alice)
        first, second = self.wait(self.bob), self.wait(self.amir)
        urgent = self.wait(self.kim, priority=10)
        self.alice.CancelReservation(name=taken.name)
        self.assertEqual(self.state(urgent.name), State.STATE_OFFERED)
        self.kim.CancelReservation(name=urgent.name)
        self.assertEqual(self.state(first.name), State.STATE_OFFERED)
        self.bob.CancelReservation(name=first.name, reason="found another")
        self.assertEqual(self.state(second.name), State.STATE_OFFERED)

    def test_lists_and_offers_survive_a_restart(self):
        taken = self.book("bench", at(3, "09:00"), at(3, "12:00"), by=self.alice)
        first, second = self.wait(self.bob), self.wait(self.amir)
        self.alice.CancelReservation(name=taken.name)
        for _ in range(2):
            self.daemon.restart()
            self.operator = self.daemon.operator()
            self.assertEqual(self.state(first.name), State.STATE_OFFERED)
            self.assertEqual(self.state(second.name), State.STATE_WAITLISTED)
        self.operator.CancelReservation(name=first.name)
        self.assertEqual(self.state(second.name), State.STATE_OFFERED)

    def test_who_has_used_less_of_a_fair_share_is_offered_first(self):
        turns = quota("turns", "bench", 1000, Quota.FUTURE, fair_share=True)
        turns.hand_back.days = 2
        failure = self.fails("INVALID_FIELDS", self.operator.CreateQuota, quota_id="turns",
                             quota=turns)
        self.assertEqual(list(failure.fields), ["quota.fair_share"])
        turns.ClearField("hand_back")
        turns = self.operator.CreateQuota(quota_id="turns", quota=turns)
        self.assertTrue(turns.fair_share)
        self.book("bench", at(4, "09:00"), at(4, "10:00"), by=self.bob)
        taken = self.book("bench", at(3, "09:00"), at(3, "12:00"), by=self.alice)
        first, second = self.wait(self.bob), self.wait(self.amir)
        # The count is that of the store, and the offer in memory counts too.
        self.daemon.kill()
        self.daemon.start()
        self.operator = self.daemon.operator()
        self.operator.CancelReservation(name=taken.name)
        self.assertEqual(self.state(second.name), State.STATE_OFFERED)
        self.assertEqual(self.state(first.name), State.STATE_WAITLISTED)
        # Switched off, it orders nothing.
        again = self.wait(self.operator, user="users/amir")
        self.operator.UpdateQuota(quota=Quota(name=turns.name, disabled=True),
                                  update_mask={"paths": ["disabled"]})
        self.operator.CancelReservation(name=second.name)
        self.assertEqual(self.state(first.name), State.STATE_OFFERED)
        self.assertEqual(self.state(again.name), State.STATE_WAITLISTED)

    def test_more_units_are_offered_to_those_who_wait(self):
        self.book("rigs", at(3, "09:00"), at(3, "12:00"), 7)
        waits = self.operator.CreateReservation(
            reservation=booking("rigs", at(3, "09:00"), at(3, "12:00"), user="users/bob"),
            on_conflict=WAIT)
        rigs = self.operator.GetAsset(name="assets/rigs")
        rigs.capacity = 8
        self.operator.UpdateAsset(asset=rigs)
        harness.eventually("the offer of the eighth rig",
                           lambda: self.state(waits.name) == State.STATE_OFFERED)

    def test_a_flexible_request_is_booked_in_its_window(self):
        self.book("bench", at(3, "09:00"), at(3, "12:00"))
        wanted = booking("bench", at(3, "09:00"), at(3, "11:00"), user="users/alice",
                         window=span(at(3, "08:00"), at(3, "18:00")))
        made = self.operator.CreateReservation(reservation=wanted)
        self.assertEqual(bounds(made.interval), (at(3, "12:00"), at(3, "14:00")))
        self.assertEqual(made.window, wanted.window)

    def test_wrong_windows_are_named(self):
        outside = booking("bench", at(3, "09:00"), at(3, "11:00"), user="users/alice",
                          window=span(at(3, "10:00"), at(3, "18:00")))
        failure = self.fails("INVALID_FIELDS", self.operator.CreateReservation,
                             reservation=outside)
        self.assertEqual(list(failure.fields), ["reservation.window"])

    def test_a_hold_does_not_wait(self):
        request = reservation_service_pb2.CreateReservationRequest(
            reservation=booking("bench", at(3, "09:00"), at(3, "11:00"), user="users/alice"),
            on_conflict=WAIT)
        request.hold_duration.seconds = 600
        failure = self.fails("INVALID_FIELDS", self.operator.CreateReservation,
                             reservation=request.reservation, on_conflict=WAIT,
                             hold_duration=request.hold_duration)
        self.assertEqual(list(failure.fields), ["hold_duration"])


class OutageTest(WorldTest):
    def get(self, reservation):
        return self.operator.GetReservation(name=reservation.name)

    def test_who_is_hit_is_told_and_has_the_slot_back_when_it_is_over(self):
        hit = self.book("sem", at(1, "09:00"), at(1, "11:00"), by=self.alice)
        outage = self.kim.CreateOutage(
            outage={"asset": "assets/sem", "interval": span(at(1, "08:00"), at(1, "17:00")),
                    "category": "vacuum"}, reason="the pump")
        self.assertEqual([(one.reservation, one.outcome) for one in outage.hits],
                         [(hit.name, Hit.WAIT_LISTED)])
        displaced = self.get(hit)
        self.assertEqual(displaced.state, State.STATE_DISPLACED)
        self.assertEqual(displaced.displaced_by, outage.name)
        self.refused("OUT_OF_SERVICE", self.book, "sem", at(1, "10:00"), at(1, "12:00"))
        # Others than managers are not told whom it hit.
        self.assertEqual(self.bob.GetOutage(name=outage.name).hits[0].reservation, "")
        self.assertEqual(self.kim.GetOutage(name=outage.name), outage)
        ended = self.kim.UpdateOutage(
            outage={"name": outage.name, "interval": {"end_time": timestamp(at(1, "08:30"))}},
            update_mask={"paths": ["interval.end_time"]})
        self.assertEqual(bounds(ended.interval), (at(1, "08:00"), at(1, "08:30")))
        self.assertEqual(self.get(hit).state, State.STATE_CONFIRMED)

    def test_outages_rounds_and_the_displaced_survive_a_kill(self):
        hit = self.book("sem", at(1, "09:00"), at(1, "11:00"), by=self.alice)
        outage = self.operator.CreateOutage(outage={
            "asset": "assets/sem", "interval": span(at(1, "08:00"), at(1, "17:00"))})
        self.operator.CreateRound(round_id="spring", round={
            "assets": ["assets/oven"], "interval": span(at(0, "00:00"), at(7, "00:00")),
            "deadline_time": timestamp(at(0, "00:00"))})
        asked = self.alice.CreateReservation(reservation=booking(
            "oven", at(1, "09:00"), at(1, "11:00"), round="rounds/spring", value=5))
        self.daemon.kill()
        self.daemon.start()
        self.operator = self.daemon.operator()
        self.assertEqual(self.operator.GetOutage(name=outage.name), outage)
        self.assertEqual(self.get(hit).state, State.STATE_DISPLACED)
        self.refused("OUT_OF_SERVICE", self.book, "sem", at(1, "10:00"), at(1, "12:00"))
        plan = self.operator.PlanAllocation(name="rounds/spring")
        self.assertEqual([grant.reservation for grant in plan.grants], [asked.name])
        self.operator.DeleteOutage(name=outage.name)
        self.assertEqual(self.get(hit).state, State.STATE_CONFIRMED)

    def test_without_end_it_reaches_a_week_and_a_dry_run_changes_nothing(self):
        now = self.operator.GetServerInfo().now.seconds
        outage = {"asset": "assets/sem", "interval": {"start_time": timestamp(now)}}
        tried = self.kim.CreateOutage(outage=outage, validate_only=True)
        self.assertFalse(tried.interval.HasField("end_time"))
        self.assertGreaterEqual(tried.reach_time.seconds, now + 7 * DAY)
        self.assertFalse(self.kim.ListOutages().outages)
        made = self.kim.CreateOutage(outage=outage, request_id="o-1")
        self.assertEqual(self.kim.CreateOutage(outage=outage, request_id="o-1"), made)
        self.assertEqual(list(self.kim.ListOutages(asset="assets/sem").outages), [made])

    def test_utilisation_and_free_busy_count_it_and_add_up(self):
        self.kim.CreateOutage(outage={
            "asset": "assets/sem", "interval": span(at(1, "10:00"), at(1, "12:00")),
            "planned": True})
        period = span(at(1, "00:00"), at(2, "00:00"))
        row, = self.kim.QueryUtilisation(assets=["assets/sem"], interval=period).rows
        self.assertEqual(row.planned_outage_seconds, 2 * HOUR)
        self.assertEqual(sum(getattr(row, f"{state}_seconds") for state in USE_STATES),
                         row.total_seconds)
        spans = self.kim.QueryFreeBusy(assets=["assets/sem"], interval=period).assets[0].spans
        out = [bounds(part.interval) for part in spans if part.out_of_service == 1]
        self.assertEqual(out, [(at(1, "10:00"), at(1, "12:00"))])


class UnitLabelsTest(WorldTest):
    """A pool of two microscopes, one of which has a detector."""

    def setUp(self):
        super().setUp()
        self.operator.CreateAsset(asset_id="microscopes", asset=Asset(
            display_name="Microscopes", kind="sem", site="sites/lommel", calendar={},
            capacity_kind=Asset.CAPACITY_KIND_POOL, capacity=2,
            units=[{"id": "sem-1", "labels": {"detector": "eds"}}, {"id": "sem-2"}]))

    def reserve(self, start, end, labels=None):
        wanted = Item(asset="assets/microscopes", unit_labels=labels or {})
        return self.book([wanted], at(0, start), at(0, end))

    def test_the_unit_that_has_what_is_asked_for_is_kept_across_a_restart(self):
        made = self.reserve("9:00", "12:00", {"detector": "eds"})
        self.assertEqual(made.items[0].unit_labels, {"detector": "eds"})
        self.assertEqual(list(made.items[0].units), [])
        self.daemon.restart()
        self.operator = self.daemon.operator()
        failure = self.refused("NO_FITTING_UNIT", self.reserve, "11:00", "13:00",
                               {"detector": "eds"})
        violation, = failure.refusal.violations
        self.assertIn("detector: eds", violation.message)
        self.assertEqual(violation.conflicts[0].reservation, made.name)
        self.assertEqual(failure.refusal.earliest_start_time.seconds, at(0, "12:00"))
        self.reserve("11:00", "13:00")

    def test_a_unit_is_handed_out_once_to_the_same_reservation(self):
        begin = int(time.time())
        made = self.book([Item(asset="assets/microscopes", quantity=2)], begin, begin + HOUR)
        twice = {"asset": "assets/microscopes", "units": ["sem-1", "sem-1"]}
        failure = self.fails("INVALID_FIELDS", self.operator.CheckIn, name=made.name,
                             units=[twice])
        self.assertIn("units[0].units[1]", failure.fields)

    def test_what_no_unit_has_is_told_as_that(self):
        failure = self.refused("QUANTITY_ABOVE_CAPACITY", self.reserve, "9:00", "12:00",
                               {"detector": "wds"})
        self.assertIn("no unit of Microscopes has detector: wds",
                      failure.refusal.violations[0].message)

    def test_labels_that_somebody_needs_stay(self):
        self.reserve("9:00", "12:00", {"detector": "eds"})
        microscopes = self.operator.GetAsset(name="assets/microscopes")
        microscopes.units[0].labels.clear()
        self.refused("BREAKS_RESERVATIONS", self.operator.UpdateAsset, asset=microscopes)
        microscopes.units[1].labels["detector"] = "eds"
        changed = self.operator.UpdateAsset(asset=microscopes)
        self.assertEqual(changed.units[1].labels, {"detector": "eds"})


class DisplacementTest(WorldTest):
    def setUp(self):
        super().setUp()
        self.operator.CreatePolicy(policy_id="urgent", policy=policy("urgent", {
            "displacement": policy_pb2.DisplacementRule(priority_weight=1, least_gain=1)}))

    def test_a_request_takes_the_place_of_a_lower_one_as_planned(self):
        lower = self.book("sem", at(1, "09:00"), at(1, "11:00"), by=self.alice)
        wanted = booking("sem", at(1, "09:00"), at(1, "11:00"), priority=3)
        plan = self.bob.PlanDisplacement(reservation=wanted)
        self.assertEqual((plan.harm, plan.worth), (2, 8))
        self.assertEqual(plan.displaced[0].hit.reservation, "")
        self.assertEqual(self.kim.PlanDisplacement(reservation=booking(
            "sem", at(1, "09:00"), at(1, "11:00"), priority=3, user="users/bob",
            organisation="organisations/globex")).displaced[0].hit.reservation, lower.name)
        made = self.bob.CreateReservation(reservation=wanted, on_conflict=DISPLACE,
                                          request_id="d-1")
        self.assertEqual(made.state, State.STATE_CONFIRMED)
        again = self.bob.CreateReservation(reservation=wanted, on_conflict=DISPLACE,
                                           request_id="d-1")
        self.assertEqual(again, made)
        left = self.alice.GetReservation(name=lower.name)
        self.assertEqual((left.state, left.displaced_by), (State.STATE_DISPLACED, made.name))
        self.bob.CancelReservation(name=made.name)
        self.assertEqual(self.alice.GetReservation(name=lower.name).state, State.STATE_CONFIRMED)

    def test_a_plan_that_is_refused_says_why(self):
        self.book("sem", at(1, "09:00"), at(1, "11:00"), by=self.alice)
        plan = self.bob.PlanDisplacement(reservation=booking("sem", at(1, "09:00"), at(1, "11:00")))
        self.assertFalse(plan.HasField("reservation"))
        self.assertIn("MAY_NOT_DISPLACE", [
            type(plan.refusal.violations[0]).Rule.Name(one.rule)
            for one in plan.refusal.violations])


class RoundTest(WorldTest):
    def test_from_open_to_clear(self):
        deadline = self.operator.GetServerInfo().now.seconds + 4
        self.kim.CreateRound(round_id="spring", round={
            "assets": ["assets/sem"], "interval": span(at(0, "00:00"), at(7, "00:00")),
            "deadline_time": timestamp(deadline)})
        def submit(client, start, end, value):
            return client.CreateReservation(reservation=booking(
                "sem", at(1, start), at(1, end), round="rounds/spring", value=value))
        first = submit(self.alice, "09:00", "11:00", 5)
        second = submit(self.bob, "10:00", "12:00", 7)
        self.assertEqual(first.state, State.STATE_PENDING)
        self.assertTrue(first.leaves_slot_free)
        plan = self.kim.PlanAllocation(name="rounds/spring")
        self.assertEqual((plan.value, plan.bound, plan.method), (7, 7, Plan.MINIMUM_COST_FLOW))
        self.assertEqual([grant.reservation for grant in plan.grants], [second.name])
        self.assertEqual([one.reservation for one in plan.rejections], [first.name])
        self.refused("NOT_IN_ROUND", self.kim.ApplyAllocation, name="rounds/spring",
                     grants=plan.grants)
        harness.eventually("the deadline", lambda: (
            self.operator.GetServerInfo().now.seconds >= deadline))
        cleared = self.kim.ApplyAllocation(
            name="rounds/spring", etag=plan.etag, grants=plan.grants,
            rejections=plan.rejections, bound=plan.bound, request_id="c-1")
        self.assertEqual((cleared.value, cleared.bound, cleared.granted_count,
                          cleared.rejected_count), (7, 7, 1, 1))
        self.assertEqual(self.kim.ApplyAllocation(
            name="rounds/spring", etag=plan.etag, grants=plan.grants,
            rejections=plan.rejections, bound=plan.bound, request_id="c-1"), cleared)
        self.assertEqual(self.bob.GetReservation(name=second.name).state, State.STATE_CONFIRMED)
        rejected = self.alice.GetReservation(name=first.name)
        self.assertEqual(rejected.state, State.STATE_REJECTED)
        self.assertIn("worth more", rejected.state_reason)


if __name__ == "__main__":
    harness.main()

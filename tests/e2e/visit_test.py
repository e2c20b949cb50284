"""Visits: several stops in one call, over sites and owners."""

import harness  # first: it puts the stubs on the path
from labslot.v1 import reservation_service_pb2
from world import DAY, HOUR, State, at, bounds, duration, item, span
from world_test_case import WorldTest

Stop = reservation_service_pb2.VisitStop
Option = reservation_service_pb2.VisitOption


def stop(hours, *assets, **fields):
    """So many hours of one of the assets, best first."""
    return Stop(duration=duration(hours * HOUR),
                options=[Option(items=[item(asset)]) for asset in assets], **fields)


def week(number):
    """Monday to Friday, of weeks counted from that of day(0)."""
    return span(at(7 * number, "00:00"), at(7 * number + 5, "00:00"))


class VisitTest(WorldTest):
    def setUp(self):
        super().setUp()
        self.caller = self.alice  # made now, because a token is an event, too

    def fill(self, asset, days, start="08:00", end="18:00", by=None):
        return [self.book(asset, at(day, start), at(day, end), by=by) for day in days]

    def visit(self, *stops, windows=(week(0),), by=None, **fields):
        return (by or self.caller).CreateVisit(stops=stops, windows=windows, **fields)

    def plan(self, visit):
        return [(made.items[0].asset, *bounds(made.interval)) for made in visit.reservations]

    def test_one_of_several_will_do_on_the_same_day_in_the_second_window(self):
        self.fill("sem", range(5))
        self.fill("sem-2", [14])
        made = self.visit(stop(4, "sem", display_name="Cracks"), stop(2, "sem-2", "oven"),
                          windows=[week(0), week(2)], same_day=True,
                          common={"purpose": "Look at cracks"})
        self.assertEqual(self.plan(made), [
            ("assets/sem", at(14, "08:00"), at(14, "12:00")),
            ("assets/oven", at(14, "12:00"), at(14, "14:00"))])
        self.assertEqual([way.seconds for way in made.travel_times], [0])
        first, second = made.reservations
        self.assertEqual([first.state, second.state], [State.STATE_CONFIRMED] * 2)
        self.assertEqual((first.display_name, first.purpose, second.purpose),
                         ("Cracks", "Look at cracks", "Look at cracks"))
        number = first.name.split("/")[1]
        for reservation in made.reservations:
            self.assertEqual(dict(reservation.labels), {"visit": number})
            self.assertEqual(self.alice.GetReservation(name=reservation.name), reservation)

    def test_the_way_between_two_sites_is_left_free(self):
        made = self.visit(stop(2, "sem"), stop(2, "sem-brno"), in_order=True)
        (_, start, end), (_, next_start, _) = self.plan(made)
        self.assertEqual(start, at(0, "08:00"))
        way = made.travel_times[0].seconds
        # Some 1,100 km of road.
        self.assertTrue(15 * HOUR < way < 20 * HOUR, way)
        self.assertGreaterEqual(next_start, end + way)
        self.assertEqual([r.time_zone for r in made.reservations],
                         ["Europe/Brussels", "Europe/Prague"])
        failure = self.refused("TRAVEL_DOES_NOT_FIT", self.visit, stop(2, "sem"),
                               stop(2, "sem-brno"), same_day=True)
        self.assertEqual(failure.metadata["stop"], "stops[1]")

    def test_all_stops_are_made_or_none(self):
        self.fill("sem-2", range(5), by=self.bob)
        before = self.revision()
        failure = self.refused("CAPACITY_EXCEEDED", self.visit, stop(1, "sem"), stop(1, "sem-2"))
        self.assertEqual(failure.metadata["stop"], "stops[1]")
        self.assertIn("stops[1]: ", failure.message)
        conflict = failure.refusal.violations[0].conflicts[0]
        self.assertEqual((conflict.asset, conflict.reservation), ("assets/sem-2", ""),
                         "what bob has is masked")
        self.assertEqual(self.revision(), before)
        self.book("sem", at(0, "08:00"), at(0, "18:00"))

    def test_a_plan_changes_nothing(self):
        before = self.revision()
        plan = self.visit(stop(1, "sem"), stop(1, "sem-2"), validate_only=True)
        self.assertEqual([(r.name, r.etag, dict(r.labels)) for r in plan.reservations],
                         [("", "", {})] * 2)
        self.assertEqual(self.revision(), before)
        made = self.visit(stop(1, "sem"), stop(1, "sem-2"))
        self.assertEqual(self.plan(made), self.plan(plan))

    def test_a_visit_is_made_exactly_once(self):
        def send(hours=2):
            return self.visit(stop(hours, "sem"), stop(1, "sem-brno"), by=self.operator,
                              common={"user": "users/alice"}, request_id="tour")
        made = send()
        revision = self.revision()
        self.assertEqual(send(), made)
        self.daemon.restart()
        self.operator = self.daemon.operator()
        self.assertEqual(send(), made)
        self.assertEqual(self.revision(), revision)
        self.fails("REQUEST_ID_REUSED", send, hours=3)

    def test_a_mobile_lab_comes_to_a_stop(self):
        lab = Stop(duration=duration(2 * HOUR), options=[
            Option(items=[item("make-lab")], site="sites/kortrijk")])
        made = self.visit(stop(2, "sem"), lab, in_order=True)
        self.assertEqual(made.reservations[1].site, "sites/kortrijk")
        self.assertGreater(made.travel_times[0].seconds, 2 * HOUR)
        self.assertLess(made.reservations[1].interval.end_time.seconds, at(0, "00:00") + DAY)

    def test_items_of_an_option_are_at_one_place(self):
        apart = Stop(duration=duration(HOUR),
                     options=[Option(items=[item("sem"), item("sem-brno")])])
        failure = self.fails("INVALID_FIELDS", self.visit, apart)
        self.assertIn("stops[0].options[0].items[1].asset", failure.fields)

    def test_all_that_is_malformed_is_told_at_once(self):
        failure = self.fails(
            "INVALID_FIELDS", self.visit, stop(1), Stop(options=[Option(items=[item("sem", -1)])]),
            windows=[span(at(0, "00:00"), at(63, "00:00"))],
            common={"items": [item("sem")], "labels": {"visit": "7"}, "round": "rounds/spring"})
        self.assertEqual(set(failure.fields), {
            "stops[0].options", "stops[1].duration", "stops[1].options[0].items[0].quantity",
            "windows[0].end_time", "common.items", 'common.labels["visit"]', "common.round"})

    def test_stops_that_take_longer_than_there_is_time_are_malformed(self):
        hour = span(at(0, "09:00"), at(0, "10:00"))
        failure = self.fails("INVALID_FIELDS", self.visit, stop(1, "sem"), stop(1, "oven"),
                             windows=[week(0), hour])
        self.assertEqual(set(failure.fields), {"windows[1]"})
        failure = self.fails("INVALID_FIELDS", self.visit, stop(20, "bench"), stop(20, "rigs"),
                             same_day=True)
        self.assertEqual(set(failure.fields), {"same_day"})


if __name__ == "__main__":
    harness.main()

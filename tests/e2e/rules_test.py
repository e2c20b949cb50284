"""The rules of booking: what passes, what is refused, and what a refusal tells."""

import datetime

import harness
from world import (
    BRUSSELS, DAY, HOLIDAY, HOUR, MINUTE, OPEN_DAY, SHORT_DAY, at, booking, bounds, clock_change,
    duration, item, local,
)
from world_test_case import WorldTest


class CapacityTest(WorldTest):
    def test_touching_bookings_do_not_conflict(self):
        self.book("sem", at(0, "09:00"), at(0, "10:00"))
        self.book("sem", at(0, "10:00"), at(0, "11:00"))
        self.book("sem", at(0, "08:00"), at(0, "09:00"))

    def test_one_second_of_overlap_conflicts(self):
        self.book("sem", at(0, "09:00"), at(0, "10:00"))
        self.refused("CAPACITY_EXCEEDED", self.book, "sem", at(0, "10:00") - 1, at(0, "11:00"))

    def test_a_pool_is_judged_by_its_peak_and_not_by_its_sum(self):
        # Never more than six at once, though thirteen units are reserved that day.
        self.book("rigs", at(0, "08:00"), at(0, "10:00"), 3)
        self.book("rigs", at(0, "09:00"), at(0, "11:00"), 3)
        self.book("rigs", at(0, "10:00"), at(0, "12:00"), 3)
        self.book("rigs", at(0, "11:00"), at(0, "13:00"), 4)
        self.book("rigs", at(0, "08:00"), at(0, "11:00"), 1)
        failure = self.refused("CAPACITY_EXCEEDED", self.book, "rigs", at(0, "08:00"),
                               at(0, "12:00"), 1)
        self.assertIn("7", failure.refusal.violations[0].limit)

    def test_the_eighth_of_seven_rigs_is_refused(self):
        for _ in range(7):
            self.book("rigs", at(0, "09:00"), at(0, "11:00"))
        failure = self.refused("CAPACITY_EXCEEDED", self.book, "rigs", at(0, "10:00"),
                               at(0, "11:00"))
        self.assertEqual(len(failure.refusal.violations[0].conflicts), 7)
        self.assertEqual(failure.refusal.earliest_start_time.seconds, at(0, "11:00"))

    def test_more_than_the_asset_has_is_refused_as_such(self):
        self.refused("QUANTITY_ABOVE_CAPACITY", self.book, "rigs", at(0, "09:00"),
                     at(0, "11:00"), 8)
        self.refused("QUANTITY_ABOVE_CAPACITY", self.book, "sem", at(0, "09:00"), at(0, "11:00"), 2)

    def test_fewer_units_are_offered_where_some_are_free(self):
        self.book("rigs", at(0, "09:00"), at(0, "11:00"), 5)
        failure = self.refused("CAPACITY_EXCEEDED", self.book, "rigs", at(0, "09:00"),
                               at(0, "11:00"), 4)
        kinds = [way.Kind.Name(way.kind) for way in failure.refusal.alternatives]
        self.assertIn("FEWER_UNITS", kinds)
        fewer = failure.refusal.alternatives[kinds.index("FEWER_UNITS")]
        self.assertEqual(fewer.items[0].quantity, 2)

    def test_seats_are_counted(self):
        self.book("clean-room", at(0, "09:00"), at(0, "17:00"), 4)
        self.book("clean-room", at(0, "12:00"), at(0, "13:00"), 2)
        self.refused("CAPACITY_EXCEEDED", self.book, "clean-room", at(0, "12:30"),
                     at(0, "14:00"), 1)
        self.book("clean-room", at(0, "13:00"), at(0, "14:00"), 2)


class RelationTest(WorldTest):
    def test_a_part_blocks_its_whole_and_the_whole_its_parts(self):
        cell = self.book("cell-1", at(0, "09:00"), at(0, "11:00"))
        failure = self.refused("RELATED_ASSET_BUSY", self.book, "line", at(0, "10:00"),
                               at(0, "12:00"))
        self.assertEqual(failure.refusal.violations[0].conflicts[0].reservation, cell.name)
        self.assertEqual(failure.refusal.violations[0].conflicts[0].asset, "assets/cell-1")
        self.book("line", at(0, "11:00"), at(0, "12:00"))
        self.refused("RELATED_ASSET_BUSY", self.book, "cell-2", at(0, "11:30"), at(0, "12:30"))

    def test_siblings_do_not_block_each_other(self):
        self.book("cell-1", at(0, "09:00"), at(0, "11:00"))
        self.book("cell-2", at(0, "09:00"), at(0, "11:00"))

    def test_members_of_an_exclusion_group_block_each_other(self):
        self.book("crane-left", at(0, "09:00"), at(0, "11:00"))
        self.refused("RELATED_ASSET_BUSY", self.book, "crane-right", at(0, "10:00"), at(0, "12:00"))
        self.book("crane-right", at(0, "11:00"), at(0, "12:00"))

    def test_a_bundle_is_taken_whole_or_not_at_all(self):
        self.book("sem", at(0, "09:00"), at(0, "11:00"))
        before = self.revision()
        self.refused("CAPACITY_EXCEEDED", self.book, [item("bench"), item("sem"), item("rigs", 2)],
                     at(0, "10:00"), at(0, "12:00"))
        self.assertEqual(self.revision(), before)
        bundle = self.book([item("bench"), item("sem"), item("rigs", 7)], at(0, "11:00"),
                           at(0, "12:00"))
        self.assertEqual(len(bundle.items), 3)
        for asset in ("bench", "sem", "rigs"):
            self.refused("CAPACITY_EXCEEDED", self.book, asset, at(0, "11:00"), at(0, "12:00"))
        self.operator.CancelReservation(name=bundle.name)
        for asset in ("bench", "sem", "rigs"):
            self.book(asset, at(0, "11:00"), at(0, "12:00"))


class ChangeoverTest(WorldTest):
    def test_set_up_and_tear_down_may_touch_but_not_overlap(self):
        # press: 4 h before, 1 h after.
        first = self.book("press", at(0, "12:00"), at(0, "14:00"))
        self.assertEqual((first.items[0].set_up.seconds, first.items[0].tear_down.seconds),
                         (4 * HOUR, HOUR))
        self.refused("CAPACITY_EXCEEDED", self.book, "press", at(0, "19:00") - 1, at(0, "20:00"))
        self.book("press", at(0, "19:00"), at(0, "20:00"))
        self.refused("CAPACITY_EXCEEDED", self.book, "press", at(0, "06:00"), at(0, "07:00") + 1)
        self.book("press", at(0, "06:00"), at(0, "07:00"))

    def test_a_conflict_shows_what_is_occupied_and_not_only_the_run(self):
        self.book("press", at(0, "12:00"), at(0, "14:00"))
        failure = self.refused("CAPACITY_EXCEEDED", self.book, "press", at(0, "14:00"),
                               at(0, "15:00"))
        conflict = failure.refusal.violations[0].conflicts[0]
        self.assertEqual(bounds(conflict.occupancy), (at(0, "08:00"), at(0, "15:00")))


class HoursTest(WorldTest):
    def closed(self, start, end, asset="sem"):
        self.refused("OUTSIDE_OPENING_HOURS", self.book, asset, start, end)

    def test_weekly_hours_hold_to_the_second(self):
        self.book("sem", at(0, "08:00"), at(0, "18:00"))
        self.closed(at(1, "08:00") - 1, at(1, "10:00"))
        self.closed(at(1, "17:00"), at(1, "18:00") + 1)
        self.closed(at(5, "10:00"), at(5, "12:00"))
        self.closed(at(0, "17:00"), at(1, "09:00"), "sem-2")

    def test_hours_are_those_of_the_place(self):
        # Brno opens at 07:00 of Prague; Tartu at 09:00 of Tallinn, an hour east.
        self.book("sem-brno", at(0, "07:00", "Europe/Prague"), at(0, "08:00", "Europe/Prague"))
        self.closed(at(0, "06:00", "Europe/Prague"), at(0, "08:00", "Europe/Prague"), "sem-brno")
        made = self.book("make-lab", at(0, "09:00", "Europe/Tallinn"),
                         at(0, "12:00", "Europe/Tallinn"), site="sites/tartu")
        self.assertEqual(made.time_zone, "Europe/Tallinn")
        self.refused("OUTSIDE_OPENING_HOURS", self.book, "make-lab",
                     at(2, "16:00", "Europe/Tallinn"), at(2, "16:30"), site="sites/tartu")

    def test_a_holiday_closes_and_its_eve_ends_early(self):
        self.closed(at(HOLIDAY, "09:00"), at(HOLIDAY, "10:00"))
        self.book("sem", at(SHORT_DAY, "15:00"), at(SHORT_DAY, "16:00"))
        self.closed(at(SHORT_DAY, "15:00"), at(SHORT_DAY, "16:00") + 1, "sem-2")
        # No holiday in Brno.
        self.book("sem-brno", at(HOLIDAY, "09:00"), at(HOLIDAY, "10:00"))

    def test_an_exception_beats_the_weekly_hours(self):
        self.book("sem", at(OPEN_DAY, "10:00"), at(OPEN_DAY, "12:00"))
        self.closed(at(OPEN_DAY, "08:00"), at(OPEN_DAY, "09:00"), "sem-2")

    def test_an_asset_may_run_on_overnight_if_it_says_so(self):
        self.book("oven", at(0, "17:00"), at(1, "09:00"))
        self.refused("OUTSIDE_OPENING_HOURS", self.book, "oven", at(2, "17:00"), at(3, "07:00"))

    def test_an_asset_without_hours_is_open_around_the_clock(self):
        self.book("bench", at(5, "00:00"), at(7, "00:00"))

    def test_a_booking_may_end_at_midnight(self):
        made = self.book("bench", at(0, "20:00"), at(0, "24:00"))
        self.assertEqual(bounds(made.interval)[1], at(1, "00:00"))


class ClockChangeTest(WorldTest):
    """28 March and 31 October 2027 in Europe/Brussels, until they are past."""

    def test_a_day_over_the_spring_change_lasts_23_hours(self):
        sunday = clock_change(3)
        start = local(sunday - datetime.timedelta(1), "08:00")
        end = local(sunday, "08:00")
        self.assertEqual(end - start, 23 * HOUR)
        self.book("bench", start, end)
        self.book("bench", end, end + HOUR)
        self.refused("CAPACITY_EXCEEDED", self.book, "bench", end - 1, end)

    def test_a_day_over_the_autumn_change_lasts_25_hours(self):
        sunday = clock_change(10)
        start = local(sunday - datetime.timedelta(1), "08:00")
        end = local(sunday, "08:00")
        self.assertEqual(end - start, 25 * HOUR)
        self.book("bench", start, end)
        self.refused("CAPACITY_EXCEEDED", self.book, "bench", start + 24 * HOUR, start + 25 * HOUR)

    def test_both_readings_of_the_autumn_hour_are_hours_of_their_own(self):
        first = local(clock_change(10), "02:00")
        self.book("bench", first, first + HOUR)
        self.book("bench", first + HOUR, first + 2 * HOUR)
        self.refused("CAPACITY_EXCEEDED", self.book, "bench", first, first + HOUR)

    def test_opening_hours_follow_the_clock_on_the_wall(self):
        for month in (3, 10):
            monday = clock_change(month) + datetime.timedelta(1)
            friday = clock_change(month) - datetime.timedelta(2)
            for date in (friday, monday):
                with self.subTest(date=date):
                    self.book("oven", local(date, "08:00"), local(date, "18:00"))
                    self.refused("OUTSIDE_OPENING_HOURS", self.book, "sem",
                                 local(date, "08:00") - 1, local(date, "09:00"))

    def test_utilisation_of_the_long_and_the_short_day_adds_up(self):
        for month, hours in ((3, 23), (10, 25)):
            sunday = clock_change(month)
            request = {"assets": ["assets/bench"], "bucket": 1,
                       "interval": booking([], local(sunday, "00:00"),
                                           local(sunday, "24:00")).interval}
            row, = self.operator.QueryUtilisation(**request).rows
            self.assertEqual(row.total_seconds, hours * HOUR)
            self.assertEqual(row.time_zone, BRUSSELS)


class LimitTest(WorldTest):
    def test_the_past_is_refused(self):
        now = self.operator.GetServerInfo().now.seconds
        self.refused("START_IN_PAST", self.book, "bench", now - DAY, now + DAY)
        self.book("bench", now, now + MINUTE)

    def test_a_slip_of_the_year_is_refused(self):
        start = at(0, "09:00") + 20 * 366 * DAY
        self.refused("BEYOND_HORIZON", self.book, "bench", start, start + HOUR)

    def test_more_people_than_may_come_are_refused(self):
        self.book("make-lab", at(0, "09:00"), at(0, "10:00"), site="sites/kortrijk", attendees=18)
        self.refused("ATTENDEES_ABOVE_LIMIT", self.book, "make-lab", at(1, "09:00"), at(1, "10:00"),
                     site="sites/kortrijk", attendees=19)

    def test_a_mobile_asset_needs_a_site_and_a_fixed_one_has_its_own(self):
        self.refused("SITE_REQUIRED", self.book, "make-lab", at(0, "09:00"), at(0, "10:00"))
        self.refused("SITE_MISMATCH", self.book, "sem", at(0, "09:00"), at(0, "10:00"),
                     site="sites/brno")

    def test_a_user_books_only_for_an_organisation_of_his(self):
        self.refused("NOT_A_MEMBER", self.book, "sem", at(0, "09:00"), at(0, "10:00"),
                     by=self.alice, organisation="organisations/globex")

    def test_nothing_is_booked_for_a_disabled_user(self):
        self.operator.DeleteUser(name="users/dora")
        self.refused("USER_DISABLED", self.book, "sem", at(0, "09:00"), at(0, "10:00"),
                     user="users/dora")

    def test_nothing_is_booked_on_a_retired_asset(self):
        self.operator.DeleteAsset(name="assets/sem-2")
        self.refused("ASSET_RETIRED", self.book, "sem-2", at(0, "09:00"), at(0, "10:00"))


class RefusalTest(WorldTest):
    def take(self, way, **fields):
        """Books an alternative as it was offered."""
        start, end = bounds(way.interval)
        items = [item(entry.asset[len("assets/"):], entry.quantity) for entry in way.items]
        return self.book(items, start, end, site=way.site, **fields)

    def test_all_reasons_come_at_once(self):
        self.book("make-lab", at(5, "09:00"), at(5, "12:00"), site="sites/kortrijk")
        failure = self.fails("REFUSED", self.book,
                             [item("make-lab"), item("rigs", 8), item("sem")],
                             at(5, "10:00"), at(5, "11:00"), attendees=30, site="sites/kortrijk",
                             user="users/alice", organisation="organisations/globex")
        self.assertTrue({"QUANTITY_ABOVE_CAPACITY", "ATTENDEES_ABOVE_LIMIT",
                         "OUTSIDE_OPENING_HOURS", "CAPACITY_EXCEEDED",
                         "NOT_A_MEMBER"} <= set(failure.rules), failure.rules)

    def test_at_least_three_alternatives_are_offered_and_each_can_be_booked(self):
        self.book("sem", at(0, "09:00"), at(0, "12:00"))
        failure = self.refused("CAPACITY_EXCEEDED", self.book, "sem", at(0, "10:00"),
                               at(0, "12:00"))
        ways = failure.refusal.alternatives
        self.assertGreaterEqual(len(ways), 3)
        kinds = [way.Kind.Name(way.kind) for way in ways]
        self.assertIn("LIKE_ASSET", kinds)
        self.assertIn("OTHER_TIME", kinds)
        for way in ways:
            with self.subTest(kind=way.Kind.Name(way.kind)):
                self.assertTrue(way.time_zone)
                taken = self.take(way)
                self.operator.CancelReservation(name=taken.name)

    def test_the_mobile_lab_is_offered_at_other_times_for_its_site(self):
        self.book("make-lab", at(0, "09:00"), at(0, "12:00"), site="sites/lommel")
        failure = self.refused("CAPACITY_EXCEEDED", self.book, "make-lab", at(0, "11:00"),
                               at(0, "13:00"), site="sites/kortrijk")
        ways = failure.refusal.alternatives
        self.assertGreaterEqual(len(ways), 3)
        for way in ways:
            self.operator.CancelReservation(name=self.take(way).name)
        self.assertEqual(ways[0].site, "sites/kortrijk")

    def test_the_earliest_start_passes_and_no_earlier_one_does(self):
        self.book("bench", at(0, "09:00"), at(0, "12:00"))
        self.book("bench", at(0, "13:00"), at(0, "17:00"))
        failure = self.refused("CAPACITY_EXCEEDED", self.book, "bench", at(0, "11:00"),
                               at(0, "13:00"))
        earliest = failure.refusal.earliest_start_time.seconds
        self.assertEqual(earliest, at(0, "17:00"))
        self.refused("CAPACITY_EXCEEDED", self.book, "bench", earliest - 1, earliest - 1 + 2 * HOUR)
        self.book("bench", earliest, earliest + 2 * HOUR)

    def test_where_no_change_of_time_helps_there_is_no_earliest_start(self):
        failure = self.refused("QUANTITY_ABOVE_CAPACITY", self.book, "rigs", at(0, "09:00"),
                               at(0, "11:00"), 8)
        self.assertFalse(failure.refusal.HasField("earliest_start_time"))

    def test_a_refused_move_is_offered_alternatives_too(self):
        self.book("sem", at(0, "09:00"), at(0, "12:00"))
        mine = self.book("sem", at(1, "09:00"), at(1, "12:00"))
        wanted = booking([], at(0, "10:00"), at(0, "13:00"), name=mine.name)
        failure = self.refused("CAPACITY_EXCEEDED", self.operator.UpdateReservation,
                               reservation=wanted, update_mask={"paths": ["interval"]})
        self.assertGreaterEqual(len(failure.refusal.alternatives), 3)

    def test_a_conflict_with_a_stranger_is_masked(self):
        self.book("sem", at(0, "09:00"), at(0, "12:00"), by=self.alice)
        request = ("sem", at(0, "10:00"), at(0, "11:00"))
        stranger = self.refused("CAPACITY_EXCEEDED", self.book, *request, by=self.bob)
        colleague = self.refused("CAPACITY_EXCEEDED", self.book, *request, by=self.amir)
        hidden = stranger.refusal.violations[0].conflicts[0]
        shown = colleague.refusal.violations[0].conflicts[0]
        self.assertEqual(hidden.reservation, "")
        self.assertTrue(shown.reservation.startswith("reservations/"))
        self.assertEqual(hidden.occupancy, shown.occupancy)
        number = shown.reservation.split("/")[1]
        self.assertNotIn(f"reservations/{number}", stranger.message + str(stranger.refusal))

    def test_a_hold_is_refused_like_a_booking(self):
        self.book("sem", at(0, "09:00"), at(0, "12:00"))
        self.refused("CAPACITY_EXCEEDED", self.book, "sem", at(0, "10:00"), at(0, "11:00"),
                     hold_duration=duration(HOUR))

    def test_a_refusal_with_a_great_many_conflicts_still_arrives(self):
        start = at(0, "00:00")
        for hour in range(60):
            self.book("bench", start + hour * HOUR, start + hour * HOUR + 30 * MINUTE)
        failure = self.refused("CAPACITY_EXCEEDED", self.book, "bench", start, start + 60 * HOUR)
        conflicts = failure.refusal.violations[0].conflicts
        self.assertTrue(1 <= len(conflicts) <= 20)
        self.assertEqual(bounds(conflicts[0].occupancy)[0], start, "by start")


if __name__ == "__main__":
    harness.main()

"""What is free, what can be found, and how use is accounted for."""

import harness
from world import (
    DAY, HOLIDAY, HOUR, Asset, Site, User, at, booking, bounds, clock_change, day, duration, item,
    local, on, policy, span,
)
from world_test_case import WorldTest


class FreeBusyTest(WorldTest):
    def free_busy(self, *assets, start=None, end=None, by=None, **fields):
        names = [f"assets/{name}" for name in assets]
        interval = span(start or at(0, "00:00"), end or at(1, "00:00"))
        return (by or self.operator).QueryFreeBusy(assets=names, interval=interval, **fields).assets

    def states(self, entry):
        """(start, end, open, free, blocked), and the spans fill the period."""
        rows = [(*bounds(part.interval), part.open, part.free_capacity, part.blocked)
                for part in entry.spans]
        for before, after in zip(rows, rows[1:]):
            self.assertEqual(before[1], after[0], "no gap")
            self.assertNotEqual(before[2:], after[2:], "a span ends where something changes")
        self.assertEqual((rows[0][0], rows[-1][1]), (at(0, "00:00"), at(1, "00:00")))
        return rows

    def test_the_spans_of_a_day_are_told(self):
        self.book("sem", at(0, "09:00"), at(0, "11:00"))
        entry, = self.free_busy("sem")
        self.assertEqual((entry.asset, entry.capacity, entry.time_zone),
                         ("assets/sem", 1, "Europe/Brussels"))
        self.assertEqual(self.states(entry), [
            (at(0, "00:00"), at(0, "08:00"), False, 1, False),
            (at(0, "08:00"), at(0, "09:00"), True, 1, False),
            (at(0, "09:00"), at(0, "11:00"), True, 0, False),
            (at(0, "11:00"), at(0, "18:00"), True, 1, False),
            (at(0, "18:00"), at(0, "24:00"), False, 1, False),
        ])

    def test_a_pool_tells_what_is_left(self):
        self.book("rigs", at(0, "09:00"), at(0, "12:00"), 3)
        self.book("rigs", at(0, "11:00"), at(0, "13:00"), 2)
        entry, = self.free_busy("rigs")
        self.assertEqual([row[3] for row in self.states(entry)], [7, 4, 2, 5, 7])

    def test_set_up_and_tear_down_count_as_busy(self):
        made = self.book("press", at(0, "12:00"), at(0, "14:00"))
        entry, = self.free_busy("press")
        self.assertEqual(self.states(entry)[1][:2], (at(0, "08:00"), at(0, "15:00")))
        busy, = entry.occupancies
        self.assertEqual(busy.reservation, made.name)
        self.assertEqual(bounds(busy.interval), (at(0, "08:00"), at(0, "15:00")))
        self.assertEqual(bounds(busy.run), (at(0, "12:00"), at(0, "14:00")))

    def test_relatives_in_use_show_as_blocked(self):
        self.book("cell-1", at(0, "09:00"), at(0, "11:00"))
        line, sibling = self.free_busy("line", "cell-2")
        self.assertIn((at(0, "09:00"), at(0, "11:00"), True, 1, True), self.states(line))
        self.assertFalse(any(row[4] for row in self.states(sibling)))

    def test_a_stranger_sees_that_it_is_busy_and_not_by_whom(self):
        self.book("sem", at(0, "09:00"), at(0, "11:00"), by=self.alice)
        seen, = self.free_busy("sem", by=self.bob)
        known, = self.free_busy("sem", by=self.amir)
        self.assertEqual(list(seen.spans), list(known.spans))
        self.assertEqual(seen.occupancies[0].reservation, "")
        self.assertTrue(known.occupancies[0].reservation)

    def test_who_may_see_a_reservation_sees_whose_time_it_is(self):
        bundle = self.operator.CreateReservation(reservation=booking(
            [item("sem"), item("bench")], at(0, "09:00"), at(0, "10:00"), user="users/alice"))
        for_others = self.operator.CreateReservation(reservation=booking(
            "sem", at(0, "11:00"), at(0, "12:00"), user="users/alice",
            on_behalf_of="organisations/globex"))
        shown = {}
        for who in ("operator", *self.people):
            client = getattr(self, who)
            for days in (1, 399):  # what is long is worked out elsewhere
                reply = client.QueryFreeBusy(
                    assets=["assets/sem", "assets/bench", "assets/rigs"],
                    interval=span(at(0, "00:00"), at(0, "00:00") + days * DAY))
                seen = {entry.reservation for asset in reply.assets for entry in asset.occupancies
                        if entry.reservation}
                self.assertEqual(shown.setdefault(who, seen), seen)
        for who, names in shown.items():
            for made in (bundle, for_others):
                client = getattr(self, who)
                try:
                    client.GetReservation(name=made.name)
                    self.assertIn(made.name, names, who)
                except harness.Failure:
                    self.assertNotIn(made.name, names, who)
        self.assertEqual(shown["operator"], {bundle.name, for_others.name})
        self.assertEqual(shown["alice"], shown["operator"])
        self.assertEqual(shown["bob"], {for_others.name}, "it is for his organisation")

    def test_what_is_cancelled_is_free(self):
        made = self.book("sem", at(0, "09:00"), at(0, "11:00"))
        self.operator.CancelReservation(name=made.name)
        entry, = self.free_busy("sem")
        self.assertFalse(entry.occupancies)

    def test_entries_come_in_the_order_of_the_request(self):
        entries = self.free_busy("sem-2", "bench", "sem")
        self.assertEqual([entry.asset for entry in entries],
                         ["assets/sem-2", "assets/bench", "assets/sem"])

    def test_a_mobile_asset_is_judged_at_the_site_it_comes_to(self):
        home, = self.free_busy("make-lab")
        away, = self.free_busy("make-lab", site="sites/tartu")
        self.assertEqual(home.time_zone, "Europe/Brussels")
        self.assertEqual(away.time_zone, "Europe/Tallinn")
        opens = [bounds(part.interval)[0] for part in away.spans if part.open]
        self.assertEqual(opens, [at(0, "09:00", "Europe/Tallinn")])

    def test_an_unknown_asset_is_not_found(self):
        self.fails("RESOURCE_NOT_FOUND", self.free_busy, "sem", "sen")

    def test_wrong_periods_are_named(self):
        for start, end in ((at(1, "00:00"), at(0, "00:00")), (at(0, "00:00"), at(401, "00:00"))):
            with self.subTest(start=start, end=end):
                failure = self.fails("INVALID_FIELDS", self.free_busy, "sem", start=start, end=end)
                self.assertTrue(any(field.startswith("interval") for field in failure.fields))


class FindSlotsTest(WorldTest):
    def find(self, by=None, length=2 * HOUR, start=None, end=None, **fields):
        interval = span(start or at(0, "00:00"), end or at(5, "00:00"))
        return (by or self.operator).FindSlots(duration=duration(length), interval=interval,
                                               **fields).slots

    def book_each(self, slots):
        """Every slot books as it was found, at both ends of its slack."""
        self.assertTrue(slots)
        for slot in slots:
            start, end = bounds(slot.interval)
            items = [item(entry.asset[len("assets/"):], entry.quantity) for entry in slot.items]
            for shift in {0, slot.start_slack.seconds}:
                made = self.book(items, start + shift, end + shift, site=slot.site)
                self.operator.CancelReservation(name=made.name)

    def test_each_found_slot_can_be_booked(self):
        self.book("sem", at(0, "09:00"), at(0, "12:00"))
        self.book("sem", at(0, "13:00"), at(0, "18:00"))
        slots = self.find(items=[item("sem")])
        self.assertEqual(bounds(slots[0].interval)[1] - bounds(slots[0].interval)[0], 2 * HOUR)
        starts = [bounds(slot.interval)[0] for slot in slots]
        self.assertEqual(starts, sorted(starts))
        self.book_each(slots)

    def test_the_first_slot_is_the_earliest_that_fits(self):
        self.book("bench", at(0, "01:00"), at(0, "09:00"))
        slots = self.find(items=[item("bench")])
        self.assertEqual(bounds(slots[0].interval)[0], at(0, "09:00"))

    def test_all_items_are_free_together(self):
        self.book("sem", at(0, "08:00"), at(0, "12:00"))
        self.book("bench", at(0, "12:00"), at(0, "15:00"))
        slots = self.find(items=[item("sem"), item("bench"), item("rigs", 7)])
        self.assertEqual(bounds(slots[0].interval)[0], at(0, "15:00"))
        self.assertEqual(len(slots[0].items), 3)
        self.book_each(slots)

    def test_any_asset_of_a_kind_will_do(self):
        self.book("sem", at(0, "08:00"), at(0, "18:00"))
        slots = self.find(kind="sem", limit=100)
        found = {slot.items[0].asset for slot in slots}
        self.assertEqual(found, {"assets/sem", "assets/sem-2", "assets/sem-brno"})
        self.book_each(slots)
        only_here = self.find(kind="sem", site="sites/brno")
        self.assertEqual({slot.items[0].asset for slot in only_here}, {"assets/sem-brno"})

    def test_a_pool_is_searched_for_enough_units(self):
        self.book("rigs", at(0, "00:00"), at(0, "12:00"), 5)
        slots = self.find(kind="test-rig", quantity=3)
        self.assertEqual(bounds(slots[0].interval)[0], at(0, "12:00"))
        self.assertEqual(slots[0].items[0].quantity, 3)

    def test_the_mobile_lab_is_found_for_a_site(self):
        self.book("make-lab", at(0, "08:00"), at(0, "12:00"), site="sites/lommel")
        slots = self.find(kind="mobile-lab", site="sites/tartu", length=3 * HOUR)
        self.assertEqual({(slot.site, slot.time_zone) for slot in slots},
                         {("sites/tartu", "Europe/Tallinn")})
        self.book_each(slots)

    def test_holidays_and_nights_are_not_offered(self):
        slots = self.find(items=[item("sem")], start=at(HOLIDAY, "00:00"),
                          end=at(HOLIDAY + 1, "00:00"))
        self.assertFalse(slots)

    def test_no_more_than_the_limit_is_given(self):
        self.assertEqual(len(self.find(kind="sem", limit=2)), 2)
        self.assertLessEqual(len(self.find(kind="sem", limit=1000)), 100)

    def test_the_best_slot_is_near_and_leaves_nothing_useless(self):
        # By road it is some 190 km to Lommel and 1,250 to Brno.
        fields = {"kind": "sem", "from_site": "sites/kortrijk", "limit": 100}
        slots = self.find(order="BEST", **fields)
        self.assertEqual({slot.items[0].asset for slot in slots[:2]},
                         {"assets/sem", "assets/sem-2"})
        scores = [slot.score for slot in slots]
        self.assertEqual(scores, sorted(scores, reverse=True))
        self.assertTrue(all(0 < score <= 1 for score in scores))
        ways = {slot.items[0].asset: slot.travel_time.seconds for slot in slots}
        self.assertEqual(ways["assets/sem"], ways["assets/sem-2"])
        self.assertTrue(2 * HOUR < ways["assets/sem"] < 4 * HOUR, ways)
        self.book_each(slots)
        # An hour that is left before the next run is worth waiting for the day after.
        self.book("sem", at(0, "11:00"), at(0, "18:00"))
        best, = self.find(items=[item("sem")], order="BEST", limit=1, end=at(60, "00:00"))
        self.assertEqual(bounds(best.interval)[0], at(1, "08:00"))
        self.assertFalse(best.HasField("travel_time"))
        earliest, = self.find(items=[item("sem")], limit=1)
        self.assertEqual((bounds(earliest.interval)[0], earliest.score), (at(0, "08:00"), 0))

    def test_nothing_is_further_than_people_would_travel(self):
        found = self.find(kind="sem", from_site="sites/kortrijk", max_travel=duration(4 * HOUR),
                          limit=100)
        self.assertEqual({slot.items[0].asset for slot in found}, {"assets/sem", "assets/sem-2"})
        self.assertFalse(self.find(kind="sem", from_site="sites/kortrijk",
                                   max_travel=duration(2 * HOUR)))

    def test_the_whole_catalogue_is_searched_by_region_site_and_labels(self):
        for name, region in (("lommel", "BE22"), ("brno", "CZ06")):
            self.operator.UpdateSite(site=Site(name=f"sites/{name}", region=region),
                                     update_mask={"paths": ["region"]})
        self.operator.UpdateAsset(asset=Asset(name="assets/bench", labels={"vendor": "x"}),
                                  update_mask={"paths": ["labels"]})

        def assets(**fields):
            return {slot.items[0].asset for slot in self.find(limit=100, **fields)}

        self.assertEqual(assets(region="CZ"), {"assets/sem-brno"})
        self.assertEqual(assets(region="CZ064"), set())
        self.assertEqual(assets(site="sites/brno"), {"assets/sem-brno", "assets/make-lab"})
        self.assertEqual(assets(site="sites/brno", region="BE"), {"assets/make-lab"})
        self.assertEqual(assets(labels={"vendor": "x"}), {"assets/bench"})
        self.assertEqual(assets(kind="sem", region="BE2"), {"assets/sem", "assets/sem-2"})

    def test_only_those_who_are_qualified_are_offered_it(self):
        self.operator.CreatePolicy(policy_id="training", policy=policy(
            "training", {"applies_to": [on("sem", "sem-2")],
                         "qualification": {"qualification": "sem"}}))
        self.operator.UpdateUser(
            user=User(name="users/alice", qualifications=[{"name": "sem"}]),
            update_mask={"paths": ["qualifications"]})
        for order in ("EARLIEST", "BEST"):
            offered = {who: {slot.items[0].asset for slot in self.find(
                by=getattr(self, who), kind="sem", order=order, limit=100)}
                for who in ("alice", "bob")}
            self.assertEqual(offered["bob"], {"assets/sem-brno"})
            self.assertIn("assets/sem", offered["alice"])

    def test_an_unknown_site_is_not_found(self):
        for field in ("site", "from_site"):
            self.fails("RESOURCE_NOT_FOUND", self.find, kind="sem", **{field: "sites/nowhere"})

    def test_slots_over_the_clock_change_can_be_booked(self):
        for month in (3, 10):
            sunday = local(clock_change(month), "00:00")
            slots = self.find(items=[item("bench")], length=24 * HOUR,
                              start=sunday - DAY, end=sunday + 2 * DAY)
            self.book_each(slots)


class UtilisationTest(WorldTest):
    def setUp(self):
        super().setUp()
        # The accounts begin when the assets do: all of this is ahead of now.
        self.book("sem", at(0, "09:00"), at(0, "12:00"))
        self.book("rigs", at(0, "09:00"), at(1, "09:00"), 3)
        self.book("press", at(2, "12:00"), at(2, "14:00"))
        self.book("cell-1", at(3, "09:00"), at(3, "11:00"))
        self.book("oven", at(0, "17:00"), at(1, "09:00"))
        self.book("bench", at(1, "09:00"), at(1, "10:00"), hold_duration=duration(HOUR))

    def rows(self, *assets, bucket=0, start=None, end=None, by=None, zone=""):
        interval = span(start or at(0, "00:00"), end or at(14, "00:00"))
        reply = (by or self.operator).QueryUtilisation(
            assets=[f"assets/{name}" for name in assets], interval=interval, bucket=bucket,
            time_zone=zone)
        for row in reply.rows:
            self.assertEqual(row.booked_seconds + row.held_seconds + row.changeover_seconds
                             + row.blocked_seconds + row.closed_seconds + row.available_seconds,
                             row.total_seconds, row)
            self.assertLessEqual(row.booked_open_seconds, row.booked_seconds)
            self.assertLessEqual(row.open_seconds, row.total_seconds)
        return list(reply.rows)

    def test_every_second_of_every_asset_is_accounted_for(self):
        rows = self.rows()
        self.assertEqual(len(rows), 14)
        for row in rows:
            units = {"assets/rigs": 7, "assets/clean-room": 6}.get(row.asset, 1)
            self.assertEqual(row.total_seconds, 14 * DAY * units)

    def test_figures_are_what_was_booked(self):
        sem, = self.rows("sem")
        # Ten weekdays of ten hours, less the holiday, two hours of its eve and
        # eight of the open day.
        self.assertEqual((sem.booked_seconds, sem.booked_open_seconds, sem.open_seconds),
                         (3 * HOUR, 3 * HOUR, (10 * 10 - 10 - 2 - 8) * HOUR))
        rigs, = self.rows("rigs")
        self.assertEqual(rigs.booked_seconds, 3 * DAY)
        press, = self.rows("press")
        self.assertEqual((press.booked_seconds, press.changeover_seconds), (2 * HOUR, 5 * HOUR))
        line, = self.rows("line")
        self.assertEqual((line.booked_seconds, line.blocked_seconds), (0, 2 * HOUR))
        oven, = self.rows("oven")
        self.assertEqual((oven.booked_seconds, oven.booked_open_seconds), (16 * HOUR, 2 * HOUR))
        bench, = self.rows("bench")
        self.assertEqual((bench.held_seconds, bench.booked_seconds), (HOUR, 0))

    def test_buckets_add_up_to_the_whole(self):
        fields = ("total_seconds", "booked_seconds", "held_seconds", "changeover_seconds",
                  "blocked_seconds", "closed_seconds", "available_seconds", "booked_open_seconds",
                  "open_seconds")
        names = ("sem", "rigs", "press", "line", "oven", "bench")
        # A period that begins and ends in the middle of buckets.
        start, end = at(0, "10:30"), at(40, "13:15")
        whole = {row.asset: row for row in self.rows(*names, start=start, end=end)}
        for bucket, count in ((1, 41), (2, 6), (3, None)):
            rows = self.rows(*names, bucket=bucket, start=start, end=end)
            for name in names:
                parts = [row for row in rows if row.asset == f"assets/{name}"]
                if count:
                    self.assertEqual(len(parts), count)
                self.assertEqual((bounds(parts[0].interval)[0], bounds(parts[-1].interval)[1]),
                                 (start, end))
                for before, after in zip(parts, parts[1:]):
                    self.assertEqual(before.interval.end_time, after.interval.start_time)
                for field in fields:
                    self.assertEqual(sum(getattr(part, field) for part in parts),
                                     getattr(whole[f"assets/{name}"], field), (name, field))

    def test_days_are_those_of_the_zone_asked_for(self):
        here = self.rows("sem", bucket=1)[0]
        there = self.rows("sem", bucket=1, zone="America/New_York")[0]
        self.assertEqual(bounds(here.interval)[1], at(1, "00:00"))
        self.assertEqual(bounds(there.interval)[1], local(day(0), "00:00", "America/New_York"))
        self.assertEqual(there.time_zone, "America/New_York")

    def test_days_across_the_clock_change_have_their_own_length(self):
        for month, hours in ((3, 23), (10, 25)):
            sunday = local(clock_change(month), "00:00")
            rows = self.rows("bench", bucket=1, start=sunday - DAY, end=sunday + hours * HOUR + DAY)
            self.assertEqual([row.total_seconds for row in rows], [DAY, hours * HOUR, DAY])

    def test_a_report_does_not_reach_before_the_asset(self):
        now = self.operator.GetServerInfo().now.seconds
        rows = self.rows("bench", start=now - 30 * DAY, end=now + DAY)
        created = self.operator.GetAsset(name="assets/bench").create_time.seconds
        self.assertEqual(bounds(rows[0].interval), (created, now + DAY))

    def test_a_manager_reports_on_his_own_assets_only(self):
        self.assertEqual({row.asset for row in self.rows(by=self.otto)}, {"assets/sem-brno"})


if __name__ == "__main__":
    harness.main()

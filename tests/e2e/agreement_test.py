"""What the daemon says of free time in different ways must agree.

Random bookings and outages, then random requests: refusals, their alternatives and earliest
starts, free/busy and found slots are held against one another and against the
judgement of a dry run. The seed is printed; LABSLOT_TEST_SEED replays it.
"""

import random

import harness
from harness import Failure
from world import DAY, MINUTE, at, bounds, booking, duration, item, span
from world_test_case import WorldTest

REQUESTS = 1000 if harness.LONG else 100
# Assets and the most units that are asked of them.
ASSETS = {"bench": 1, "sem": 1, "sem-2": 1, "sem-brno": 1, "press": 1, "make-lab": 1, "rigs": 7,
          "clean-room": 6, "line": 1, "cell-1": 1, "crane-left": 1, "oven": 1}
SITES = ["sites/lommel", "sites/kortrijk", "sites/tartu"]


class AgreementTest(WorldTest):
    def setUp(self):
        super().setUp()
        seed = harness.seed_of_this_run()
        self.random = random.Random(seed)
        for _ in range(REQUESTS):
            try:
                self.create(self.wish())
            except Failure as failure:
                self.assertIn(failure.reason, ("REFUSED", "INVALID_FIELDS"), failure)
        for _ in range(8):
            self.take_out()

    def take_out(self):
        """Something of an asset is out of service for some hours."""
        name = self.random.choice(sorted(ASSETS))
        start = at(0, "06:00") + self.random.randrange(10 * 24) * 60 * MINUTE
        self.operator.CreateOutage(outage={
            "asset": f"assets/{name}", "quantity": self.random.randint(0, ASSETS[name]),
            "interval": span(start, start + self.random.randint(1, 48) * 60 * MINUTE)})

    def wish(self):
        """A request for one to three assets within ten days."""
        names = self.random.sample(sorted(ASSETS), self.random.choice([1, 1, 1, 2, 3]))
        items = [item(name, self.random.randint(1, ASSETS[name])) for name in names]
        start = at(0, "06:00") + self.random.randrange(10 * 24 * 4) * 15 * MINUTE
        length = self.random.choice([15, 30, 60, 60, 120, 180, 480, 1440]) * MINUTE
        where = self.random.choice(SITES) if "make-lab" in names else ""
        return booking(items, start, start + length, site=where, user="users/alice")

    def create(self, reservation, **fields):
        return self.operator.CreateReservation(reservation=reservation, **fields)

    def passes(self, reservation):
        try:
            self.create(reservation, validate_only=True)
            return True
        except Failure as failure:
            self.assertEqual(failure.reason, "REFUSED", failure)
            return False

    def at_time(self, wanted, start):
        first, last = bounds(wanted.interval)
        moved = booking(list(wanted.items), start, start + last - first)
        moved.site, moved.user = wanted.site, wanted.user
        return moved

    def refusals(self):
        """Random requests that are refused, with their refusals."""
        found = 0
        for _ in range(20 * REQUESTS):
            wanted = self.wish()
            try:
                self.create(wanted, validate_only=True)
            except Failure as failure:
                if failure.reason == "REFUSED":
                    found += 1
                    yield wanted, failure.refusal
            if found == REQUESTS:
                return
        self.fail("hardly anything is refused: this proves nothing")

    def test_every_alternative_passes(self):
        count = 0
        for wanted, refusal in self.refusals():
            for way in refusal.alternatives:
                offered = booking(list(way.items), *bounds(way.interval), site=way.site,
                                  user=wanted.user)
                self.assertTrue(self.passes(offered), f"{wanted}\nis offered\n{way}")
                self.assertTrue(way.time_zone)
                count += 1
        self.assertGreater(count, REQUESTS)

    def test_the_earliest_start_passes_and_none_before_it(self):
        for wanted, refusal in self.refusals():
            start = wanted.interval.start_time.seconds
            if not refusal.HasField("earliest_start_time"):
                for quarter in self.random.sample(range(1, 2000), 5):
                    moved = self.at_time(wanted, start + quarter * 15 * MINUTE)
                    self.assertFalse(self.passes(moved), f"{moved}\npasses, but no start was told")
                continue
            earliest = refusal.earliest_start_time.seconds
            self.assertGreater(earliest, start)
            self.assertTrue(self.passes(self.at_time(wanted, earliest)), wanted)
            before = {earliest - 1, (start + earliest) // 2}
            before |= {self.random.randrange(start, earliest) for _ in range(4)}
            for moment in before:
                self.assertFalse(self.passes(self.at_time(wanted, moment)),
                                 f"{wanted}\npasses at {moment}, before {earliest}")

    def test_found_slots_pass_and_begin_no_later_than_anything_does(self):
        for wanted, refusal in self.refusals():
            start, end = bounds(wanted.interval)
            slots = self.operator.FindSlots(
                items=wanted.items, site=wanted.site, duration=duration(end - start),
                interval=span(start, start + 30 * DAY), limit=3).slots
            for slot in slots:
                first = slot.interval.start_time.seconds
                last = first + slot.start_slack.seconds
                for moment in {first, last, (first + last) // 2}:
                    self.assertTrue(self.passes(self.at_time(wanted, moment)), f"{wanted}\n{slot}")
            earliest = refusal.earliest_start_time.seconds
            if earliest and earliest + end - start <= start + 30 * DAY:
                self.assertTrue(slots)
                # Starts are moved on to the next quarter of an hour.
                first = slots[0].interval.start_time.seconds
                self.assertTrue(earliest <= first < earliest + 15 * MINUTE, f"{wanted}\n{slots[0]}")

    def test_free_busy_agrees_with_what_can_be_booked(self):
        start = at(0, "00:00")
        names = sorted(set(ASSETS) - {"make-lab", "press", "oven"})
        reply = self.operator.QueryFreeBusy(assets=[f"assets/{name}" for name in names],
                                            interval=span(start, start + 10 * DAY))
        for name, entry in zip(names, reply.assets):
            for part in entry.spans:
                first, last = bounds(part.interval)
                usable = part.open and not part.blocked
                fits = min(part.free_capacity, ASSETS[name]) if usable else 0
                if fits > 0:
                    self.assertTrue(self.passes(booking([item(name, fits)], first, last,
                                                        user="users/alice")), f"{name}: {part}")
                if fits < ASSETS[name]:
                    self.assertFalse(self.passes(booking([item(name, fits + 1)], first, last,
                                                         user="users/alice")), f"{name}: {part}")


if __name__ == "__main__":
    harness.main()

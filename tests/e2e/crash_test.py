"""kill -9 in the middle of load, restart, audit: nothing lost, doubled or half done.

The seed is printed; LABSLOT_TEST_SEED replays the choices (not the timing).
LABSLOT_TEST_CYCLES sets the number of lives, else 25, or 1,250 with
LABSLOT_TEST_LONG; four in five end by a kill.
"""

import os
import random
import threading
import unittest

import harness
from crash_workload import (
    Acknowledged, Auditor, Booker, CATALOGUE, answered, check_no_double_booking, stop,
)
from labslot.v1 import admin_service_pb2, change_service_pb2, event_pb2
from world import MINUTE, State, at, booking, duration, item

CYCLES = int(os.environ.get("LABSLOT_TEST_CYCLES", 1250 if harness.LONG else 25))
CLIENTS = 6


class Follower(threading.Thread):
    """A watch that is resumed over all kills; it must see the log as it is."""

    def __init__(self, target):
        super().__init__(daemon=True)
        self.client = harness.Client(target)
        self.revision = 0
        self.events = {}
        self.failure = None
        self.stream = None
        self.stopping = threading.Event()

    def run(self):
        while not self.stopping.is_set():
            try:
                self.stream = self.client.Watch(after_revision=self.revision, timeout=600)
                for message in self.stream:
                    for event in message.events:
                        if event.revision != self.revision + 1:
                            self.failure = f"{event.revision} after {self.revision}"
                            return
                        self.revision = event.revision
                        self.events[event.revision] = event
            except harness.Failure as failure:
                if failure.code not in (harness.Code.UNAVAILABLE, harness.Code.CANCELLED):
                    self.failure = failure
                    return

    def stop(self):
        self.stopping.set()
        self.stream.cancel()
        self.join(harness.PATIENCE)
        self.client.close()


class CrashTest(harness.DaemonTest):
    cycles = CYCLES

    def test_nothing_acknowledged_is_lost_over_kills(self):
        seed = harness.seed_of_this_run()
        chance = random.Random(seed)
        self.operator.ImportCatalogue(catalogue=CATALOGUE)
        target = f"unix:{self.daemon.socket}"
        self.follower = Follower(target)
        self.follower.start()
        auditor = Auditor()
        self.totals = {}
        self.kills = 0
        for cycle in range(self.cycles):
            bookers = [Booker(f"{cycle}-{number}", target, seed, cycle)
                       for number in range(CLIENTS)]
            self.fire(bookers, chance)
            auditor.audit(self.operator, bookers)
            # Each comparison with the whole list reads all.
            if cycle % max(10, self.cycles // 20) == 0 or cycle == self.cycles - 1:
                auditor.compare_with_list(self.operator)
                auditor.repeat(self.operator, bookers)
        self.faults_were_real()
        self.follower_saw(auditor.revision)

    def fire(self, bookers, chance):
        """Load, an end in the middle of it, restart; returns when all outcomes are known.

        One end in five is a SIGTERM, which must be a good one under load too.
        """
        for booker in bookers:
            booker.start()
        busy = chance.randrange(5, 250)
        harness.eventually("load", lambda: answered(bookers) >= busy, pause=0.001)
        if chance.random() < 0.2:
            self.assertEqual(self.daemon.stop(), 0, self.daemon.log_tail())
        else:
            self.kill(chance)
            self.kills += 1
        self.daemon.start()
        stop(bookers)
        for booker in bookers:
            for what, count in booker.counts.items():
                self.totals[what] = self.totals.get(what, 0) + count
        self.daemon.close_clients()
        self.operator = self.daemon.operator()

    def kill(self, _):
        self.daemon.kill()

    def faults_were_real(self):
        """A run in which nothing was at stake proves nothing."""
        print(f"{self.kills} kills in {self.cycles} lives: {self.totals}", flush=True)
        self.assertGreaterEqual(self.kills, self.cycles // 2)
        for what in ("answered", "refused", "unknown", "repeated"):
            self.assertGreater(self.totals.get(what, 0), self.cycles // 4, f"too little was {what}")

    def follower_saw(self, head):
        harness.eventually("the watch to catch up",
                           lambda: self.follower.failure or self.follower.revision >= head)
        self.assertIsNone(self.follower.failure)
        logged = {event.revision: event
                  for page in self.operator.pages("ListEvents", page_size=1000)
                  for event in page.events}
        self.follower.stop()
        self.assertEqual(self.follower.events, logged)


class AuditorTest(unittest.TestCase):
    """The audit finds what it is there to find: faults planted by hand."""

    class Log:
        """Stands for a daemon whose log is given."""

        def __init__(self, *reservations):
            self.events = [event_pb2.Event(
                revision=number, resource_name=entry.name, reservation=entry,
                type=event_pb2.Event.CREATED) for number, entry in enumerate(reservations, 1)]

        def pages(self, name, **_):
            yield change_service_pb2.ListEventsResponse(events=self.events)

        def GetServerInfo(self):
            return admin_service_pb2.ServerInfo(revision=len(self.events))

    def made(self, number, asset="hot", start="09:00", minutes=60, **fields):
        return booking([item(asset, 1)], at(0, start), at(0, start) + minutes * MINUTE,
                       name=f"reservations/{number}", state=State.STATE_CONFIRMED,
                       labels={"request": f"r-{number}"}, **fields)

    def finds(self, log, owned=(), refused=()):
        booker = Booker("x", "unix:/nowhere", 0, 0)
        booker.owned, booker.refused = list(owned), list(refused)
        with self.assertRaises(AssertionError) as caught:
            Auditor().audit(log, [booker])
        return str(caught.exception)

    def test_overlaps_are_found_and_touching_is_none(self):
        check_no_double_booking([self.made(1), self.made(2, start="10:00")])
        for other in (self.made(2, start="09:59"), self.made(2, minutes=1)):
            with self.assertRaises(AssertionError):
                check_no_double_booking([self.made(1), other])
        with self.assertRaises(AssertionError):
            check_no_double_booking([self.made(number, "rigs") for number in range(4)])
        with self.assertRaises(AssertionError):
            check_no_double_booking([self.made(1, "line"), self.made(2, "cell-1")])
        late = self.made(2, "press", "10:04")
        late.items[0].set_up.CopyFrom(duration(5 * MINUTE))
        with self.assertRaises(AssertionError):
            check_no_double_booking([self.made(1, "press"), late])

    def test_what_is_cancelled_takes_no_room(self):
        gone = self.made(1)
        gone.state = State.STATE_CANCELLED
        check_no_double_booking([gone, self.made(2)])

    def test_lost_doubled_changed_and_resurrected_reservations_are_found(self):
        one, twin = self.made(1), self.made(2, start="12:00")
        twin.labels["request"] = "r-1"
        known = Acknowledged("r-1", {}, one)
        self.assertIn("0 times", self.finds(self.Log(), [known]))
        self.assertIn("2 times", self.finds(self.Log(one, twin), [known]))
        moved = self.made(1, start="13:00")
        self.assertIn("kept", self.finds(self.Log(moved), [known]))
        self.assertIn("refused and made", self.finds(self.Log(one), refused=["r-1"]))
        Auditor().audit(self.Log(one), [])

    def test_a_gap_in_the_log_is_found(self):
        log = self.Log(self.made(1), self.made(2, start="10:00"))
        del log.events[0]
        self.assertIn("after", self.finds(log))


if __name__ == "__main__":
    harness.main()

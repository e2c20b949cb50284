"""kill -9 in the middle of load, restart, audit: nothing lost, doubled or half done.

The seed is printed; LABSLOT_TEST_SEED replays the choices (not the timing).
LABSLOT_TEST_CYCLES sets the number of kills, else 20, or 1,000 with
LABSLOT_TEST_LONG.
"""

import os
import random
import threading

import harness
from crash_workload import Auditor, Booker, CATALOGUE

CYCLES = int(os.environ.get("LABSLOT_TEST_CYCLES", 1000 if harness.LONG else 20))
CLIENTS = 6
# The log is compared with the whole list this often; each comparison reads all.
FULL_AUDIT_EVERY = 10


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
    def test_nothing_acknowledged_is_lost_over_kills(self):
        seed = int(os.environ.get("LABSLOT_TEST_SEED", random.SystemRandom().randrange(10**9)))
        print(f"seed {seed}: replay with LABSLOT_TEST_SEED={seed}", flush=True)
        chance = random.Random(seed)
        self.operator.ImportCatalogue(catalogue=CATALOGUE)
        target = f"unix:{self.daemon.socket}"
        self.follower = Follower(target)
        self.follower.start()
        auditor = Auditor()
        self.totals = {}
        for cycle in range(CYCLES):
            bookers = [Booker(f"{cycle}-{number}", target, seed, cycle) for number in range(CLIENTS)]
            self.fire(bookers, chance)
            auditor.audit(self.operator, bookers)
            if cycle % FULL_AUDIT_EVERY == 0 or cycle == CYCLES - 1:
                auditor.compare_with_list(self.operator)
                auditor.repeat(self.operator, bookers)
        self.faults_were_real()
        self.follower_saw(auditor.revision)

    def fire(self, bookers, chance):
        """Load, kill -9 in the middle of it, restart; ends when all outcomes are known."""
        for booker in bookers:
            booker.start()
        busy = chance.randrange(5, 80)
        harness.eventually("load", lambda: self.broken(bookers) or
                           sum(booker.counts["answered"] for booker in bookers) >= busy, pause=0.001)
        self.daemon.kill()
        self.daemon.start()
        for booker in bookers:
            booker.stopping.set()
        for booker in bookers:
            booker.join(harness.PATIENCE)
            self.assertFalse(booker.is_alive(), "an outcome was never told")
            booker.client.close()
            for what, count in booker.counts.items():
                self.totals[what] = self.totals.get(what, 0) + count
        self.assertFalse(self.broken(bookers))
        self.daemon.close_clients()
        self.operator = self.daemon.operator()

    def broken(self, bookers):
        failures = [booker.failure for booker in bookers if booker.failure]
        if failures:
            raise AssertionError(f"a client failed: {failures[0]!r}") from failures[0]
        return None

    def faults_were_real(self):
        """A run in which nothing was at stake proves nothing."""
        print(f"{CYCLES} kills: {self.totals}", flush=True)
        for what in ("answered", "refused", "unknown", "repeated"):
            self.assertGreater(self.totals.get(what, 0), CYCLES // 4, f"too little was {what}")

    def follower_saw(self, head):
        harness.eventually("the watch to catch up",
                           lambda: self.follower.failure or self.follower.revision >= head)
        self.assertIsNone(self.follower.failure)
        logged = {event.revision: event for page in self.operator.pages("ListEvents", page_size=1000)
                  for event in page.events}
        self.follower.stop()
        self.assertEqual(self.follower.events, logged)


if __name__ == "__main__":
    harness.main()

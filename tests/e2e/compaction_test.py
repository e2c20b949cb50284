"""Compactions by the running daemon under load, and what is left behind them.

LABSLOT_TEST_COMPACTIONS sets how many, else 5, or 200 with LABSLOT_TEST_LONG. The seed of
the load is printed; LABSLOT_TEST_SEED sets it.
"""

import os
import random
import subprocess
import threading
import time

import harness
from crash_workload import Auditor, Booker, CATALOGUE, answered, stop

COMPACTIONS = int(os.environ.get("LABSLOT_TEST_COMPACTIONS", 200 if harness.LONG else 5))
CLIENTS = 4


class CompactionTest(harness.DaemonTest):
    def setUp(self):
        super().setUp()
        self.operator.ImportCatalogue(catalogue=CATALOGUE)

    def load(self, seed):
        bookers = [Booker(f"b-{number}", f"unix:{self.daemon.socket}", seed, 1)
                   for number in range(CLIENTS)]
        for booker in bookers:
            self.addCleanup(booker.stopping.set)
            booker.start()
        return bookers

    def test_under_load_calls_go_on_and_nothing_is_lost(self):
        seed = harness.seed_of_this_run()
        chance = random.Random(seed)
        bookers = self.load(seed)
        for _ in range(COMPACTIONS):
            time.sleep(chance.random() / 2)
            done = self.operator.CompactStore(timeout=60)
            self.assertGreater(done.size_before_bytes, 0)
            self.assertGreater(done.size_after_bytes, 0)
        stop(bookers)
        calls = answered(bookers)
        print(f"{COMPACTIONS} compactions while {calls} calls were answered", flush=True)
        self.assertGreater(calls, 20 * COMPACTIONS)
        self.daemon.kill()
        self.daemon.start()
        auditor = Auditor()
        auditor.audit(self.daemon.operator(), bookers)
        auditor.compare_with_list(self.daemon.operator())

    def test_many_at_once_are_done_one_by_one_or_told_so(self):
        bookers = self.load(harness.seed_of_this_run())
        done, told = [], []

        def compact():
            try:
                done.append(self.operator.CompactStore(timeout=60))
            except harness.Failure as failure:
                told.append(failure.reason)
        threads = [threading.Thread(target=compact) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(2 * harness.PATIENCE)
        stop(bookers)
        self.assertGreater(len(done), 0)
        self.assertEqual(len(done) + len(told), len(threads))
        self.assertLessEqual(set(told), {"OVERLOADED"})

    def test_people_compact_it(self):
        run = subprocess.run(
            [harness.LABSLOT, "--server", f"unix:{self.daemon.socket}", "server", "compact"],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=harness.PATIENCE,
            cwd=self.folder)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertRegex(run.stdout,
                         r"^The store took [\d.]+ [KM]iB and takes [\d.]+ [KM]iB now \(\S+\)\.\n$")


if __name__ == "__main__":
    harness.main()

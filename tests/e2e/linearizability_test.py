"""Clients that compete for a few assets, with faults: each history of theirs is linearizable.

The seed is printed; LABSLOT_TEST_SEED replays the choices (not the timing).
LABSLOT_TEST_HISTORIES sets the number of histories, else 20, or 1,000 with
LABSLOT_TEST_LONG; every other one gets a fault. A history that is not found legal
is kept; linearizability_checker.py judges it again.
"""

import os
import pathlib
import tempfile

import harness
from crash_workload import CATALOGUE
from linearizability_checker import LEGAL, check
from linearizability_recorder import Caller, Recorder
from linearizability_workload import Plan, Totals, write

HISTORIES = int(os.environ.get("LABSLOT_TEST_HISTORIES", 1000 if harness.LONG else 20))
CALLS = (200, 2000) if harness.LONG else (150, 400)
MOST_CLIENTS = 64


class LinearizabilityTest(harness.DaemonTest):
    def test_every_history_is_linearizable(self):
        seed = harness.seed_of_this_run()
        self.operator.ImportCatalogue(catalogue=CATALOGUE)
        callers = [Caller(f"unix:{self.daemon.socket}") for _ in range(MOST_CLIENTS)]
        totals = Totals()
        for number in range(HISTORIES):
            plan = Plan(f"{seed}-{number}", f"assets/h{number}-", (16, MOST_CLIENTS), CALLS,
                        faulty=number % 2 == 1)
            recorder = Recorder(self.daemon, plan, callers)
            lines = recorder.record()
            totals.add(lines, plan.fault, recorder.lost > 0)
            self.judge(plan, lines)
        for caller in callers:
            caller.client.close()
        print(totals, flush=True)
        totals.must_be_real()

    def judge(self, plan, lines):
        verdict = check(lines)
        if verdict.word != LEGAL:
            kept = pathlib.Path(tempfile.gettempdir()) / f"labslot-history-{plan.seed}.jsonl"
            write(kept, lines)
            self.fail(f"the history in {kept} is {verdict}")


if __name__ == "__main__":
    harness.main()

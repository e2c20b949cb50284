"""The checker finds what is wrong, takes nothing legal for wrong, and needs no daemon.

Histories by hand are told in hours and in milliseconds: `made("x", 0, 10, (9, 11))`
is a reservation x of asset a from 9 to 11, asked for at 0 and answered at 10.
"""

import contextlib
import io
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

import linearizability_checker
from linearizability_checker import ILLEGAL, LEGAL, MALFORMED, UNDECIDED, check, components
from linearizability_fakes import MUTANTS, Right, Run
from linearizability_spec import FORMAT, History
from linearizability_workload import Plan, Totals, write

SEEDS = 8  # that a mutant has to be found within
HEADER = {"format": FORMAT, "capacity": {"a": 1, "b": 1, "pool": 3}}
BOTH = {"a": 1, "b": 1}


def call(op, sent, heard, outcome, **fields):
    """A line; an outcome that is none of the three is the reason of a refusal."""
    if outcome not in ("ok", "unknown"):
        outcome, fields["reason"] = "refused", outcome
    return {"client": 1, "call": sent * 10**6, "return": heard and heard * 10**6, "op": op,
            "outcome": outcome, **fields}


def made(key, sent, heard, slot, outcome="ok", assets=None, hold=False):
    line = call("create", sent, heard, outcome, request=key, assets=assets or {"a": 1},
                start=slot[0], end=slot[1], hold=hold)
    if outcome == "ok":
        line.update(reservation=f"name-{key}", shows=[*slot, "held" if hold else "confirmed"])
    return line


def changed(op, key, sent, heard, outcome="ok", shows=None, slot=None):
    """A change; `shows` is the interval in the answer, and its state if not the usual one."""
    line = call(op, sent, heard, outcome, request=f"{op}-{key}-{sent}",
                reservation=f"name-{key}")
    if slot:
        line.update(start=slot[0], end=slot[1])
    if outcome == "ok":
        usual = "cancelled" if op == "cancel" else "confirmed"
        line["shows"] = [*(shows or slot), usual][:3]
    return line


def cancelled(key, sent, heard, slot=None, outcome="ok"):
    return changed("cancel", key, sent, heard, outcome, slot)


def moved(key, sent, heard, slot, outcome="ok", state="confirmed"):
    return changed("move", key, sent, heard, outcome, (*slot, state), slot)


def confirmed(key, sent, heard, slot=None, outcome="ok"):
    return changed("confirm", key, sent, heard, outcome, slot)


def found(sent, heard, op="list", **assets):
    """A read: a={"x": (9, 10)}; an occupancy may go on with units and state."""
    return call(op, sent, heard, "ok", assets=list(assets), found={
        asset: [[f"name-{key}", key, *slot, *(1, "confirmed")[len(slot) - 2:]]
                for key, slot in entries.items()] for asset, entries in assets.items()})


def got(key, sent, heard, slot, state="confirmed"):
    return call("get", sent, heard, "ok", reservation=f"name-{key}", shows=[*slot, state])


X = made("x", 0, 10, (9, 11))

ILLEGAL_HISTORIES = {
    "double booking": [X, made("y", 20, 30, (10, 12))],
    "double booking at the same time": [X, made("y", 0, 10, (10, 12))],
    "double booking of one second": [X, made("y", 20, 30, (10, 11))],
    "double booking by a move": [X, made("y", 0, 10, (12, 13)), moved("y", 20, 30, (10, 12))],
    "double booking by a bundle": [X, made("y", 20, 30, (9, 10), assets=BOTH)],
    "more units than there are": [made("x", 0, 10, (9, 11), assets={"pool": 2}),
                                  made("y", 20, 30, (9, 11), assets={"pool": 2})],
    "a unit too much in the middle": [
        made("x", 0, 10, (9, 11), assets={"pool": 1}),
        made("y", 0, 10, (10, 12), assets={"pool": 2}),
        made("z", 20, 30, (8, 13), assets={"pool": 1})],
    "a read misses an acknowledged one": [X, found(20, 30, a={})],
    "free/busy misses an acknowledged one": [X, found(20, 30, "free_busy", a={})],
    "the last read misses a cancelled one": [X, cancelled("x", 20, 30, (9, 11)),
                                             found(40, 50, "list_all", a={})],
    "a read shows a cancelled one": [X, cancelled("x", 20, 30, (9, 11)),
                                     found(40, 50, a={"x": (9, 11)})],
    "a read shows what is not made yet": [found(0, 10, a={"x": (9, 11)}),
                                          made("x", 20, 30, (9, 11))],
    "a read shows what was refused": [made("y", 0, 10, (9, 10)),
                                      made("x", 20, 30, (9, 11), "conflict"),
                                      found(40, 50, a={"y": (9, 10), "x": (9, 11)})],
    "a read shows what nobody asked for": [found(0, 10, a={"x": (9, 11)})],
    "a read shows other units": [made("x", 0, 10, (9, 11), assets={"pool": 2}),
                                 found(20, 30, pool={"x": (9, 11, 1)})],
    "refused though free": [made("y", 0, 10, (9, 11), "conflict")],
    "refused though only touching": [X, made("y", 20, 30, (11, 12), "conflict")],
    "refused after the cancellation": [X, cancelled("x", 20, 30, (9, 11)),
                                       made("y", 40, 50, (9, 11), "conflict")],
    "refused at the place that was left": [X, moved("x", 20, 30, (12, 13)),
                                           made("y", 40, 50, (9, 11), "conflict")],
    "refused though units are left": [made("x", 0, 10, (9, 11), assets={"pool": 2}),
                                      made("y", 20, 30, (9, 11), "conflict",
                                           assets={"pool": 1})],
    "refused because of what was never made": [
        made("x", 0, None, (9, 11), "unknown"), made("y", 10, 20, (9, 11), "conflict"),
        found(30, 40, "list_all", a={})],
    "a move is refused because of itself": [X, moved("x", 20, 30, (10, 12), "conflict")],
    "a read goes back in time": [made("x", 0, 100, (9, 11)), found(10, 20, a={"x": (9, 11)}),
                                 found(30, 40, a={})],
    "an unknown one is seen and then unseen": [
        made("x", 0, None, (9, 11), "unknown"), found(10, 20, a={"x": (9, 11)}),
        found(30, 40, a={})],
    "an unknown cancellation is seen and then unseen": [
        X, cancelled("x", 20, None, outcome="unknown"), found(30, 40, a={}),
        found(50, 60, a={"x": (9, 11)})],
    "an unknown one takes effect before it is called": [
        found(0, 10, a={"x": (9, 11)}), made("x", 20, None, (9, 11), "unknown")],
    "an unknown one takes effect twice": [
        made("x", 0, None, (9, 11), "unknown"), found(10, 20, a={"x": (9, 11)}),
        cancelled("x", 30, 40, (9, 11)), found(50, 60, a={"x": (9, 11)})],
    "an unknown move takes effect twice": [
        X, moved("x", 20, None, (12, 13), "unknown"), found(30, 40, a={"x": (12, 13)}),
        moved("x", 50, 60, (9, 11)), found(70, 80, a={"x": (12, 13)})],
    "two reads see two in opposite orders": [
        made("x", 0, 100, (9, 10)), made("y", 0, 100, (10, 11)),
        found(10, 90, a={"x": (9, 10)}), found(10, 90, a={"y": (10, 11)})],
    "both of two that exclude each other are refused": [
        made("x", 0, 10, (9, 11), "conflict"), made("y", 0, 10, (10, 12), "conflict")],
    "a request is made twice": [X, found(20, 30, a={"x": (9, 11)}), {
        **found(40, 50, a={}), "found": {"a": [["name-2", "x", 9, 11, 1, "confirmed"]]}}],
    "a move is lost": [X, moved("x", 20, 30, (12, 13)), found(40, 50, a={"x": (9, 11)})],
    "a move is seen half": [X, moved("x", 20, 60, (12, 13)), found(30, 40, a={})],
    "a move is undone": [X, moved("x", 20, 30, (12, 13)), got("x", 40, 50, (9, 11))],
    "a cancelled one is moved": [X, cancelled("x", 20, 30, (9, 11)), moved("x", 40, 50, (9, 11))],
    "half a bundle": [made("x", 0, 10, (9, 11), assets=BOTH), found(20, 30, a={"x": (9, 11)}),
                      found(40, 50, b={})],
    "a bundle is seen half": [made("x", 0, 50, (9, 11), assets=BOTH),
                              found(10, 20, "free_busy", a={"x": (9, 11)}, b={})],
    "a refused bundle leaves a part": [X, made("y", 20, 30, (9, 11), "conflict", BOTH),
                                       made("z", 40, 50, (9, 11), "conflict", {"b": 1})],
    "two bundles at two assets": [made("x", 0, 10, (9, 11), assets={"a": 1, "pool": 1}),
                                  made("y", 0, 10, (9, 11), assets=BOTH)],
    "cancelled twice": [X, cancelled("x", 20, 30, (9, 11)), cancelled("x", 40, 50, (9, 11))],
    "a cancellation is refused though it lives": [X, cancelled("x", 20, 30, outcome="state")],
    "a cancellation tells another interval": [X, cancelled("x", 20, 30, (9, 12))],
    "a firm one is confirmed": [X, confirmed("x", 20, 30, (9, 11))],
    "a confirmation is refused though it is held": [
        made("x", 0, 10, (9, 11), hold=True), confirmed("x", 20, 30, outcome="state")],
    "a confirmed hold is a hold again": [
        made("x", 0, 10, (9, 11), hold=True), confirmed("x", 20, 30, (9, 11)),
        found(40, 50, a={"x": (9, 11, 1, "held")})],
    "an acknowledged one is not found": [X, cancelled("x", 20, 30, outcome="missing")],
    "an answer is about another interval": [{**X, "shows": [9, 12, "confirmed"]}],
    "a hold is made firm by itself": [{**X, "hold": True}],
}

LEGAL_HISTORIES = {
    "nothing": [],
    "touching": [X, made("y", 20, 30, (11, 12)), made("z", 20, 30, (8, 9))],
    "an unknown one takes effect much later": [
        made("x", 0, None, (9, 11), "unknown"), found(10, 20, a={}),
        made("y", 30, 40, (9, 11)), cancelled("y", 50, 60, (9, 11)), found(70, 80, a={}),
        found(90, 100, a={"x": (9, 11)})],
    "an unknown one never takes effect": [
        made("x", 0, None, (9, 11), "unknown"), made("y", 10, 20, (9, 11)),
        found(30, 40, "list_all", a={"y": (9, 11)})],
    "an unknown one takes effect after the last read": [
        made("x", 0, None, (9, 11), "unknown"), found(10, 20, "list_all", a={})],
    "refused because of an unknown one": [
        made("x", 0, None, (9, 11), "unknown"), made("y", 10, 20, (9, 11), "conflict")],
    "an unknown move makes room": [
        X, moved("x", 20, None, (12, 13), "unknown"), made("y", 30, 40, (9, 11)),
        moved("x", 50, 60, (14, 15)), found(70, 80, a={"x": (14, 15), "y": (9, 11)})],
    "an unknown cancellation makes room": [
        X, cancelled("x", 20, None, outcome="unknown"), found(30, 40, a={"x": (9, 11)}),
        made("y", 50, 60, (9, 11)), cancelled("x", 70, 80, outcome="state")],
    "an unknown confirmation": [
        made("x", 0, 10, (9, 11), hold=True), confirmed("x", 20, None, outcome="unknown"),
        found(30, 40, a={"x": (9, 11, 1, "held")}), got("x", 50, 60, (9, 11))],
    "the first of two at the same time": [
        X, made("y", 0, 10, (10, 12), "conflict"), found(20, 30, a={"x": (9, 11)})],
    "the second of two at the same time": [
        made("x", 0, 10, (9, 11), "conflict"), made("y", 0, 10, (10, 12))],
    "refused while a cancellation is under way": [
        X, cancelled("x", 20, 50, (9, 11)), made("y", 30, 40, (9, 11), "conflict")],
    "granted while a cancellation is under way": [
        X, cancelled("x", 20, 50, (9, 11)), made("y", 30, 40, (9, 11))],
    "reads see a slow one in their own time": [
        made("x", 0, 100, (9, 11)), found(10, 50, a={"x": (9, 11)}), found(10, 50, a={}),
        found(60, 70, a={"x": (9, 11)})],
    "answers that just meet": [X, found(10, 20, a={})],
    "what is left of a pool": [
        made("x", 0, 10, (9, 11), assets={"pool": 2}),
        made("y", 20, 30, (11, 13), assets={"pool": 2}),
        made("z", 40, 50, (10, 12), assets={"pool": 1})],
    "a move over its own place": [X, moved("x", 20, 30, (10, 12))],
    "a move to where it is, and away before": [
        X, moved("x", 20, 40, (9, 11)), moved("x", 20, 40, (9, 10)),
        cancelled("x", 50, 60, (9, 11))],
    "a hold that is moved stays one": [
        made("x", 0, 10, (9, 11), hold=True), moved("x", 20, 30, (12, 13), state="held"),
        confirmed("x", 40, 50, (12, 13)), confirmed("x", 60, 70, outcome="state")],
    "bundles, all or nothing": [
        made("x", 0, 10, (9, 11), assets=BOTH), made("y", 20, 30, (9, 11), "conflict", BOTH),
        found(40, 50, "free_busy", a={"x": (9, 11)}, b={"x": (9, 11)}),
        cancelled("x", 60, 70, (9, 11)), made("z", 80, 90, (9, 11), assets=BOTH)],
    "two assets at two times": [
        made("x", 0, 10, (9, 11)), made("y", 0, 10, (9, 11), assets={"b": 1}),
        found(20, 30, a={"x": (9, 11)}), found(20, 30, b={"y": (9, 11)})],
    "cancelled by two": [X, cancelled("x", 20, 40, (9, 11)),
                         cancelled("x", 20, 40, outcome="state"),
                         found(50, 60, "list_all", a={"x": (9, 11, 1, "cancelled")})],
    "a read without an answer": [{**found(0, 10, a={}), "outcome": "unknown", "return": None}],
}

MALFORMED_HISTORIES = {
    "no header": [X],
    "an asset without a capacity": [HEADER, made("x", 0, 10, (9, 11), assets={"c": 1})],
    "an answer before the call": [HEADER, made("x", 10, 5, (9, 11))],
    "two creations of one request": [HEADER, X, X],
    "a read without assets": [HEADER, call("list", 0, 10, "ok", found={})],
    "an unknown operation": [HEADER, call("steal", 0, 10, "ok", shows=[])],
    "an answer without what it shows": [HEADER, call("get", 0, 10, "ok", reservation="x")],
}


def plan_for(seed, **fields):
    return Plan(seed, clients=(8, 24), calls=(150, 250), **fields)


class ByHandTest(unittest.TestCase):
    def test_illegal_histories_are_found(self):
        for name, lines in ILLEGAL_HISTORIES.items():
            with self.subTest(name):
                verdict = check([HEADER, *lines])
                self.assertEqual(verdict.word, ILLEGAL, verdict)
                self.assertTrue(verdict.why, "a verdict has its evidence")

    def test_legal_histories_are_legal(self):
        for name, lines in LEGAL_HISTORIES.items():
            with self.subTest(name):
                self.assertEqual(check([HEADER, *lines]).word, LEGAL, check([HEADER, *lines]))

    def test_the_order_of_lines_and_hints_mean_nothing(self):
        for word, histories in ((ILLEGAL, ILLEGAL_HISTORIES), (LEGAL, LEGAL_HISTORIES)):
            for name, lines in histories.items():
                with self.subTest(name):
                    hinted = [{**line, "revision": number}
                              for number, line in enumerate(reversed(lines))]
                    self.assertEqual(check([HEADER, *hinted]).word, word)

    def test_malformed_histories_are_told_apart(self):
        for name, lines in MALFORMED_HISTORIES.items():
            with self.subTest(name):
                self.assertEqual(check(lines).word, MALFORMED)

    def test_evidence_is_short(self):
        others = [made(f"o{number}", 0, 10, (hour, hour + 1), assets={"a": 1})
                  for number, hour in enumerate(range(12, 24))]
        reads = [found(20 + number, 30 + number, a={"x": (9, 11), **{
            f"o{other}": (hour, hour + 1) for other, hour in enumerate(range(12, 24))}})
            for number in range(20)]
        verdict = check([HEADER, X, *others, *reads, made("y", 70, 80, (10, 11))])
        self.assertEqual(verdict.word, ILLEGAL)
        calls = [line for line in verdict.why.splitlines() if " client " in line]
        self.assertLessEqual(len(calls), 3, verdict.why)

    def test_what_takes_too_long_is_undecided(self):
        crowd = [made(f"o{number}", 0, 100, (number, number + 1)) for number in range(20)]
        # Legal for any few of them, and for none of their orders.
        odd = found(10, 90, a={f"o{number}": (number, number + 1) for number in range(10)})
        even = found(10, 90, a={f"o{number}": (number, number + 1) for number in range(1, 11)})
        self.assertEqual(check([HEADER, *crowd, odd], budget=5).word, UNDECIDED)
        self.assertEqual(check([HEADER, *crowd, odd]).word, LEGAL)
        self.assertEqual(check([HEADER, *crowd, odd, even]).word, ILLEGAL)


class FakesTest(unittest.TestCase):
    def test_the_right_service_passes_and_was_tried(self):
        totals = Totals()
        for seed in range(5 * SEEDS):
            plan = plan_for(seed)
            run = Run(Right, plan)
            lines = run.record()
            totals.add(lines, plan.fault, run.fired)
            self.assertEqual(check(lines).word, LEGAL, f"seed {seed}: {check(lines)}")
        totals.must_be_real()

    def test_nothing_legal_is_illegal_through_a_few_reservations(self):
        for seed in range(2):
            history = History(Run(Right, plan_for(seed, faulty=True)).record())
            for component in components(history):
                for keys in component.views():
                    self.assertFalse(component.is_illegal(component.through(keys)), keys)

    def test_a_seed_replays_a_history(self):
        self.assertEqual(Run(Right, plan_for(7)).record(), Run(Right, plan_for(7)).record())
        self.assertNotEqual(Run(Right, plan_for(7)).record(), Run(Right, plan_for(8)).record())

    def test_each_mutant_is_found(self):
        for mutant in MUTANTS:
            with self.subTest(mutant.__name__):
                self.assertIsNotNone(self.seed_that_finds(mutant),
                                     f"{mutant.__name__} ({mutant.__doc__}) lives")
        self.assertGreaterEqual(len(MUTANTS), 10)

    def seed_that_finds(self, mutant):
        for seed in range(SEEDS):
            if check(Run(mutant, plan_for(seed, faulty=True)).record()).word == ILLEGAL:
                return seed
        return None

    def test_a_large_component_is_decided(self):
        plan = Plan(3, clients=(64, 64), calls=(5000, 5000), faulty=True)
        verdict = check(Run(Right, plan).record())
        self.assertEqual(verdict.word, LEGAL, verdict)
        self.assertIn("1 components", verdict.why)


class TotalsTest(unittest.TestCase):
    """A run in which nothing was at stake fails."""

    def totals(self):
        totals = Totals()
        for seed in range(SEEDS):
            plan = plan_for(seed, faulty=seed % 2 == 0)
            run = Run(Right, plan)
            totals.add(run.record(), plan.fault, run.fired)
        totals.must_be_real()
        return totals

    def test_a_dull_run_fails(self):
        for what, instead in (("conflict", 1), ("unknown", 0), ("repeated", 0),
                              ("fired faults", 0), ("fired faults", 1), ("bundles", 0),
                              ("move done", 0), ("free_busy done", 0), ("calls", 0)):
            totals = self.totals()
            totals[what] = instead
            with self.subTest(what), self.assertRaises(AssertionError):
                totals.must_be_real()

    def test_an_empty_run_fails(self):
        with self.assertRaises(AssertionError):
            Totals().must_be_real()


class CommandLineTest(unittest.TestCase):
    def judged(self, lines):
        with tempfile.TemporaryDirectory(prefix="labslot-history-") as folder:
            path = pathlib.Path(folder) / "history.jsonl"
            write(path, lines)
            done = subprocess.run(
                [sys.executable, "-B", linearizability_checker.__file__, str(path)],
                capture_output=True, text=True, check=False)
            return done.returncode, done.stdout

    def test_the_exit_code_is_the_verdict(self):
        for lines, code, word in (([HEADER, X], 0, LEGAL), ([HEADER, X, found(20, 30, a={})], 1,
                                  ILLEGAL), ([X], 2, MALFORMED)):
            with self.subTest(word):
                told, output = self.judged(lines)
                self.assertEqual((told, output.partition(":")[0]), (code, word), output)

    def test_what_is_no_history_is_malformed(self):
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
            file.write(json.dumps(HEADER) + "\n{")
            file.flush()
            self.assertEqual(self.code(file.name), 2)
        self.assertEqual(self.code(), 2)
        self.assertEqual(self.code("/nowhere"), 2)

    def code(self, *arguments):
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            return linearizability_checker.main(arguments)


if __name__ == "__main__":
    unittest.main(verbosity=2)

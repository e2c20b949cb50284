"""The real `labslot` where there is not enough for all: outages, displacement, rounds."""

import json
import os
import subprocess

import harness
from world import HOUR, State, at, day, on, policy, policy_pb2
from world_test_case import WorldTest

DONE, ERROR, USAGE, REFUSED, NOT_FOUND = range(5)
MONDAY, TUESDAY = str(day(0)), str(day(1))


class PlanningClientTest(WorldTest):
    """`labslot(...)` runs the client as the local operator."""

    def labslot(self, *words, expect=DONE):
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LANG": "C.UTF-8",
                       "LABSLOT_SERVER": f"unix:{self.daemon.socket}"}
        run = subprocess.run([harness.LABSLOT, *words], capture_output=True, text=True, timeout=60,
                             cwd=self.folder, env=environment)
        self.assertEqual(run.returncode, expect,
                         f"labslot {' '.join(words)}\n{run.stdout}{run.stderr}")
        return run

    def json(self, *words, **fields):
        return json.loads(self.labslot(*words, "-o", "json", **fields).stdout)

    def reserve(self, *words):
        """Books by the client for alice; the number of the reservation."""
        return self.json("book", *words, "--user", "alice")["name"].split("/")[1]

    def state(self, number):
        return self.operator.GetReservation(name=f"reservations/{number}").state


class OutageTest(PlanningClientTest):
    def test_one_of_seven_rigs_is_out(self):
        numbers = [self.reserve("rigs", f"{MONDAY} 9:00..12:00") for _ in range(7)]
        dry = self.labslot("outage", "add", "rigs", f"{MONDAY} 8:00..18:00", "--quantity", "1",
                           "--dry-run").stdout
        self.assertIn("1 reservation: ", dry)
        self.assertEqual(self.json("outage", "list")["outages"], [])
        shown = self.labslot("outage", "add", "rigs", f"{MONDAY} 8:00..18:00", "--quantity", "1",
                             "--id", "leak", "--note", "oil on the floor").stdout
        self.assertIn("Outage leak is entered.", shown)
        self.assertIn("wait listed", shown)
        hit = [number for number in numbers if self.state(number) == State.STATE_DISPLACED]
        self.assertEqual(len(hit), 1)
        self.assertIn(hit[0], shown)
        self.assertIn("gave way to   outage leak", self.labslot("show", hit[0]).stdout)
        self.assertIn(hit[0], self.labslot("waitlist", "rigs").stdout)
        refused = self.labslot("book", "rigs:7", f"{MONDAY} 14:00..15:00", "--user", "alice",
                               "--explain", expect=REFUSED)
        self.assertIn("labslot outage list", refused.stderr)
        self.labslot("outage", "delete", "leak")
        harness.eventually("the slot to come back",
                           lambda: self.state(hit[0]) == State.STATE_CONFIRMED)

    def test_an_exclusive_asset_is_out_and_back_early(self):
        number = self.reserve("bench", f"{MONDAY} 9:00..12:00")
        shown = self.labslot("outage", "add", "bench", MONDAY, "--id", "saw", "--planned",
                             "--category", "service").stdout
        self.assertIn(number, shown)
        self.assertEqual(self.state(number), State.STATE_DISPLACED)
        self.assertIn("outage", self.labslot("free", "bench", MONDAY).stdout)
        self.assertIn("out of service",
                      self.labslot("calendar", "bench", "--week", MONDAY).stdout)
        self.assertEqual(
            self.labslot("outage", "list", "bench", "-q").stdout.split(), ["saw"])
        self.labslot("outage", "end", "saw", f"{MONDAY} 8:00")
        harness.eventually("the slot to come back",
                           lambda: self.state(number) == State.STATE_CONFIRMED)
        self.labslot("outage", "show", "sew", expect=NOT_FOUND)


class DisplacementTest(PlanningClientTest):
    def test_the_weaker_gives_way(self):
        weak = self.reserve("bench", f"{MONDAY} 9:00..11:00")
        wish = ("bench", f"{MONDAY} 9:00..12:00", "--user", "bob", "--priority", "9")
        self.assertIn("would be refused", self.labslot("plan", "displacement", *wish).stdout)
        self.labslot("book", *wish, "--displace", expect=REFUSED)
        self.operator.CreatePolicy(policy_id="way", policy=policy("way", {
            "applies_to": [on("bench")],
            "displacement": policy_pb2.DisplacementRule(least_gain=1)}))
        plan = self.labslot("plan", "displacement", *wish).stdout
        self.assertIn(weak, plan)
        self.assertIn("worth", plan)
        self.assertEqual(self.state(weak), State.STATE_CONFIRMED)
        strong = self.json("book", *wish, "--displace")
        self.assertEqual(strong["state"], "STATE_CONFIRMED")
        self.assertEqual(self.state(weak), State.STATE_DISPLACED)
        self.assertIn(f"gave way to   {strong['name'].replace('reservations/', 'reservation ')}",
                      self.labslot("show", weak).stdout)

    def test_other_ways_out_are_taken_and_told(self):
        self.reserve("bench", f"{MONDAY} 9:00..12:00")
        shown = self.labslot("book", "bench", f"{MONDAY} 9:00..12:00", "--user", "bob", "--or",
                             f"oven,sem @ {TUESDAY} 9:00..12:00").stdout
        self.assertIn("is confirmed, with oven + sem instead of bench", shown)
        shown = self.labslot("book", "bench", f"{MONDAY} 9:00..12:00", "--user", "bob",
                             "--nearest").stdout
        self.assertIn("instead of", shown)


class RoundTest(PlanningClientTest):
    def test_a_round_from_open_to_clear(self):
        self.labslot("round", "open", "spring", "bench", "--period", f"{MONDAY}..{day(5)}",
                     "--deadline", str(day(-3)), "--per-user", "2")
        wish = ("spring", "bench", f"{MONDAY} 9:00..12:00")
        dear = self.json("round", "submit", *wish, "--user", "alice", "--value", "500")
        cheap = self.json("round", "submit", *wish, "--user", "bob", "--value", "100")
        numbers = [one["name"].split("/")[1] for one in (dear, cheap)]
        self.assertEqual(dear["state"], "STATE_PENDING")
        shown = self.labslot("round", "show", "spring").stdout
        for number in numbers:
            self.assertIn(number, shown)
        plan = self.labslot("round", "clear", "spring").stdout
        self.assertIn("Value 500 of at most 500, gap 0.0%", plan)
        self.assertIn("labslot round close spring", plan)
        self.labslot("round", "clear", "spring", "--apply", expect=REFUSED)
        self.labslot("round", "close", "spring")
        self.labslot("round", "submit", *wish, "--user", "dora", expect=REFUSED)
        self.assertIn("spring --apply", self.labslot("round", "clear", "spring").stdout)
        self.assertEqual(self.state(numbers[0]), State.STATE_PENDING)
        (self.folder / "plan.json").write_text(
            self.labslot("round", "plan", "spring", "-o", "json").stdout)
        self.labslot("round", "apply", "spring", "--plan", "plan.json", "--dry-run")
        self.labslot("round", "clear", "spring", "--apply")
        self.assertEqual([self.state(number) for number in numbers],
                         [State.STATE_CONFIRMED, State.STATE_REJECTED])
        granted = self.operator.GetReservation(name=dear["name"])
        self.assertEqual(granted.interval.end_time.seconds - granted.interval.start_time.seconds,
                         3 * HOUR)
        self.assertEqual(granted.interval.start_time.seconds, at(0, "9:00"))
        self.assertIn("cleared", self.labslot("round", "list").stdout)


if __name__ == "__main__":
    harness.main()

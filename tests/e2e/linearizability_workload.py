"""What the clients of a history do: choices that a seed replays, for any service.

A line is a call as it will be recorded; linearizability_spec.py says what is in it.
"""

import collections
import json
import random
import threading

from linearizability_spec import FORMAT

HALF_HOUR = 1800
FAULTS = ("kill", "stop", "lost answers")
# Starts lie half an hour apart: intervals touch often, and overlap in all ways.
LENGTHS = (1800, 2700, 3600, 7200)
# Reservations that clients of one history change; older ones are left alone.
REMEMBERED = 40


class Plan:
    """What one history is like."""

    def __init__(self, seed, prefix="assets/", clients=(16, 64), calls=(150, 400), faulty=None):
        chance = random.Random(f"plan {seed}")
        self.seed = seed
        self.clients = chance.randint(*clients)
        self.calls = chance.randint(*calls)
        single = [f"{prefix}{letter}" for letter in "abc"[:chance.randint(0, 3)]]
        self.capacity = dict.fromkeys(single, 1)
        if len(single) < 2 or chance.random() < 0.5:
            self.capacity[f"{prefix}pool"] = 3
        self.slots = chance.randint(10, 16) * max(2, self.clients // 12)
        self.fault = None
        if faulty or faulty is None and chance.random() < 0.5:
            self.fault = chance.choice(FAULTS)
        # When it strikes, in calls that were made.
        self.strikes_at = int(self.calls * chance.uniform(0.3, 0.7))
        # Two assets that are reserved and read together, if there are two.
        self.pair = chance.sample(sorted(self.capacity), 2) if len(self.capacity) > 1 else None

    def header(self):
        return {"format": FORMAT, "seed": self.seed, "clients": self.clients, "fault": self.fault,
                "capacity": self.capacity}


class Board:
    """What clients know of each other's reservations, to get in each other's way."""

    def __init__(self):
        self._lock = threading.Lock()
        self._known = collections.deque(maxlen=REMEMBERED)
        self._names = set()
        self._given_up = set()

    def learn(self, line):
        """Takes in the outcome of a call.

        What a client still tries to create is left alone: a repetition must not
        come after its cancellation.
        """
        with self._lock:
            if line["op"] == "create":
                if line["outcome"] == "ok":
                    self._add(line["reservation"])
                elif line["outcome"] == "unknown":
                    self._given_up.add(line["request"])
            for entries in line.get("found", {}).values():
                for name, request, *_ in entries:
                    if request in self._given_up:
                        self._add(name)

    def _add(self, name):
        if name not in self._names:
            self._names.add(name)
            self._known.append(name)

    def pick(self, chance):
        with self._lock:
            return chance.choice(self._known) if self._known else None

    def cross_off(self, name):
        with self._lock:
            if name in self._known:
                self._known.remove(name)


class Chooser:
    """The calls of one client."""

    def __init__(self, plan, board, number, day_start=0):
        self.plan = plan
        self.board = board
        self.number = number
        self.day_start = day_start
        self.random = random.Random(f"{plan.seed} {number}")
        self.count = 0

    def next(self):
        """A call to make, as a line without its outcome."""
        line = {"client": self.number, "call": 0, "return": None}
        choice = self.random.random()
        if choice < 0.22:
            return {**line, **self._read()}
        name = self.board.pick(self.random) if choice < 0.6 else None
        if name is None:
            return {**line, **self._create()}
        line.update(request=self._request_id(), reservation=name)
        if choice < 0.42:
            # Sometimes it is left where others find it, and are refused.
            if self.random.random() < 0.8:
                self.board.cross_off(name)
            return {**line, "op": "cancel"}
        if choice < 0.47:
            return {**line, "op": "confirm"}
        start, end = self._interval()
        return {**line, "op": "move", "start": start, "end": end}

    def _request_id(self):
        self.count += 1
        return f"{self.plan.seed}-{self.number}-{self.count}"

    def _interval(self):
        start = self.day_start + self.random.randrange(self.plan.slots) * HALF_HOUR
        return start, start + self.random.choice(LENGTHS)

    def _create(self):
        start, end = self._interval()
        names = [self.random.choice(sorted(self.plan.capacity))]
        if self.plan.pair and self.random.random() < 0.2:
            names = self.plan.pair
        assets = {name: self.random.choice([1, 1, 2]) if self.plan.capacity[name] > 1 else 1
                  for name in names}
        return {"op": "create", "request": self._request_id(), "assets": assets, "start": start,
                "end": end, "hold": self.random.random() < 0.3}

    def _read(self):
        if self.random.random() < 0.3:
            name = self.board.pick(self.random)
            if name is not None:
                return {"op": "get", "reservation": name}
        asset = self.random.choice(sorted(self.plan.capacity))
        if self.random.random() < 0.5:
            return {"op": "list", "assets": [asset]}
        if self.plan.pair and self.random.random() < 0.5:
            return {"op": "free_busy", "assets": self.plan.pair}
        return {"op": "free_busy", "assets": [asset]}


class Totals(collections.Counter):
    """What many histories had in them; a run in which nothing was at stake proves nothing."""

    def add(self, lines, fault=None, fired=False):
        """Counts one history; `fired` if its fault lost an answer."""
        self["histories"] += 1
        self["planned faults"] += fault is not None
        self["fired faults"] += fired
        calls = [line for line in lines[1:] if line["op"] not in ("log", "list_all")]
        self["calls"] += len(calls)
        for line in calls:
            self["lost an answer"] += line.get("lost", 0) > 0
            self["repeated"] += line.get("lost", 0) > 0 and line["outcome"] != "unknown"
            self["unknown"] += line["outcome"] == "unknown"
            if line["outcome"] == "refused":
                self[line["reason"]] += 1
            if line["outcome"] == "ok":
                self["bundles"] += line["op"] == "create" and len(line["assets"]) > 1
                self[f"{line['op']} done"] += 1

    def must_be_real(self):
        """Raises if the run had nothing in it that could have gone wrong."""
        dull = [what for what in ("calls", "create done", "confirm done", "cancel done",
                                  "move done", "get done", "list done", "free_busy done",
                                  "bundles", "unknown", "repeated", "fired faults")
                if not self[what]]
        assert not dull, f"nothing in {self['histories']} histories of: {', '.join(dull)}"
        assert self["conflict"] * 20 >= self["calls"], (
            f"only {self['conflict']} conflicts in {self['calls']} calls")
        assert self["fired faults"] == self["planned faults"], (
            f"{self['fired faults']} of {self['planned faults']} faults lost an answer")

    def __str__(self):
        return ", ".join(f"{count} {what}" for what, count in self.items())


def write(path, lines):
    with open(path, "w", encoding="utf-8") as file:
        for line in lines:
            file.write(json.dumps(line) + "\n")

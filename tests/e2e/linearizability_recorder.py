"""Clients of the real daemon that record what they asked for, when, and what they heard."""

import random
import threading
import time

import harness
from harness import Code, Failure
from linearizability_workload import Board, Chooser
from world import DAY, POOL, State, asset, at, booking, bounds, duration, item, span

# What a client hears from a daemon that was killed, is starting or is draining, and
# when it does not wait for the answer.
LOST = {Code.UNAVAILABLE, Code.DEADLINE_EXCEEDED, Code.CANCELLED}
STATES = {State.STATE_HELD: "held", State.STATE_CONFIRMED: "confirmed",
          State.STATE_CANCELLED: "cancelled"}
# Rules that may refuse a call here, each by itself.
REASONS = {"CAPACITY_EXCEEDED": "conflict", "STATE_FORBIDS_CHANGE": "state"}
DAY_START = at(0, "00:00")
# Holds outlast every history, so that none runs out while it is recorded.
HOLD = duration(DAY)
# Of what is lost, so much is asked for again until it is known.
REPEATED = 0.5
# Of the calls of a history with lost answers, so many do not wait long enough.
IMPATIENT = 0.1


def revision(reservation):
    return int(reservation.etag.strip('"'))


class Caller:
    """Makes calls as the daemon wants them, and tells the answers as a history has them."""

    def __init__(self, target):
        self.client = harness.Client(target)

    def make(self, line, timeout=harness.CALL_TIMEOUT):
        """The fields of the answer. Raises Failure if it is lost."""
        try:
            return {"outcome": "ok", **getattr(self, line["op"])(line, timeout)}
        except Failure as failure:
            if failure.code in LOST:
                raise
            if failure.reason == "RESOURCE_NOT_FOUND":
                return {"outcome": "refused", "reason": "missing"}
            if failure.reason == "REFUSED" and set(failure.rules) <= REASONS.keys():
                reason, = {REASONS[rule] for rule in failure.rules}
                return {"outcome": "refused", "reason": reason}
            raise

    def create(self, line, timeout):
        items = [item(name.partition("/")[2], units) for name, units in line["assets"].items()]
        wanted = booking(items, line["start"], line["end"], user="users/alice",
                         labels={"request": line["request"]})
        made = self.client.CreateReservation(
            reservation=wanted, request_id=line["request"],
            hold_duration=HOLD if line["hold"] else None, timeout=timeout)
        return {"reservation": made.name, **_changed(made)}

    def confirm(self, line, timeout):
        return _changed(self.client.ConfirmReservation(
            name=line["reservation"], request_id=line["request"], timeout=timeout))

    def cancel(self, line, timeout):
        return _changed(self.client.CancelReservation(
            name=line["reservation"], request_id=line["request"], timeout=timeout))

    def move(self, line, timeout):
        moved = booking([], line["start"], line["end"], name=line["reservation"])
        return _changed(self.client.UpdateReservation(
            reservation=moved, update_mask={"paths": ["interval"]}, request_id=line["request"],
            timeout=timeout))

    def get(self, line, timeout):
        entry = self.client.GetReservation(name=line["reservation"], timeout=timeout)
        return {"shows": _shown(entry)}

    def list(self, line, timeout):
        return self._listed(line, " AND state != CANCELLED", timeout)

    def list_all(self, line, timeout):
        return self._listed(line, "", timeout)

    def _listed(self, line, restriction, timeout):
        name, = line["assets"]
        pages = list(self.client.pages("ListReservations", page_size=1000, timeout=timeout,
                                       filter=f'asset = "{name}"{restriction}'))
        # Several pages are several reads; nothing else goes on when all is listed.
        assert len(pages) == 1 or not restriction, "a live list of several pages"
        return {"found": {name: [
            [entry.name, entry.labels["request"], *bounds(entry.interval), part.quantity,
             STATES[entry.state]]
            for page in pages for entry in page.reservations
            for part in entry.items if part.asset == name]}}

    def free_busy(self, line, timeout):
        reply = self.client.QueryFreeBusy(assets=line["assets"], timeout=timeout,
                                          interval=span(DAY_START, DAY_START + 7 * DAY))
        return {"found": {entry.asset: [
            [busy.reservation, None, *bounds(busy.run), busy.quantity, STATES[busy.state]]
            for busy in entry.occupancies] for entry in reply.assets}}


def _shown(entry):
    return [*bounds(entry.interval), STATES[entry.state]]


def _changed(entry):
    return {"revision": revision(entry), "shows": _shown(entry)}


class Recorder:
    """One history of the daemon; `callers` are lent to its clients."""

    def __init__(self, daemon, plan, callers):
        self.daemon = daemon
        self.plan = plan
        self.callers = callers[:plan.clients]
        self.board = Board()
        self.lines = []
        self.made = 0
        self.failure = None
        self.start = threading.Barrier(plan.clients)
        self.loaded = threading.Event()  # it is time for the fault
        self.struck = threading.Event()  # the fault is over
        self.serving = threading.Event()
        self.serving.set()
        if plan.fault not in ("kill", "stop"):
            self.struck.set()

    @property
    def lost(self):
        """Answers that were lost."""
        return sum(line.get("lost", 0) for line in self.lines)

    def record(self):
        """The lines of the whole history."""
        first = self.callers[0].client
        first.ImportCatalogue(catalogue={"assets": [
            asset(name.partition("/")[2], **({"capacity_kind": POOL} if units > 1 else {}),
                  capacity=units) for name, units in self.plan.capacity.items()]})
        before = first.GetServerInfo().revision
        threads = [threading.Thread(target=self._run, args=client, daemon=True)
                   for client in enumerate(self.callers)]
        for thread in threads:
            thread.start()
        if not self.struck.is_set():
            self._strike()
        for thread in threads:
            thread.join(10 * harness.PATIENCE)
            assert not thread.is_alive(), "an outcome was never told"
        if self.failure:
            raise AssertionError(f"a client failed: {self.failure!r}") from self.failure
        self._last_reads()
        return [self.plan.header(), *sorted(self.lines, key=lambda line: line["call"]),
                {"op": "log", "events": self._log(first, before)}]

    def _strike(self):
        """Kills or stops the daemon in the middle of the load, and starts it again."""
        assert self.loaded.wait(10 * harness.PATIENCE), "the load never came"
        self.serving.clear()
        if self.plan.fault == "kill":
            self.daemon.kill()
        else:
            code = self.daemon.stop()
            assert code == 0, f"labslotd ended with {code}"
        self.daemon.start()
        self.serving.set()
        self.struck.set()

    def _run(self, number, caller):
        try:
            chooser = Chooser(self.plan, self.board, number, DAY_START)
            chance = random.Random(f"{self.plan.seed} {number} patience")
            self.start.wait(harness.PATIENCE)
            # All go on until the fault is over, so that it strikes calls under way.
            while not self.failure and (self.made < self.plan.calls or not self.struck.is_set()):
                self.made += 1
                if self.made >= self.plan.strikes_at:
                    self.loaded.set()
                line = chooser.next()
                self._make(line, caller, chance)
                self.lines.append(line)
                self.board.learn(line)
        except BaseException as error:  # noqa: B902  the test must hear of all
            self.failure = error
            self.loaded.set()

    def _make(self, line, caller, chance):
        """Makes the call; what is lost is repeated or given up."""
        line["call"] = time.monotonic_ns()
        usual = 0.02
        while True:
            sent = time.monotonic()
            impatient = self.plan.fault == "lost answers" and chance.random() < IMPATIENT
            timeout = usual * chance.random() if impatient else harness.CALL_TIMEOUT
            try:
                line.update(caller.make(line, timeout))
                line["return"] = time.monotonic_ns()
                return
            except Failure:
                line["lost"] = line.get("lost", 0) + 1
                usual = max(usual, time.monotonic() - sent)
            if line["lost"] == 1 and chance.random() >= REPEATED:
                line["outcome"] = "unknown"
                self.serving.wait(harness.PATIENCE)
                return
            time.sleep(0.01)

    def _last_reads(self):
        """What is there when all is over; last of all with what is cancelled."""
        for op in ("free_busy", "list_all"):
            for name in self.plan.capacity:
                line = {"client": -1, "op": op, "assets": [name], "call": time.monotonic_ns()}
                line.update(self.callers[0].make(line))
                line["return"] = time.monotonic_ns()
                self.lines.append(line)

    def _log(self, client, before):
        return [[event.revision, event.resource_name, *_shown(event.reservation)]
                for page in client.pages("ListEvents", after_revision=before, page_size=1000)
                for event in page.events if event.HasField("reservation")]

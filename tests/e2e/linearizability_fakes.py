"""A booking service in this process, and wrong ones: mutants that the checker must find.

Clients take turns as a seed says, a step at a time; time is the number of steps.
A service handles a call as a generator: between two of its steps others act.
"""

import collections
import random

from linearizability_workload import Board, Chooser

OVER = object()
STEP = 1000  # nanoseconds


class Record:
    """A reservation as the service keeps it."""

    def __init__(self, name, line):
        self.name = name
        self.request = line["request"]
        self.assets = dict(line["assets"])
        self.start, self.end = line["start"], line["end"]
        self.state = "held" if line["hold"] else "confirmed"

    def shows(self):
        return [self.start, self.end, self.state]

    def copy(self):
        twin = object.__new__(Record)
        twin.__dict__.update(self.__dict__)
        return twin


class Right:
    """The service as it should be. Mutants change one thing of it."""

    def __init__(self, plan, chance):
        self.capacity = plan.capacity
        self.chance = chance
        self.records = {}
        self.answers = {}  # of successful writes, by request
        self.log = []
        self.revision = 0
        self.later = []  # what happens without a call

    def handle(self, line):
        """Steps of one call; the result is its answer."""
        yield
        answer = self.repeated(line) or self.serve(line)
        yield
        return answer

    def repeated(self, line):
        return self.answers.get(line.get("request"))

    def serve(self, line):
        # What a mutant has lost is missing.
        if "reservation" in line and line["reservation"] not in self.records:
            return refused("missing")
        return getattr(self, line["op"])(line)

    def create(self, line):
        record = Record(f"reservations/{self.revision + 1}", line)
        if not self.fits(record):
            return refused("conflict")
        return self.commit(line, record)

    def confirm(self, line):
        record = self.records[line["reservation"]].copy()
        if record.state != "held":
            return refused("state")
        record.state = "confirmed"
        return self.commit(line, record)

    def cancel(self, line):
        record = self.records[line["reservation"]].copy()
        if record.state == "cancelled":
            return refused("state")
        record.state = "cancelled"
        return self.commit(line, record)

    def move(self, line):
        record = self.records[line["reservation"]].copy()
        if record.state == "cancelled":
            return refused("state")
        record.start, record.end = line["start"], line["end"]
        if not self.fits(record):
            return refused("conflict")
        return self.commit(line, record)

    def commit(self, line, record):
        self.put(record)
        return self.note(line, record)

    def put(self, record):
        self.records[record.name] = record

    def note(self, line, record):
        """The answer to a write, kept for repetitions."""
        self.revision += 1
        self.log.append([self.revision, record.name, *record.shows()])
        answer = {"outcome": "ok", "reservation": record.name, "revision": self.revision,
                  "shows": record.shows()}
        self.answers[line["request"]] = answer
        return answer

    def get(self, line):
        return {"outcome": "ok", "shows": self.records[line["reservation"]].shows()}

    def list(self, line):
        return {"outcome": "ok",
                "found": {asset: self.entries(asset) for asset in line["assets"]}}

    free_busy = list

    def list_all(self, line):
        return {"outcome": "ok",
                "found": {asset: self.entries(asset, True) for asset in line["assets"]}}

    def entries(self, asset, gone=False):
        return [[record.name, record.request, record.start, record.end, record.assets[asset],
                 record.state] for record in self.records.values()
                if asset in record.assets and (gone or record.state != "cancelled")]

    def fits(self, wanted):
        return all(self.used(asset, wanted) + units <= self.limit(asset)
                   for asset, units in wanted.assets.items())

    def limit(self, asset):
        return self.capacity[asset]

    def used(self, asset, wanted):
        near = [record for record in self.records.values()
                if asset in record.assets and record.name != wanted.name and self.blocks(record)
                and self.overlap(record, wanted)]
        moments = {max(record.start, wanted.start) for record in near}
        return max((sum(record.assets[asset] for record in near
                        if record.start <= moment < record.end) for moment in moments), default=0)

    def blocks(self, record):
        return record.state != "cancelled"

    def overlap(self, one, other):
        return one.start < other.end and other.start < one.end

    def crash(self):
        """What a kill does to it; calls under way are lost anyway."""


def refused(reason):
    return {"outcome": "refused", "reason": reason}


class CheckThenAct(Right):
    """Others may act between its check and what it does."""

    def handle(self, line):
        if line["op"] != "create":
            return (yield from super().handle(line))
        yield
        record = Record(f"reservations/{self.revision + 1}", line)
        if not self.fits(record):
            return refused("conflict")
        yield
        repeated = self.repeated(line)
        record.name = f"reservations/{self.revision + 1}"
        return repeated or self.commit(line, record)


class ClosedIntervals(Right):
    """Takes intervals that touch for overlapping ones."""

    def overlap(self, one, other):
        return one.start <= other.end and other.start <= one.end

    def used(self, asset, wanted):
        return sum(record.assets[asset] for record in self.records.values()
                   if asset in record.assets and record.name != wanted.name
                   and self.blocks(record) and self.overlap(record, wanted))


class AcknowledgeBeforeApply(Right):
    """Answers, and does it some time later."""

    def commit(self, line, record):
        if self.chance.random() < 0.8:
            return super().commit(line, record)
        if line["op"] == "create":
            self.put(record.copy())
            self.records[record.name].assets = {}  # found by name, seen by nobody
        self.later.append(lambda: self.put(record))
        return self.note(line, record)


class StaleRead(Right):
    """Some reads are answered as of a while ago."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.before = []

    def put(self, record):
        self.before.append(dict(self.records))
        super().put(record)

    def serve(self, line):
        if line["op"] not in ("get", "list", "free_busy") or self.chance.random() < 0.8:
            return super().serve(line)
        now = self.records
        self.records = self.before[-5] if len(self.before) > 5 else now
        try:
            return super().serve(line)
        finally:
            self.records = now


class NoIdempotency(Right):
    """Does what is repeated again."""

    def repeated(self, line):
        return None


class TornMove(Right):
    """Frees the old interval, and takes the new one a little later."""

    def handle(self, line):
        repeated = self.repeated(line)
        record = self.records.get(line.get("reservation"))
        if line["op"] != "move" or repeated or not record or record.state == "cancelled":
            return (yield from super().handle(line))
        moved = record.copy()
        moved.start, moved.end = line["start"], line["end"]
        if not self.fits(moved):
            return refused("conflict")
        away = record.copy()
        away.assets = {}
        self.put(away)
        yield
        self.put(moved)
        answer = self.note(line, moved)
        yield
        return answer


class TornBundle(Right):
    """Takes the assets of a bundle one after the other."""

    def handle(self, line):
        if line["op"] != "create" or len(line["assets"]) < 2 or self.repeated(line):
            return (yield from super().handle(line))
        record = Record(f"reservations/{self.revision + 1}", line)
        if not self.fits(record):
            return refused("conflict")
        answer = self.note(line, record)
        first = record.copy()
        first.assets = dict([next(iter(record.assets.items()))])
        self.put(first)
        yield
        if self.records[record.name] is first:
            self.put(record)
        return answer


class LostWrite(Right):
    """A kill loses the last changes, acknowledged or not."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.undo = []

    def put(self, record):
        self.undo.append((record.name, self.records.get(record.name)))
        super().put(record)

    def crash(self):
        for name, before in reversed(self.undo[-8:]):
            if before:
                self.records[name] = before
            else:
                self.records.pop(name)


class Resurrection(Right):
    """A kill brings back what was cancelled last."""

    def crash(self):
        for record in list(self.records.values())[-20:]:
            if record.state == "cancelled":
                record.state = "confirmed"


class ErrorThatApplied(Right):
    """Now and then says no, and does it."""

    def create(self, line):
        answer = super().create(line)
        return refused("conflict") if self.chance.random() < 0.05 else answer


class DirtyRead(Right):
    """Shows a reservation before it is safe; a kill may still lose it."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.unsafe = set()

    def handle(self, line):
        if line["op"] != "create" or self.repeated(line):
            return (yield from super().handle(line))
        yield
        answer = self.repeated(line) or self.create(line)
        if answer["outcome"] == "ok":
            self.unsafe.add(answer["reservation"])
        for _ in range(3):
            yield
        self.unsafe.discard(answer.get("reservation"))
        return answer

    def crash(self):
        for name in self.unsafe:
            record = self.records.pop(name)
            self.answers.pop(record.request)
        self.unsafe.clear()


class PoolTooLarge(Right):
    """Hands out a unit more than a pool has."""

    def limit(self, asset):
        return self.capacity[asset] + (self.capacity[asset] > 1)


class LeakedSlot(Right):
    """Some of what is cancelled still blocks."""

    def blocks(self, record):
        return super().blocks(record) or record.start // 1800 % 4 == 0


class SplitRead(Right):
    """Reads two assets at two times."""

    def handle(self, line):
        if line["op"] != "free_busy" or len(line["assets"]) < 2:
            return (yield from super().handle(line))
        found = {}
        for asset in line["assets"]:
            yield
            found[asset] = self.entries(asset)
        return {"outcome": "ok", "found": found}


class ForgottenHold(Right):
    """A kill takes a hold that was confirmed for a hold again."""

    def crash(self):
        for record in self.records.values():
            if record.state == "confirmed" and self.chance.random() < 0.3:
                record.state = "held"


MUTANTS = (CheckThenAct, ClosedIntervals, AcknowledgeBeforeApply, StaleRead, NoIdempotency,
           TornMove, TornBundle, LostWrite, Resurrection, ErrorThatApplied, DirtyRead,
           PoolTooLarge, LeakedSlot, SplitRead, ForgottenHold)


class Run:
    """One history of a service: its clients, their turns and its fault."""

    def __init__(self, service, plan):
        self.plan = plan
        self.chance = random.Random(f"run {plan.seed}")
        self.service = service(plan, self.chance)
        self.board = Board()
        self.lines = []
        self.now = 0
        self.made = 0  # calls
        self.lives = 1
        self.fired = False

    def record(self):
        """The lines of the whole history."""
        clients = [self._client(number) for number in range(self.plan.clients)]
        while clients:
            self.now += STEP
            if self.plan.fault in ("kill", "stop") and self.lives == 1 \
                    and self.made >= self.plan.strikes_at:
                self.service.crash()
                self.lives += 1
            if self.service.later and self.chance.random() < 0.02:
                self.service.later.pop(0)()
            client = self.chance.choice(clients)
            if next(client, OVER) is OVER:
                clients.remove(client)
        for act in self.service.later:
            act()
        self._last_reads()
        self.lines.sort(key=lambda line: line["call"])
        return [self.plan.header(), *self.lines, {"op": "log", "events": self.service.log}]

    def _client(self, number):
        chooser = Chooser(self.plan, self.board, number)
        while self.made < self.plan.calls:
            self.made += 1
            line = chooser.next()
            line["call"] = self.now
            yield from self._call(line)
            self.lines.append(line)
            self.board.learn(line)

    def _call(self, line):
        """Makes the call; what is lost is repeated or given up."""
        while True:
            steps, life = self.service.handle(line), self.lives
            answer = yield from self._answer(steps, life)
            if answer is not None:
                line.update(answer)
                line["return"] = self.now
                return
            self.fired = True
            line["lost"] = line.get("lost", 0) + 1
            if self.chance.random() < 0.5:
                line["outcome"] = "unknown"
                if life == self.lives:
                    # It is still under way, and takes effect later.
                    self.service.later.append(lambda: collections.deque(steps, maxlen=0))
                return

    def _answer(self, steps, life):
        """The answer, or None if it is lost."""
        while True:
            if self.plan.fault == "lost answers" and self.chance.random() < 0.03:
                return None
            try:
                next(steps)
            except StopIteration as end:
                return end.value
            yield
            if self.lives != life:
                return None

    def _last_reads(self):
        for op in ("free_busy", "list_all"):
            for asset in self.plan.capacity:
                line = {"client": -1, "call": self.now + STEP, "return": self.now + 2 * STEP,
                        "op": op, "assets": [asset]}
                self.now += 3 * STEP
                self.lines.append({**line, **self.service.serve(line)})

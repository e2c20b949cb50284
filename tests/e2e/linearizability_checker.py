"""Whether a recorded history could have come from one client after another.

    python3 linearizability_checker.py FILE

prints the verdict; exit code 0: legal, 1: illegal, 2: undecided or malformed.
What is in a file, and what is legal: linearizability_spec.py.

The search places one call after another (Wing and Gong, with the memo of Lowe).
Two things make it fast: a read or a refusal that is legal here is placed at once,
which never hurts, and changes are tried in the order of their revisions.
Assets that no call couples are judged apart.

The search alone cannot prove much illegal where many calls overlap. So what it
does not find legal is looked at through a few reservations at a time: without the
others, less is in the way, so a history that is illegal then is so with them.
"""

import collections
import itertools
import json
import math
import sys
import time

from linearizability_spec import (
    Contradiction,
    History,
    Malformed,
    READS_OF_ASSETS,
    State,
    after,
)

LEGAL, ILLEGAL, UNDECIDED, MALFORMED = "legal", "illegal", "undecided", "malformed"
EXIT = {LEGAL: 0, ILLEGAL: 1, UNDECIDED: 2, MALFORMED: 2}
# Places tried for a whole component, and through a few of its reservations.
BUDGET = 50_000
SMALL_BUDGET = 5_000
# Reads are compared with so many before them.
CLOSE = 10
# How long evidence is looked for, seconds of this process: the machine may be busy.
PATIENCE = 60


class Verdict:
    """What came of a history: one of the words above, and why."""

    def __init__(self, word, why=""):
        self.word = word
        self.why = why

    def __str__(self):
        return f"{self.word}: {self.why}" if self.why else self.word


class Search:
    """Looks for an order of the operations that is legal and keeps to real time."""

    def __init__(self, operations, capacity, budget):
        certain = [operation for operation in operations if operation.outcome != "unknown"]
        self.certain = sorted(certain, key=lambda operation: operation.call)
        self.open = [operation for operation in operations if operation.outcome == "unknown"]
        self.capacity = capacity
        self.assets = sorted({asset for operation in operations for asset in operation.assets})
        self.budget = budget
        self.best = (-1, None, ())  # calls placed, state, calls that have to come next

    def run(self):
        """LEGAL, ILLEGAL or UNDECIDED."""
        seen = set()
        root = self._settled(0, 0, 0, State.empty(self.assets))
        stack = [self._next(root)]
        if self._is_done(root):
            return LEGAL
        while stack:
            place = next(stack[-1], None)
            if place is None:
                stack.pop()
                continue
            base, mask, opened, state = place
            memo = (base, mask, opened, state.frozen())
            if memo in seen:
                continue
            seen.add(memo)
            if self._is_done(place):
                return LEGAL
            if len(seen) > self.budget:
                return UNDECIDED
            stack.append(self._next(place))
        return ILLEGAL

    def _is_done(self, place):
        return place[0] == len(self.certain)

    def _window(self, base, mask):
        """The calls that may come next, by position, and the time by which one has to."""
        found, horizon = [], math.inf
        for position in range(base, len(self.certain)):
            operation = self.certain[position]
            if operation.call > horizon:
                break
            if not mask >> (position - base) & 1:
                found.append(position)
                horizon = min(horizon, operation.ret)
        return found, horizon

    def _settled(self, base, mask, opened, state):
        """The place after all reads and refusals that are legal here."""
        tried = set()
        while True:
            window, _ = self._window(base, mask)
            fresh = [position for position in window if position not in tried]
            tried.update(fresh)
            placed = [position for position in fresh if not self.certain[position].writes
                      and after(self.certain[position], state, self.capacity)]
            if not placed:
                return base, mask, opened, state
            for position in placed:
                mask |= 1 << (position - base)
            base, mask = _advance(base, mask)

    def _next(self, place):
        """Places one change further on, the likeliest first."""
        base, mask, opened, state = place
        window, horizon = self._window(base, mask)
        count = base + bin(mask).count("1")
        if count > self.best[0]:
            self.best = (count, state, [self.certain[position] for position in window])
        choices = [(self.certain[position], position, None) for position in window]
        choices += [(operation, None, number) for number, operation in enumerate(self.open)
                    if operation.call <= horizon and not opened >> number & 1]
        choices.sort(key=lambda choice: (choice[0].rank, choice[0].ret))
        for operation, position, number in choices:
            then = after(operation, state, self.capacity)
            if then is None or position is None and then is state:
                continue
            if position is None:
                yield self._settled(base, mask, opened | 1 << number, then)
            else:
                further = _advance(base, mask | 1 << (position - base))
                yield self._settled(*further, opened, then)


def _advance(base, mask):
    while mask & 1:
        base, mask = base + 1, mask >> 1
    return base, mask


class Component:
    """Operations that can affect one another, and nothing else."""

    def __init__(self, history, operations):
        self.history = history
        self.capacity = history.capacity
        self.operations = [operation for operation in operations
                           if not _came_too_late(history, operation, operations)]
        self.intervals = collections.defaultdict(list)  # that a reservation may ever have had
        for operation in self.operations:
            if operation.writes and operation.start is not None:
                self.intervals[operation.key].append((operation.start, operation.end))
        self.ways = {}  # operation -> what could ever stand in its way

    def judge(self, budget=BUDGET):
        # What is legal is nearly always found so without turning back much.
        quick = min(budget, 2 * len(self.operations) + 1000)
        if Search(self.operations, self.capacity, quick).run() == LEGAL:
            return Verdict(LEGAL)
        deadline = time.process_time() + PATIENCE
        for keys in self.views():
            if time.process_time() > deadline:
                break
            if self.is_illegal(self.through(keys)):
                part = self.through(self._fewer(keys))
                return Verdict(ILLEGAL, self._evidence(self._shrunk(part)))
        search = Search(self.operations, self.capacity, budget)
        word = search.run()
        if word == LEGAL:
            return Verdict(LEGAL)
        count, state, pending = search.best
        why = [f"{count} of {len(search.certain)} calls can be placed, then one of these "
               "has to come next:", *_words(pending), *_state_words(state)]
        return Verdict(word, "\n".join(why))

    def views(self):
        """Sets of reservations that may show what is wrong, the smallest first."""
        near = self._neighbours()
        for key in near:
            yield frozenset([key])
        for key, others in near.items():
            yield from (frozenset([key, other]) for other in sorted(others) if key < other)
        for operation in self.operations:
            if operation.outcome == "refused" and operation.reason == "conflict":
                yield frozenset(self._in_the_way(operation)) | {operation.key}
        yield from self._differences()
        for key, others in near.items():
            if len(others) > 1:
                yield frozenset([key, *others])

    def _differences(self):
        """What one of two reads shows and the other does not, for reads close in time."""
        reads = collections.defaultdict(list)
        for operation in sorted(self.operations, key=lambda operation: operation.call):
            for asset, found in (operation.found or {}).items():
                for before in reads[asset][-CLOSE:]:
                    yield frozenset(before ^ found.keys())
                reads[asset].append(found.keys())

    def _neighbours(self):
        """Of each reservation, those that could ever stand in its way."""
        near = {operation.key: set() for operation in self.operations
                if operation.key is not None}
        for operation in self.operations:
            if operation.writes and operation.start is not None:
                near[operation.key] |= self._in_the_way(operation)
        return near

    def _in_the_way(self, wanted):
        """Reservations that could ever stand in the way of the call."""
        if wanted not in self.ways:
            self.ways[wanted] = {
                key for key, intervals in self.intervals.items() if key != wanted.key
                and self.history.creates[key].assets.keys() & wanted.assets.keys()
                and any(start < wanted.end and wanted.start < end for start, end in intervals)}
        return self.ways[wanted]

    def through(self, keys):
        """What is left of the history if there are only these reservations.

        A conflict is only looked at with all that could ever be in its way.
        """
        part = []
        for operation in self.operations:
            if operation.kind in READS_OF_ASSETS:
                part.append(operation.only(keys))
            elif operation.key in keys and (
                    operation.reason != "conflict" or self._in_the_way(operation) <= keys):
                part.append(operation)
        return part

    def is_illegal(self, operations):
        return Search(operations, self.capacity, SMALL_BUDGET).run() == ILLEGAL

    def _fewer(self, keys):
        """As few of the reservations as still show what is wrong."""
        for key in sorted(keys):
            if self.is_illegal(self.through(keys - {key})):
                keys -= {key}
        return keys

    def _shrunk(self, operations):
        """Leaves out answers that are not needed to see that it is illegal.

        Reads and refusals only demand something; without one less is demanded.
        """
        size = len(operations)
        while size:
            start = 0
            while start < len(operations):
                fewer = [operation for number, operation in enumerate(operations)
                         if not start <= number < start + size or operation.writes]
                if len(fewer) < len(operations) and self.is_illegal(fewer):
                    operations = fewer
                else:
                    start += size
            size //= 2
        return operations

    def _evidence(self, operations):
        search = Search(operations, self.capacity, SMALL_BUDGET)
        search.run()
        _, state, pending = search.best
        first = min((operation.ret for operation in pending), default=math.inf)
        stuck = [operation for operation in pending if operation.ret == first]
        # Also what a read shows and should not: a creation that was refused.
        shown = {key for operation in operations if operation.found
                 for keys in (*operation.found.values(), *operation.gone.values())
                 for key in keys}
        ordered = sorted({*operations, *(self.history.creates[key] for key in shown)},
                         key=lambda operation: (operation.call, operation.ret))
        return "\n".join(["no order of these calls is legal:", *_words(ordered),
                          "this one cannot be placed:", *_words(stuck), *_state_words(state)])


def _came_too_late(history, operation, operations):
    """True for a call without an answer that took no effect before all others were over.

    Then the last reads, which show all there ever was, know nothing of it.
    """
    if operation.outcome != "unknown" or operation.kind not in ("create", "cancel"):
        return False
    last = max((other.ret for other in operations
                if other.kind != "list_all" and other.outcome != "unknown"), default=0)
    finals = [other for other in operations if other.kind == "list_all" and other.call > last
              and set(other.assets) & operation.assets.keys()]
    if operation.kind == "create":
        return bool(finals) and not history.is_seen(operation.key)
    covered = {asset for final in finals for asset in final.assets
               if operation.key in final.found[asset]}
    return covered >= operation.assets.keys()


def components(history):
    """The operations in groups that share no asset."""
    root = {asset: asset for asset in history.capacity}

    def find(asset):
        while root[asset] != asset:
            asset = root[asset]
        return asset

    for operation in history.operations:
        for one, other in itertools.pairwise(operation.assets):
            root[find(one)] = find(other)
    groups = collections.defaultdict(list)
    for operation in history.operations:
        groups[find(next(iter(operation.assets)))].append(operation)
    return [Component(history, group) for group in groups.values()]


def check(lines, budget=BUDGET):
    """The verdict on a history, given as the objects of its lines."""
    try:
        history = History(lines)
    except Malformed as error:
        return Verdict(MALFORMED, str(error))
    except Contradiction as error:
        return Verdict(ILLEGAL, "\n".join([f"{error}:", *(_line_words(line)
                                                         for line in error.lines)]))
    verdicts = [component.judge(budget) for component in components(history)]
    for word in (ILLEGAL, UNDECIDED):
        for verdict in verdicts:
            if verdict.word == word:
                return verdict
    return Verdict(LEGAL, _summary(history, len(verdicts)))


def _summary(history, count):
    outcomes = collections.Counter(operation.outcome for operation in history.operations)
    clients = len({operation.line["client"] for operation in history.operations})
    return (f"{len(history.operations)} calls of {clients} clients in {count} components, "
            f"{outcomes['refused']} refused, {outcomes['unknown']} unknown")


def _words(operations):
    return [_line_words(operation.line, operation.found, operation.gone)
            for operation in operations]


def _line_words(line, found=None, gone=None):
    """One call in words; of a read only what is looked at."""
    heard = "" if line["outcome"] == "unknown" else f"{line['return'] / 1e6:.3f}"
    words = [f"  {line['call'] / 1e6:.3f}..{heard} ms, client {line['client']}:", line["op"]]
    words += [line["request"] if line["op"] == "create" else line.get("reservation", "")]
    if isinstance(line.get("assets"), dict):
        words += [f"{asset}*{units}" for asset, units in line["assets"].items()]
    else:
        words += line.get("assets", [])
    if "start" in line:
        words.append(f"[{line['start']}, {line['end']})")
    words += ["->", line["outcome"], line.get("reason", "")]
    if "shows" in line:
        words.append("[{}, {}) {}".format(*line["shows"]))
    if found is not None:
        words.append("; ".join(_asset_words(asset, entries, gone[asset])
                               for asset, entries in found.items()))
    elif "found" in line:
        words.append(json.dumps(line["found"]))
    return " ".join(word for word in words if word)


def _asset_words(asset, entries, gone):
    words = [f"{key} [{start}, {end})*{units}{' held' if held else ''}"
             for key, (start, end, units, held) in sorted(entries.items())]
    words += [f"{key} cancelled" for key in sorted(gone)]
    return f"{asset}: {', '.join(words) or 'nothing'}"


def _state_words(state):
    return ["the state at that point:", *(
        "  " + _asset_words(asset, entries, state.gone[asset])
        for asset, entries in state.live.items())]


def read(path):
    """The lines of a file. Raises Malformed."""
    try:
        with open(path, encoding="utf-8") as file:
            return [json.loads(line) for line in file if line.strip()]
    except (OSError, ValueError) as error:
        raise Malformed(str(error)) from None


def main(arguments):
    if len(arguments) != 1:
        print("usage: linearizability_checker.py FILE", file=sys.stderr)
        return EXIT[MALFORMED]
    try:
        verdict = check(read(arguments[0]))
    except Malformed as error:
        verdict = Verdict(MALFORMED, str(error))
    print(verdict)
    return EXIT[verdict.word]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

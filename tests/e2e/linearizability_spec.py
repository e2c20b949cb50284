"""What a history says, and what a booking service may do: the sequential specification.

A history is a file of JSON lines. The first one is about the whole:

    {"format": "labslot-history-1", "capacity": {"assets/a": 1}, ...}

Each other line is one call as its client saw it. Times are nanoseconds of one
clock; intervals are half-open, in seconds.

    client, call, return    who and when; "return" is null if no answer came
    op                      create, confirm, cancel, move, get, list, free_busy, list_all
    outcome                 ok, refused or unknown
    reason                  why it was refused: conflict, state or missing
    request                 request_id of a write; that of its creation names a reservation
    assets                  create: {asset: units}; reads of assets: [asset, ...]
    start, end, hold        what was asked for
    reservation             name: what a creation made, what other calls are about
    shows                   [start, end, state] of the reservation in the answer
    found                   {asset: [[name, request or null, start, end, units, state], ...]}
    revision                of the change, for the order in which to try; proves nothing

States are held, confirmed and cancelled. Only list_all shows what is cancelled.
A call without an answer may take effect at any time after it was made, or never.
A repetition with the same request_id is the same call.

A line with op "log" holds the events of the daemon as [revision, reservation,
start, end, state], again only for the order in which to try.
"""

import collections
import json
import math

FORMAT = "labslot-history-1"
WRITES = ("create", "confirm", "cancel", "move")
READS_OF_ASSETS = ("list", "free_busy", "list_all")
KINDS = (*WRITES, "get", *READS_OF_ASSETS)


class Malformed(Exception):
    """The file is not a history."""


class Contradiction(Exception):
    """The history is illegal whatever the order: the calls, and why."""

    def __init__(self, why, *lines):
        super().__init__(why)
        self.lines = lines


class Operation:
    """One call, with reservations named by the request that made them."""

    __slots__ = ("line", "kind", "outcome", "reason", "call", "ret", "key", "assets", "start",
                 "end", "held", "shows", "found", "gone", "rank")

    def __init__(self, line):
        self.line = line
        self.kind = line["op"]
        self.outcome = line["outcome"]
        self.reason = line.get("reason")
        self.call = line["call"]
        self.ret = math.inf if self.outcome == "unknown" else line["return"]
        self.key = line.get("request") if self.kind == "create" else None
        self.assets = line.get("assets", {})
        self.start, self.end = line.get("start"), line.get("end")
        self.held = line.get("hold", False)
        self.shows = tuple(line["shows"]) if "shows" in line else None
        self.found = self.gone = None  # asset -> {key: occupancy}, asset -> keys
        self.rank = line.get("revision", math.inf)

    @property
    def writes(self):
        """True if it may change the state."""
        return self.kind in WRITES and self.outcome != "refused"

    def only(self, keys):
        """The same read as if there were no reservations but these."""
        copy = Operation(self.line)
        copy.assets = self.assets
        copy.found = {asset: {key: value for key, value in found.items() if key in keys}
                      for asset, found in self.found.items()}
        copy.gone = {asset: gone & keys for asset, gone in self.gone.items()}
        return copy


class History:
    """The operations of a file. Raises Malformed, or Contradiction."""

    def __init__(self, lines):
        header, calls, self.log = _split(lines)
        self.header = header
        self.capacity = header["capacity"]
        self.operations = [Operation(line) for line in calls]
        self.creates = {}
        for operation in self.operations:
            if operation.kind == "create":
                if operation.key in self.creates:
                    raise Malformed(f"{operation.key} is created by two calls")
                self.creates[operation.key] = operation
        self._names = {}  # name -> (key, the line that says so)
        self._keys = {}  # and the other way round
        for operation in self.operations:
            self._learn(operation)
        for operation in self.operations:
            self._resolve(operation)
        self._rank_unknown()

    def _learn(self, operation):
        line = operation.line
        if operation.kind == "create" and operation.outcome == "ok":
            self._pair(line["reservation"], operation.key, line)
        for entries in line.get("found", {}).values():
            for name, request, *_ in entries:
                if request is not None:
                    self._pair(name, request, line)

    def _pair(self, name, key, line):
        if key not in self.creates:
            raise Contradiction(f"nobody asked for {key}", line)
        for known, this, other in ((self._names, name, key), (self._keys, key, name)):
            before, source = known.setdefault(this, (other, line))
            if before != other:
                raise Contradiction(f"{this} is {before} and {other}", source, line)

    def key_of(self, name, line):
        if name not in self._names:
            raise Contradiction(f"nobody made {name}", line)
        return self._names[name][0]

    def is_seen(self, key):
        """True if any answer names the reservation."""
        return key in self._keys

    def _resolve(self, operation):
        line, kind = operation.line, operation.kind
        if kind == "create":
            wanted = (operation.start, operation.end, "held" if operation.held else "confirmed")
            if operation.outcome == "ok" and operation.shows != wanted:
                raise Contradiction("what was made is not what was asked for", line)
        elif kind in READS_OF_ASSETS:
            self._resolve_found(operation)
        else:
            operation.key = self.key_of(line["reservation"], line)
            operation.assets = self.creates[operation.key].assets
        for asset in operation.assets:
            if asset not in self.capacity:
                raise Malformed(f"no capacity of {asset}")

    def _resolve_found(self, operation):
        operation.found = {asset: {} for asset in operation.assets}
        operation.gone = {asset: frozenset() for asset in operation.assets}
        for asset, entries in operation.line.get("found", {}).items():
            gone = set()
            for name, _, start, end, units, state in entries:
                key = self.key_of(name, operation.line)
                if state == "cancelled":
                    gone.add(key)
                else:
                    operation.found[asset][key] = (start, end, units, state == "held")
            operation.gone[asset] = frozenset(gone)

    def _rank_unknown(self):
        """Where the log says that a call without an answer took effect."""
        told = {operation.rank for operation in self.operations}
        open_calls = collections.defaultdict(list)
        for operation in self.operations:
            if operation.outcome == "unknown":
                open_calls[operation.key].append(operation)
        before = {}
        for revision, name, *now in sorted(self.log):
            key = self._names.get(name, (None,))[0]
            kind = _kind_of_change(before.get(name), now)
            before[name] = now
            for operation in open_calls[key] if revision not in told else ():
                if operation.kind == kind and operation.rank == math.inf and (
                        kind != "move" or [operation.start, operation.end] == now[:2]):
                    operation.rank = revision
                    break


def _kind_of_change(before, now):
    """The call that made of [start, end, state] what it is now."""
    if before is None:
        return "create"
    if now[2] == "cancelled":
        return "cancel"
    return "move" if before[2] == now[2] else "confirm"


def _split(lines):
    if not lines or lines[0].get("format") != FORMAT or "capacity" not in lines[0]:
        raise Malformed(f"the first line must say {FORMAT} and the capacity of each asset")
    calls, log = [], []
    for line in lines[1:]:
        if line.get("op") == "log":
            log += line["events"]
            continue
        _check(line)
        # A read that was not answered says nothing.
        if line["op"] in WRITES or line["outcome"] != "unknown":
            calls.append(line)
    return lines[0], calls, log


def _check(line):
    needed = {"client", "call", "return", "op", "outcome"}
    if line.get("op") in ("create", "move"):
        needed |= {"start", "end"}
    if line.get("op") in (*READS_OF_ASSETS, "create"):
        needed |= {"assets"}
    if line.get("op") in ("create", "confirm", "cancel", "move"):
        needed |= {"request"}
    if line.get("op") in ("confirm", "cancel", "move", "get"):
        needed |= {"reservation"}
    if line.get("outcome") == "ok":
        needed |= {"found"} if line.get("op") in READS_OF_ASSETS else {"shows"}
    if line.get("outcome") == "refused":
        needed |= {"reason"}
    missing = sorted(needed - set(line))
    if missing or line["op"] not in KINDS or line["outcome"] not in ("ok", "refused", "unknown"):
        raise Malformed(f"misses {missing or 'a known op and outcome'}: {json.dumps(line)}")
    if line["outcome"] != "unknown" and not line["call"] <= line["return"]:
        raise Malformed(f"returns before it is called: {json.dumps(line)}")


class State:
    """What is reserved: of each asset the live reservations, and the keys of cancelled ones.

    An occupancy is (start, end, units, held). States are never changed.
    """

    __slots__ = ("live", "gone")

    def __init__(self, live, gone):
        self.live = live
        self.gone = gone

    @staticmethod
    def empty(assets):
        return State({asset: {} for asset in assets}, {asset: frozenset() for asset in assets})

    def put(self, assets, key, start, end, held):
        live = dict(self.live)
        for asset, units in assets.items():
            live[asset] = {**live[asset], key: (start, end, units, held)}
        return State(live, self.gone)

    def cancel(self, assets, key):
        live, gone = dict(self.live), dict(self.gone)
        for asset in assets:
            live[asset] = {other: value for other, value in live[asset].items() if other != key}
            gone[asset] = gone[asset] | {key}
        return State(live, gone)

    def of(self, operation):
        """(start, end, held) of the reservation that the call is about; None if it is not live."""
        for asset in operation.assets:
            if operation.key in self.live[asset]:
                start, end, _, held = self.live[asset][operation.key]
                return start, end, held
        return None

    def is_gone(self, operation):
        return any(operation.key in self.gone[asset] for asset in operation.assets)

    def fits(self, operation, capacity):
        """True if what is asked for can be had; the own slot never stands in the way."""
        return all(
            units + peak(self.live[asset], operation.start, operation.end, operation.key)
            <= capacity[asset] for asset, units in operation.assets.items())

    def frozen(self):
        return tuple(frozenset(entries.items()) for entries in self.live.values())


def peak(entries, start, end, without=None):
    """The most units in use at any time in [start, end)."""
    near = [entry for key, entry in entries.items()
            if entry[0] < end and start < entry[1] and key != without]
    if len(near) < 2:
        return near[0][2] if near else 0
    return max(sum(entry[2] for entry in near if entry[0] <= moment < entry[1])
               for moment in {max(start, entry[0]) for entry in near})


def after(operation, state, capacity):
    """The state after the call, the same one if it changes nothing; None if it cannot be here."""
    return _AFTER[operation.kind](operation, state, capacity)


def _create(operation, state, capacity):
    fits = state.fits(operation, capacity)
    if operation.outcome == "refused":
        return state if operation.reason == "conflict" and not fits else None
    if not fits:
        return None
    return state.put(operation.assets, operation.key, operation.start, operation.end,
                     operation.held)


def _change(decide):
    """What all changes of a reservation have in common."""
    def change(operation, state, capacity):
        now = state.of(operation)
        if operation.outcome == "refused" and operation.reason == "missing":
            return None if now or state.is_gone(operation) else state
        if now is None:
            may_be = operation.outcome == "refused" and operation.reason == "state"
            return state if may_be and state.is_gone(operation) else None
        return decide(operation, state, capacity, now)
    return change


def _shown(operation, start, end, state):
    return operation.shows in (None, (start, end, state))


@_change
def _confirm(operation, state, _, now):
    start, end, held = now
    if operation.outcome == "refused":
        return state if operation.reason == "state" and not held else None
    if not held or not _shown(operation, start, end, "confirmed"):
        return None
    return state.put(operation.assets, operation.key, start, end, False)


@_change
def _cancel(operation, state, _, now):
    start, end, _ = now
    if operation.outcome == "refused" or not _shown(operation, start, end, "cancelled"):
        return None
    return state.cancel(operation.assets, operation.key)


@_change
def _move(operation, state, capacity, now):
    fits = state.fits(operation, capacity)
    if operation.outcome == "refused":
        return state if operation.reason == "conflict" and not fits else None
    start, end, held = operation.start, operation.end, now[2]
    if not fits or not _shown(operation, start, end, "held" if held else "confirmed"):
        return None
    return state if now == (start, end, held) else state.put(
        operation.assets, operation.key, start, end, held)


def _get(operation, state, _):
    now = state.of(operation)
    if operation.outcome == "refused":
        return None if now or state.is_gone(operation) else state
    if now is None:
        gone = operation.shows[2] == "cancelled" and state.is_gone(operation)
        return state if gone else None
    start, end, held = now
    return state if _shown(operation, start, end, "held" if held else "confirmed") else None


def _read(operation, state, _):
    if any(state.live[asset] != found for asset, found in operation.found.items()):
        return None
    if operation.kind == "list_all" and any(
            state.gone[asset] != gone for asset, gone in operation.gone.items()):
        return None
    return state


_AFTER = {"create": _create, "confirm": _confirm, "cancel": _cancel, "move": _move, "get": _get,
          "list": _read, "free_busy": _read, "list_all": _read}

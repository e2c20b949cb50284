"""Clients that book under fire, and the audit of what the daemon made of it.

Each client owns what it booked, so that it knows what must be true of it: the
last answer it got. An answer that never came is asked for again with the same
request_id until it is known.
"""

import collections
import random
import threading
import time

import harness
from harness import Code, Failure
from world import HOUR, MINUTE, State, asset, at, booking, bounds, duration, item, site

# Few assets and few slots, so that clients get in each other's way.
CATALOGUE = {
    "sites": [site("lommel")],
    "organisations": [{"name": "organisations/acme", "display_name": "Acme", "kind": 1}],
    "users": [{"name": "users/alice", "display_name": "Alice",
               "organisations": ["organisations/acme"]}],
    "assets": [
        asset("hot"),
        asset("press", set_up=duration(10 * MINUTE), tear_down=duration(5 * MINUTE)),
        asset("rigs", capacity_kind=2, capacity=3),
        asset("line"), asset("cell-1", parent="assets/line"), asset("cell-2", parent="assets/line"),
    ],
}
CAPACITY = {"assets/rigs": 3}
# Any two of a group exclude each other, but for siblings.
RELATED = [("assets/line", "assets/cell-1"), ("assets/line", "assets/cell-2")]

BLOCKING = {State.STATE_HELD, State.STATE_PENDING, State.STATE_OFFERED, State.STATE_CONFIRMED,
            State.STATE_CHECKED_IN}
# What a client hears from a daemon that was killed, is starting or is draining.
UNKNOWN = {Code.UNAVAILABLE, Code.DEADLINE_EXCEEDED, Code.CANCELLED}


class Acknowledged:
    """A reservation as its client last heard of it."""

    def __init__(self, request_id, request, reply):
        self.request_id = request_id
        self.request = request
        self.first = reply
        self.last = reply


class Booker(threading.Thread):
    """One client: books, confirms, moves and cancels until told to stop."""

    def __init__(self, name, target, seed, day):
        super().__init__(daemon=True)
        self.name = name
        self.day = day  # all clients of one life compete for one day
        self.client = harness.Client(target)
        self.random = random.Random(f"{seed}-{name}")
        self.owned = []  # every Acknowledged of this life
        self.refused = []  # request ids that were refused
        self.counts = collections.Counter()
        self.stopping = threading.Event()
        self.failure = None
        self.number = 0

    def run(self):
        try:
            while not self.stopping.is_set():
                self.act()
        except BaseException as error:  # noqa: B902  the test must hear of all
            self.failure = error

    def raise_failure(self):
        if self.failure:
            raise AssertionError(f"a client failed: {self.failure!r}") from self.failure

    def act(self):
        live = [entry for entry in self.owned[-30:] if entry.last.state in BLOCKING]
        choice = self.random.random()
        if choice < 0.55 or not live:
            return self.create()
        entry = self.random.choice(live)
        if choice < 0.75:
            return self.change(entry, "CancelReservation", name=entry.last.name)
        if choice < 0.85 and entry.last.state == State.STATE_HELD:
            return self.change(entry, "ConfirmReservation", name=entry.last.name)
        start, end = self.slot()
        return self.change(entry, "UpdateReservation",
                           reservation=booking([], start, end, name=entry.last.name),
                           update_mask={"paths": ["interval"]})

    def slot(self):
        start = at(self.day, "00:00") + self.random.randrange(32) * 30 * MINUTE
        return start, start + self.random.choice([30, 45, 60, 120]) * MINUTE

    def create(self):
        start, end = self.slot()
        names = self.random.choice([["hot"], ["hot"], ["press"], ["rigs"], ["rigs"], ["line"],
                                    ["cell-1"], ["cell-2"], ["hot", "rigs"]])
        items = [item(name, self.random.choice([1, 1, 2]) if name == "rigs" else 1)
                 for name in names]
        request_id = self.next_id()
        request = {"reservation": booking(items, start, end, user="users/alice",
                                          labels={"request": request_id}),
                   "request_id": request_id}
        if self.random.random() < 0.2:
            request["hold_duration"] = duration(24 * HOUR)
        reply = self.until_known("CreateReservation", request)
        if reply is None:
            self.refused.append(request_id)
        else:
            self.owned.append(Acknowledged(request_id, request, reply))

    def change(self, entry, method, **fields):
        reply = self.until_known(method, {"request_id": self.next_id(), **fields})
        if reply is not None:
            entry.last = reply

    def next_id(self):
        self.number += 1
        return f"{self.name}-{self.number}"

    def until_known(self, method, request):
        """The reply, or None if it was refused. Sometimes asks twice for no reason."""
        while True:
            try:
                reply = getattr(self.client, method)(timeout=10, **request)
                self.counts["answered"] += 1
                if self.random.random() < 0.1:
                    self.counts["repeated"] += 1
                    again = self.ask_again(method, request)
                    assert again is None or again == reply, f"{reply}\nand then\n{again}"
                return reply
            except Failure as failure:
                if failure.code in UNKNOWN:
                    self.counts["unknown"] += 1
                    time.sleep(0.005)
                    continue
                if failure.reason == "REFUSED":
                    self.counts["refused"] += 1
                    return None
                raise

    def ask_again(self, method, request):
        try:
            return getattr(self.client, method)(timeout=10, **request)
        except Failure as failure:
            if failure.code in UNKNOWN:
                return None
            raise


def listed(client, **fields):
    return [entry for page in client.pages("ListReservations", page_size=1000, **fields)
            for entry in page.reservations]


def check_no_double_booking(reservations):
    """Recounts every asset at every instant at which something begins."""
    steps = collections.defaultdict(list)
    for entry in reservations:
        if entry.state not in BLOCKING:
            continue
        start, end = bounds(entry.interval)
        for part in entry.items:
            steps[part.asset].append((start - part.set_up.seconds, part.quantity))
            steps[part.asset].append((end + part.tear_down.seconds, -part.quantity))
    for name, changes in steps.items():
        assert peak(changes) <= CAPACITY.get(name, 1), f"{name} is double-booked"
    for one, other in RELATED:
        busy = steps[one] + steps[other]
        assert peak(busy) <= 1, f"{one} and {other} are in use together"


def peak(changes):
    # At one instant what ends goes before what begins: intervals are half-open.
    level = highest = 0
    for _, change in sorted(changes):
        level += change
        highest = max(highest, level)
    return highest


def answered(bookers):
    """How many answers they have had."""
    for booker in bookers:
        booker.raise_failure()
    return sum(booker.counts["answered"] for booker in bookers)


def stop(bookers):
    """Ends the clients, each behind its last answer."""
    for booker in bookers:
        booker.stopping.set()
    for booker in bookers:
        booker.join(harness.PATIENCE)
        assert not booker.is_alive(), "an outcome was never told"
        booker.client.close()
    for booker in bookers:
        booker.raise_failure()


class Auditor:
    """Follows the log, and compares it with what is listed and acknowledged."""

    def __init__(self):
        self.revision = 0
        self.reservations = {}  # by name, as of self.revision
        self.by_request = collections.Counter()  # creations by request id

    def follow(self, client):
        """Reads on in the log, which has no gap; the names of what changed."""
        changed = set()
        for page in client.pages("ListEvents", after_revision=self.revision, page_size=1000):
            for event in page.events:
                assert event.revision == self.revision + 1, (
                    f"{event.revision} after {self.revision}")
                self.revision = event.revision
                if event.HasField("reservation"):
                    if event.type == event.CREATED:
                        assert event.resource_name not in self.reservations
                        self.by_request[event.reservation.labels["request"]] += 1
                    self.reservations[event.resource_name] = event.reservation
                    changed.add(event.resource_name)
        assert self.revision == client.GetServerInfo().revision
        return changed

    def audit(self, client, bookers):
        """Every acknowledged change is there once, every refused one is not."""
        changed = self.follow(client)
        # A life books on a day of its own: older reservations are untouched.
        check_no_double_booking([self.reservations[name] for name in changed])
        for booker in bookers:
            for entry in booker.owned:
                assert self.by_request[entry.request_id] == 1, (
                    f"{entry.request_id} was made {self.by_request[entry.request_id]} times")
                kept = self.reservations[entry.last.name]
                assert kept == entry.last, f"acknowledged:\n{entry.last}\nkept:\n{kept}"
            for request_id in booker.refused:
                assert self.by_request[request_id] == 0, f"{request_id} was refused and made"

    def compare_with_list(self, client):
        """The reservations that are listed are those of the log, and fit together."""
        assert {entry.name: entry for entry in listed(client)} == self.reservations
        check_no_double_booking(self.reservations.values())

    def repeat(self, client, bookers, count=5):
        """Request ids of long ago still give the first answer."""
        before = client.GetServerInfo().revision
        for booker in bookers:
            for entry in booker.owned[:count]:
                again = client.CreateReservation(**entry.request)
                assert again == entry.first, (
                    f"{entry.request_id}:\n{entry.first}\nand then\n{again}")
        assert client.GetServerInfo().revision == before

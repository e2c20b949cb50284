"""A test in the small world, with its people as clients."""

import harness
import world


class WorldTest(harness.DaemonTest):
    """`self.alice`, `self.bob`, … are clients with a token, made when first asked for."""

    people = ("alice", "amir", "bob", "kim", "otto", "ada", "dora")

    def setUp(self):
        super().setUp()
        world.load(self.operator)

    def __getattr__(self, name):
        if name not in WorldTest.people:
            raise AttributeError(name)
        client = self.daemon.client(world.token(self.operator, name))
        setattr(self, name, client)
        return client

    def book(self, asset, start, end, quantity=0, by=None, **fields):
        """A confirmed reservation, by the operator for alice unless told otherwise."""
        request = {key: fields.pop(key) for key in ("request_id", "validate_only", "hold_duration")
                   if key in fields}
        if by is None:
            by = self.operator
            fields.setdefault("user", "users/alice")
        return by.CreateReservation(
            reservation=world.booking(asset, start, end, quantity, **fields), **request)

    def wait_for_expiry(self, name):
        """Reads a hold until the daemon's clock has ended it."""
        def expired():
            reservation = self.operator.GetReservation(name=name)
            return reservation if reservation.state == world.State.STATE_EXPIRED else None
        return harness.eventually(f"the end of hold {name}", expired)

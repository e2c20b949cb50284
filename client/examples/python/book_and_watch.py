#!/usr/bin/python3
"""Books an asset, takes an alternative if it must, and follows what happens to it.

    book_and_watch.py ASSET START HOURS [--site SITE] [--server TARGET] [--events N]

START is RFC 3339 with an offset, such as 2027-03-01T09:00:00+01:00. The token,
if one is needed, comes from LABSLOT_TOKEN. README.md says how to generate the
modules that are imported here.
"""

import argparse
import datetime
import os
import sys
import time
import uuid

import grpc
from google.protobuf import timestamp_pb2
from google.rpc import status_pb2
from google.type import interval_pb2
from labslot.v1 import (
    admin_service_pb2,
    admin_service_pb2_grpc,
    change_service_pb2,
    change_service_pb2_grpc,
    event_pb2,
    refusal_pb2,
    reservation_pb2,
    reservation_service_pb2,
    reservation_service_pb2_grpc,
)

# The daemon is away, or went away: gRPC cancels what reaches it on its way down.
AWAY = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED)
# Codes that leave open whether the daemon did it. Asking again with the same
# request_id is safe: it is done once.
UNKNOWN_OUTCOME = (*AWAY, grpc.StatusCode.DEADLINE_EXCEEDED)
ATTEMPTS = 8


class Labslot:
    """The calls that this program needs."""

    def __init__(self, target, token):
        channel = grpc.insecure_channel(target)  # beyond this machine: grpc.secure_channel
        self.metadata = [("authorization", f"Bearer {token}")] if token else []
        self.admin = admin_service_pb2_grpc.AdminServiceStub(channel)
        self.reservations = reservation_service_pb2_grpc.ReservationServiceStub(channel)
        self.changes = change_service_pb2_grpc.ChangeServiceStub(channel)

    def revision(self):
        """How far the log of changes has come."""
        return self.admin.GetServerInfo(admin_service_pb2.GetServerInfoRequest(), timeout=10,
                                        metadata=self.metadata).revision

    def create(self, reservation):
        """Books, once, however often the request must be sent."""
        request = reservation_service_pb2.CreateReservationRequest(
            reservation=reservation, request_id=str(uuid.uuid4()))
        for attempt in range(ATTEMPTS):
            try:
                # A daemon that restarts is waited for, within the timeout.
                return self.reservations.CreateReservation(
                    request, timeout=10, metadata=self.metadata, wait_for_ready=True)
            except grpc.RpcError as error:
                if error.code() not in UNKNOWN_OUTCOME or attempt == ATTEMPTS - 1:
                    raise
                time.sleep(min(0.2 * 2**attempt, 5))

    def watch(self, after_revision, resources):
        """Every event after a revision, once and in order, also over lost connections."""
        while True:
            request = change_service_pb2.WatchRequest(after_revision=after_revision,
                                                      resources=resources)
            try:
                for message in self.changes.Watch(request, metadata=self.metadata,
                                                  wait_for_ready=True):
                    yield from message.events
                    after_revision = message.revision  # from here we resume
            except grpc.RpcError as error:
                if error.code() not in AWAY:
                    raise
                time.sleep(0.2)


def refusal_of(error):
    """The typed refusal in a FAILED_PRECONDITION, or None."""
    for key, value in error.trailing_metadata() or ():
        if key == "grpc-status-details-bin":
            for detail in status_pb2.Status.FromString(value).details:
                refusal = refusal_pb2.Refusal()
                if detail.Unpack(refusal):
                    return refusal
    return None


def book(labslot, reservation):
    """Books what was asked for, or else the best alternative that is offered."""
    while True:
        try:
            return labslot.create(reservation)
        except grpc.RpcError as error:
            refusal = refusal_of(error)
            if refusal is None:
                raise
            for violation in refusal.violations:
                print(f"refused: {violation.message}")
            if not refusal.alternatives:
                raise
            # Somebody may be faster: then this is refused as well, and we go on.
            way = refusal.alternatives[0]
            print(f"taking: {way.Kind.Name(way.kind)} at {way.interval.start_time.ToJsonString()}")
            del reservation.items[:]
            reservation.items.extend(way.items)
            reservation.interval.CopyFrom(way.interval)
            reservation.site = way.site


def instant(moment):
    return timestamp_pb2.Timestamp(seconds=int(moment.timestamp()))


def main():
    parser = argparse.ArgumentParser(description="Book an asset and follow the reservation.")
    parser.add_argument("asset", help="such as assets/make-lab")
    parser.add_argument("start", type=datetime.datetime.fromisoformat)
    parser.add_argument("hours", type=float)
    parser.add_argument("--site", default="", help="for a mobile asset: sites/...")
    parser.add_argument("--user", default="", help="users/...; default: yourself")
    parser.add_argument("--server", default="localhost:7443", help="host:port or unix:/path")
    parser.add_argument("--events", type=int, default=0, help="end after so many (default: never)")
    arguments = parser.parse_args()
    if arguments.start.tzinfo is None:
        parser.error("START needs an offset, such as +01:00")

    labslot = Labslot(arguments.server, os.environ.get("LABSLOT_TOKEN", ""))
    before = labslot.revision()  # so that the watch misses nothing
    end = arguments.start + datetime.timedelta(hours=arguments.hours)
    made = book(labslot, reservation_pb2.Reservation(
        items=[reservation_pb2.Item(asset=arguments.asset)], site=arguments.site,
        user=arguments.user, purpose="Booked by the Python example",
        interval=interval_pb2.Interval(start_time=instant(arguments.start), end_time=instant(end))))
    print(f"booked: {made.name} {made.items[0].asset} from {made.interval.start_time.ToJsonString()} "
          f"to {made.interval.end_time.ToJsonString()} (read it in {made.time_zone})", flush=True)

    seen = 0
    for event in labslot.watch(before, [made.name]):
        print(f"event: {event.revision} {event_pb2.Event.Type.Name(event.type)} "
              f"{event.resource_name} by {event.actor} {event.reason}".rstrip(), flush=True)
        seen += 1
        if seen == arguments.events:
            return 0
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except grpc.RpcError as failure:
        sys.exit(f"{failure.code().name}: {failure.details()}")
    except KeyboardInterrupt:
        sys.exit(130)

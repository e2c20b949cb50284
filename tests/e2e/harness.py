"""The real daemon as a test sees it: a process, its principals, its errors.

Every test gets a folder and a daemon of its own. Paths come from the
environment (ctest sets it) and otherwise from build/dev, so that a single file
can be run by hand:

    /usr/bin/python3 tests/e2e/booking_test.py BookingTest.test_...
"""

import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "dev"
STUBS = pathlib.Path(os.environ.get("LABSLOT_STUBS", BUILD / "gen_python"))
# Whole paths, because tests work in folders of their own.
LABSLOTD = os.path.abspath(os.environ.get("LABSLOTD", BUILD / "bin" / "labslotd"))
LABSLOT = os.path.abspath(os.environ.get("LABSLOT", BUILD / "bin" / "labslot"))
LONG = os.environ.get("LABSLOT_TEST_LONG", "") not in ("", "0")

sys.path.insert(0, str(STUBS))

# The library logs every dropped connection, and these tests drop many.
os.environ.setdefault("GRPC_VERBOSITY", "NONE")
# While no call is under way nobody looks at a connection that is being made,
# but for a poller that by default comes round every five seconds.
os.environ.setdefault("GRPC_CLIENT_CHANNEL_BACKUP_POLL_INTERVAL_MS", "50")

import grpc  # noqa: E402
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory  # noqa: E402
from google.rpc import error_details_pb2, status_pb2  # noqa: E402
from labslot.v1 import (  # noqa: E402
    admin_service_pb2,
    availability_service_pb2,
    catalogue_service_pb2,
    change_service_pb2,
    directory_service_pb2,
    planning_service_pb2,
    policy_service_pb2,
    refusal_pb2,
    reservation_service_pb2,
    utilisation_service_pb2,
)

Code = grpc.StatusCode

# The code that goes with each reason: the table of error_reason.proto.
CODE_OF_REASON = {
    "INVALID_FIELDS": Code.INVALID_ARGUMENT,
    "REFUSED": Code.FAILED_PRECONDITION,
    "RESOURCE_NOT_FOUND": Code.NOT_FOUND,
    "ID_IN_USE": Code.ALREADY_EXISTS,
    "REQUEST_ID_REUSED": Code.ALREADY_EXISTS,
    "ETAG_MISMATCH": Code.ABORTED,
    "ROLE_REQUIRED": Code.PERMISSION_DENIED,
    "NO_VALID_IDENTITY": Code.UNAUTHENTICATED,
    "OVERLOADED": Code.RESOURCE_EXHAUSTED,
    "DRAINING": Code.UNAVAILABLE,
    "OUTCOME_UNKNOWN": Code.UNAVAILABLE,
    "REVISION_AHEAD": Code.OUT_OF_RANGE,
    "DEFECT": Code.INTERNAL,
    "BACKUP_FAILED": Code.FAILED_PRECONDITION,
    "DISK_FULL": Code.RESOURCE_EXHAUSTED,
}

# A daemon under test starts and stops well within this, seconds. It bounds
# polling; nothing waits for it when all is well.
PATIENCE = 30
# What one call may take.
CALL_TIMEOUT = 20


def eventually(what, check, patience=PATIENCE, pause=0.01):
    """The first true value of `check()`; an error naming `what` if none comes."""
    end = time.monotonic() + patience
    while True:
        value = check()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"waited {patience} s in vain for {what}")
        time.sleep(pause)


class Method:
    """One RPC of the API, found by its descriptor."""

    def __init__(self, service, descriptor):
        proto = descriptor_pb2.MethodDescriptorProto()
        descriptor.CopyToProto(proto)
        self.service = service.full_name
        self.name = descriptor.name
        self.path = f"/{service.full_name}/{descriptor.name}"
        self.request = descriptor.input_type._concrete_class
        self.reply = descriptor.output_type._concrete_class
        self.streams = proto.server_streaming


def _methods():
    modules = (admin_service_pb2, availability_service_pb2, catalogue_service_pb2,
               change_service_pb2, directory_service_pb2, planning_service_pb2, policy_service_pb2,
               reservation_service_pb2, utilisation_service_pb2)
    for module in modules:
        for service in module.DESCRIPTOR.services_by_name.values():
            for descriptor in service.methods:
                yield Method(service, descriptor)


# Every RPC of labslot.v1 by its name, which is unique in the package.
METHODS = {method.name: method for method in _methods()}


class Failure(Exception):
    """A failed call, its typed details unpacked."""

    def __init__(self, code, message, details):
        self.code = code
        self.message = message
        self.details = details  # serialised google.rpc.Status; empty if there is none
        self.reason = None
        self.metadata = {}
        self.fields = {}  # path -> description
        self.refusal = None
        self.has_retry_delay = False
        status = status_pb2.Status.FromString(details)
        for detail in status.details:
            self._unpack(detail)
        super().__init__(
            f"{code.name} {self.reason or '(no reason)'}: {message} {self.fields or ''}")

    def _unpack(self, detail):
        info, fields = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
        refusal = refusal_pb2.Refusal()
        if detail.Unpack(info):
            assert info.domain == "labslot", info
            self.reason, self.metadata = info.reason, dict(info.metadata)
        elif detail.Unpack(fields):
            for violation in fields.field_violations:
                self.fields[violation.field] = violation.description
        elif detail.Unpack(refusal):
            self.refusal = refusal
        elif detail.Is(error_details_pb2.RetryInfo.DESCRIPTOR):
            self.has_retry_delay = True

    @property
    def rules(self):
        """Names of the broken rules of a refusal, in their order."""
        names = refusal_pb2.Violation.Rule.Name
        return [names(violation.rule) for violation in self.refusal.violations]

    @staticmethod
    def of(error):
        details = b""
        for key, value in error.trailing_metadata() or ():
            if key == "grpc-status-details-bin":
                details = value
        return Failure(error.code(), error.details(), details)


class Stream:
    """A server stream that raises Failure and that one can leave."""

    def __init__(self, call):
        self._call = call

    def __iter__(self):
        return self

    def __next__(self):
        try:
            return next(self._call)
        except grpc.RpcError as error:
            raise Failure.of(error) from None

    def cancel(self):
        self._call.cancel()


class Client:
    """The API as one principal sees it.

    Every RPC is a method that takes the fields of its request:
    `client.GetAsset(name="assets/sem")`. A failure is raised as Failure.
    """

    def __init__(self, target, token=None, options=()):
        self.channel = grpc.insecure_channel(target, options=[
            ("grpc.use_local_subchannel_pool", 1),
            ("grpc.initial_reconnect_backoff_ms", 20),
            ("grpc.min_reconnect_backoff_ms", 2000),
            ("grpc.max_reconnect_backoff_ms", 200),
            ("grpc.max_receive_message_length", -1),
            *options,
        ])
        self.metadata = [("authorization", f"Bearer {token}")] if token is not None else []

    def __getattr__(self, name):
        if name not in METHODS:
            raise AttributeError(name)
        method = METHODS[name]

        def call(request=None, timeout=CALL_TIMEOUT, **fields):
            return self.call(method, request or method.request(**fields), timeout)

        return call

    def call(self, method, request, timeout=CALL_TIMEOUT):
        return self.send(method, request.SerializeToString(), timeout)

    def send(self, method, data, timeout=CALL_TIMEOUT):
        """Sends raw bytes as the request, well-formed or not."""
        make = self.channel.unary_stream if method.streams else self.channel.unary_unary
        rpc = make(method.path, response_deserializer=method.reply.FromString)
        try:
            if method.streams:
                return Stream(rpc(data, timeout=timeout, metadata=self.metadata))
            return rpc(data, timeout=timeout, metadata=self.metadata)
        except grpc.RpcError as error:
            raise Failure.of(error) from None

    def pages(self, name, **fields):
        """All pages of a list method."""
        fields = dict(fields)
        while True:
            page = getattr(self, name)(**fields)
            yield page
            if not page.next_page_token:
                return
            fields["page_token"] = page.next_page_token

    def close(self):
        self.channel.close()


def _standard_pool():
    files = descriptor_pb2.FileDescriptorSet.FromString((STUBS / "standard.desc").read_bytes())
    pool = descriptor_pool.DescriptorPool()
    for file in files.file:
        pool.Add(file)
    return pool


class Standard:
    """The standard services beside the API: health and reflection.

    Their messages come from a descriptor set, because generated modules would
    be called `grpc.…` and hide the library.
    """

    def __init__(self, channel):
        self.channel = channel
        pool = _standard_pool()
        messages = message_factory.MessageFactory(pool)
        self._message = lambda name: messages.GetPrototype(pool.FindMessageTypeByName(name))

    def health(self, service="", timeout=2):
        """The name of the serving status."""
        request = self._message("grpc.health.v1.HealthCheckRequest")(service=service)
        reply = self._message("grpc.health.v1.HealthCheckResponse")
        rpc = self.channel.unary_unary("/grpc.health.v1.Health/Check",
                                       response_deserializer=reply.FromString)
        status = rpc(request.SerializeToString(), timeout=timeout).status
        return reply.ServingStatus.Name(status)

    def reflect(self, **fields):
        """The reply to one reflection request."""
        package = "grpc.reflection.v1alpha."
        request = self._message(package + "ServerReflectionRequest")(**fields)
        reply = self._message(package + "ServerReflectionResponse")
        rpc = self.channel.stream_stream(f"/{package}ServerReflection/ServerReflectionInfo",
                                         response_deserializer=reply.FromString)
        return next(rpc(iter([request.SerializeToString()]), timeout=CALL_TIMEOUT))


def seed_of_this_run():
    """Tells the seed, so that LABSLOT_TEST_SEED makes the same choices again."""
    seed = int(os.environ.get("LABSLOT_TEST_SEED", random.SystemRandom().randrange(10**9)))
    print(f"seed {seed}: replay with LABSLOT_TEST_SEED={seed}", flush=True)
    return seed


class DaemonEnded(AssertionError):
    """The daemon ended where it should have served."""


class Daemon:
    """One labslotd with its data in `folder`/data and its log in `folder`/log."""

    def __init__(self, folder, *flags):
        self.folder = pathlib.Path(folder)
        self.data = self.folder / "data"
        self.log = self.folder / "log"
        self.socket = self.data / "labslotd.sock"
        self.port_file = self.folder / "port"
        self.flags = list(flags)
        self.environment = {}  # beyond that of the test
        self.process = None
        self._clients = []

    def command(self):
        return [LABSLOTD, "--data_dir", str(self.data), "--listen", "127.0.0.1:0",
                "--port_file", str(self.port_file), *self.flags]

    def start(self):
        """Starts it and waits until it says that it serves."""
        self.port_file.unlink(missing_ok=True)
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(self.command(), stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log, cwd=self.folder,
                                            env={**os.environ, **self.environment})
        client = Client(f"unix:{self.socket}")
        try:
            eventually("the daemon to serve", lambda: self._serves(client))
        finally:
            client.close()
        return self

    def _serves(self, client):
        if self.process.poll() is not None:
            raise DaemonEnded(f"labslotd ended with {self.process.returncode}:\n{self.log_tail()}")
        if not self.port_file.exists() or not self.port_file.read_text().strip():
            return False
        try:
            return Standard(client.channel).health(timeout=1) == "SERVING"
        except grpc.RpcError:
            return False

    @property
    def port(self):
        return int(self.port_file.read_text())

    def operator(self):
        """The local operator: an administrator by the unix socket's peer identity."""
        return self._keep(Client(f"unix:{self.socket}"))

    def client(self, token=None):
        """A caller over TCP, with a token or with none."""
        return self._keep(Client(f"127.0.0.1:{self.port}", token))

    def _keep(self, client):
        self._clients.append(client)
        return client

    def close_clients(self):
        for client in self._clients:
            client.close()
        self._clients.clear()

    def kill(self):
        """kill -9, and no word to the daemon."""
        self.process.kill()
        self.process.wait(PATIENCE)

    def stop(self):
        """SIGTERM; the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)

    def restart(self):
        code = self.stop()
        assert code == 0, f"labslotd ended with {code}:\n{self.log_tail()}"
        return self.start()

    def log_text(self):
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def log_tail(self, lines=25):
        return "\n".join(self.log_text().splitlines()[-lines:])


class DaemonTest(unittest.TestCase):
    """A test with a folder and a daemon of its own."""

    # False for those that start the daemon themselves.
    starts_daemon = True

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="labslot-e2e-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.daemon = self.make_daemon()
        self.addCleanup(self._end_daemon)
        if self.starts_daemon:
            self.daemon.start()
            self.operator = self.daemon.operator()

    def make_daemon(self):
        return Daemon(self.folder)

    def _end_daemon(self):
        self.daemon.close_clients()
        if self.daemon.process is None:
            return
        ended_before = self.daemon.process.poll() is not None
        code = self.daemon.stop()
        if self._failed():
            print(f"--- log of the daemon of {self.id()}:\n{self.daemon.log_tail()}",
                  file=sys.stderr)
        if not ended_before:
            self.assertEqual(code, 0, "SIGTERM must end the daemon with 0")

    def _failed(self):
        result = self._outcome.result
        return any(test is self for test, _ in result.failures + result.errors)

    def fails(self, reason, call, *args, **kwargs):
        """Makes a call that must fail with `reason` and its code; the Failure."""
        try:
            reply = call(*args, **kwargs)
        except Failure as failure:
            self.assertEqual((failure.reason, failure.code), (reason, CODE_OF_REASON[reason]),
                             str(failure))
            self.assertTrue(failure.message, "an error has a message")
            return failure
        self.fail(f"must fail with {reason}, but was answered: {reply}")

    def refused(self, rule, call, *args, **kwargs):
        """As fails("REFUSED"), and `rule` is among the reasons."""
        failure = self.fails("REFUSED", call, *args, **kwargs)
        self.assertIsNotNone(failure.refusal, "a refusal explains itself")
        self.assertIn(rule, failure.rules)
        for violation in failure.refusal.violations:
            self.assertTrue(violation.message, "a reason has words")
        return failure

    def invalid(self, field, call, *args, **kwargs):
        """As fails("INVALID_FIELDS"), and `field` is among those named."""
        failure = self.fails("INVALID_FIELDS", call, *args, **kwargs)
        self.assertIn(field, failure.fields)
        self.assertTrue(all(failure.fields.values()), "a violation says what the value must be")
        return failure

    def revision(self):
        return self.operator.GetServerInfo().revision


def main():
    unittest.main(verbosity=2)

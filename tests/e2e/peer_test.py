"""Who a peer on the socket is: the user with the login of its process."""

import os
import pwd
import subprocess
import sys
import unittest

import harness
from harness import Failure
from world import user
from world_test_case import WorldTest

# Asks for its own identity on the socket, without any stub of ours.
ASK = """
import grpc, sys
call = grpc.insecure_channel("unix:" + sys.argv[1]).unary_unary(
    "/labslot.v1.DirectoryService/WhoAmI")
try:
    print(call(b"", timeout=20).decode("latin-1"))
except grpc.RpcError as error:
    print(error.code().name)
"""


@unittest.skipUnless(os.getuid() == 0, "only root can take on another system identity")
class PeerTest(WorldTest):
    starts_daemon = False

    def setUp(self):
        self.starts_daemon = False
        harness.DaemonTest.setUp(self)
        self.folder.chmod(0o755)
        socket = self.folder / "labslotd.sock"
        self.daemon.flags += ["--socket", str(socket)]
        self.daemon.socket = socket
        self.daemon.start()
        self.operator = self.daemon.operator()
        self.login = pwd.getpwnam("nobody")

    def ask(self):
        # By a program of its own: with `user=` Python would fork, in which gRPC can hang.
        as_nobody = ["setpriv", f"--reuid={self.login.pw_uid}", f"--regid={self.login.pw_gid}",
                     "--clear-groups"]
        run = subprocess.run([*as_nobody, sys.executable, "-c", ASK, str(self.daemon.socket)],
                             cwd="/", env={"PATH": "/usr/bin:/bin", "GRPC_VERBOSITY": "NONE"},
                             capture_output=True, text=True, timeout=60)
        self.assertEqual(run.returncode, 0, run.stderr)
        return run.stdout

    def test_a_peer_on_the_socket_is_the_user_with_his_login(self):
        self.assertIn("UNAUTHENTICATED", self.ask())
        self.operator.CreateUser(user_id="nora", user=user("nora", unix_login="nobody"))
        self.assertIn("users/nora", self.ask())
        self.operator.DeleteUser(name="users/nora")
        self.assertIn("UNAUTHENTICATED", self.ask())

    def test_two_users_cannot_share_a_login(self):
        self.operator.CreateUser(user_id="nora", user=user("nora", unix_login="nobody"))
        with self.assertRaises(Failure) as caught:
            self.operator.CreateUser(user_id="nils", user=user("nils", unix_login="nobody"))
        self.assertIn(caught.exception.reason, ("INVALID_FIELDS", "ID_IN_USE", "REFUSED"))


if __name__ == "__main__":
    harness.main()

"""The real `labslot` against the real `labslotd`: what scripts and people rely on."""

import csv
import io
import json
import os
import re
import signal
import subprocess

import harness
from world import HOUR, State, at, day, small_world
from world_test_case import WorldTest

DONE, ERROR, USAGE, REFUSED, NOT_FOUND, DENIED, UNAVAILABLE = range(7)
MONDAY, TUESDAY = str(day(0)), str(day(1))


class ClientTest(WorldTest):
    """`labslot(...)` runs the client as the local operator."""

    def environment(self, **variables):
        return {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LANG": "C.UTF-8",
                "LABSLOT_SERVER": f"unix:{self.daemon.socket}", **variables}

    def labslot(self, *words, text=None, expect=DONE, **variables):
        run = subprocess.run([harness.LABSLOT, *words], input=text, capture_output=True, text=True,
                             timeout=60, cwd=self.folder, env=self.environment(**variables))
        self.assertEqual(run.returncode, expect,
                         f"labslot {' '.join(words)}\n{run.stdout}{run.stderr}")
        if expect == DONE:
            self.assertNotIn("error", run.stderr.lower())
        else:
            self.assertTrue(run.stderr.strip(), "a failure says why, on standard error")
        return run

    def json(self, *words, **fields):
        return json.loads(self.labslot(*words, "-o", "json", **fields).stdout)

    def book(self, *words, **fields):
        """Books by the client; the number of the reservation."""
        return self.json("book", *words, "--user", "alice", **fields)["name"].split("/")[1]

    def token(self, name):
        return {"LABSLOT_SERVER": f"127.0.0.1:{self.daemon.port}",
                "LABSLOT_TOKEN": self.operator.CreateToken(token={"user": f"users/{name}"}).secret}


class BookTest(ClientTest):
    def test_a_booking_goes_its_way(self):
        shown = self.labslot("book", "make-lab", MONDAY, "9:00..12:00", "--site", "kortrijk",
                             "--for", "Welding demo", "--user", "alice").stdout
        self.assertIn("make-lab", shown)
        self.assertIn("Europe/Brussels", shown, "times come with their zone")
        listed = self.json("list", "--asset", "make-lab")["reservations"]
        self.assertEqual(len(listed), 1)
        number = listed[0]["name"].split("/")[1]
        self.assertIn(number, shown)
        self.assertEqual(listed[0]["interval"]["startTime"],
                         self.operator.GetReservation(name=listed[0]["name"])
                         .interval.start_time.ToJsonString())
        self.assertIn("Welding demo", self.labslot("show", number).stdout)
        self.labslot("move", number, TUESDAY, "14:00")
        moved = self.operator.GetReservation(name=f"reservations/{number}")
        self.assertEqual((moved.interval.start_time.seconds, moved.interval.end_time.seconds),
                         (at(1, "14:00"), at(1, "17:00")), "a move keeps the length")
        self.labslot("extend", number, "+1h")
        moved = self.operator.GetReservation(name=moved.name)
        self.assertEqual(moved.interval.end_time.seconds, at(1, "18:00"))
        self.labslot("cancel", number, "--reason", "machine is down")
        gone = self.operator.GetReservation(name=moved.name)
        self.assertEqual((gone.state, gone.state_reason),
                         (State.STATE_CANCELLED, "machine is down"))

    def test_a_hold_is_confirmed(self):
        number = self.json("hold", "sem", f"{MONDAY} 9:00..12:00", "--ttl", "2h", "--user",
                           "alice")["name"].split("/")[1]
        held = self.operator.GetReservation(name=f"reservations/{number}")
        self.assertEqual(held.hold_expire_time.seconds - held.create_time.seconds, 2 * HOUR)
        self.labslot("confirm", number)
        firm = self.operator.GetReservation(name=f"reservations/{number}")
        self.assertEqual(firm.state, State.STATE_CONFIRMED)

    def test_a_refusal_tells_reasons_and_ways_out_that_work(self):
        first = self.book("sem", f"{MONDAY} 9:00..12:00")
        run = self.labslot("book", "sem", f"{MONDAY} 11:00..13:00", "--user", "alice",
                           expect=REFUSED)
        self.assertIn(first, run.stderr)
        ways = re.findall(r"^ *(labslot book .*)$", run.stderr, re.M)
        self.assertGreaterEqual(len(ways), 3, run.stderr)
        for way in ways[:3]:
            # What is printed can be pasted.
            pasted = subprocess.run(["bash", "-c", way.replace("labslot", harness.LABSLOT, 1)
                                     + " --dry-run"], capture_output=True, text=True, timeout=60,
                                    cwd=self.folder, env=self.environment())
            self.assertEqual(pasted.returncode, DONE, way + pasted.stdout + pasted.stderr)

    def test_the_eighth_rig_is_refused(self):
        for _ in range(7):
            self.book("rigs", f"{MONDAY} 9:00..12:00")
        self.labslot("book", "rigs", f"{MONDAY} 9:00..12:00", "--user", "alice", expect=REFUSED)

    def test_a_bundle_with_quantities_is_booked(self):
        number = self.book("rigs:3", "clean-room", MONDAY, "9:00", "+2h")
        made = self.operator.GetReservation(name=f"reservations/{number}")
        self.assertEqual([(entry.asset, entry.quantity) for entry in made.items],
                         [("assets/rigs", 3), ("assets/clean-room", 1)])

    def test_a_dry_run_writes_nothing(self):
        number = self.book("sem", f"{MONDAY} 9:00..12:00")
        before = self.revision()
        for words in (("book", "sem", f"{TUESDAY} 9:00..12:00", "--user", "alice"),
                      ("hold", "sem", f"{TUESDAY} 9:00..12:00", "--user", "alice"),
                      ("move", number, "+1d"), ("extend", number, "+1h"), ("cancel", number),
                      ("asset", "update", "oven", "description=hot"), ("site", "delete", "tartu")):
            self.labslot(*words, "--dry-run")
        self.assertEqual(self.revision(), before)
        self.labslot("book", "sem", f"{MONDAY} 9:00..10:00", "--dry-run", "--user", "alice",
                     expect=REFUSED)

    def test_a_repeated_request_id_books_once(self):
        words = ("sem", f"{MONDAY} 9:00..12:00", "--request-id", "once")
        self.assertEqual(self.book(*words), self.book(*words))

    def test_a_local_time_that_does_not_exist_is_told(self):
        from world import clock_change
        run = self.labslot("book", "bench", f"{clock_change(3)} 02:30", "+1h", "--user", "alice",
                           expect=USAGE)
        self.assertIn("02:30", run.stderr)


class ReadTest(ClientTest):
    def setUp(self):
        super().setUp()
        self.number = self.book("sem", f"{MONDAY} 9:00..12:00", "--for", "Cracks")

    def test_a_name_that_is_mistyped_is_told_where_nothing_is_found(self):
        for words, told in ((("list", "--user", "alise"), "no user alise. Did you mean alice?"),
                            (("list", "--site", "lomel"), "no site lomel. Did you mean lommel?"),
                            (("list", "--org", "acma"), "no organisation acma."),
                            (("find", "--kind", "semm", "--duration", "1h"),
                             'no kind "semm" is known. Did you mean sem?'),
                            (("find", "--region", "BE9", "--duration", "1h"),
                             'no region "BE9" is known.')):
            self.assertIn(told, self.labslot(*words).stdout)
        self.assertEqual(self.labslot("list", "--user", "bob").stdout, "no reservations found\n")

    def test_every_form_of_output_can_be_read(self):
        for words in (("asset", "list"), ("site", "list"), ("org", "list"), ("user", "list"),
                      ("list",), ("show", self.number), ("free", "sem", MONDAY), ("status",),
                      ("whoami",), ("version",), ("context", "list"), ("utilisation", "sem", "--from", MONDAY, "--to", TUESDAY),
                      ("find", "sem", "--duration", "2h", "--within", f"{MONDAY}..{TUESDAY}"),
                      ("calendar", "sem", "--week", MONDAY)):
            with self.subTest(words=words):
                self.assertTrue(self.labslot(*words).stdout.strip())
                self.assertTrue(self.labslot(*words, "-o", "wide").stdout.strip())
                json.loads(self.labslot(*words, "-o", "json").stdout)
                self.assertTrue(self.labslot(*words, "-o", "yaml").stdout.strip())
                table = list(csv.reader(io.StringIO(self.labslot(*words, "-o", "csv").stdout)))
                self.assertEqual(len({len(row) for row in table}), 1, table)

    def test_output_that_cannot_be_written_is_an_error(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            run = subprocess.run([harness.LABSLOT, "asset", "list"], stdout=full,
                                 stderr=subprocess.PIPE, text=True, timeout=60, check=False,
                                 env=self.environment())
        self.assertEqual(run.returncode, ERROR)
        self.assertIn("could not be written", run.stderr)

    def test_a_series_keeps_the_wall_clock_of_its_place(self):
        words = ["book", "rigs", MONDAY, "9:00..10:00", "--repeat", "weekly 2 times",
                 "--user", "alice", "--dry-run"]
        self.labslot(*words)
        told = self.labslot(*words, "--zone", "Asia/Tokyo", expect=USAGE).stderr
        self.assertIn("Europe/Brussels", told)

    def test_piped_output_has_no_colours(self):
        for words in (("list",), ("calendar", "sem", "--week", MONDAY)):
            self.assertNotIn("\x1b", self.labslot(*words).stdout)

    def test_free_tells_what_is_free(self):
        spans = self.json("free", "sem", MONDAY)["assets"][0]["spans"]
        self.assertTrue(any(span["freeCapacity"] == 0 for span in spans))
        self.assertIn("12:00", self.labslot("free", "sem", MONDAY).stdout)

    def test_what_is_found_can_be_booked(self):
        slots = self.json("find", "--kind", "sem", "--duration", "2h", "--within",
                          f"{MONDAY}..{TUESDAY}", "--limit", "3")["slots"]
        self.assertEqual(len(slots), 3)
        self.book(slots[0]["items"][0]["asset"].split("/")[1], slots[0]["interval"]["startTime"],
                  "+2h")

    def test_the_calendar_shows_the_booking(self):
        busy = self.labslot("calendar", "sem", "--week", MONDAY).stdout
        free = self.labslot("calendar", "sem-2", "--week", MONDAY).stdout
        self.assertNotEqual(busy.replace("sem", "").splitlines()[1:],
                            free.replace("sem-2", "").splitlines()[1:])
        self.assertGreaterEqual(len(busy.splitlines()), 7, "a line a day")
        self.assertIn("Europe/Brussels", busy)

    def test_utilisation_tells_booked_hours(self):
        row, = self.json("utilisation", "sem", "--from", MONDAY, "--to", TUESDAY)["rows"]
        self.assertEqual((int(row["bookedSeconds"]), int(row["openSeconds"])),
                         (3 * HOUR, 10 * HOUR))
        self.assertIn("30", self.labslot("utilisation", "sem", "--from", MONDAY, "--to",
                                         TUESDAY).stdout)

    def test_the_list_is_filtered(self):
        other = self.book("bench", f"{TUESDAY} 9:00..12:00")
        def numbers(*words):
            return [entry["name"].split("/")[1]
                    for entry in self.json("list", *words).get("reservations", [])]
        self.assertEqual(numbers("--asset", "bench"), [other])
        self.assertEqual(numbers("--from", TUESDAY), [other])
        self.assertEqual(numbers("--to", TUESDAY), [self.number])
        self.assertEqual(numbers("--org", "globex"), [])
        self.assertEqual(numbers("--state", "cancelled"), [])
        self.assertEqual(numbers("--user", "alice"), [self.number, other])

    def test_a_watch_prints_what_happened(self):
        run = self.labslot("watch", "reservations", "--after", "0", "--count", "1", "-o", "json")
        event = json.loads(run.stdout)
        self.assertEqual(event["resourceName"], f"reservations/{self.number}")
        self.assertIn(self.number, self.labslot("watch", "assets/sem", "--after", "0", "--count",
                                                "2").stdout)

    def test_a_watch_goes_on_over_a_restart_of_the_daemon(self):
        watch = subprocess.Popen(
            [harness.LABSLOT, "watch", "reservations", "--after", "0", "--count", "2", "-o",
             "json"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=self.folder,
            env=self.environment())
        try:
            first = json.loads(watch.stdout.readline())
            self.daemon.restart()
            self.operator = self.daemon.operator()
            other = self.book("bench", f"{TUESDAY} 9:00..12:00")
            rest = watch.stdout.read()
            watch.wait(60)
        finally:
            watch.kill()
            watch.communicate()
        self.assertEqual(first["resourceName"], f"reservations/{self.number}")
        self.assertEqual([json.loads(line)["resourceName"] for line in rest.splitlines()],
                         [f"reservations/{other}"])
        self.assertEqual(watch.returncode, DONE)

    def test_a_watch_ends_quietly_on_an_interrupt(self):
        watch = subprocess.Popen([harness.LABSLOT, "watch", "--after", "0"], stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, text=True, cwd=self.folder,
                                 env=self.environment())
        watch.stdout.readline()
        watch.send_signal(signal.SIGINT)
        _, said = watch.communicate(timeout=harness.PATIENCE)
        self.assertIn(watch.returncode, (DONE, 130))
        self.assertEqual(said, "")


class CatalogueTest(ClientTest):
    def test_an_export_imports_as_unchanged(self):
        for form in ("yaml", "json"):
            exported = self.labslot("export", "-o", form).stdout
            before = self.revision()
            reply = self.json("import", "-", text=exported)
            self.assertEqual((reply["createdCount"], reply["updatedCount"]), (0, 0))
            self.assertGreater(reply["unchangedCount"], 20)
            self.assertEqual(self.revision(), before)
        self.assertEqual(self.operator.ExportCatalogue().catalogue.assets[0].calendar,
                         sorted(small_world().assets, key=lambda entry: entry.name)[0].calendar)

    def test_a_bad_file_is_told_by_line_and_nothing_is_changed(self):
        path = self.folder / "bad.yaml"
        path.write_text("sites:\n  - name: ghent\n    colour: red\n")
        before = self.revision()
        run = self.labslot("import", str(path), expect=USAGE)
        self.assertIn("bad.yaml:3", run.stderr)
        self.assertIn("colour", run.stderr)
        self.assertEqual(self.revision(), before)

    def test_records_are_made_changed_and_removed(self):
        self.labslot("site", "create", "ghent", "display_name=Ghent", "time_zone=Europe/Brussels")
        self.labslot("org", "create", "initech", "kind=sme", "display_name=Initech")
        self.labslot("user", "create", "carol", "display_name=Carol", "organisations=[initech]")
        self.labslot("asset", "create", "saw", "kind=saw", "site=ghent", "display_name=Saw")
        self.labslot("asset", "update", "saw", "description=sharp")
        self.assertEqual(self.operator.GetAsset(name="assets/saw").description, "sharp")
        self.labslot("asset", "delete", "saw")
        self.assertEqual(self.json("asset", "show", "saw")["state"], "STATE_RETIRED")
        self.labslot("org", "delete", "lab-owner", expect=REFUSED)

    def test_a_token_is_issued_and_works(self):
        secret = self.labslot("token", "create", "--user", "alice", "-q").stdout.strip()
        path = self.folder / "token"
        path.write_text(secret + "\n")
        shown = self.labslot("whoami", "-q", "--token-file", str(path),
                             LABSLOT_SERVER=f"127.0.0.1:{self.daemon.port}").stdout
        self.assertIn("alice", shown)

    def test_the_secret_of_a_token_is_in_the_sheet_of_its_creation_alone(self):
        made = self.labslot("token", "create", "--user", "alice", "-o", "csv").stdout
        row = next(csv.DictReader(io.StringIO(made)))
        path = self.folder / "token"
        path.write_text(row["secret"])
        self.labslot("whoami", "--token-file", str(path),
                     LABSLOT_SERVER=f"127.0.0.1:{self.daemon.port}")
        self.assertNotIn("secret", self.labslot("token", "list", "-o", "csv").stdout)


class ExitCodeTest(ClientTest):
    def test_each_kind_of_failure_has_its_exit_code(self):
        self.labslot("show", "424242", expect=NOT_FOUND)
        self.labslot("asset", "show", "nothing", expect=NOT_FOUND)
        self.labslot("site", "delete", "lommel", expect=REFUSED)
        self.labslot("site", "delete", "lommel", expect=DENIED, **self.token("bob"))
        self.labslot("whoami", expect=DENIED, LABSLOT_SERVER=f"127.0.0.1:{self.daemon.port}")
        self.labslot("whoami", expect=DENIED, LABSLOT_SERVER=f"127.0.0.1:{self.daemon.port}",
                     LABSLOT_TOKEN="not-a-token")
        self.labslot("site", "create", "lommel", "time_zone=UTC", "display_name=x", expect=ERROR)
        self.labslot("site", "create", "Not A Name", "time_zone=UTC", "display_name=x",
                     expect=USAGE)
        self.labslot("book", expect=USAGE)
        self.labslot("book", "sem", "someday", expect=USAGE)
        self.labslot("list", "--from", "03/04/2027", expect=USAGE)
        self.labslot(expect=USAGE)

    def test_an_unreachable_daemon_is_one_clear_line(self):
        for server in (f"unix:{self.folder}/nowhere.sock", "127.0.0.1:1", "localhost:1"):
            with self.subTest(server=server):
                run = self.labslot("status", expect=UNAVAILABLE, LABSLOT_SERVER=server)
                self.assertEqual(len(run.stderr.strip().splitlines()), 1, run.stderr)
                self.assertIn(server, run.stderr)

    def test_a_killed_daemon_is_one_clear_line(self):
        self.daemon.kill()
        run = self.labslot("asset", "list", expect=UNAVAILABLE)
        self.assertEqual(len(run.stderr.strip().splitlines()), 1, run.stderr)

    def test_mistyped_commands_and_names_get_suggestions(self):
        self.assertIn("book", self.labslot("bok", "sem", expect=USAGE).stderr)
        self.assertIn("list", self.labslot("asset", "lsit", expect=USAGE).stderr)
        self.assertIn("--site", self.labslot("find", "sem", "--sitee", "x", expect=USAGE).stderr)
        run = self.labslot("book", "make-leb", f"{MONDAY} 9:00..12:00", expect=NOT_FOUND)
        self.assertIn("make-lab", run.stderr)
        self.assertIn("clean-room", self.labslot("asset", "show", "cleanroom",
                                                 expect=NOT_FOUND).stderr)

    def test_a_stranger_is_told_it_is_busy_and_not_by_whom(self):
        number = self.book("sem", f"{MONDAY} 9:00..12:00", "--for", "KANARIE")
        run = self.labslot("book", "sem", f"{MONDAY} 9:00..12:00", expect=REFUSED,
                           **self.token("bob"))
        self.assertNotIn("KANARIE", run.stdout + run.stderr)
        self.assertNotRegex(run.stderr, rf"reservation {number}\b")
        self.labslot("show", number, expect=NOT_FOUND, **self.token("bob"))


class HelpTest(ClientTest):
    starts_daemon = False

    def setUp(self):
        harness.DaemonTest.setUp(self)

    def test_every_command_helps_without_a_daemon(self):
        helped = self.labslot("--help").stdout
        commands = ("asset", "site", "org", "user", "book", "hold", "move", "cancel", "show",
                    "list", "free", "find", "calendar", "utilisation", "watch", "import",
                    "export", "status", "completion")
        for command in commands:
            self.assertRegex(helped, rf"(?m)^ +{command}\b")
            self.assertIn("labslot", self.labslot(command, "--help").stdout)
        self.assertRegex(self.labslot("--version").stdout, r"\d+\.\d+\.\d+")

    def test_completion_scripts_are_well_formed(self):
        for shell in ("bash", "zsh", "fish"):
            script = self.labslot("completion", shell).stdout
            self.assertIn("__complete", script)
            if shell == "bash":
                subprocess.run(["bash", "-n"], input=script, text=True, check=True, timeout=60)
        self.labslot("completion", "cmd", expect=USAGE)

    def test_commands_complete_without_a_daemon(self):
        self.assertIn("book", self.labslot("__complete", "bo").stdout.split())
        self.assertIn("--dry-run", self.labslot("__complete", "book", "--dr").stdout.split())
        self.assertEqual(self.labslot("__complete", "asset", "show", "m").stdout, "")


class CompletionTest(ClientTest):
    def test_names_come_from_the_daemon(self):
        self.assertEqual(self.labslot("__complete", "asset", "show", "make").stdout.split(),
                         ["make-lab"])
        self.assertEqual(self.labslot("__complete", "book", "sem").stdout.split(),
                         ["sem", "sem-2", "sem-brno"])
        sites = self.labslot("__complete", "book", "make-lab", "--site", "ko").stdout.split()
        self.assertEqual(sites, ["kortrijk"])


if __name__ == "__main__":
    harness.main()

"""Who may call what, from one table, and what those hear who may not."""

import harness
from harness import Code, Failure, METHODS
from labslot.v1 import quota_pb2, reservation_service_pb2
from world import (
    HOUR, Role, Token, approval, asset, at, booking, date, day, duration, group, holiday_region,
    item, max_length, on, organisation, policy, quota, series, site, span, timestamp, user,
)
from world_test_case import WorldTest

Quota = quota_pb2.Quota
PERIOD = span(at(0, "00:00"), at(7, "00:00"))
PAST = span(1780000000, 1780000060)

# A call for requests that takes none any more.
ROUND = {"assets": ["assets/sem"], "interval": PERIOD, "deadline_time": timestamp(1)}

# The callers of the table, in the order of its columns. The reservations and the
# series that rows speak of are of alice, for acme, on assets/sem and assets/oven
# in lommel.
COLUMNS = (
    "alice",  # its user
    "amir",  # a member of its organisation
    "bob",  # a member of another organisation
    "kim",  # asset manager of lommel's owner: in scope
    "otto",  # asset manager of brno: out of scope
    "ada",  # administrator
    "operator",  # local operator
)

OUTCOMES = {".": None, "d": Code.PERMISSION_DENIED, "n": Code.NOT_FOUND}

# RPC: what it is asked (fields of the request, made from the test, if that is
# a function), and the outcome for each column: `.` answered, `d` denied, `n`
# not found. Callers without a valid identity are refused everything.
#                                                             alice amir bob kim otto ada operator
TABLE = {
    "GetSite": ({"name": "sites/lommel"}, "......."),
    "ListSites": ({}, "......."),
    "CreateSite": ({"site_id": "hasselt", "site": site("hasselt"), "validate_only": True},
                   "ddddd.."),
    "UpdateSite": ({"site": {"name": "sites/brno", "region": "CZ06"},
                    "update_mask": {"paths": ["region"]}, "validate_only": True}, "ddddd.."),
    "DeleteSite": ({"name": "sites/tartu", "validate_only": True}, "ddddd.."),
    "GetAsset": ({"name": "assets/sem"}, "......."),
    "ListAssets": ({}, "......."),
    "CreateAsset": ({"asset_id": "saw", "asset": asset("saw"), "validate_only": True}, "ddd.d.."),
    "UpdateAsset": ({"asset": {"name": "assets/sem", "description": "new"},
                     "update_mask": {"paths": ["description"]}, "validate_only": True}, "ddd.d.."),
    "DeleteAsset": ({"name": "assets/crane-left", "validate_only": True}, "ddd.d.."),
    "GetHolidayRegion": ({"name": "holidayRegions/be"}, "......."),
    "ListHolidayRegions": ({}, "......."),
    "CreateHolidayRegion": ({"holiday_region_id": "nl", "holiday_region": holiday_region("nl"),
                             "validate_only": True}, "ddddd.."),
    "UpdateHolidayRegion": ({"holiday_region": {"name": "holidayRegions/be", "attribution": "me"},
                             "update_mask": {"paths": ["attribution"]}, "validate_only": True},
                            "ddddd.."),
    "DeleteHolidayRegion": ({"name": "holidayRegions/spare", "validate_only": True}, "ddddd.."),
    "GetOutage": ({"name": "outages/spare"}, "......."),
    "ListOutages": ({"show_past": True}, "......."),
    "CreateOutage": ({"outage": {"asset": "assets/sem", "interval": PERIOD},
                      "validate_only": True}, "ddd.d.."),
    "UpdateOutage": ({"outage": {"name": "outages/spare", "category": "new"},
                      "update_mask": {"paths": ["category"]}, "validate_only": True}, "ddd.d.."),
    "DeleteOutage": ({"name": "outages/spare", "validate_only": True}, "ddd.d.."),
    "ImportCatalogue": ({"catalogue": {"sites": [site("hasselt")]}, "validate_only": True},
                        "ddddd.."),
    "ExportCatalogue": ({}, "......."),
    "GetOrganisation": ({"name": "organisations/acme"}, "......."),
    "ListOrganisations": ({}, "......."),
    "CreateOrganisation": ({"organisation_id": "initech", "organisation": organisation("initech"),
                            "validate_only": True}, "ddddd.."),
    "UpdateOrganisation": ({"organisation": {"name": "organisations/acme", "region": "BE22"},
                            "update_mask": {"paths": ["region"]}, "validate_only": True},
                           "ddddd.."),
    "DeleteOrganisation": ({"name": "organisations/spare", "validate_only": True}, "ddddd.."),
    "GetUser": ({"name": "users/alice"}, ".nnnn.."),
    "ListUsers": ({}, "......."),
    "CreateUser": ({"user_id": "carol", "user": user("carol"), "validate_only": True}, "ddddd.."),
    "UpdateUser": ({"user": {"name": "users/alice", "email": "a@example.org"},
                    "update_mask": {"paths": ["email"]}, "validate_only": True}, "dnnnn.."),
    "DeleteUser": ({"name": "users/alice", "validate_only": True}, "dnnnn.."),
    "GetGroup": ({"name": "groups/spare"}, "......."),
    "ListGroups": ({}, "......."),
    "CreateGroup": ({"group_id": "welders", "group": group("welders"), "validate_only": True},
                    "ddddd.."),
    "UpdateGroup": ({"group": {"name": "groups/spare", "users": ["users/alice"]},
                     "update_mask": {"paths": ["users"]}, "validate_only": True}, "ddddd.."),
    "DeleteGroup": ({"name": "groups/spare", "validate_only": True}, "ddddd.."),
    "WhoAmI": ({}, "......."),
    "CreateToken": ({"token": {"user": "users/alice"}}, ".dddd.."),
    "ListTokens": ({"user": "users/alice"}, ".nnnn.."),
    "DeleteToken": (lambda test: {"name": test.new_token("alice").name}, ".nnnn.."),
    "CreateReservation": ({"reservation": booking("sem", at(1, "09:00"), at(1, "11:00"),
                                                  user="users/alice"),
                           "validate_only": True}, ".dd.d.."),
    "BatchCreateReservations": (
        {"requests": [{"reservation": booking("sem", at(1, "09:00"), at(1, "11:00"),
                                              user="users/alice")}],
         "validate_only": True}, ".dd.d.."),
    "CreateVisit": ({"stops": [{"duration": duration(HOUR), "options": [{"items": [item("sem")]}]}],
                     "windows": [PERIOD], "common": {"user": "users/alice"},
                     "validate_only": True}, ".dd.d.."),
    "GetReservation": (lambda test: {"name": test.held.name}, "..n.n.."),
    "ListReservations": ({}, "......."),
    "UpdateReservation": (lambda test: {
        "reservation": {"name": test.held.name, "purpose": "new"},
        "update_mask": {"paths": ["purpose"]}, "validate_only": True}, ".dn.n.."),
    "CancelReservation": (lambda test: {"name": test.held.name, "validate_only": True}, ".dn.n.."),
    "ConfirmReservation": (lambda test: {"name": test.held.name, "validate_only": True}, ".dn.n.."),
    "ApproveReservation": (lambda test: {"name": test.asked.name, "validate_only": True},
                           "ddn.n.."),
    "RejectReservation": (lambda test: {"name": test.asked.name, "reason": "no",
                                        "validate_only": True}, "ddn.n.."),
    "AcceptOffer": (lambda test: {"name": test.offered.name, "validate_only": True}, ".dn.n.."),
    "CheckIn": (lambda test: {"name": test.running.name, "validate_only": True}, ".dn.n.."),
    "CheckOut": (lambda test: {"name": test.using.name, "validate_only": True}, ".dn.n.."),
    "CorrectUse": (lambda test: {"name": test.used.name, "reason": "seen", "validate_only": True},
                   "ddn.n.."),
    "ListProblems": ({}, "......."),
    "Explain": (lambda test: {"name": test.held.name}, "..n.n.."),
    "CreateSeries": ({"series": series("sem", day(1), "09:00", "FREQ=DAILY;COUNT=2",
                                       user="users/alice"), "validate_only": True}, ".dd.d.."),
    "GetSeries": (lambda test: {"name": test.repeated.name}, "..n.n.."),
    "ListSeries": ({}, "......."),
    "UpdateSeries": (lambda test: {
        "series": {"name": test.repeated.name, "reservation": {"purpose": "new"}},
        "update_mask": {"paths": ["reservation.purpose"]}, "validate_only": True}, ".dn.n.."),
    "CancelSeries": (lambda test: {"name": test.repeated.name, "validate_only": True}, ".dn.n.."),
    "RetrySeries": (lambda test: {"name": test.repeated.name, "validate_only": True}, ".dn.n.."),
    "GetPolicy": ({"name": "policies/long"}, "......."),
    "ListPolicies": ({}, "......."),
    "CreatePolicy": ({"policy_id": "short", "policy": policy("short", max_length("sem", HOUR)),
                      "validate_only": True}, "ddd.d.."),
    "UpdatePolicy": ({"policy": {"name": "policies/long", "description": "new"},
                      "update_mask": {"paths": ["description"]}, "validate_only": True},
                     "ddd.d.."),
    "DeletePolicy": ({"name": "policies/long", "validate_only": True}, "ddd.d.."),
    "GetQuota": ({"name": "quotas/many"}, "......."),
    "ListQuotas": ({}, "......."),
    "CreateQuota": ({"quota_id": "few", "quota": quota("few", "sem", 2), "validate_only": True},
                    "ddd.d.."),
    "UpdateQuota": ({"quota": {"name": "quotas/many", "description": "new"},
                     "update_mask": {"paths": ["description"]}, "validate_only": True}, "ddd.d.."),
    "DeleteQuota": ({"name": "quotas/many", "validate_only": True}, "ddd.d.."),
    "QueryQuotaUsage": ({"user": "users/alice", "assets": ["assets/sem"], "interval": PERIOD},
                        ".dd.d.."),
    "TestPolicy": ({"changes": {"policies": [policy("short", max_length("sem", HOUR))]}},
                   "ddd.d.."),
    "ApplyPolicy": ({"changes": {"policies": [policy("short", max_length("sem", HOUR))]},
                     "validate_only": True}, "ddd.d.."),
    "ListPresets": ({}, "......."),
    "ExpandPreset": ({"preset": "nano-facility", "applies_to": {"assets": ["assets/sem"]}},
                     "......."),
    "PlanDisplacement": ({"reservation": booking("sem", at(1, "09:00"), at(1, "11:00"),
                                                 user="users/alice")}, ".dd.d.."),
    "GetRound": ({"name": "rounds/spare"}, "......."),
    "ListRounds": ({}, "......."),
    "CreateRound": ({"round_id": "call", "round": ROUND, "validate_only": True}, "ddd.d.."),
    "UpdateRound": ({"round": {"name": "rounds/spare", "description": "new"},
                     "update_mask": {"paths": ["description"]}, "validate_only": True}, "ddd.d.."),
    "DeleteRound": ({"name": "rounds/spare", "validate_only": True}, "ddd.d.."),
    "PlanAllocation": ({"name": "rounds/spare"}, "ddd.d.."),
    "ApplyAllocation": ({"name": "rounds/spare", "validate_only": True}, "ddd.d.."),
    "QueryFreeBusy": ({"assets": ["assets/sem"], "interval": PERIOD}, "......."),
    "FindSlots": ({"items": [item("sem")], "duration": duration(HOUR), "interval": PERIOD},
                  "......."),
    "QueryUtilisation": ({"assets": ["assets/sem"], "interval": PERIOD}, "ddd.d.."),
    "GetYearlyOverview": ({"quota": "quotas/economic", "year": 2027}, "ddd.d.."),
    "ReportMachineStates": ({"report": {
        "asset": "assets/sem", "spans": [{"interval": PAST, "state": "RUNNING"}]},
        "validate_only": True}, "ddd.d.."),
    "ListUseChanges": ({"assets": ["assets/sem"], "interval": PERIOD}, "ddd.d.."),
    "Watch": ({"after_revision": 0}, "......."),
    "ListEvents": ({}, "......."),
    "GetServerInfo": ({}, "......."),
    "Backup": ({}, "ddddd.."),
    "ListBackups": ({}, "ddddd.."),
    "CompactStore": ({}, "ddddd.."),
}


def outcome(client, method, request):
    """The code of a call; None if it was answered."""
    try:
        reply = client.call(method, request)
        if method.streams:
            next(reply)
            reply.cancel()
        return None
    except Failure as failure:
        assert failure.reason, f"{method.name}: an error carries its ErrorInfo: {failure}"
        assert harness.CODE_OF_REASON[failure.reason] == failure.code, failure
        return failure.code


class AccessTest(WorldTest):
    def make_daemon(self):
        return harness.Daemon(self.folder, "--backup_dir", str(self.folder / "backups"))

    def setUp(self):
        super().setUp()
        self.operator.CreateHolidayRegion(holiday_region_id="spare",
                                          holiday_region=holiday_region("spare"))
        self.operator.CreateOrganisation(organisation_id="spare",
                                         organisation=organisation("spare"))
        self.operator.CreateGroup(group_id="spare", group=group("spare"))
        self.operator.CreatePolicy(policy_id="long", policy=policy(
            "long", max_length("sem", 300 * HOUR)))
        self.operator.CreatePolicy(policy_id="ask", policy=policy("ask", approval("oven")))
        self.operator.CreateQuota(quota_id="many", quota=quota("many", "sem", 1000))
        self.operator.CreateQuota(quota_id="economic", quota={
            "applies_to": [on("sem")], "measure": Quota.TIME, "period": Quota.YEAR,
            "max_share": {"percent": 100, "base": quota_pb2.CapacityShare.CALENDAR}})
        now = self.operator.GetServerInfo().now.seconds
        self.operator.CreateOutage(outage_id="spare", outage={
            "asset": "assets/sem", "interval": span(now - 2 * HOUR, now - HOUR)})
        self.operator.CreateRound(round_id="spare", round=ROUND)
        self.asked = self.book("oven", at(0, "09:00"), at(0, "11:00"), by=self.alice)
        self.running = self.book("bench", now + 300, now + 2 * HOUR, by=self.alice)
        self.using = self.book("rigs", now + 300, now + 2 * HOUR, by=self.alice)
        self.alice.CheckIn(name=self.using.name)
        self.used = self.book("clean-room", now + 300, now + 2 * HOUR, by=self.alice)
        self.alice.CheckIn(name=self.used.name)
        self.alice.CheckOut(name=self.used.name)
        self.repeated = self.alice.CreateSeries(series=series(
            "sem", day(2), "14:00", "FREQ=DAILY;COUNT=2"))
        self.held = self.book("sem", at(0, "09:00"), at(0, "11:00"), by=self.alice,
                              hold_duration=duration(HOUR))
        self.offered = self.offer("clean-room", 6, at(4, "02:00"), at(4, "03:00"))

    def offer(self, asset, capacity, start, end):
        """What alice gets from the wait list."""
        taken = self.book(asset, start, end, capacity, by=self.alice)
        waits = self.alice.CreateReservation(
            reservation=booking(asset, start, end),
            on_conflict=reservation_service_pb2.CreateReservationRequest.WAIT_LIST)
        self.alice.CancelReservation(name=taken.name)
        return waits

    def new_token(self, name, **fields):
        return self.operator.CreateToken(token=Token(user=f"users/{name}", **fields))


class MatrixTest(AccessTest):
    def test_every_rpc_has_a_row(self):
        self.assertEqual(set(TABLE), set(METHODS))

    def test_every_cell_of_the_table_holds(self):
        wrong = []
        for name, (fields, row) in TABLE.items():
            self.assertEqual(len(row), len(COLUMNS), name)
            for person, cell in zip(COLUMNS, row):
                made = fields(self) if callable(fields) else fields
                request = METHODS[name].request(**made)
                found = outcome(getattr(self, person), METHODS[name], request)
                if found != OUTCOMES[cell]:
                    wrong.append(f"{name} as {person}: {found or 'answered'}, not '{cell}'")
        self.assertFalse(wrong, "\n" + "\n".join(wrong))

    def test_without_a_valid_identity_nothing_is_answered(self):
        revoked = self.new_token("alice")
        self.operator.DeleteToken(name=revoked.name)
        disabled = self.new_token("dora")
        self.operator.DeleteUser(name="users/dora")
        soon = self.operator.GetServerInfo().now.seconds + 2
        expired = self.daemon.client(self.new_token("alice", expire_time=timestamp(soon)).secret)
        harness.eventually("a token to expire",
                           lambda: outcome(expired, METHODS["WhoAmI"], METHODS["WhoAmI"].request()))
        callers = {
            "no identity": self.daemon.client(),
            "unknown token": self.daemon.client("not-a-token"),
            "empty token": self.daemon.client(""),
            "altered token": self.daemon.client(self.new_token("alice").secret[:-1] + "~"),
            "revoked token": self.daemon.client(revoked.secret),
            "expired token": expired,
            "disabled user": self.daemon.client(disabled.secret),
        }
        wrong = []
        for caller, client in callers.items():
            for name, method in METHODS.items():
                found = outcome(client, method, method.request())
                if found != Code.UNAUTHENTICATED:
                    wrong.append(f"{name} with {caller}: {found or 'answered'}")
        self.assertFalse(wrong, "\n" + "\n".join(wrong))

    def test_only_bearer_tokens_are_read(self):
        secret = self.new_token("alice").secret
        for headers in ([("authorization", secret)], [("authorization", f"Basic {secret}")],
                        [("authorization", "Bearer")], [("authorization", f"Bearer {secret} x")],
                        [("authorization", f"Bearer x{secret}")], [("x-user", "users/ada")],
                        [("authorization", "Bearer no")] * 2):
            client = self.daemon.client()
            client.metadata = headers
            with self.subTest(headers=headers):
                self.fails("NO_VALID_IDENTITY", client.WhoAmI)

    def test_a_bad_token_on_the_socket_does_not_fall_back_to_the_peer(self):
        client = self.daemon.operator()
        client.metadata = [("authorization", "Bearer not-a-token")]
        self.fails("NO_VALID_IDENTITY", client.WhoAmI)

    def test_a_token_on_the_socket_stands_for_its_user(self):
        client = self.daemon.operator()
        client.metadata = [("authorization", f"Bearer {self.new_token('alice').secret}")]
        self.assertEqual(client.WhoAmI().name, "users/alice")
        self.fails("ROLE_REQUIRED", client.CreateSite, site_id="x", site=site("x"))


class RoleTest(AccessTest):
    def test_a_role_taken_away_is_gone_at_once(self):
        self.kim.UpdateAsset(asset={"name": "assets/sem", "description": "a"},
                             update_mask={"paths": ["description"]})
        self.operator.UpdateUser(user={"name": "users/kim"},
                                 update_mask={"paths": ["role_bindings"]})
        self.fails("ROLE_REQUIRED", self.kim.UpdateAsset,
                   asset={"name": "assets/sem", "description": "b"},
                   update_mask={"paths": ["description"]})
        self.fails("RESOURCE_NOT_FOUND", self.kim.GetReservation, name=self.held.name)

    def test_nobody_raises_himself(self):
        for client, name in ((self.alice, "alice"), (self.kim, "kim")):
            self.fails("ROLE_REQUIRED", client.UpdateUser,
                       user={"name": f"users/{name}",
                             "role_bindings": [{"role": Role.ROLE_ADMINISTRATOR}]},
                       update_mask={"paths": ["role_bindings"]})
            self.fails("ROLE_REQUIRED", client.CreateToken, token={"user": "users/ada"})
            self.fails("ROLE_REQUIRED", client.ImportCatalogue, catalogue={"users": [
                user(name, role=Role.ROLE_ADMINISTRATOR)]})

    def test_a_manager_moves_no_asset_across_the_border_of_his_scope(self):
        self.fails("ROLE_REQUIRED", self.otto.CreateAsset, asset_id="saw", asset=asset("saw"))
        self.fails("ROLE_REQUIRED", self.otto.UpdateAsset,
                   asset={"name": "assets/sem-brno", "site": "sites/lommel"},
                   update_mask={"paths": ["site"]})
        self.fails("ROLE_REQUIRED", self.otto.UpdateAsset,
                   asset={"name": "assets/sem", "site": "sites/brno"},
                   update_mask={"paths": ["site"]})
        self.otto.CreateAsset(asset_id="saw", asset=asset("saw", "brno"))

    def test_a_manager_of_one_of_two_assets_sees_but_does_not_change(self):
        both = self.book([item("sem"), item("sem-brno")], at(1, "09:00"), at(1, "10:00"))
        self.assertEqual(self.otto.GetReservation(name=both.name), both)
        self.fails("ROLE_REQUIRED", self.otto.CancelReservation, name=both.name)

    def test_a_user_cannot_hand_his_booking_to_a_stranger_or_to_another_organisation(self):
        for fields in ({"user": "users/bob"}, {"organisation": "organisations/globex"}):
            with self.assertRaises(Failure) as caught:
                self.alice.UpdateReservation(reservation={"name": self.held.name, **fields},
                                             update_mask={"paths": list(fields)})
            self.assertIn(caught.exception.reason, ("ROLE_REQUIRED", "REFUSED"))

    def test_users_see_themselves_and_administrators_everybody(self):
        self.assertEqual([person.name for person in self.bob.ListUsers().users], ["users/bob"])
        self.assertEqual(len(self.ada.ListUsers().users), 7)
        self.assertEqual(self.bob.WhoAmI().name, "users/bob")
        self.assertEqual(self.bob.GetUser(name="users/bob").email, "bob@example.org")

    def test_tokens_are_listed_for_their_user(self):
        self.new_token("bob", display_name="laptop")
        listed = self.bob.ListTokens(user="users/bob").tokens
        self.assertTrue(any(entry.display_name == "laptop" for entry in listed))
        self.assertFalse(any(entry.secret for entry in listed))
        with self.assertRaises(Failure):
            self.bob.ListTokens()

    def test_a_repeated_create_token_does_not_tell_the_secret_again(self):
        first = self.alice.CreateToken(token={"user": "users/alice"}, request_id="t-1")
        self.assertTrue(first.secret)
        again = self.alice.CreateToken(token={"user": "users/alice"}, request_id="t-1")
        self.assertEqual((again.name, again.secret), (first.name, ""))


class UnknownTest(AccessTest):
    """What the caller may not know of, he is told does not exist."""

    def heard(self, call, name, fields):
        """All that the caller hears, with the name replaced."""
        try:
            reply = call(**fields)
        except Failure as failure:
            told = (failure.code.name.encode(), failure.message.encode(), failure.details)
            return tuple(part.replace(name.encode(), b"@") for part in told)
        return reply.SerializeToString().replace(name.encode(), b"@")

    def same(self, real, unknown, call, **fields):
        """`fields` holds the name as `{}`, also deep inside."""
        def filled(value, name):
            if isinstance(value, dict):
                return {key: filled(entry, name) for key, entry in value.items()}
            if isinstance(value, list):
                return [filled(entry, name) for entry in value]
            return value.replace("{}", name) if isinstance(value, str) else value

        self.assertEqual(len(real), len(unknown))
        heard = [self.heard(call, name, filled(fields, name)) for name in (real, unknown)]
        self.assertEqual(heard[0], heard[1])
        return heard[0]

    def test_a_strangers_reservation_is_like_an_unknown_one(self):
        real = self.held.name
        unknown = "reservations/" + "9" * (len(real) - len("reservations/"))
        stale = '"1"'
        for call, fields in (
                (self.bob.GetReservation, {"name": "{}"}),
                (self.bob.CancelReservation, {"name": "{}"}),
                (self.bob.CancelReservation, {"name": "{}", "etag": stale}),
                (self.bob.CancelReservation, {"name": "{}", "validate_only": True}),
                (self.bob.ConfirmReservation, {"name": "{}", "etag": stale}),
                (self.bob.UpdateReservation, {"reservation": {"name": "{}", "purpose": "x"},
                                              "update_mask": {"paths": ["purpose"]}}),
                (self.bob.UpdateReservation, {"reservation": {"name": "{}", "etag": stale},
                                              "update_mask": {"paths": ["purpose"]}}),
                (self.bob.ApproveReservation, {"name": "{}"}),
                (self.bob.ApproveReservation, {"name": "{}", "etag": stale}),
                (self.bob.RejectReservation, {"name": "{}", "reason": "no"}),
                (self.bob.CheckIn, {"name": "{}"}),
                (self.bob.CheckIn, {"name": "{}", "etag": stale}),
                (self.bob.Explain, {"name": "{}"})):
            with self.subTest(call=call, fields=fields):
                heard = self.same(real, unknown, call, **fields)
                self.assertEqual(heard[0], b"NOT_FOUND")
        self.assertEqual(self.operator.GetReservation(name=real), self.held)

    def test_a_strangers_request_for_approval_is_like_an_unknown_one(self):
        real = self.asked.name
        unknown = "reservations/" + "9" * (len(real) - len("reservations/"))
        for person in (self.bob, self.otto):
            for call, fields in ((person.ApproveReservation, {"name": "{}"}),
                                 (person.RejectReservation, {"name": "{}", "reason": "no"}),
                                 (person.Explain, {"name": "{}"})):
                with self.subTest(call=call, fields=fields):
                    self.assertEqual(self.same(real, unknown, call, **fields)[0], b"NOT_FOUND")
        self.assertEqual(self.operator.GetReservation(name=real), self.asked)

    def test_a_strangers_series_is_like_an_unknown_one(self):
        real = self.repeated.name
        unknown = "series/" + "9" * (len(real) - len("series/"))
        stale = '"1"'
        changed = {"name": "{}", "reservation": {"purpose": "x"}}
        for call, fields in (
                (self.bob.GetSeries, {"name": "{}"}),
                (self.bob.CancelSeries, {"name": "{}"}),
                (self.bob.CancelSeries, {"name": "{}", "etag": stale}),
                (self.bob.CancelSeries, {"name": "{}", "validate_only": True}),
                (self.bob.RetrySeries, {"name": "{}"}),
                (self.bob.UpdateSeries, {"series": changed,
                                         "update_mask": {"paths": ["reservation.purpose"]}}),
                (self.bob.UpdateSeries, {"series": {**changed, "etag": stale},
                                         "update_mask": {"paths": ["reservation.purpose"]}})):
            with self.subTest(call=call, fields=fields):
                self.assertEqual(self.same(real, unknown, call, **fields)[0], b"NOT_FOUND")
        self.same(real, unknown, self.bob.ListEvents, resources=["{}"])
        for person in (self.bob, self.otto):
            self.assertFalse(person.ListSeries().series)
        self.assertEqual(self.operator.GetSeries(name=real), self.repeated)

    def test_what_another_has_used_of_a_quota_is_answered_as_for_an_unknown_user(self):
        self.same("users/alice", "users/alyce", self.bob.QueryQuotaUsage, user="{}",
                  assets=["assets/sem"], interval=PERIOD)

    def test_a_strangers_reservation_leaves_no_mark_in_lists_and_streams(self):
        real = self.held.name
        unknown = "reservations/" + "9" * (len(real) - len("reservations/"))
        self.same(real, unknown, self.bob.ListEvents, resources=["{}"])
        for person in (self.bob, self.otto):
            self.assertFalse(person.ListReservations().reservations)
            self.assertFalse(person.ListReservations(filter='user = "users/alice"').reservations)
        self.same("users/alice", "users/alyce", self.bob.ListReservations, filter='user = "{}"')

    def test_another_user_is_like_an_unknown_one(self):
        for call, fields in (
                (self.bob.GetUser, {"name": "{}"}),
                (self.bob.ListTokens, {"user": "{}"}),
                (self.bob.DeleteUser, {"name": "{}"}),
                (self.bob.CreateToken, {"token": {"user": "{}"}}),
                (self.bob.UpdateUser, {"user": {"name": "{}", "email": "x@example.org"},
                                       "update_mask": {"paths": ["email"]}}),
                (self.bob.ListEvents, {"resources": ["{}"]})):
            with self.subTest(call=call, fields=fields):
                self.same("users/alice", "users/alyce", call, **fields)

    def test_booking_for_another_user_is_answered_as_for_an_unknown_one(self):
        heard = [self.heard(self.bob.CreateReservation, name, {
            "reservation": booking("bench", at(0, "09:00"), at(0, "10:00"), user=name)})
                 for name in ("users/alice", "users/alyce")]
        self.assertEqual(heard[0], heard[1])

    def test_another_users_token_is_like_an_unknown_one(self):
        real = self.new_token("alice").name
        unknown = real[:-1] + ("a" if real[-1] != "a" else "b")
        self.assertEqual(self.same(real, unknown, self.bob.DeleteToken, name="{}")[0], b"NOT_FOUND")

    def test_a_request_id_of_another_tells_nothing(self):
        fields = {"reservation": booking("bench", at(0, "09:00"), at(0, "10:00"))}
        self.alice.CreateReservation(request_id="shared", **fields)
        failure = self.refused("CAPACITY_EXCEEDED", self.bob.CreateReservation, request_id="shared",
                               **fields)
        self.assertEqual(failure.refusal.violations[0].conflicts[0].reservation, "")


class CanaryTest(AccessTest):
    CANARY = "KANARIE"

    def test_words_of_one_organisation_never_reach_another(self):
        canary = self.CANARY
        self.operator.UpdateUser(
            user={"name": "users/alice", "display_name": f"{canary} name",
                  "email": f"{canary}@example.org"},
            update_mask={"paths": ["display_name", "email"]})
        made = self.alice.CreateReservation(
            reservation=booking(
                "bench", at(0, "09:00"), at(0, "12:00"), display_name=f"{canary} title",
                purpose=f"{canary} purpose", project=f"{canary} project", labels={"k": canary}),
            request_id=f"{canary} request")
        gone = self.alice.CreateReservation(reservation=booking(
            "bench", at(1, "09:00"), at(1, "12:00"), purpose=canary))
        self.alice.CancelReservation(name=gone.name, reason=f"{canary} reason")
        self.alice.CreateToken(token={"user": "users/alice", "display_name": f"{canary} token"})
        for person in (self.bob, self.otto):
            for name, heard in self.everything_heard(person, made):
                for word in (canary.encode(), b"users/alice", made.name.encode() + b"\0"):
                    self.assertNotIn(word, heard + b"\0", f"{name} tells of {word}")

    def everything_heard(self, person, made):
        requests = [(name, METHODS[name].request(**(fields(self) if callable(fields) else fields)))
                    for name, (fields, _) in TABLE.items()
                    if not name.startswith(("Create", "Delete", "Update", "Get"))]
        requests += [
            ("QueryFreeBusy", METHODS["QueryFreeBusy"].request(
                assets=["assets/bench"], interval=PERIOD)),
            ("QueryUtilisation", METHODS["QueryUtilisation"].request(interval=PERIOD)),
            ("GetReservation", METHODS["GetReservation"].request(name=made.name)),
            ("CancelReservation", METHODS["CancelReservation"].request(name=made.name)),
            ("CreateReservation", METHODS["CreateReservation"].request(
                reservation=booking("bench", at(0, "10:00"), at(0, "11:00")))),
            ("Watch", METHODS["Watch"].request(after_revision=0, resources=["reservations"])),
            ("ListEvents", METHODS["ListEvents"].request(resources=["assets/bench"])),
            ("ListEvents", METHODS["ListEvents"].request(resources=["users"])),
            ("GetServerInfo", METHODS["GetServerInfo"].request()),
        ]
        head = self.revision()
        for name, request in requests:
            try:
                reply = person.call(METHODS[name], request)
                if METHODS[name].streams:
                    reply, stream = b"", reply
                    for message in stream:
                        reply += message.SerializeToString()
                        if message.revision >= head:
                            break
                    stream.cancel()
                    yield name, reply
                else:
                    yield name, reply.SerializeToString()
            except Failure as failure:
                # What the caller named himself may come back to him.
                heard = failure.message.encode() + failure.details
                for own in (made.name.encode(), b"users/alice"):
                    if own in request.SerializeToString():
                        heard = heard.replace(own, b"")
                yield name, heard

    def test_secrets_are_neither_in_the_log_nor_in_the_store(self):
        self.daemon.flags += ["--log_level", "debug"]
        self.daemon.restart()
        self.operator = self.daemon.operator()
        secrets = [self.new_token(name).secret for name in ("alice", "bob", "ada")]
        for secret in secrets:
            client = self.daemon.client(secret)
            client.WhoAmI()
            outcome(client, METHODS["GetReservation"], METHODS["GetReservation"].request(name="x"))
        altered = secrets[0][:-2] + "zz"
        self.fails("NO_VALID_IDENTITY", self.daemon.client(altered).WhoAmI)
        self.assertEqual(self.daemon.stop(), 0)
        written = self.daemon.log.read_bytes()
        self.assertIn(b"GetReservation", written, "every call is logged")
        self.assertNotIn(b"@example.org", written, "and nobody's address")
        for path in self.daemon.data.rglob("*"):
            if path.is_file():
                written += path.read_bytes()
        for secret in secrets + [altered]:
            self.assertGreaterEqual(len(secret), 43, "256 bits")
            self.assertNotIn(secret.encode(), written)


if __name__ == "__main__":
    harness.main()

"""Malformed requests: a clear error that names the field, and no trace in the state."""


import harness
from harness import Code, Failure, METHODS, grpc
from world import (
    Asset, Calendar, DAY, HOUR, Reservation, Role, Site, Token, asset, at, booking, date, day,
    duration, holiday_region, hours, item, local, organisation, site, span, timestamp, user, weekly,
)
from world_test_case import WorldTest

START, END = at(0, "09:00"), at(0, "11:00")
YEAR_0 = -62167219200
YEAR_9999 = 253370764800
MEBIBYTE = "x" * (1 << 20)
MANY_LABELS = {f"label-{number}": "x" for number in range(65)}


def reservation(**fields):
    """CreateReservation of something good, but for `fields`."""
    made = booking("bench", START, END, user="users/alice")
    for name, value in fields.items():
        made.ClearField(name)
        if value is not None:
            made.MergeFrom(Reservation(**{name: value}))
    return {"reservation": made}


def stop(**fields):
    """A stop of something good, but for `fields`."""
    return {"duration": duration(HOUR), "options": [{"items": [item("bench")]}], **fields}


def visit(**fields):
    """CreateVisit of something good, but for `fields`."""
    return {"stops": [stop()], "windows": [span(START, END)], "common": {"user": "users/alice"},
            **fields}


def new_asset(**fields):
    made = asset("saw")
    for name, value in fields.items():
        made.ClearField(name)
        if value is not None:
            made.MergeFrom(Asset(**{name: value}))
    return {"asset_id": "saw", "asset": made}


def new_site(**fields):
    made = site("hasselt")
    for name, value in fields.items():
        made.ClearField(name)
        if value is not None:
            made.MergeFrom(Site(**{name: value}))
    return {"site_id": "hasselt", "site": made}


def search(**fields):
    """FindSlots of something good, but for `fields`."""
    return {"kind": "sem", "interval": span(START, END), "duration": duration(60), **fields}


def with_calendar(**fields):
    return new_asset(calendar=Calendar(**fields))


def fractional(seconds):
    made = timestamp(seconds)
    made.nanos = 500_000_000
    return made


# One line a request: the RPC, what it is sent, and the field that the error
# must name (the beginning of its path).
TABLE = (
    # names
    ("GetAsset", {"name": ""}, "name"),
    ("GetAsset", {"name": "assets/"}, "name"),
    ("GetAsset", {"name": "assets/Make Lab"}, "name"),
    ("GetAsset", {"name": "assets/../users/ada"}, "name"),
    ("GetAsset", {"name": "sites/lommel"}, "name"),
    ("GetAsset", {"name": "assets/sem/"}, "name"),
    ("GetAsset", {"name": "assets/sem\x00"}, "name"),
    ("GetAsset", {"name": "assets/" + "a" * 64}, "name"),
    ("GetAsset", {"name": MEBIBYTE}, "name"),
    ("GetReservation", {"name": "reservations/first"}, "name"),
    ("GetReservation", {"name": "reservations/-1"}, "name"),
    ("GetReservation", {"name": "reservations/0"}, "name"),
    ("GetReservation", {"name": "reservations/99999999999999999999"}, "name"),
    ("GetReservation", {"name": "reservations/１"}, "name"),
    ("DeleteToken", {"name": "tokens"}, "name"),
    ("CreateSite", {**new_site(), "site_id": ""}, "site_id"),
    ("CreateSite", {**new_site(), "site_id": "-x"}, "site_id"),
    ("CreateSite", {**new_site(), "site_id": "Über"}, "site_id"),
    ("CreateUser", {"user_id": "@operator", "user": user("x")}, "user_id"),
    ("CreateReservation", reservation(user="alice"), "reservation.user"),
    ("CreateReservation", reservation(organisation="users/alice"), "reservation.organisation"),
    ("CreateReservation", reservation(site="lommel"), "reservation.site"),
    # missing fields
    ("CreateReservation", {}, "reservation"),
    ("CreateReservation", reservation(items=None), "reservation.items"),
    ("CreateReservation", reservation(interval=None), "reservation.interval"),
    ("CreateAsset", {"asset_id": "saw"}, "asset"),
    ("CreateAsset", new_asset(site=None), "asset.site"),
    ("CreateAsset", new_asset(capacity_kind=None), "asset.capacity_kind"),
    ("CreateSite", new_site(time_zone=None), "site.time_zone"),
    ("CreateOrganisation", {"organisation_id": "x", "organisation": {"display_name": "x"}},
     "organisation.kind"),
    ("CreateToken", {}, "token"),
    ("UpdateSite", {"update_mask": {"paths": ["region"]}}, "site"),
    ("FindSlots", {"interval": span(START, END)}, "duration"),
    ("FindSlots", {"interval": span(START, END), "duration": duration(60)}, "items"),
    ("QueryFreeBusy", {"interval": span(START, END)}, "assets"),
    ("QueryFreeBusy", {"assets": ["assets/sem"]}, "interval"),
    ("QueryUtilisation", {}, "interval"),
    # intervals and instants
    ("CreateReservation", reservation(interval=span(END, START)), "reservation.interval"),
    ("CreateReservation", reservation(interval=span(START, START)), "reservation.interval"),
    ("CreateReservation", reservation(interval={"start_time": timestamp(START)}),
     "reservation.interval.end_time"),
    ("CreateReservation", reservation(interval={"end_time": timestamp(START)}),
     "reservation.interval.start_time"),
    ("CreateReservation", reservation(interval=span(YEAR_0, END)),
     "reservation.interval.start_time"),
    ("CreateReservation", reservation(interval=span(START, YEAR_9999)),
     "reservation.interval.end_time"),
    ("CreateReservation", reservation(interval=span(-(1 << 63), (1 << 63) - 1)),
     "reservation.interval.start_time"),
    ("CreateReservation", reservation(interval={"start_time": fractional(START),
                                                "end_time": timestamp(END)}),
     "reservation.interval.start_time"),
    ("CreateReservation", reservation(interval={"start_time": {"seconds": START, "nanos": -1},
                                                "end_time": timestamp(END)}),
     "reservation.interval.start_time"),
    ("CreateReservation", reservation(interval=span(START, START + 400 * DAY)),
     "reservation.interval"),
    ("QueryFreeBusy", {"assets": ["assets/sem"], "interval": span(START, START + 401 * DAY)},
     "interval"),
    ("QueryUtilisation", {"interval": span(START, START + 3661 * DAY)}, "interval"),
    ("CreateToken", {"token": Token(user="users/alice", expire_time=timestamp(YEAR_9999))},
     "token.expire_time"),
    ("CreateToken", {"token": Token(user="users/alice", expire_time=timestamp(1000))},
     "token.expire_time"),
    # durations
    ("CreateReservation", {**reservation(), "hold_duration": duration(-5)}, "hold_duration"),
    ("CreateReservation", {**reservation(), "hold_duration": duration(0)}, "hold_duration"),
    ("CreateReservation", {**reservation(), "hold_duration": duration(8 * DAY)}, "hold_duration"),
    ("CreateReservation", {**reservation(), "hold_duration": duration((1 << 63) - 1)},
     "hold_duration"),
    ("CreateReservation", {**reservation(), "hold_duration": {"nanos": 5}}, "hold_duration"),
    ("FindSlots", {"items": [item("sem")], "interval": span(START, END),
                   "duration": duration(400 * DAY)}, "duration"),
    ("CreateAsset", new_asset(set_up=duration(-1)), "asset.set_up"),
    ("CreateAsset", new_asset(tear_down=duration(1 << 62)), "asset.tear_down"),
    # quantities and figures
    ("CreateReservation", reservation(items=[item("rigs", -1)]), "reservation.items[0].quantity"),
    ("CreateReservation", reservation(items=[item("rigs", -(1 << 31))]),
     "reservation.items[0].quantity"),
    ("CreateReservation", reservation(items=[item("rigs"), item("rigs")]), "reservation.items[1]"),
    ("CreateReservation", reservation(items=[item(f"a-{number}") for number in range(33)]),
     "reservation.items"),
    ("CreateReservation", reservation(priority=1001), "reservation.priority"),
    ("CreateReservation", reservation(priority=-1), "reservation.priority"),
    ("CreateReservation", reservation(attendees=-1), "reservation.attendees"),
    ("CreateAsset", new_asset(capacity=0), "asset.capacity"),
    ("CreateAsset", new_asset(capacity=-7, capacity_kind=2), "asset.capacity"),
    ("CreateAsset", new_asset(capacity=2), "asset.capacity"),
    ("CreateAsset", new_asset(capacity=100_001, capacity_kind=2), "asset.capacity"),
    ("FindSlots", {"kind": "sem", "quantity": -1, "interval": span(START, END),
                   "duration": duration(60)}, "quantity"),
    ("FindSlots", {"kind": "sem", "limit": -1, "interval": span(START, END),
                   "duration": duration(60)}, "limit"),
    ("FindSlots", search(order=77), "order"),
    ("FindSlots", search(region="Flanders"), "region"),
    ("FindSlots", search(from_site="lommel"), "from_site"),
    ("FindSlots", search(max_travel=duration(60)), "max_travel"),
    ("FindSlots", search(from_site="sites/lommel", max_travel=duration(-1)), "max_travel"),
    ("FindSlots", search(from_site="sites/lommel", max_travel=duration(32 * DAY)), "max_travel"),
    ("FindSlots", search(kind="", from_site="sites/lommel"), "items"),
    ("FindSlots", search(items=[item("sem")]), "items"),
    ("FindSlots", search(kind="", items=[item("sem")], region="BE"), "region"),
    ("FindSlots", search(kind="", items=[item("sem")], from_site="sites/lommel"), "from_site"),
    ("ListAssets", {"page_size": -1}, "page_size"),
    ("ListEvents", {"after_revision": -1}, "after_revision"),
    ("Watch", {"after_revision": -1}, "after_revision"),
    ("CreateSite", new_site(location={"latitude": 91}), "site.location.latitude"),
    ("CreateSite", new_site(location={"longitude": float("nan")}), "site.location.longitude"),
    ("CreateSite", new_site(power_kw=float("inf")), "site.power_kw"),
    ("CreateSite", new_site(clearance_m=-1), "site.clearance_m"),
    # enums
    ("CreateAsset", new_asset(capacity_kind=77), "asset.capacity_kind"),
    ("CreateReservation", reservation(activity_class=77), "reservation.activity_class"),
    ("CreateOrganisation", {"organisation_id": "x",
                            "organisation": {"display_name": "x", "kind": 77}},
                            "organisation.kind"),
    ("CreateUser", {"user_id": "x", "user": user("x", role=77)}, "user.role_bindings[0].role"),
    ("CreateUser", {"user_id": "x", "user": user("x", role=Role.ROLE_MEMBER, scope="lommel")},
     "user.role_bindings[0].scope"),
    ("QueryUtilisation", {"interval": span(START, END), "bucket": 77}, "bucket"),
    # texts
    ("CreateReservation", reservation(purpose=MEBIBYTE), "reservation.purpose"),
    ("CreateReservation", reservation(display_name="x" * 201), "reservation.display_name"),
    ("CreateReservation", reservation(display_name="two\nlines"), "reservation.display_name"),
    ("CreateReservation", reservation(project="a\x00b"), "reservation.project"),
    ("CreateReservation", reservation(labels=MANY_LABELS), "reservation.labels"),
    ("CreateReservation", reservation(labels={"": "x"}), "reservation.labels"),
    ("CreateReservation", reservation(labels={"k" * 64: "x"}), "reservation.labels"),
    ("CreateReservation", reservation(labels={"k": MEBIBYTE}), "reservation.labels"),
    ("CreateReservation", {**reservation(), "request_id": "r" * 129}, "request_id"),
    ("CancelReservation", {"name": "reservations/1", "reason": "x" * 2001}, "reason"),
    ("CancelReservation", {"name": "reservations/1", "etag": "W/x"}, "etag"),
    ("ListReservations", {"filter": MEBIBYTE}, "filter"),
    ("ListReservations", {"page_token": MEBIBYTE}, "page_token"),
    # zones and calendars
    ("CreateSite", new_site(time_zone="Mars/Olympus"), "site.time_zone"),
    ("CreateSite", new_site(time_zone="../../etc/passwd"), "site.time_zone"),
    ("CreateSite", new_site(time_zone="CET+1"), "site.time_zone"),
    ("QueryUtilisation", {"interval": span(START, END), "time_zone": "Nowhere"}, "time_zone"),
    ("CreateSite", new_site(region="Flanders!"), "site.region"),
    ("CreateAsset", with_calendar(weekly_windows=[{"window": hours("08:00", "17:00")}]),
     "asset.calendar.weekly_windows[0].days"),
    ("CreateAsset", with_calendar(weekly_windows=[weekly("08:00", "17:00", (9,))]),
     "asset.calendar.weekly_windows[0].days"),
    ("CreateAsset", with_calendar(weekly_windows=[{"days": [1],
                                                   "window": {"opens": {"hours": 25}}}]),
     "asset.calendar.weekly_windows[0].window"),
    ("CreateAsset", with_calendar(weekly_windows=[{"days": [1]}]),
     "asset.calendar.weekly_windows[0].window"),
    ("CreateAsset", with_calendar(exceptions=[{"effect": 1}]),
     "asset.calendar.exceptions[0].start_date"),
    ("CreateAsset", with_calendar(exceptions=[{"start_date": {"year": 2027, "month": 2, "day": 30},
                                               "effect": 1}]),
     "asset.calendar.exceptions[0].start_date"),
    ("CreateAsset", with_calendar(exceptions=[{"start_date": date(day(3)), "effect": 1,
                                               "end_date": date(day(1))}]),
     "asset.calendar.exceptions[0].end_date"),
    ("CreateAsset", with_calendar(exceptions=[{"start_date": date(day(3))}]),
     "asset.calendar.exceptions[0].effect"),
    ("CreateAsset", with_calendar(holiday_region="be"), "asset.calendar.holiday_region"),
    # masks
    ("UpdateAsset", {"asset": {"name": "assets/sem"}, "update_mask": {"paths": ["colour"]}},
     "update_mask"),
    ("UpdateAsset", {"asset": {"name": "assets/sem"}, "update_mask": {"paths": ["name"]}},
     "update_mask"),
    ("UpdateAsset", {"asset": {"name": "assets/sem"}, "update_mask": {"paths": ["state"]}},
     "update_mask"),
    ("UpdateAsset", {"asset": {"name": "assets/sem"}, "update_mask": {"paths": ["create_time"]}},
     "update_mask"),
    ("UpdateAsset", {"asset": {"name": "assets/sem"}, "update_mask": {"paths": ["calendar..x"]}},
     "update_mask"),
    ("UpdateUser", {"user": {"name": "users/alice"}, "update_mask": {"paths": [""]}},
     "update_mask"),
    # lists
    ("QueryFreeBusy", {"assets": ["assets/sem"] * 1001, "interval": span(START, END)}, "assets"),
    ("ListEvents", {"resources": ["everything"]}, "resources[0]"),
    ("Watch", {"resources": ["assets/sem", "colours/red"]}, "resources[1]"),
    ("Watch", {"resources": [f"assets/a-{number}" for number in range(101)]}, "resources"),
    ("ImportCatalogue",
     {"catalogue": {"assets": [asset(f"a-{number}") for number in range(10_001)]}},
     "catalogue"),
    ("ImportCatalogue", {"catalogue": {"assets": [asset("twice"), asset("twice")]}},
     "catalogue.assets"),
    ("CreateHolidayRegion", {"holiday_region_id": "nl", "holiday_region": {
        "display_name": "x", "valid_from": date(day(9)), "valid_through": date(day(1))}},
     "holiday_region.valid_through"),
    # batches
    ("BatchCreateReservations", {}, "requests"),
    ("BatchCreateReservations", {"requests": [reservation()] * 501}, "requests"),
    ("BatchCreateReservations", {"requests": [reservation(), reservation(user="alice")]},
     "requests[1].reservation.user"),
    ("BatchCreateReservations", {"requests": [{**reservation(), "request_id": "r"}]},
     "requests[0].request_id"),
    ("BatchCreateReservations", {"requests": [{**reservation(), "validate_only": True}]},
     "requests[0].validate_only"),
    ("BatchCreateReservations", {"requests": [{**reservation(), "override_reason": "so"}]},
     "requests[0].override_reason"),
    ("BatchCreateReservations", {"requests": [{**reservation(), "hold_duration": duration(-5)}]},
     "requests[0].hold_duration"),
    # visits
    ("CreateVisit", {}, "stops"),
    ("CreateVisit", {"stops": [stop()]}, "windows"),
    ("CreateVisit", visit(stops=[stop()] * 7), "stops"),
    ("CreateVisit", visit(windows=[span(START, END)] * 9), "windows"),
    ("CreateVisit", visit(windows=[span(START, START + 63 * DAY)]), "windows[0]"),
    ("CreateVisit", visit(stops=[stop(options=[{"items": [item("sem")]}] * 9)]),
     "stops[0].options"),
    ("CreateVisit", visit(stops=[stop(options=[{}])]), "stops[0].options[0].items"),
    ("CreateVisit", visit(stops=[stop(options=[{"items": [item("sem")], "site": "lommel"}])]),
     "stops[0].options[0].site"),
    ("CreateVisit", visit(stops=[stop(), stop(duration=duration(32 * DAY))]),
     "stops[1].duration"),
    ("CreateVisit", visit(stops=[stop(display_name="x" * 201)]), "stops[0].display_name"),
    ("CreateVisit", visit(common={"site": "sites/lommel"}), "common.site"),
    ("CreateVisit", visit(common={"interval": span(START, END)}), "common.interval"),
    ("CreateVisit", visit(common={"window": span(START, END)}), "common.window"),
    ("CreateVisit", visit(common={"choices": [{"items": [item("sem")]}]}), "common.choices"),
    ("CreateVisit", visit(common={"like_assets": True}), "common.like_assets"),
    ("CreateVisit", visit(common={"value": 7}), "common.value"),
    ("CreateVisit", visit(common={"labels": {f"l{number}": "" for number in range(64)}}),
     "common.labels"),
    ("CreateVisit", visit(common={"user": "alice"}), "common.user"),
    ("CreateVisit", visit(windows=[span(START, START + 60)]), "windows[0]"),
    # rules and series
    ("CreatePolicy", {"policy_id": "x"}, "policy"),
    ("CreatePolicy", {"policy_id": "x", "policy": {"display_name": "x"}}, "policy"),
    ("CreateQuota", {"quota_id": "x", "quota": {"display_name": "x"}}, "quota.measure"),
    ("CreateGroup", {"group_id": "x", "group": {"display_name": "x", "users": ["alice"]}},
     "group.users[0]"),
    ("QueryQuotaUsage", {"interval": span(START, END)}, "assets"),
    ("RejectReservation", {"name": "reservations/20"}, "reason"),
    ("CreateSeries", {}, "series"),
    ("CreateSeries", {"series": {"reservation": {"items": [item("sem")]},
                                 "recurrence": {"start": "tomorrow", "end": "2027-03-01T10:00"}}},
     "series.recurrence.start"),
    ("CreateSeries", {"series": {"reservation": {"items": [item("sem")]},
                                 "recurrence": {"start": "2027-03-01T10:00",
                                                "end": "2027-03-01T09:00"}}},
     "series.recurrence.end"),
)


class HostileTest(WorldTest):
    def send(self, name, fields):
        request = METHODS[name].request(**fields)
        reply = self.operator.call(METHODS[name], request)
        if METHODS[name].streams:
            next(reply)

    def test_every_malformed_request_names_its_field_and_leaves_no_trace(self):
        before = self.revision()
        wrong = []
        for number, (name, fields, field) in enumerate(TABLE):
            shown = f"{number}: {name}({str(fields)[:150]})"
            try:
                self.send(name, fields)
                wrong.append(f"{shown}: was answered")
            except Failure as failure:
                named = any(path == field or path.startswith((field + ".", field + "["))
                            for path in failure.fields)
                if failure.reason != "INVALID_FIELDS" or failure.code != Code.INVALID_ARGUMENT:
                    wrong.append(f"{shown}: {failure}")
                elif not named:
                    wrong.append(f"{shown}: names {failure.fields} and not {field}")
                elif not all(failure.fields.values()):
                    wrong.append(f"{shown}: does not say what is wrong")
        self.assertFalse(wrong, "\n" + "\n".join(str(line)[:600] for line in wrong))
        self.assertEqual(self.revision(), before)

    def test_all_violations_come_at_once(self):
        made = booking([item("rigs", -1), item("Not A Name")], END, START, user="alice",
                       site="lommel", priority=5000, attendees=-3, display_name="x" * 500,
                       labels={"": "x"})
        failure = self.invalid("reservation.items[0].quantity", self.operator.CreateReservation,
                               reservation=made, request_id="r" * 500, hold_duration={"nanos": 7})
        paths = "\n".join(failure.fields)
        for field in ("reservation.items[1].asset", "reservation.interval", "reservation.user",
                      "reservation.site", "reservation.priority", "reservation.attendees",
                      "reservation.display_name", "reservation.labels", "request_id",
                      "hold_duration"):
            self.assertIn(field, paths)

    def test_a_flood_of_violations_still_arrives(self):
        bad = {"assets": [asset(f"a-{number}", capacity=-1) for number in range(500)]}
        failure = self.fails("INVALID_FIELDS", self.operator.ImportCatalogue, catalogue=bad)
        self.assertTrue(1 <= len(failure.fields) <= 100)

    def test_malformed_comes_before_refused_and_unknown(self):
        self.invalid("reservation.priority", self.operator.CreateReservation, reservation=booking(
            "no-such-asset", START, END, priority=-1))


class WireTest(WorldTest):
    """Bytes that no client library would send."""

    MARK = "@@@@@@"
    BROKEN = (b"\xff\xfe\xfd\xc0\x80\xff", b"abc\xed\xa0\x80", b"\xc3\xc3\xc3\xc3\xc3\xc3",
              b"abcde\xc3")

    def send(self, name, data):
        reply = self.operator.send(METHODS[name], data)
        return next(reply) if METHODS[name].streams else reply

    def test_invalid_utf8_is_an_invalid_argument(self):
        before = self.revision()
        requests = (
            ("GetAsset", {"name": self.MARK}),
            ("ListReservations", {"filter": self.MARK}),
            ("CreateReservation", reservation(purpose=self.MARK)),
            ("CreateReservation", reservation(labels={self.MARK: "x"})),
            ("CreateReservation", reservation(labels={"x": self.MARK})),
            ("CreateReservation", {**reservation(), "request_id": self.MARK}),
            ("CreateSite", new_site(display_name=self.MARK)),
            ("UpdateAsset", {"asset": {"name": "assets/sem"},
                             "update_mask": {"paths": [self.MARK]}}),
            ("Watch", {"resources": [self.MARK]}),
            ("ImportCatalogue", {"catalogue": {"organisations": [
                {"name": "organisations/x", "display_name": self.MARK, "kind": 1}]}}),
        )
        for name, fields in requests:
            data = METHODS[name].request(**fields).SerializeToString()
            for broken in self.BROKEN:
                with self.subTest(name=name, broken=broken):
                    self.assertIn(self.MARK.encode(), data)
                    failure = self.fails("INVALID_FIELDS", self.send, name,
                                         data.replace(self.MARK.encode(), broken))
                    self.assertTrue(failure.fields)
        self.assertEqual(self.revision(), before)

    def test_what_is_no_message_at_all_is_an_invalid_argument(self):
        for name in METHODS:
            for data in (b"\xff\xff\xff\xff", b"\x0a\x7f", b"\x0a\xff\xff\xff\xff\x0f",
                         b"\x0b" * 500, b"\x08" + b"\xff" * 11):
                with self.subTest(name=name, data=data[:12]):
                    self.fails("INVALID_FIELDS", self.send, name, data)

    def test_unknown_fields_are_passed_over(self):
        data = METHODS["GetAsset"].request(name="assets/sem").SerializeToString()
        self.assertEqual(self.send("GetAsset", data + b"\xfa\x3f\x03abc").name, "assets/sem")

    def test_messages_beyond_the_limit_are_refused_and_the_daemon_lives_on(self):
        for size in (5 << 20, 40 << 20):
            with self.assertRaises(Failure) as caught:
                self.operator.GetAsset(name="x" * size)
            self.assertIn(caught.exception.code, (Code.RESOURCE_EXHAUSTED, Code.INVALID_ARGUMENT))
        self.operator.GetAsset(name="assets/sem")

    def test_hostile_headers_are_refused_and_the_daemon_lives_on(self):
        secret = self.operator.CreateToken(token={"user": "users/alice"}).secret
        for headers in ([("authorization", "Bearer " + "x" * 100_000)],
                        [(f"x-{number}", "y" * 200) for number in range(500)],
                        [("authorization", "Bearer" + " " * 5000)],
                        [("authorization", f"Bearer {secret}"), ("traceparent", "%" * 2000)]):
            client = self.daemon.client()
            client.metadata = headers
            try:
                client.WhoAmI()
            except Failure as failure:
                self.assertIn(failure.code, (Code.UNAUTHENTICATED, Code.RESOURCE_EXHAUSTED,
                                             Code.INTERNAL, Code.UNAVAILABLE))
        self.operator.GetAsset(name="assets/sem")

    def test_an_unknown_method_is_unimplemented(self):
        call = self.operator.channel.unary_unary("/labslot.v1.CatalogueService/GetEverything")
        with self.assertRaises(grpc.RpcError) as caught:
            call(b"", timeout=harness.CALL_TIMEOUT)
        self.assertEqual(caught.exception.code(), Code.UNIMPLEMENTED)


class EdgeTest(WorldTest):
    """The last values that pass."""

    def test_the_longest_texts_and_the_largest_figures_are_taken(self):
        made = self.book([item("rigs", 7)], START, START + 366 * DAY, purpose="é" * 2000,
                         display_name="x" * 200, project="p" * 200, priority=1000,
                         labels={f"k-{number}": "v" for number in range(64)},
                         request_id="r" * 128)
        self.assertEqual(self.operator.GetReservation(name=made.name), made)
        held = self.book("bench", START, END, hold_duration=duration(7 * DAY))
        self.assertEqual(held.hold_expire_time.seconds, held.create_time.seconds + 7 * DAY)
        pool = self.operator.CreateAsset(asset_id="a" * 63, asset=asset(
            "x", capacity_kind=2, capacity=100_000, set_up=duration(14 * DAY)))
        self.assertEqual(pool.name, "assets/" + "a" * 63)

    def test_pages_larger_than_the_largest_are_cut_and_not_refused(self):
        self.assertEqual(len(self.operator.ListAssets(page_size=(1 << 31) - 1).assets), 14)

    def test_an_empty_mask_changes_all_that_may_be_changed(self):
        changed = self.operator.UpdateAsset(asset=asset("oven", description="hot"))
        self.assertEqual((changed.description, changed.may_span_closed_time), ("hot", False))

    def test_a_holiday_region_is_checked_day_by_day(self):
        region = holiday_region("nl")
        region.holidays.append(region.holidays[0])
        self.invalid("holiday_region.holidays[2].date", self.operator.CreateHolidayRegion,
                     holiday_region_id="nl", holiday_region=region)

    def test_organisations_must_exist(self):
        self.invalid("user.organisations[0]", self.operator.CreateUser, user_id="x",
                     user=user("x", ["no-such"]))
        self.operator.CreateOrganisation(organisation_id="x", organisation=organisation("x"))

    def test_a_local_time_of_another_zone_is_just_an_instant(self):
        start = local(day(0), "09:00", "Pacific/Chatham")
        self.book("bench", start, start + HOUR)


if __name__ == "__main__":
    harness.main()

"""Sites, assets, people: kept, exported, imported, removed; and what the daemon is."""

import harness
from world import (
    Calendar, HOUR, Role, State, asset, at, date, day, duration, group, holiday_region, hours,
    max_length, organisation, policy, quota, site, small_world, user, weekly,
)
from world_test_case import WorldTest


class RecordTest(WorldTest):
    """Create, read, change and remove each kind of record."""

    # kind, id field, a record, a field to change and its new value
    RECORDS = (
        ("site", site("hasselt"), "display_name", "Hasselt 2"),
        ("asset", asset("saw"), "display_name", "Saw 2"),
        ("holiday_region", holiday_region("be-2"), "attribution", "by hand"),
        ("organisation", organisation("initech"), "region", "BE22"),
        ("user", user("carol", ["acme"]), "email", "carol@example.com"),
        ("group", group("welders", ["users/alice"]), "description", "may weld"),
        ("policy", policy("short", max_length("sem", 2 * HOUR)), "description", "for all"),
        ("quota", quota("few", "sem", 2), "max_count", 3),
    )

    def method(self, verb, kind):
        return getattr(self.operator, verb + kind.title().replace("_", ""))

    def test_a_record_lives_its_life(self):
        for kind, record, field, value in self.RECORDS:
            with self.subTest(kind=kind):
                collection, identifier = record.name.split("/")
                made = self.method("Create", kind)(**{f"{kind}_id": identifier, kind: record})
                self.assertEqual(made.name, record.name)
                self.assertEqual(made.display_name, record.display_name)
                self.assertTrue(made.etag)
                self.assertEqual(self.method("Get", kind)(name=record.name), made)
                self.fails("ID_IN_USE", self.method("Create", kind),
                           **{f"{kind}_id": identifier, kind: record})
                wanted = type(record)(name=record.name, etag=made.etag, **{field: value})
                changed = self.method("Update", kind)(**{
                    kind: wanted, "update_mask": {"paths": [field]}, "reason": "a test"})
                self.assertEqual(getattr(changed, field), value)
                untouched = "name" if field == "display_name" else "display_name"
                self.assertEqual(getattr(changed, untouched), getattr(made, untouched))
                self.fails("ETAG_MISMATCH", self.method("Update", kind), **{
                    kind: wanted, "update_mask": {"paths": [field]}})
                self.fails("ETAG_MISMATCH", self.method("Delete", kind), name=record.name,
                           etag=made.etag)
                self.method("Delete", kind)(name=record.name, etag=changed.etag)
                listed = self.names(kind)
                if kind not in ("asset", "user"):
                    self.assertNotIn(record.name, listed)
                    self.fails("RESOURCE_NOT_FOUND", self.method("Get", kind), name=record.name)

    def names(self, kind, **fields):
        plural = {"holiday_region": "HolidayRegions",
                  "policy": "Policies"}.get(kind, kind.title() + "s")
        pages = self.operator.pages(f"List{plural}", **fields)
        field = "policies" if kind == "policy" else f"{kind}s"
        return [record.name for page in pages for record in getattr(page, field)]

    def test_lists_come_by_name_and_in_pages(self):
        for number in range(3):
            self.operator.CreateGroup(group_id=f"g-{number}", group=group(f"g-{number}"))
            self.operator.CreatePolicy(policy_id=f"p-{number}", policy=policy(
                f"p-{number}", max_length("sem", HOUR)))
            self.operator.CreateQuota(quota_id=f"q-{number}", quota=quota(f"q-{number}", "sem", 9))
        for kind in ("site", "asset", "organisation", "user", "holiday_region", "group", "policy",
                     "quota"):
            whole = self.names(kind)
            self.assertEqual(whole, sorted(whole))
            self.assertEqual(self.names(kind, page_size=2), whole)
            self.assertEqual(self.names(kind, page_size=1), whole)

    def test_dry_runs_write_nothing(self):
        before = self.revision()
        for kind, record, field, value in self.RECORDS:
            identifier = record.name.split("/")[1]
            would = self.method("Create", kind)(**{
                f"{kind}_id": identifier, kind: record, "validate_only": True})
            self.assertEqual(would.display_name, record.display_name)
            self.fails("RESOURCE_NOT_FOUND", self.method("Get", kind), name=record.name)
        self.operator.DeleteAsset(name="assets/oven", validate_only=True)
        self.operator.ImportCatalogue(catalogue={"sites": [site("hasselt")]}, validate_only=True)
        self.assertEqual(self.revision(), before)

    def test_a_repeated_create_is_answered_as_the_first(self):
        for kind, record, _, _ in self.RECORDS:
            fields = {f"{kind}_id": record.name.split("/")[1], kind: record,
                      "request_id": f"create-{kind}"}
            first = self.method("Create", kind)(**fields)
            self.assertEqual(self.method("Create", kind)(**fields), first)

    def test_assets_are_listed_by_kind_and_site(self):
        self.assertEqual([entry.name for entry in self.operator.ListAssets(kind="sem").assets],
                         ["assets/sem", "assets/sem-2", "assets/sem-brno"])
        here = self.operator.ListAssets(site="sites/brno").assets
        self.assertEqual([entry.name for entry in here], ["assets/sem-brno"])


class RemovalTest(WorldTest):
    def test_a_retired_asset_is_kept_and_shown_on_demand(self):
        gone = self.operator.DeleteAsset(name="assets/oven")
        self.assertEqual(gone.state, gone.STATE_RETIRED)
        self.assertTrue(gone.HasField("retire_time"))
        self.assertEqual(self.operator.GetAsset(name="assets/oven"), gone)
        usual = [entry.name for entry in self.operator.ListAssets().assets]
        everything = [entry.name for entry in self.operator.ListAssets(show_retired=True).assets]
        self.assertNotIn("assets/oven", usual)
        self.assertIn("assets/oven", everything)
        self.fails("ID_IN_USE", self.operator.CreateAsset, asset_id="oven", asset=asset("oven"))

    def test_what_is_needed_is_not_removed(self):
        self.book("oven", at(0, "09:00"), at(0, "11:00"))
        before = self.revision()
        for rules, call, name in (
                (("STILL_REFERENCED",), self.operator.DeleteSite, "sites/lommel"),
                (("STILL_REFERENCED",), self.operator.DeleteHolidayRegion, "holidayRegions/be"),
                (("STILL_REFERENCED",), self.operator.DeleteOrganisation, "organisations/acme"),
                (("BREAKS_RESERVATIONS", "STILL_REFERENCED"), self.operator.DeleteAsset,
                 "assets/oven")):
            with self.subTest(name=name):
                failure = self.fails("REFUSED", call, name=name)
                self.assertTrue(set(rules) & set(failure.rules), failure.rules)
        self.assertEqual(self.revision(), before)

    def test_a_site_that_a_reservation_is_for_is_not_removed(self):
        made = self.book("make-lab", at(0, "09:00"), at(0, "11:00"), site="sites/kortrijk")
        self.fails("REFUSED", self.operator.DeleteSite, name="sites/kortrijk")
        self.operator.CancelReservation(name=made.name)
        self.operator.DeleteSite(name="sites/kortrijk")

    def test_a_parent_with_parts_is_not_retired(self):
        self.fails("REFUSED", self.operator.DeleteAsset, name="assets/line")

    def test_a_disabled_user_keeps_his_id_and_loses_his_tokens(self):
        self.dora.WhoAmI()
        gone = self.operator.DeleteUser(name="users/dora")
        self.assertEqual(gone.state, gone.STATE_DISABLED)
        self.fails("NO_VALID_IDENTITY", self.dora.WhoAmI)
        self.fails("ID_IN_USE", self.operator.CreateUser, user_id="dora", user=user("dora"))
        self.assertFalse(self.operator.ListTokens(user="users/dora").tokens)


class ChangeTest(WorldTest):
    """Changes of the catalogue that existing reservations do not allow."""

    def refuses(self, paths, **fields):
        failure = self.fails("REFUSED", self.operator.UpdateAsset, asset=asset(**fields),
                             update_mask={"paths": list(paths)})
        self.assertIn("BREAKS_RESERVATIONS", failure.rules)
        self.assertTrue(failure.refusal.violations[0].conflicts)

    def test_capacity_is_not_cut_below_what_is_reserved(self):
        self.book("rigs", at(0, "09:00"), at(0, "11:00"), 5)
        pool = {"identifier": "rigs", "capacity_kind": 2}
        self.refuses(["capacity"], capacity=4, **pool)
        self.operator.UpdateAsset(asset=asset(capacity=5, **pool),
                                  update_mask={"paths": ["capacity"]})
        self.refused("CAPACITY_EXCEEDED", self.book, "rigs", at(0, "09:00"), at(0, "11:00"))

    def test_set_up_is_kept_as_it_was_when_booked(self):
        made = self.book("press", at(0, "12:00"), at(0, "14:00"))
        self.operator.UpdateAsset(asset=asset("press", set_up=duration(HOUR)),
                                  update_mask={"paths": ["set_up"]})
        kept = self.operator.GetReservation(name=made.name)
        self.assertEqual(kept.items[0].set_up.seconds, 4 * HOUR)

    def test_references_must_exist(self):
        for fields in ({"site": "nowhere"}, {"parent": "assets/nothing"},
                       {"organisation": "organisations/nobody"},
                       {"calendar": Calendar(holiday_region="holidayRegions/none")}):
            with self.subTest(fields=fields):
                field = "asset." + next(iter(fields)).replace("calendar", "calendar.holiday_region")
                self.invalid(field, self.operator.CreateAsset, asset_id="saw",
                             asset=asset("saw", **fields))

    def test_an_asset_is_not_a_part_of_itself(self):
        with self.assertRaises(harness.Failure) as caught:
            self.operator.UpdateAsset(asset=asset("line", parent="assets/cell-1"),
                                      update_mask={"paths": ["parent"]})
        self.assertIn(caught.exception.reason, ("INVALID_FIELDS", "REFUSED"))


class ExchangeTest(WorldTest):
    def test_what_was_exported_imports_as_unchanged(self):
        exported = self.operator.ExportCatalogue().catalogue
        before = self.revision()
        reply = self.operator.ImportCatalogue(catalogue=exported)
        count = sum(len(getattr(exported, field)) for field in
                    ("holiday_regions", "organisations", "users", "sites", "assets"))
        self.assertEqual((reply.created_count, reply.updated_count, reply.unchanged_count),
                         (0, 0, count))
        self.assertEqual(self.revision(), before)

    def test_an_export_makes_the_same_catalogue_elsewhere(self):
        exported = self.operator.ExportCatalogue().catalogue
        self.assertEqual(self.bare(exported), self.bare(small_world()))
        (self.folder / "other").mkdir()
        other = harness.Daemon(self.folder / "other").start()
        try:
            client = other.operator()
            client.ImportCatalogue(catalogue=exported)
            self.assertEqual(self.bare(client.ExportCatalogue().catalogue), self.bare(exported))
        finally:
            other.close_clients()
            self.assertEqual(other.stop(), 0)

    def bare(self, catalogue):
        """The records by name, without what the daemon adds."""
        records = {}
        for _, entries in catalogue.ListFields():
            for entry in entries:
                copy = type(entry)()
                copy.CopyFrom(entry)
                for field in ("etag", "create_time", "update_time", "state"):
                    if field in copy.DESCRIPTOR.fields_by_name:
                        copy.ClearField(field)
                records[copy.name] = copy
        return records

    def test_an_import_counts_what_is_new_changed_and_the_same(self):
        world = small_world()
        world.assets[0].display_name = "Bench, painted"
        world.assets.append(asset("saw"))
        reply = self.operator.ImportCatalogue(catalogue=world, request_id="import-1")
        self.assertEqual((reply.created_count, reply.updated_count), (1, 1))
        again = self.operator.ImportCatalogue(catalogue=world, request_id="import-1")
        self.assertEqual(again, reply, "the first answer")

    def test_an_import_is_all_or_nothing(self):
        before = self.revision()
        self.invalid("catalogue.assets[1].site", self.operator.ImportCatalogue,
                     catalogue={"assets": [asset("saw"), asset("file", "nowhere")]})
        self.assertEqual(self.revision(), before)
        self.fails("RESOURCE_NOT_FOUND", self.operator.GetAsset, name="assets/saw")

    def test_an_import_names_all_malformed_fields(self):
        bad = small_world()
        bad.sites[0].time_zone = "Mars/Olympus"
        bad.assets[0].capacity = -1
        bad.users[0].role_bindings.add(role=Role.ROLE_UNSPECIFIED)
        failure = self.invalid("catalogue.sites[0].time_zone", self.operator.ImportCatalogue,
                               catalogue=bad)
        self.assertIn("catalogue.assets[0].capacity", failure.fields)
        self.assertIn("catalogue.users[0].role_bindings[0].role", failure.fields)

    def test_parts_may_come_before_their_whole(self):
        self.operator.ImportCatalogue(catalogue={"assets": [
            asset("part", parent="assets/whole"), asset("whole")]})

    def test_people_are_exported_for_administrators_only(self):
        self.assertFalse(self.bob.ExportCatalogue().catalogue.users)
        self.assertTrue(self.ada.ExportCatalogue().catalogue.users)


class CalendarTest(WorldTest):
    def test_a_calendar_comes_back_as_it_was_given(self):
        calendar = Calendar(
            weekly_windows=[weekly("22:00", "06:00", (1, 3)), weekly("08:00", "24:00", (6,))],
            exceptions=[
                {"start_date": date(day(1)), "end_date": date(day(3)), "effect": 1,
                 "reason": "fair"},
                {"start_date": date(day(2)), "effect": 2, "windows": [hours("10:00", "12:00")]},
                {"start_date": date(day(4)), "effect": 3, "shortened_by": duration(HOUR)}],
            holiday_region="holidayRegions/be")
        made = self.operator.CreateAsset(asset_id="saw", asset=asset("saw", calendar=calendar))
        self.assertEqual(made.calendar, calendar)

    def test_a_window_over_midnight_belongs_to_both_days(self):
        self.operator.CreateAsset(asset_id="saw", asset=asset(
            "saw", calendar=Calendar(weekly_windows=[weekly("22:00", "06:00", (1,))])))
        self.book("saw", at(0, "22:00"), at(1, "06:00"))
        self.refused("OUTSIDE_OPENING_HOURS", self.book, "saw", at(1, "22:00"), at(1, "23:00"))


class ServerTest(WorldTest):
    def test_the_daemon_tells_how_it_stands(self):
        self.book("sem", at(0, "09:00"), at(0, "11:00"))
        info = self.operator.GetServerInfo()
        self.assertTrue(info.version)
        self.assertEqual(info.store_path, str(self.daemon.data))
        self.assertGreater(info.revision, 0)
        self.assertEqual((info.site_count, info.asset_count, info.user_count), (4, 14, 7))
        self.assertEqual(info.live_occupancy_count, 1)
        self.assertGreater(info.commit_count, 0)
        self.assertGreaterEqual(info.command_count, info.commit_count)
        self.assertGreater(info.free_disk_bytes, 0)
        self.assertGreaterEqual(info.now.seconds, info.start_time.seconds)
        self.assertGreaterEqual(info.store_format, 1)

    def test_others_are_told_no_more_than_they_need_to_resume(self):
        told = {field.name for field, _ in self.bob.GetServerInfo().ListFields()}
        self.assertEqual(told, {"version", "now", "revision", "store_id"})

    def test_the_history_keeps_its_name_over_restarts(self):
        before = self.operator.GetServerInfo().store_id
        self.daemon.restart()
        self.assertEqual(self.daemon.operator().GetServerInfo().store_id, before)

    def test_health_is_serving(self):
        for client in (self.operator, self.daemon.client()):
            standard = harness.Standard(client.channel)
            self.assertEqual(standard.health(), "SERVING")

    def test_reflection_lists_every_service_and_knows_every_message(self):
        standard = harness.Standard(self.daemon.client().channel)
        reply = standard.reflect(list_services="*")
        listed = {service.name for service in reply.list_services_response.service}
        services = {method.service for method in harness.METHODS.values()}
        self.assertEqual(len(services), 9)
        self.assertTrue(services | {"grpc.health.v1.Health"} <= listed, listed)
        for symbol in sorted(services) + ["labslot.v1.Refusal", "grpc.health.v1.Health"]:
            with self.subTest(symbol=symbol):
                reply = standard.reflect(file_containing_symbol=symbol)
                self.assertTrue(reply.file_descriptor_response.file_descriptor_proto)

    def test_state_is_the_same_after_a_restart(self):
        self.book("sem", at(0, "09:00"), at(0, "11:00"))
        held = self.book("rigs", at(0, "09:00"), at(0, "11:00"), 3, hold_duration=duration(HOUR))

        def everything():
            listed = self.operator.ListReservations().reservations
            interval = held.interval
            busy = self.operator.QueryFreeBusy(assets=["assets/sem", "assets/rigs"],
                                               interval=interval)
            return (self.operator.ExportCatalogue(), list(listed), busy, self.revision())

        before = everything()
        self.daemon.restart()
        self.operator = self.daemon.operator()
        self.assertEqual(everything(), before)
        self.refused("CAPACITY_EXCEEDED", self.book, "rigs", at(0, "09:00"), at(0, "11:00"), 5)
        firm = self.operator.ConfirmReservation(name=held.name)
        self.assertEqual(firm.state, State.STATE_CONFIRMED)


if __name__ == "__main__":
    harness.main()

"""A small catalogue that shows every kind of asset, and words for its times."""

import datetime
import zoneinfo

from harness import Failure  # noqa: F401  first: it puts the stubs on the path
from google.protobuf import duration_pb2, timestamp_pb2
from google.type import date_pb2, dayofweek_pb2, interval_pb2, latlng_pb2, timeofday_pb2
from labslot.v1 import (
    calendar_pb2,
    catalogue_pb2,
    catalogue_service_pb2,
    directory_pb2,
    policy_pb2,
    quota_pb2,
    reservation_pb2,
    rule_scope_pb2,
    series_pb2,
)

BRUSSELS = "Europe/Brussels"
HOUR = 3600
MINUTE = 60
DAY = 86400

Asset, Site, Calendar = catalogue_pb2.Asset, catalogue_pb2.Site, calendar_pb2.Calendar
Organisation, User, Role = directory_pb2.Organisation, directory_pb2.User, directory_pb2.Role
Token = directory_pb2.Token
Reservation, Item = reservation_pb2.Reservation, reservation_pb2.Item
State = Reservation.State
Group, Policy, Quota = directory_pb2.Group, policy_pb2.Policy, quota_pb2.Quota
Note = reservation_pb2.Note
Selector, Actors = rule_scope_pb2.Selector, rule_scope_pb2.Actors
REJECT = rule_scope_pb2.RULE_EFFECT_REJECT
WARN = rule_scope_pb2.RULE_EFFECT_WARN
NEEDS_APPROVAL = rule_scope_pb2.RULE_EFFECT_NEEDS_APPROVAL
Series, Contract = series_pb2.Series, series_pb2.SeriesContract


def local(date, clock, zone=BRUSSELS):
    """The instant at which clocks in `zone` show that date and time; 24:00 is midnight after."""
    hours, minutes = (int(part) for part in clock.split(":"))
    days, hours = divmod(hours, 24)
    moment = datetime.datetime.combine(date + datetime.timedelta(days),
                                       datetime.time(hours, minutes), zoneinfo.ZoneInfo(zone))
    return int(moment.timestamp())


def today():
    return datetime.datetime.now(zoneinfo.ZoneInfo(BRUSSELS)).date()


def _offset(date):
    noon = datetime.datetime.combine(date, datetime.time(12), zoneinfo.ZoneInfo(BRUSSELS))
    return noon.utcoffset()


def _quiet_monday():
    """A Monday at least two weeks ahead; no clock changes in the four weeks around it."""
    monday = today() + datetime.timedelta(14)
    monday += datetime.timedelta(-monday.weekday() % 7)
    while _offset(monday - datetime.timedelta(7)) != _offset(monday + datetime.timedelta(21)):
        monday += datetime.timedelta(7)
    return monday


def clock_change(month):
    """The next last Sunday of March or October that is at least two weeks ahead.

    Until it is past, that is 28 March or 31 October 2027.
    """
    year = max(today().year, 2027)
    while True:
        last = datetime.date(year, month, 31)
        sunday = last - datetime.timedelta((last.weekday() + 1) % 7)
        if sunday >= today() + datetime.timedelta(14):
            return sunday
        year += 1


MONDAY = _quiet_monday()


def day(number):
    """Days from MONDAY: 0 is Monday, 5 is Saturday, 7 the next Monday."""
    return MONDAY + datetime.timedelta(number)


# A Wednesday on which the region of lommel has a holiday, and the day before,
# which ends two hours earlier.
HOLIDAY = 9
SHORT_DAY = 8
# A Friday with special hours, 10:00 to 12:00.
OPEN_DAY = 11


def at(number, clock, zone=BRUSSELS):
    """The instant of a clock time on day(number)."""
    return local(day(number), clock, zone)


def timestamp(seconds):
    return timestamp_pb2.Timestamp(seconds=seconds)


def duration(seconds):
    return duration_pb2.Duration(seconds=seconds)


def span(start, end):
    return interval_pb2.Interval(start_time=timestamp(start), end_time=timestamp(end))


def bounds(interval):
    return interval.start_time.seconds, interval.end_time.seconds


def iso(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime(
        "%Y-%m-%dT%H:%M:%SZ")


def item(asset, quantity=0):
    return Item(asset=f"assets/{asset}", quantity=quantity)


def booking(asset, start, end, quantity=0, **fields):
    """A reservation of one asset, or of a list of items."""
    items = asset if isinstance(asset, list) else [item(asset, quantity)]
    return Reservation(items=items, interval=span(start, end), **fields)


def date(value):
    return date_pb2.Date(year=value.year, month=value.month, day=value.day)


def hours(opens, closes):
    def time_of_day(clock):
        hour, minute = (int(part) for part in clock.split(":"))
        return timeofday_pb2.TimeOfDay(hours=hour, minutes=minute)

    return calendar_pb2.OpeningWindow(opens=time_of_day(opens), closes=time_of_day(closes))


def weekly(opens, closes, days=(1, 2, 3, 4, 5)):
    return calendar_pb2.WeeklyWindow(days=list(days), window=hours(opens, closes))


def holiday_region(identifier):
    return calendar_pb2.HolidayRegion(
        name=f"holidayRegions/{identifier}", display_name="Flanders",
        valid_from=date(day(-370)), valid_through=date(day(800)),
        attribution="made for the tests",
        holidays=[
            calendar_pb2.Holiday(date=date(day(SHORT_DAY)), display_name="Eve of the Feast",
                                 effect=calendar_pb2.DAY_EFFECT_SHORTENED,
                                 shortened_by=duration(2 * HOUR)),
            calendar_pb2.Holiday(date=date(day(HOLIDAY)), display_name="Feast of the Rigs",
                                 effect=calendar_pb2.DAY_EFFECT_CLOSED),
        ])


ROUND_THE_CLOCK = Calendar()

EXCLUSIVE = Asset.CAPACITY_KIND_EXCLUSIVE
POOL = Asset.CAPACITY_KIND_POOL
SEATS = Asset.CAPACITY_KIND_SEATS


def asset(identifier, site="lommel", kind="tool", capacity_kind=EXCLUSIVE, capacity=1, **fields):
    return Asset(name=f"assets/{identifier}", display_name=identifier.replace("-", " ").title(),
                 kind=kind, site=f"sites/{site}", capacity_kind=capacity_kind, capacity=capacity,
                 **fields)


def organisation(identifier, kind=Organisation.KIND_SME):
    return Organisation(name=f"organisations/{identifier}", display_name=identifier.title(),
                        kind=kind)


def user(identifier, organisations=(), role=None, scope="", **fields):
    bindings = [directory_pb2.RoleBinding(role=role, scope=scope)] if role else []
    return User(name=f"users/{identifier}", display_name=identifier.title(),
                email=f"{identifier}@example.org", role_bindings=bindings,
                organisations=[f"organisations/{name}" for name in organisations], **fields)


def site(identifier, zone=BRUSSELS, calendar=None, organisation="", position=(51.229, 5.303)):
    return Site(name=f"sites/{identifier}", display_name=identifier.title(), time_zone=zone,
                location=latlng_pb2.LatLng(latitude=position[0], longitude=position[1]),
                calendar=calendar, organisation=organisation)


def group(identifier, users=(), organisations=()):
    return Group(name=f"groups/{identifier}", display_name=identifier.title(), users=list(users),
                 organisations=list(organisations))


def on(*names):
    """A selector of assets, as rules have it."""
    return Selector(assets=[f"assets/{name}" for name in names])


def policy(identifier, rule, **fields):
    """A policy; `rule` holds what it demands and what it applies to."""
    return Policy(name=f"policies/{identifier}", display_name=identifier.title(), **rule, **fields)


def max_length(name, seconds):
    """Runs on the asset are at most so long."""
    return {"applies_to": [on(name)], "duration": policy_pb2.DurationRule(max=duration(seconds))}


def approval(name):
    """Everything on the asset takes approval."""
    return {"applies_to": [on(name)], "always": policy_pb2.ApprovalRule(),
            "effect": NEEDS_APPROVAL}


def quota(identifier, name, count, period=Quota.WEEK, **fields):
    """Each user has at most so many runs on the asset in a period."""
    return Quota(name=f"quotas/{identifier}", display_name=identifier.title(),
                 applies_to=[on(name)], each=[Quota.USER], measure=Quota.COUNT, max_count=count,
                 period=period, **fields)


def series(name, first, clock, rrule, length=HOUR, contract=None, **fields):
    """A series of runs of one asset, from `clock` on the first day."""
    hour, minute = (int(part) for part in clock.split(":"))
    start = datetime.datetime.combine(first, datetime.time(hour, minute))
    end = start + datetime.timedelta(seconds=length)
    recurrence = {key: fields.pop(key) for key in ("extra_dates", "left_out_dates",
                                                   "repeated_hour") if key in fields}
    return Series(
        reservation=Reservation(items=[item(name)], **fields), contract=contract,
        recurrence=series_pb2.Recurrence(start=start.isoformat(timespec="minutes"),
                                         end=end.isoformat(timespec="minutes"), rrule=rrule,
                                         **recurrence))


def small_world():
    """The catalogue. Who may do what is in the comments of the users."""
    office_hours = Calendar(
        weekly_windows=[weekly("08:00", "18:00")], holiday_region="holidayRegions/be",
        exceptions=[calendar_pb2.CalendarException(
            start_date=date(day(OPEN_DAY)), effect=calendar_pb2.DAY_EFFECT_SPECIAL_HOURS,
            windows=[hours("10:00", "12:00")], reason="Open day")])
    keeper = Role.ROLE_ASSET_MANAGER
    return catalogue_service_pb2.Catalogue(
        holiday_regions=[holiday_region("be")],
        organisations=[
            organisation("lab-owner", Organisation.KIND_OPERATOR),
            organisation("other-owner", Organisation.KIND_OPERATOR),
            organisation("acme"), organisation("globex"),
        ],
        users=[
            user("alice", ["acme"]),
            user("amir", ["acme"]),  # a colleague of alice
            user("bob", ["globex"]),  # a stranger to both
            # kim keeps what is in lommel, otto what is in brno
            user("kim", ["lab-owner"], keeper, "organisations/lab-owner"),
            user("otto", ["other-owner"], keeper, "sites/brno"),
            user("ada", ["lab-owner"], Role.ROLE_ADMINISTRATOR),
            user("dora", ["acme"]),  # to be disabled
        ],
        sites=[
            site("lommel", calendar=office_hours, organisation="organisations/lab-owner"),
            site("kortrijk", position=(50.818, 3.277)),
            site("brno", "Europe/Prague", Calendar(weekly_windows=[weekly("07:00", "19:00")]),
                 "organisations/other-owner", (49.229, 16.575)),
            site("tartu", "Europe/Tallinn", Calendar(weekly_windows=[weekly("09:00", "17:00")]),
                 position=(58.362, 26.679)),
        ],
        assets=[
            asset("bench", calendar=ROUND_THE_CLOCK),
            asset("sem", kind="sem"), asset("sem-2", kind="sem"),
            asset("sem-brno", "brno", kind="sem"),
            asset("press", set_up=duration(4 * HOUR), tear_down=duration(HOUR),
                  calendar=ROUND_THE_CLOCK),
            asset("make-lab", kind="mobile-lab", mobile=True, set_up=duration(2 * HOUR),
                  tear_down=duration(2 * HOUR), max_attendees=18,
                  organisation="organisations/lab-owner",
                  travel=catalogue_pb2.Travel(
                      speed_kmh=65, road_factor=1.3, driving_per_day=duration(9 * HOUR),
                      between=catalogue_pb2.Travel.HOME_IF_TIME)),
            asset("rigs", kind="test-rig", capacity_kind=POOL, capacity=7,
                  calendar=ROUND_THE_CLOCK),
            asset("clean-room", kind="clean-room", capacity_kind=SEATS, capacity=6,
                  calendar=ROUND_THE_CLOCK),
            asset("line", kind="line", calendar=ROUND_THE_CLOCK),
            asset("cell-1", kind="cell", parent="assets/line", calendar=ROUND_THE_CLOCK),
            asset("cell-2", kind="cell", parent="assets/line", calendar=ROUND_THE_CLOCK),
            asset("crane-left", exclusion_groups=["rail"], calendar=ROUND_THE_CLOCK),
            asset("crane-right", exclusion_groups=["rail"], calendar=ROUND_THE_CLOCK),
            asset("oven", may_span_closed_time=True),
        ])


def load(client):
    """Brings the daemon into the small world."""
    client.ImportCatalogue(catalogue=small_world())


def token(client, name):
    """A new token of the user."""
    return client.CreateToken(token=Token(user=f"users/{name}",
                                                        display_name="for a test")).secret


# The days of google.type.DayOfWeek, Monday first.
MONDAY_TO_SUNDAY = [getattr(dayofweek_pb2, name) for name in (
    "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")]

# The states that a report divides all seconds among.
USE_STATES = ("used", "overrun", "changeover", "travel", "booked", "held", "unplanned_outage",
              "planned_outage", "idle", "no_show", "closed", "blocked", "available")

"""A week of the advisers, for the demonstration: invented, and made by the actions that people use."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone, translation

from pavillon.accounts.models import User
from pavillon.agenda import actions
from pavillon.agenda.enums import AbsenceReason, Activity, EntryKind, Half, Repeat, Sight, Who, Why
from pavillon.agenda.models import WeeklyTemplate
from pavillon.agenda.queries.calendar import monday_of
from pavillon.agenda.queries.meetings import new_video_url
from pavillon.agenda.queries.templates import default_week
from pavillon.directory.models import Company
from pavillon.reference.queries import is_working_day

PERSONAS = ("helene", "karim", "yuki", "lars")

# who: (weekday, from, minutes, kind, title, place, with a company)
WEEK: dict[str, list[tuple[int, str, int, str, str, str, bool]]] = {
    "helene": [
        (0, "09:00", 60, EntryKind.MEETING, "Point d’équipe CI", "Rennes, salle Vilaine", False),
        (1, "14:00", 75, EntryKind.VISIT, "Visite de l’atelier", "Dans l’entreprise", True),
        (1, "16:00", 60, EntryKind.VISIT, "Diagnostic export, deuxième partie", "Dans l’entreprise", True),
        (2, "09:30", 75, EntryKind.VISIT, "Rencontre avec la dirigeante", "Dans l’entreprise", True),
        (2, "14:00", 60, EntryKind.APPOINTMENT, "Transitaire : formalités du Royaume-Uni", "", False),
        (3, "10:00", 60, EntryKind.VISIT, "Bilan d’un an d’accompagnement", "Dans l’entreprise", True),
        (4, "09:00", 90, EntryKind.TASK, "Rédiger la proposition « premiers pas au Canada »", "", True),
    ],
    "karim": [
        (0, "10:00", 60, EntryKind.MEETING, "Comité des prêts", "Paris", False),
        (1, "09:30", 60, EntryKind.VISIT, "Plan de financement export", "Dans l’entreprise", True),
        (2, "15:00", 45, EntryKind.CALL, "Assurance-prospection : pièces manquantes", "", True),
        (3, "14:00", 90, EntryKind.VISIT, "Croissance externe en Italie", "Dans l’entreprise", True),
    ],
    "yuki": [
        (0, "10:00", 60, EntryKind.MEETING, "Tokyo office: the week", "Tokyo", False),
        (1, "14:00", 60, EntryKind.APPOINTMENT, "Importer of spirits", "Ginza", False),
        (3, "11:00", 90, EntryKind.VISIT, "Department store: listing", "Shinjuku", False),
    ],
    "lars": [
        (1, "09:00", 60, EntryKind.MEETING, "Food mission: buyers chosen", "Hamburg", False),
        (2, "13:00", 120, EntryKind.VISIT, "Round of the distributors", "Bremen", False),
    ],
}


@contextmanager
def at_that_moment(moment: datetime.datetime) -> Iterator[None]:
    """What is done bears the date of a moment of that week."""
    real = timezone.now
    timezone.now = lambda: moment
    try:
        yield
    finally:
        timezone.now = real


def seed(world: dict[str, Any]) -> None:
    """This week and the next of four advisers, a video meeting across zones, absences. Nothing the second time."""
    users = world["users"]
    if WeeklyTemplate.objects.exists() or not all(name in users for name in PERSONAS):
        return
    with transaction.atomic(), translation.override("fr"):
        _Weeks(users).tell()


class _Weeks:
    def __init__(self, users: dict[str, User]) -> None:
        self.users = users
        self.monday = monday_of(timezone.localdate())
        self.companies = list(Company.objects.standing().filter(is_demo=True, region="53").order_by("pk")[:12])

    def tell(self) -> None:
        sunday = self._moment(self.users["helene"], -1, "18:00")
        with at_that_moment(sunday):
            self._typical_weeks()
            for name in PERSONAS:
                for number, line in enumerate(WEEK[name]):
                    self._one(self.users[name], number, line)
            self._across_zones()
            self._absences()
        for name in PERSONAS:
            user = self.users[name]
            # As on the screen: the names of activities are in the language of whoever applies the week.
            with at_that_moment(self._moment(user, -1, "19:00")), translation.override(user.language):
                for weeks in (0, 1):
                    actions.apply_template(by=user, monday=self.monday + datetime.timedelta(weeks=weeks))
        self._yesterday()

    def _moment(self, user: User, weekday: int, time: str) -> datetime.datetime:
        day = self.monday + datetime.timedelta(days=weekday)
        return datetime.datetime.combine(day, datetime.time.fromisoformat(time), ZoneInfo(user.time_zone))

    def _typical_weeks(self) -> None:
        """The chamber keeps a fifth of its time free; Hélène visits on Friday morning as well."""
        bruno, helene = self.users["bruno"], self.users["helene"]
        week = default_week()
        hours: dict[str, Any] = {"morning": week.morning, "afternoon": week.afternoon, "one_to_ones": 1}
        actions.change_template(by=bruno, cells=week.cells, buffer=20, organisation=bruno.organisation, **hours)
        morning = (4, Half.AM)
        own = (week.cells - {(Activity.RECEIVABLES, *morning)}) | {(Activity.VISITS, *morning)}
        actions.change_template(by=helene, cells=own, buffer=20, **hours)

    def _one(self, user: User, number: int, line: tuple[int, str, int, str, str, str, bool]) -> None:
        weekday, time, minutes, kind, title, place, has_company = line
        start = self._moment(user, weekday, time)
        if not is_working_day(start.date(), user.region_id):
            return
        company = self.companies[number % len(self.companies)] if has_company and self.companies else None
        actions.create_entry(
            by=user,
            title=title,
            starts_at=start,
            ends_at=start + datetime.timedelta(minutes=minutes),
            kind=kind,
            place=place,
            company=company,
        )

    def _across_zones(self) -> None:
        """A talk with the manager every week, and a meeting by video that is morning in Rennes and evening in Tokyo."""
        helene = self.users["helene"]
        start = self._moment(helene, 3, "11:30")
        actions.plan_one_to_one(
            manager=self.users["bruno"],
            starts_at=start,
            minutes=45,
            until=(start + datetime.timedelta(weeks=12)).date(),
            title="Entretien avec Bruno",
            by=helene,
        )
        start = self._moment(helene, 2, "11:00")
        meeting = actions.create_entry(
            by=helene,
            title="Japon : trois entreprises bretonnes",
            kind=EntryKind.MEETING,
            starts_at=start,
            ends_at=start + datetime.timedelta(minutes=45),
            video_url=new_video_url(),
        )
        for name in ("yuki", "karim"):
            guest = actions.invite_participant(entry=meeting, email=self.users[name].email, by=helene)
            if name == "yuki":
                actions.answer_invitation(participant=guest, answer="accepted", by=self.users["yuki"])
        actions.write_message(entry=meeting, text="Je vous envoie les trois fiches la veille.", by=helene)
        actions.write_message(entry=meeting, text="Merci, l’importateur sera avec moi.", by=self.users["yuki"])

    def _absences(self) -> None:
        karim, erwan = self.users["karim"], self.users.get("erwan")
        first = self.monday + datetime.timedelta(days=4)
        actions.plan_absence(starts_on=first, ends_on=first, reason=AbsenceReason.RTT, by=karim)
        if erwan is not None:
            start = self.monday + datetime.timedelta(days=7)
            actions.plan_absence(
                starts_on=start, ends_on=start + datetime.timedelta(days=4), reason=AbsenceReason.LEAVE, by=erwan
            )
        helene = self.users["helene"]
        start = self._moment(helene, 3, "17:30")
        actions.create_entry(
            by=helene,
            title="Rendez-vous personnel",
            starts_at=start,
            ends_at=start + datetime.timedelta(minutes=30),
            sight=Sight.BUSY,
            repeat=Repeat.WEEKLY,
            repeat_until=start.date() + datetime.timedelta(weeks=4),
        )

    def _yesterday(self) -> None:
        """What Hélène clocked on the last working day, with one interruption, and the plan that she ended it with."""
        helene = self.users["helene"]
        day = timezone.localdate() - datetime.timedelta(days=1)
        while not is_working_day(day, helene.region_id):
            day -= datetime.timedelta(days=1)

        def moment(time: str) -> datetime.datetime:
            return datetime.datetime.combine(day, datetime.time.fromisoformat(time), ZoneInfo(helene.time_zone))

        with at_that_moment(moment("08:30")):
            offer = actions.create_entry(
                by=helene,
                title="Relire trois dossiers d’assurance",
                kind=EntryKind.TASK,
                starts_at=moment("08:45"),
                ends_at=moment("09:45"),
                activity="proposals",
            )
        with at_that_moment(moment("08:50")):
            actions.start_work(entry=offer, by=helene)
        with at_that_moment(moment("09:20")):
            actions.begin_interruption(by=helene)
        with at_that_moment(moment("09:31")):
            actions.end_interruption(who=Who.COLLEAGUE, why=Why.QUESTION, by=helene)
        with at_that_moment(moment("10:06")):
            actions.stop_work(by=helene, is_done=True)
        with at_that_moment(moment("17:45")), timezone.override(helene.time_zone):
            actions.plan_day(by=helene, done=[offer], moved=[], first_things="Appeler le transitaire avant dix heures.")

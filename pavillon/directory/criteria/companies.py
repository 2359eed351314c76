"""What this room lets ask of a company."""

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce, Left
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pavillon.core.policy import may_read
from pavillon.directory.criteria.columns import Column, add_columns
from pavillon.directory.criteria.compile import NOTHING, compare
from pavillon.directory.criteria.fields import Ask, Field, Kind, Names, add_fields
from pavillon.directory.enums import ExportClass, Family, Maturity, PriorityZone, Size, SourceKind, Status
from pavillon.directory.models import Company, CompanyValue, Contact, Market, Source, SourceRecord
from pavillon.directory.models.companies import meant_by
from pavillon.directory.models.contacts import LoneCompany
from pavillon.directory.names import begins, match_name, plain
from pavillon.reference.models import (
    Activity,
    Commune,
    Country,
    Department,
    LegalCategory,
    Region,
    Sector,
    WorkforceBand,
)

IDENTITY, PLACE = _("Identity"), _("Place")
TRADE, FIGURES = _("Activity and size"), _("Figures")
OBJECTIVES, MARKETS = _("Objectives"), _("Markets")
ORIGIN, LIFE = _("Origin and quality"), _("Life of the record")
# What can be asked of a number: its middle says nothing.
CODED = ("begins", "is", "empty", "filled")


def of(*names: str) -> tuple[tuple[type[Company], str], ...]:
    """These columns of a company are governed."""
    return tuple((Company, name) for name in names)


def _words(ask: Ask) -> Q:
    """The search box: what `CompanyQuerySet.matching` means, with what this person may not read left out."""
    text = str(ask.value)
    if ("@" in text and not may_read(ask.user, Contact, "email")) or (
        text.strip().startswith(("+", "0")) and not may_read(ask.user, Contact, "phone")
    ):
        return Q(pk__in=())
    return meant_by(text, ask.prefix)


def _name(ask: Ask) -> Q:
    """Names as they are compared, so that the index on their letters is used."""
    text = match_name(str(ask.value)) if ask.op == "is" else plain(str(ask.value))
    path = f"{ask.prefix}match_name"
    if not text:
        return NOTHING
    return begins(path, text) if ask.op == "begins" else Q(**{path if ask.op == "is" else f"{path}__contains": text})


def _code(path: str) -> Callable[[Ask], Q]:
    """Numbers and postal codes, kept in capitals without signs: compared so, that their index is used."""

    def condition(ask: Ask) -> Q:
        here = f"{ask.prefix}{path}"
        unknown = Q(**{f"{here}__isnull": True}) | Q(**{here: ""})
        if ask.op in ("empty", "filled"):
            return unknown if ask.op == "empty" else ~unknown
        text = "".join(c for c in str(ask.value).upper() if c.isalnum())
        if not text:
            return NOTHING
        return Q(**{here: text}) if ask.op == "is" else begins(here, text)

    return condition


def _section(ask: Ask) -> Q:
    """Activities of a section ("C": manufacturing) or of several."""
    path = f"{ask.prefix}activity"
    if ask.op in ("empty", "filled"):
        return Q(**{f"{path}__isnull": ask.op == "empty"})
    divisions = Activity.objects.filter(revision=2, level=2, parent_code__in=ask.value).values("code")
    activities = Activity.objects.filter(revision=2).annotate(division=Left("code", 2)).filter(division__in=divisions)
    # The keys themselves, one short statement more: a subquery would be joined first, whatever else narrows the list.
    found = Q(**{f"{path}__in": list(activities.values_list("pk", flat=True))})
    return found if ask.op == "in" else ~found | Q(**{f"{path}__isnull": True})


def _state(ask: Ask) -> Q:
    wanted = Q()
    for key in ask.value:
        wanted |= Q(**{f"{ask.prefix}closed_on__isnull": key == "active"})
    return wanted if ask.op == "in" else ~wanted


def _headcount(ask: Ask) -> Q:
    """The headcount, or where only its band is known the middle of the band, as the register gives no more."""
    exact = compare(HEADCOUNT, f"{ask.prefix}headcount", ask.op, ask.value)
    if ask.op in ("empty", "filled"):
        return exact
    middles = WorkforceBand.objects.filter(minimum__isnull=False).annotate(
        middle=(F("minimum") + Coalesce("maximum", "minimum")) / 2
    )
    bands = list(middles.filter(compare(HEADCOUNT, "middle", ask.op, ask.value)).values_list("pk", flat=True))
    return exact | Q(**{f"{ask.prefix}headcount__isnull": True, f"{ask.prefix}workforce_band__in": bands})


def _zones(ask: Ask) -> Q:
    """Zones are a list: any of the chosen ones stands in it."""
    path = f"{ask.prefix}priority_zones"
    if ask.op in ("empty", "filled"):
        return Q(**{path: []}) if ask.op == "empty" else ~Q(**{path: []})
    found = Q(**{f"{path}__overlap": list(ask.value)}) & ~Q(**{path: []})
    return found if ask.op == "in" else ~found


def markets(user: Any) -> Any:
    # The company is already seen when one asks about its markets.
    return Market.objects.all() if user.is_team else Market.objects.visible_to(user)


def sources(user: Any) -> Any:
    return SourceRecord.objects.filter(company__isnull=False) if user.is_team else SourceRecord.objects.none()


def people(user: Any) -> Any:
    # The company is already seen when one asks about its people.
    return Contact.objects.all() if user.is_team and may_read(user, Contact) else Contact.objects.visible_to(user)


def _people(ask: Ask) -> Q:
    """Whether a contact is known. Companies without any have a row of their own: rare ones are found at once."""
    if ask.op == "no" and ask.user.is_team and may_read(ask.user, Contact):
        return Q(**{f"{ask.key}__in": LoneCompany.objects.values("number")})
    found = Q(Exists(people(ask.user).standing().filter(company=OuterRef(ask.key))))
    return found if ask.op == "yes" else ~found


HEADCOUNT = Field(
    "headcount",
    _("Headcount"),
    Kind.NUMBER,
    TRADE,
    "headcount",
    of("headcount", "workforce_band"),
    condition=_headcount,
)
add_fields(
    Company,
    Field("q", pgettext_lazy("criterion", "Words"), Kind.TEXT, IDENTITY, condition=_words, has_empty=False),
    Field("name", _("Name"), Kind.TEXT, IDENTITY, "name", of("name"), condition=_name, has_empty=False),
    Field("siren", _("SIREN"), Kind.TEXT, IDENTITY, "siren", of("siren"), condition=_code("siren"), knows=CODED),
    Field(
        "vat_number",
        _("VAT number"),
        Kind.TEXT,
        IDENTITY,
        "vat_number",
        of("vat_number"),
        condition=_code("vat_number"),
        knows=CODED,
    ),
    Field(
        "national_number",
        _("National number"),
        Kind.TEXT,
        IDENTITY,
        "national_number",
        of("national_number"),
        condition=_code("national_number"),
        knows=CODED,
    ),
    Field(
        "status",
        _("Status"),
        Kind.CHOICE,
        IDENTITY,
        "status",
        of("status"),
        options=lambda: Status.choices,
        has_empty=False,
    ),
    Field("family", _("Family"), Kind.CHOICE, IDENTITY, "family", options=lambda: Family.choices, has_empty=False),
    Field(
        "legal",
        _("Legal category"),
        Kind.CHOICE,
        IDENTITY,
        "legal_category",
        of("legal_category"),
        names=Names(LegalCategory, "code"),
        is_long=True,
    ),
    Field(
        "state",
        _("State"),
        Kind.CHOICE,
        IDENTITY,
        options=lambda: [("active", _("Active")), ("closed", _("Closed"))],
        condition=_state,
        has_empty=False,
    ),
    Field("region", _("Region"), Kind.CHOICE, PLACE, "region", names=Names(Region, "code"), is_facet=True),
    Field(
        "department",
        _("Department"),
        Kind.CHOICE,
        PLACE,
        "commune__department",
        names=Names(Department, "code"),
    ),
    Field("town", _("Town"), Kind.CHOICE, PLACE, "commune", names=Names(Commune, "code", "name"), is_long=True),
    Field(
        "postal_code",
        _("Postal code"),
        Kind.TEXT,
        PLACE,
        "postal_code",
        of("address"),
        condition=_code("postal_code"),
        knows=CODED,
    ),
    Field("country", _("Country"), Kind.CHOICE, PLACE, "country", names=Names(Country, "code"), has_empty=False),
    Field(
        "section",
        _("Activity section"),
        Kind.CHOICE,
        TRADE,
        governed=of("activity"),
        names=Names(Activity, "code", narrow=Q(revision=2, level=1)),
        condition=_section,
    ),
    Field(
        "naf",
        _("Activity code (NAF)"),
        Kind.CHOICE,
        TRADE,
        "activity__code",
        of("activity"),
        names=Names(Activity, "code", narrow=Q(revision=2, level=5)),
        is_long=True,
    ),
    Field(
        "sector", _("Sector"), Kind.CHOICE, TRADE, "sector", of("sector"), names=Names(Sector, "slug"), is_facet=True
    ),
    Field(
        "workforce",
        _("Headcount band"),
        Kind.CHOICE,
        TRADE,
        "workforce_band",
        of("workforce_band"),
        names=Names(WorkforceBand, "code"),
        is_facet=True,
    ),
    HEADCOUNT,
    Field(
        "size",
        _("Size"),
        Kind.CHOICE,
        TRADE,
        "size",
        of("size"),
        options=lambda: Size.choices[:3],
        is_facet=True,
    ),
    Field(
        "export_class",
        _("Export"),
        Kind.CHOICE,
        FIGURES,
        "export_class",
        of("export_class"),
        options=lambda: ExportClass.choices,
        is_facet=True,
    ),
    Field("turnover", _("Turnover (€)"), Kind.MONEY, FIGURES, "turnover", of("turnover")),
    Field("export_turnover", _("Export turnover (€)"), Kind.MONEY, FIGURES, "export_turnover", of("export_turnover")),
    Field(
        "turnover_objective",
        _("Turnover objective (€)"),
        Kind.MONEY,
        OBJECTIVES,
        "turnover_objective",
        of("turnover_objective"),
    ),
    Field(
        "potential_turnover",
        _("Potential turnover (€)"),
        Kind.MONEY,
        OBJECTIVES,
        "potential_turnover",
        of("potential_turnover"),
    ),
    Field("margin", _("Margin (€)"), Kind.MONEY, OBJECTIVES, "margin", of("margin")),
    Field(
        "new_client_objective",
        _("New-client objective"),
        Kind.NUMBER,
        OBJECTIVES,
        "new_client_objective",
        of("new_client_objective"),
    ),
    Field(
        "market",
        _("Market: country"),
        Kind.CHOICE,
        MARKETS,
        "country",
        names=Names(Country, "code"),
        rows=markets,
    ),
    Field(
        "market_sector",
        _("Market: sector"),
        Kind.CHOICE,
        MARKETS,
        "sector",
        names=Names(Sector, "slug"),
        rows=markets,
    ),
    Field(
        "maturity",
        _("Market: maturity"),
        Kind.CHOICE,
        MARKETS,
        "maturity",
        options=lambda: Maturity.choices,
        rows=markets,
    ),
    Field(
        "priority_zone",
        _("Priority zone"),
        Kind.CHOICE,
        PLACE,
        "priority_zones",
        of("priority_zones"),
        options=lambda: PriorityZone.choices,
        condition=_zones,
    ),
    Field("source", _("Source"), Kind.CHOICE, ORIGIN, "origin__code", names=Names(Source, "code", "name")),
    Field(
        "source_kind",
        _("Kind of source"),
        Kind.CHOICE,
        ORIGIN,
        "origin__kind",
        options=lambda: SourceKind.choices,
    ),
    Field(
        "known_by",
        _("Known by the source"),
        Kind.CHOICE,
        ORIGIN,
        "source__code",
        names=Names(Source, "code", "name"),
        rows=sources,
    ),
    Field(
        "disputed",
        _("Has a disputed value"),
        Kind.TRUTH,
        ORIGIN,
        rows=lambda user: CompanyValue.objects.disputed() if user.is_team else CompanyValue.objects.none(),
    ),
    Field("sourced", _("Last told by its source on"), Kind.DATE, ORIGIN, "sourced_on"),
    Field("accompanied", _("Accompanied"), Kind.TRUTH, LIFE, "is_accompanied", of("is_accompanied")),
    Field("people", _("Has a contact"), Kind.TRUTH, LIFE, condition=_people),
    Field(
        "decider",
        _("Has a contact who decides"),
        Kind.TRUTH,
        LIFE,
        governed=((Contact, "is_decision_maker"),),
        rows=lambda user: people(user).filter(is_decision_maker=True),
    ),
    Field("website", _("Website"), Kind.TEXT, LIFE, "website", of("website")),
    Field("created", _("Added on"), Kind.DATE, LIFE, "created_at", is_whole=False, has_empty=False),
    Field("changed", _("Last changed on"), Kind.DATE, LIFE, "changed_at", is_whole=False, has_empty=False),
)

add_columns(
    Company,
    Column("siren", _("SIREN"), lambda c: c.siren or "", shown="siren", governed=of("siren")),
    Column("legal_name", _("Legal name"), lambda c: c.legal_name, shown="legal_name", governed=of("legal_name")),
    Column("family", _("Family"), lambda c: c.get_family_display(), shown="family"),
    Column(
        "town",
        _("Town"),
        lambda c: c.commune.name if c.commune else c.town,
        shown="place",
        order="town",
        is_usual=True,
        needs=("commune", "country"),
    ),
    Column("address", _("Address"), lambda c: c.address, shown="address", governed=of("address")),
    Column("postal_code", _("Postal code"), lambda c: c.postal_code, shown="postal_code", governed=of("address")),
    Column("region", _("Region"), lambda c: str(c.region or ""), shown="region", order="region", needs=("region",)),
    Column("country", _("Country"), lambda c: str(c.country), shown="country", needs=("country",)),
    Column(
        "naf",
        _("Activity code (NAF)"),
        lambda c: c.activity.code if c.activity else "",
        governed=of("activity"),
        needs=("activity",),
    ),
    Column(
        "activity",
        _("Activity"),
        lambda c: str(c.activity or ""),
        shown="activity",
        governed=of("activity"),
        is_usual=True,
        needs=("activity",),
    ),
    Column(
        "workforce",
        _("Headcount band"),
        lambda c: str(c.workforce_band or ""),
        shown="workforce_band",
        governed=of("workforce_band"),
        is_usual=True,
        needs=("workforce_band",),
    ),
    Column(
        "headcount",
        _("Headcount"),
        lambda c: c.headcount,
        shown="headcount",
        governed=of("headcount"),
        is_number=True,
        edits="headcount",
    ),
    Column(
        "size",
        _("Size"),
        lambda c: c.get_size_display() if c.size else "",
        shown="size",
        governed=of("size"),
        edits="size",
    ),
    Column(
        "sector",
        _("Sector"),
        lambda c: str(c.sector or ""),
        shown="sector",
        governed=of("sector"),
        edits="sector",
        needs=("sector",),
    ),
    Column(
        "export_class",
        _("Export"),
        lambda c: c.get_export_class_display() if c.export_class else "",
        shown="export_class",
        governed=of("export_class"),
        edits="export_class",
        is_usual=True,
    ),
    Column(
        "turnover",
        _("Turnover (€)"),
        lambda c: c.turnover,
        shown="turnover",
        governed=of("turnover"),
        is_number=True,
        edits="turnover",
        order="turnover",
        is_usual=True,
    ),
    Column(
        "export_turnover",
        _("Export turnover (€)"),
        lambda c: c.export_turnover,
        shown="export_turnover",
        governed=of("export_turnover"),
        is_number=True,
        edits="export_turnover",
    ),
    *(
        Column(
            name,
            label,
            attrgetter(name),
            shown=name,
            governed=of(name),
            is_number=True,
            edits=name,
            order="potential" if name == "potential_turnover" else "",
        )
        for name, label in (
            ("turnover_objective", _("Turnover objective (€)")),
            ("potential_turnover", _("Potential turnover (€)")),
            ("margin", _("Margin (€)")),
            ("new_client_objective", _("New-client objective")),
        )
    ),
    Column(
        "priority_zones",
        _("Priority zones"),
        lambda c: ", ".join(str(PriorityZone(z).label) for z in c.priority_zones),
        governed=of("priority_zones"),
    ),
    Column("status", _("Status"), lambda c: c.get_status_display(), shown="status", governed=of("status")),
    Column(
        "national_number",
        _("National number"),
        lambda c: c.national_number,
        shown="national_number",
        governed=of("national_number"),
    ),
    *(
        Column(name, label, attrgetter(name), shown=name, governed=of(name))
        for name, label in (
            ("turnover_year", _("Year of the turnover")),
            ("export_turnover_year", _("Year of the export turnover")),
        )
    ),
    Column("vat_number", _("VAT number"), lambda c: c.vat_number, shown="vat_number", governed=of("vat_number")),
    Column(
        "accompanied",
        _("Accompanied"),
        lambda c: c.is_accompanied,
        shown="is_accompanied",
        governed=of("is_accompanied"),
    ),
    Column("website", _("Website"), lambda c: c.website, shown="website", governed=of("website"), edits="website"),
    Column("created", _("Added on"), lambda c: c.created_at, shown="created_at"),
    Column("changed", _("Last changed on"), lambda c: c.changed_at, shown="changed_at", order="newest"),
)

"""What this room lets ask of a company: who follows it, what was said with it, its requests, its classes."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.models import Organisation, User
from pavillon.crm.enums import InteractionKind, LeadState, Lifecycle, Relationship, ValueLevel
from pavillon.crm.models import CompanyProfile, Interaction, Lead, Referent, Territory
from pavillon.crm.models.leads import LEAD_READERS
from pavillon.crm.models.territories import TERRITORY_READERS
from pavillon.crm.queries.portfolios import networks, with_network
from pavillon.crm.queries.profiles import CALL_REASONS, FACTORS, reason_line
from pavillon.crm.queries.territory_areas import lies_in
from pavillon.directory.criteria import Ask, Column, Field, Kind, Names, add_columns, add_fields, add_orders
from pavillon.directory.enums import ExportClass
from pavillon.directory.models import Company
from pavillon.ui.keyset import Order
from pavillon.ui.words import day

RELATION, CLASSES = _("Relationship"), _("Classes and scores")


def reads(user: Any) -> bool:
    return user.role in LEAD_READERS


def referents(user: Any) -> Any:
    return Referent.objects.visible_to(user).current()


def exchanges(user: Any) -> Any:
    return Interaction.objects.visible_to(user).exclude(kind=InteractionKind.NOTE)


def leads(user: Any) -> Any:
    return Lead.objects.visible_to(user).filter(company__isnull=False)


def profiles(user: Any) -> Any:
    return CompanyProfile.objects.visible_to(user)


def axis(name: str, label: Any, choices: Any) -> Field:
    return Field(
        name, label, Kind.CHOICE, CLASSES, f"profile__{name}", options=lambda: choices.choices, opens=reads,
        has_empty=False,
    )  # fmt: skip


def _territory(ask: Ask) -> Q:
    found = lies_in(ask.value, ask.prefix)
    return found if ask.op == "in" else ~found


add_fields(
    Company,
    Field(
        "territory",
        _("Territory"),
        Kind.CHOICE,
        RELATION,
        names=Names(Territory, label="name", is_private=True),
        is_long=True,
        condition=_territory,
        opens=lambda user: user.role in TERRITORY_READERS,
        has_empty=False,
    ),
    Field("followed", _("Has a referent"), Kind.TRUTH, RELATION, rows=referents, opens=reads),
    Field(
        "referent",
        _("Referent"),
        Kind.CHOICE,
        RELATION,
        "adviser",
        names=Names(User, label="last_name", is_private=True),
        is_long=True,
        rows=referents,
        opens=reads,
    ),
    Field(
        "network",
        _("Network of the referent"),
        Kind.CHOICE,
        RELATION,
        "network_of",
        options=lambda: list(networks().items()),
        rows=lambda user: with_network(referents(user)),
        opens=reads,
        has_empty=False,
    ),
    Field(
        "portfolio",
        _("Portfolio of the organisation"),
        Kind.CHOICE,
        RELATION,
        "organisation",
        names=Names(Organisation, label="name"),
        is_long=True,
        rows=referents,
        opens=reads,
    ),
    Field(
        "exchanges",
        _("Exchanges"),
        Kind.DEEDS,
        RELATION,
        governed=((Interaction, "*"),),
        options=lambda: InteractionKind.choices[:-1],
        rows=exchanges,
        moment="happened_at",
        sort_path="kind",
        opens=reads,
    ),
    Field(
        "requests",
        _("Requests"),
        Kind.DEEDS,
        RELATION,
        governed=((Lead, "*"),),
        options=lambda: LeadState.choices,
        rows=leads,
        moment="received_at",
        sort_path="state",
        opens=reads,
    ),
    Field(
        "last_exchange",
        _("Last exchange shared with the team"),
        Kind.DATE,
        RELATION,
        "profile__last_exchange_at",
        is_whole=False,
        opens=reads,
    ),
    axis("lifecycle", _("Lifecycle"), Lifecycle),
    axis("value", _("Value"), ValueLevel),
    axis("relationship", _("Loyalty"), Relationship),
    Field(
        "computed_export",
        _("Export class (computed)"),
        Kind.CHOICE,
        CLASSES,
        "profile__export_class",
        options=lambda: ExportClass.choices,
        opens=reads,
        has_empty=False,
    ),
    Field("services", _("Services delivered"), Kind.NUMBER, CLASSES, "profile__services", opens=reads, has_empty=False),
    Field(
        "attested_sales",
        _("Sales abroad attested within three years"),
        Kind.NUMBER,
        CLASSES,
        "profile__attested_sales",
        opens=reads,
        has_empty=False,
    ),
    Field("score", _("Export potential"), Kind.NUMBER, CLASSES, "profile__score", opens=reads, has_empty=False),
    Field("call_score", _("Call order"), Kind.NUMBER, CLASSES, "profile__call_score", opens=reads, has_empty=False),
)


def _referents(rows: Any, user: Any) -> dict[int, str]:
    found = referents(user).filter(company__in=[row.pk for row in rows]).select_related("adviser")
    return {row.company_id: str(row.adviser) for row in found}


def _profile(value: Any) -> Any:
    """A column of profiles: one statement for all rows of a page."""

    def load(rows: Any, user: Any) -> dict[int, Any]:
        return {p.pk: value(p) for p in profiles(user).filter(pk__in=[row.pk for row in rows])}

    return load


def _reasons(points: str, words: Any) -> Any:
    """What speaks for a score of profiles, as far as the reader may know it."""

    def load(rows: Any, user: Any) -> dict[int, str]:
        found = profiles(user).filter(pk__in=[row.pk for row in rows])
        return {p.pk: reason_line(getattr(p, points), words, user) for p in found}

    return load


add_columns(
    Company,
    Column("referent", _("Referent"), load=_referents, opens=reads),
    Column("lifecycle", _("Lifecycle"), load=_profile(lambda p: p.get_lifecycle_display()), opens=reads),
    Column("value", _("Value"), load=_profile(lambda p: p.get_value_display()), opens=reads),
    Column("relationship", _("Loyalty"), load=_profile(lambda p: p.get_relationship_display()), opens=reads),
    Column(
        "computed_export",
        _("Export class (computed)"),
        load=_profile(lambda p: p.get_export_class_display()),
        opens=reads,
    ),
    Column("last_exchange", _("Last exchange"), load=_profile(lambda p: day(p.last_exchange_at)), opens=reads),
    Column(
        "score", _("Export potential"), load=_profile(lambda p: p.score), opens=reads, is_number=True, order="score"
    ),
    Column("score_why", _("Why this potential"), load=_reasons("factors", FACTORS), opens=reads),
    Column(
        "call_score", _("Call order"), load=_profile(lambda p: p.call_score), opens=reads, is_number=True, order="call"
    ),
    Column("call_why", _("Why call now"), load=_reasons("call_factors", CALL_REASONS), opens=reads),
)
add_orders(
    Company,
    Order("score", _("Export potential"), ("profile__score",), is_descending=True, is_nullable=True, opens=reads),
    Order("call", _("Call order"), ("profile__call_score",), is_descending=True, is_nullable=True, opens=reads),
)

"""What this room lets ask of a contact; what can be asked of a company can be asked of its people."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pavillon.core.policy import may_read
from pavillon.directory.criteria.columns import Column, add_columns
from pavillon.directory.criteria.compile import NOTHING
from pavillon.directory.criteria.fields import Ask, Field, Kind, add_fields, borrow_fields
from pavillon.directory.models import Company, Contact
from pavillon.directory.models.contacts import family_begins, first_begins, person_meant_by
from pavillon.directory.names import plain

PERSON = _("Person")


def of(*names: str) -> tuple[tuple[type[Contact], str], ...]:
    return tuple((Contact, name) for name in names)


def _words(ask: Ask) -> Q:
    """The search box of the contacts, without what this person may not read."""
    text = str(ask.value)
    if ("@" in text and not may_read(ask.user, Contact, "email")) or (
        sum(c.isdigit() for c in text) >= 8 and not may_read(ask.user, Contact, "phone")
    ):
        return NOTHING
    return person_meant_by(text)


def _family(ask: Ask) -> Q:
    """The family name as the index of names keeps it: in capitals, without accents."""
    text = plain(str(ask.value))
    if not text:
        return NOTHING
    exact = Q(last_name__unaccent__iexact=str(ask.value)) if ask.op == "is" else Q()
    return family_begins(text) & exact


def _first(ask: Ask) -> Q:
    if ask.op in ("empty", "filled"):
        return Q(first_name="") if ask.op == "empty" else ~Q(first_name="")
    text = plain(str(ask.value))
    if not text:
        return NOTHING
    exact = Q(first_name__unaccent__iexact=str(ask.value)) if ask.op == "is" else Q()
    return first_begins(text) & exact


add_fields(
    Contact,
    Field("q", pgettext_lazy("criterion", "Words"), Kind.TEXT, PERSON, condition=_words, has_empty=False),
    Field(
        "last_name",
        _("Last name"),
        Kind.TEXT,
        PERSON,
        "last_name",
        of("last_name"),
        condition=_family,
        knows=("begins", "is"),
    ),
    Field(
        "first_name",
        _("First name"),
        Kind.TEXT,
        PERSON,
        "first_name",
        of("first_name"),
        condition=_first,
        knows=("begins", "is", "empty", "filled"),
    ),
    Field("job", _("Job title"), Kind.TEXT, PERSON, "job_title", of("job_title")),
    Field(
        "language",
        _("Language"),
        Kind.CHOICE,
        PERSON,
        "language",
        options=lambda: [("fr", _("French")), ("en", _("English"))],
        is_facet=True,
        has_empty=False,
    ),
    Field("decides", _("Decides"), Kind.TRUTH, PERSON, "is_decision_maker", of("is_decision_maker")),
    Field("created", _("Added on"), Kind.DATE, PERSON, "created_at", is_whole=False, has_empty=False),
    Field("changed", _("Last changed on"), Kind.DATE, PERSON, "changed_at", is_whole=False, has_empty=False),
)
borrow_fields(Contact, of=Company, path="company", label=None)

add_columns(
    Contact,
    Column(
        "job",
        _("Job title"),
        lambda c: c.job_title,
        shown="job_title",
        governed=of("job_title"),
        edits="job_title",
        is_usual=True,
    ),
    Column(
        "company",
        _("Company"),
        lambda c: c.company.name,
        governed=((Company, "name"),),
        is_usual=True,
        order="company",
        link=lambda c: c.company.get_absolute_url(),
        needs=("company",),
    ),
    Column(
        "company_siren", _("SIREN"), lambda c: c.company.siren or "", governed=((Company, "siren"),), needs=("company",)
    ),
    Column(
        "company_national_number",
        _("National number"),
        lambda c: c.company.national_number,
        governed=((Company, "national_number"),),
        needs=("company",),
    ),
    Column(
        "company_country",
        _("Country"),
        lambda c: str(c.company.country),
        governed=((Company, "address"),),
        needs=("company__country",),
    ),
    Column(
        "town",
        _("Town"),
        lambda c: c.company.commune.name if c.company.commune else c.company.town,
        is_usual=True,
        needs=("company__commune",),
    ),
    Column("language", _("Language"), lambda c: c.language, shown="language"),
    Column("email", _("E-mail"), lambda c: c.email, shown="email", governed=of("email")),
    Column("phone", _("Phone"), lambda c: c.shown_phone, shown="shown_phone", governed=of("phone")),
    Column(
        "decides",
        _("Decides"),
        lambda c: c.is_decision_maker,
        shown="is_decision_maker",
        governed=of("is_decision_maker"),
    ),
    Column("created", _("Added on"), lambda c: c.created_at, shown="created_at"),
    Column("changed", _("Last changed on"), lambda c: c.changed_at, shown="changed_at", order="newest"),
)

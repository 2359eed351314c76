"""What is done to the sites of a company."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.activity.actions import record, record_each
from pavillon.core.changes import Changes, changes_since, snapshot
from pavillon.directory.models import Company, Establishment
from pavillon.directory.numbers import WrongNumber, check_siret


class SiretTaken(Exception):
    """Another site has this SIRET: it is in `establishment`."""

    def __init__(self, establishment: Establishment) -> None:
        self.establishment = establishment
        super().__init__(
            _("SIRET %(siret)s is the site of %(company)s in %(place)s, which is already in the base.")
            % {
                "siret": establishment.siret,
                "company": establishment.company,
                "place": establishment.place or _("an unknown town"),
            }
        )


class RuledByRegister(Exception):
    """The register rules this row: people ask for a correction."""


@transaction.atomic
def add_establishment(*, company: Company, by: User | None, siret: str = "", **fields: Any) -> Establishment:
    """Add a site; `fields` are columns of `Establishment`.

    Raises WrongNumber for a SIRET that is none or of another SIREN, SiretTaken when the base has it.
    """
    establishment = Establishment(company=company, siret=_checked(company, siret), **fields)
    _place(establishment)
    establishment.save()
    record("directory.establishment_added", establishment, company, by=by, place=establishment.place)
    return establishment


@transaction.atomic
def change_establishment(*, establishment: Establishment, by: User | None, siret: str = "", **fields: Any) -> Changes:
    """Change a site that people keep. Raises RuledByRegister, WrongNumber, SiretTaken."""
    establishment = Establishment.objects.select_for_update(of=("self",)).get(pk=establishment.pk)
    if establishment.is_from_register:
        raise RuledByRegister(establishment.siret)
    before = snapshot(establishment)
    establishment.siret = _checked(establishment.company, siret, besides=establishment)
    for name, value in fields.items():
        setattr(establishment, name, value)
    _place(establishment)
    changes = changes_since(before, establishment)
    if changes:
        establishment.save()
        record("directory.establishment_changed", establishment, establishment.company, by=by, changes=changes)
    return changes


@transaction.atomic
def remove_establishment(*, establishment: Establishment, by: User | None) -> None:
    """Take back a site that was entered by mistake; one that closed gets its last day. Raises RuledByRegister."""
    establishment = (
        Establishment.objects.select_for_update(of=("self",)).select_related("company").get(pk=establishment.pk)
    )
    if establishment.is_from_register:
        raise RuledByRegister(establishment.siret)
    record(
        "directory.establishment_removed",
        establishment,
        establishment.company,
        by=by,
        place=establishment.place,
        siret=establishment.siret or "",
    )
    establishment.delete()


def check_site(establishment: Establishment) -> None:
    """Put SIRET and town of a site in their form, without asking who has the SIRET. Raises WrongNumber."""
    establishment.siret = _formed(establishment.company, establishment.siret or "")
    _place(establishment)


def _formed(company: Company, siret: str) -> str | None:
    if not siret:
        return None
    siret = check_siret(siret)
    if company.siren and not siret.startswith(company.siren):
        raise WrongNumber(
            _("SIRET %(siret)s does not begin with the SIREN of the company (%(siren)s).")
            % {"siret": siret, "siren": company.siren}
        )
    return siret


def _checked(company: Company, siret: str, *, besides: Establishment | None = None) -> str | None:
    formed = _formed(company, siret)
    if formed is None:
        return None
    siret = formed
    taken = Establishment.objects.filter(siret=siret).exclude(pk__in=[besides.pk] if besides else [])
    for other in taken.select_related("company", "commune", "country"):
        raise SiretTaken(other)
    return siret


def _place(establishment: Establishment) -> None:
    if establishment.commune:
        establishment.town = establishment.commune.name


COLUMNS = (
    "name",
    "is_head_office",
    "address",
    "postal_code",
    "commune_id",
    "town",
    "activity_id",
    "workforce_band_id",
    "opened_on",
    "closed_on",
)


def keep_establishments(*, company: Company, rows: Sequence[Mapping[str, Any]], by: User | None) -> dict[str, int]:
    """Make the register's sites of a company those of `rows`; see `keep_many`."""
    return keep_many(kept=[(company, rows)], by=by)[0]


@transaction.atomic
def keep_many(*, kept: Sequence[tuple[Company, Sequence[Mapping[str, Any]]]], by: User | None) -> list[dict[str, int]]:
    """Make the register's sites of companies those that are given; returns {"created": n, "changed": n, "closed": n}.

    A row is {"siret": …} and any of the columns `COLUMNS`. A site that the register knows as well as people becomes the
    register's; sites that only people know are left alone. One line of the trail for all of a company. Half a dozen
    statements for any number of companies.
    """
    # A SIRET names one site: it belongs to whoever holds its SIREN now, whatever record it stood on before.
    sirets = [values["siret"] for _company, rows in kept for values in rows]
    known = {row.siret: row for row in Establishment.objects.select_for_update(of=("self",)).filter(siret__in=sirets)}
    added: list[Establishment] = []
    changed: list[Establishment] = []
    results: list[dict[str, int]] = []
    lines: list[tuple[tuple[Company], dict[str, Any], dict[str, Any]]] = []
    for company, rows in kept:
        before, counts = (len(added), len(changed)), {"created": 0, "changed": 0, "closed": 0}
        for values in rows:
            counts["closed"] += _keep(company, values, known, added, changed)
        counts["created"], counts["changed"] = len(added) - before[0], len(changed) - before[1]
        results.append(counts)
        if counts["created"] or counts["changed"]:
            lines.append(((company,), {}, {**counts}))
    Establishment.objects.bulk_create(added)
    Establishment.objects.bulk_update(changed, [*COLUMNS, "company", "is_from_register", "changed_at"], batch_size=500)
    record_each("directory.establishments_kept", lines, by=by)
    return results


def _keep(
    company: Company,
    values: Mapping[str, Any],
    known: Mapping[str | None, Establishment],
    added: list[Establishment],
    changed: list[Establishment],
) -> bool:
    """Note what one row of the register brings; whether it closes a site."""
    site = known.get(values["siret"])
    told = {name: values[name] for name in COLUMNS if name in values}
    if site is None:
        added.append(Establishment(company=company, siret=values["siret"], is_from_register=True, **told))
        return False
    if (
        site.company_id == company.pk
        and site.is_from_register
        and all(getattr(site, name) == value for name, value in told.items())
    ):
        return False
    closes = site.closed_on is None and told.get("closed_on") is not None
    for name, value in told.items():
        setattr(site, name, value)
    site.company, site.is_from_register, site.changed_at = company, True, timezone.now()
    changed.append(site)
    return closes

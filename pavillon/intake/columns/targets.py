"""The columns of the base that a partner's column can become."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pavillon.directory.enums import ExportClass, Family, PriorityZone, Status
from pavillon.intake.columns import parsing
from pavillon.intake.enums import Subject


@dataclass(frozen=True)
class Known:
    """Reference data by which cells are read: code by plain name or code (see `parsing.plain`)."""

    countries: Mapping[str, str]
    activities: Mapping[str, str]
    sectors: Mapping[str, str]
    bands: Mapping[str, str]
    languages: Mapping[str, str]


@dataclass(frozen=True)
class Cell:
    """A cell with what its reading depends on: the name of its column, the row's country, the reference data."""

    text: str
    header: str
    country: str
    known: Known


@dataclass(frozen=True)
class Target:
    """One thing that a column can tell. `key` is "company.siren"; `names` are usual names of such a column, plain."""

    key: str
    label: Any
    read: Callable[[Cell], Any]
    names: tuple[str, ...]
    is_identity: bool = False
    """Says which company or person is meant: it has no policy."""

    @property
    def subject(self) -> Subject:
        return Subject(self.key.partition(".")[0])

    @property
    def column(self) -> str:
        return self.key.partition(".")[2]


def _text(longest: int) -> Callable[[Cell], Any]:
    return lambda cell: parsing.read_text(cell.text, longest)


def _amount(cell: Cell) -> Any:
    return parsing.read_amount(cell.text, parsing.unit_of(cell.header))


def _choice(choices: type[TextChoices]) -> Callable[[Cell], Any]:
    return lambda cell: parsing.read_choice(cell.text, choices)


def _choices(choices: type[TextChoices]) -> Callable[[Cell], Any]:
    return lambda cell: parsing.read_choices(cell.text, choices)


TARGETS: dict[str, Target] = {
    target.key: target
    for target in (
        Target("company.key", _("the partner's own number"), _text(120),
               ("id", "identifiant", "code client", "numero client", "n client", "ref client", "reference", "ref",
                "client id", "account id", "crm id", "id compte", "code tiers", "customer id"), True),
        Target("company.siren", _("SIREN or SIRET"), lambda cell: parsing.read_siren(cell.text),
               ("siren", "n siren", "numero siren", "company siren", "siret", "n siret", "numero siret", "siret siege",
                "siren siret"),
               True),
        Target("company.vat_number", _("VAT number"), lambda cell: parsing.read_vat(cell.text),
               ("tva", "n tva", "numero tva", "tva intracommunautaire", "numero de tva", "vat", "vat number", "vat id"),
               True),
        Target("company.national_number", _("national number abroad"), _text(40),
               ("numero national", "registration number", "company number", "company national number", "national id",
                "national number",
                "registre", "handelsregister"), True),
        Target("company.name", _("name of the company"), _text(250),
               ("nom", "name", "raison sociale", "societe", "entreprise", "company", "company name", "nom entreprise",
                "nom de l entreprise", "nom societe", "nom de la societe", "denomination", "denomination sociale",
                "compte", "account", "account name", "client", "organisation", "enseigne", "nom commercial")),
        Target("company.legal_name", _("legal name"), _text(250),
               ("nom legal", "legal name", "denomination legale", "raison sociale legale")),
        Target("company.address", _("address"), _text(250),
               ("adresse", "address", "rue", "street", "adresse 1", "adresse1", "adresse postale", "voie",
                "address 1")),
        Target("company.postal_code", _("postal code"), _text(12),
               ("cp", "code postal", "postal code", "postcode", "zip", "zip code", "code post")),
        Target("company.town", pgettext_lazy("of a company", "town"), _text(120),
               ("ville", "town", "city", "commune", "localite", "place")),
        Target("company.country", _("country"),
               lambda cell: parsing.read_code(cell.text, cell.known.countries, str(_("country"))),
               ("pays", "country", "company country", "country code", "code pays", "land", "nation")),
        Target("company.website", _("website"), lambda cell: parsing.read_website(cell.text),
               ("site", "site web", "site internet", "website", "web", "url", "www", "adresse web")),
        Target("company.activity", _("activity (NAF code)"),
               lambda cell: parsing.read_code(cell.text, cell.known.activities, str(_("NAF code"))),
               ("naf", "ape", "code naf", "code ape", "activite", "activity", "nace", "code activite")),
        Target("company.sector", _("sector"),
               lambda cell: parsing.read_code(cell.text, cell.known.sectors, str(_("sector"))),
               ("secteur", "sector", "filiere", "industry")),
        Target("company.workforce_band", _("headcount band"),
               lambda cell: parsing.read_code(cell.text, cell.known.bands, str(_("headcount band"))),
               ("tranche effectif", "tranche d effectif", "tranche effectifs", "workforce band", "workforce")),
        Target("company.headcount", _("headcount"), lambda cell: parsing.read_whole(cell.text),
               ("effectif", "effectifs", "headcount", "employees", "salaries", "nb salaries", "nombre de salaries",
                "staff", "workforce")),
        Target("company.turnover", _("turnover (€)"), _amount,
               ("ca", "chiffre d affaires", "chiffre affaires", "turnover", "revenue", "ca total", "ca k", "ca keur",
                "ca ke", "ca m", "annual revenue", "sales")),
        Target("company.turnover_year", _("year of the turnover"), lambda cell: parsing.read_year(cell.text),
               ("annee ca", "annee du ca", "exercice", "turnover year", "year", "annee")),
        Target("company.export_turnover", _("export turnover (€)"), _amount,
               ("ca export", "ca a l export", "export turnover", "export revenue", "chiffre d affaires export",
                "ca export k", "ca export keur", "export sales")),
        Target("company.export_turnover_year", _("year of the export turnover"),
               lambda cell: parsing.read_year(cell.text), ("annee ca export", "export turnover year")),
        Target("company.status", _("status of the company"), _choice(Status), ("status",)),
        Target("company.export_class", _("export class"), _choice(ExportClass),
               ("export class", "classe export", "classe a l export")),
        Target("company.turnover_objective", _("turnover objective (€)"), _amount,
               ("turnover objective", "objectif ca", "objectif de ca", "objectif de chiffre d affaires")),
        Target("company.potential_turnover", _("potential turnover (€)"), _amount,
               ("potential turnover", "ca potentiel", "chiffre d affaires potentiel")),
        Target("company.margin", _("margin (€)"), _amount, ("margin", "marge", "marge commerciale")),
        Target("company.new_client_objective", _("new-client objective"), lambda cell: parsing.read_whole(cell.text),
               ("new client objective", "objectif de nouveaux clients", "nouveaux clients a conquerir")),
        Target("company.family", _("family of the company"), _choice(Family), ("family", "famille")),
        Target("company.priority_zones", _("priority zones"), _choices(PriorityZone),
               ("priority zones", "zones prioritaires", "zone prioritaire", "zonage")),
        Target("contact.key", _("the partner's own number of the person"), _text(120),
               ("id contact", "contact id", "code contact", "numero contact"), True),
        Target("contact.first_name", _("first name"), _text(80),
               ("prenom", "first name", "given name", "firstname", "prenom contact", "contact prenom")),
        Target("contact.last_name", _("last name"), _text(80),
               ("nom contact", "nom du contact", "last name", "surname", "family name", "lastname", "contact nom",
                "nom de famille", "nom dirigeant")),
        Target("contact.full_name", _("first and last name"), _text(160),
               ("contact", "interlocuteur", "dirigeant", "full name", "contact name", "nom complet", "nom prenom",
                "nom et prenom", "prenom nom", "personne")),
        Target("contact.job_title", _("job title"), _text(120),
               ("fonction", "poste", "job title", "job", "title", "titre", "role", "position")),
        Target("contact.email", _("e-mail of the person"), lambda cell: parsing.read_email(cell.text),
               ("email", "e mail", "mail", "courriel", "adresse mail", "adresse email", "mel", "email contact",
                "contact email")),
        Target("contact.phone", _("phone of the person"),
               lambda cell: parsing.read_phone(cell.text, cell.country),
               ("telephone", "tel", "phone", "mobile", "portable", "tel contact", "telephone contact", "n telephone",
                "numero de telephone", "tel mobile", "gsm", "phone number", "tel direct")),
        Target("contact.language", _("language of the person"),
               lambda cell: parsing.read_code(cell.text, cell.known.languages, str(_("language"))),
               ("langue", "language", "langue contact", "sprache")),
        Target("contact.is_decision_maker", _("decides"), lambda cell: parsing.read_yes(cell.text),
               ("decideur", "decision maker", "decides")),
        Target("row.observed_on", _("day on which the row was known"), lambda cell: parsing.read_date(cell.text),
               ("date maj", "date de maj", "date mise a jour", "date de mise a jour", "modifie le", "updated",
                "updated at", "last modified", "derniere modification", "date modification", "maj"), True),
    )
}  # fmt: skip

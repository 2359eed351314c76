"""Rows of the shared base for a piece of the invented country, as COPY reads them.

E-mails and phones are encrypted and indexed with the keys of the installation, exactly as the product writes them.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random

from django.apps import apps

from bench._invented import ABROAD, FREE_MAIL, JOBS, Firm, Size, chooser, surnames
from pavillon.directory.names import match_name, plain
from pavillon.directory.synthetic import FIRST_NAMES

# The last day of the invented country, so that the same seed makes the same rows.
NOW = datetime(2026, 11, 20, 18, tzinfo=UTC)
LEAD_STATES = {"closed": 80, "treated": 4, "taken": 10, "assigned": 4, "received": 1, "refused": 1}
STEPS = ("received", "assigned", "taken", "treated", "closed")
SUBJECTS = (
    "Exporter vers l’Allemagne", "Trouver un distributeur en Italie", "Financer un premier salon à l’étranger",
    "Règles douanières vers le Royaume-Uni", "Assurer ses créances à l’export", "Recruter un VIE",
    "Marquage CE et normes", "Étude du marché marocain", "Répondre à un appel d’offres en Pologne",
    "Traduire le catalogue",
)  # fmt: skip
SUMMARIES = (
    "Point sur le projet export, devis envoyé au prospect.",
    "Rappel du dispositif de financement, dossier à compléter.",
    "Pas de réponse, message laissé à l’accueil.", "Visite de l’atelier, capacité de production doublée d’ici l’été.",
    "Le dirigeant hésite entre deux marchés, étude à prévoir.", "Participation au salon confirmée.",
    "Demande de mise en relation avec un transitaire.", "Bilan de la mission : trois contacts sérieux.",
    "Changement d’interlocuteur, présentation de l’équipe.", "Question sur les incoterms, fiche envoyée.",
)  # fmt: skip
MATURITIES = ("considered", "prospected", "first_sales", "established", "settled")
KINDS, KIND_ENDS = ("call", "mail", "visit", "meeting", "note"), (45, 70, 82, 92, 100)

COLUMNS = {
    "directory_company": "id created_at changed_at family status siren national_number name legal_name match_name "
    "activity_id legal_category_id workforce_band_id size address postal_code commune_id town region_id country_id "
    "website domain sector_id export_class turnover export_turnover is_accompanied is_demo closed_on",
    "directory_contact": "id created_at changed_at company_id first_name last_name job_title email email_index phone "
    "phone_index language is_decision_maker",
    "directory_contactrole": "contact_id company_id function is_decision_maker is_main starts_on",
    "directory_channel": "created_at changed_at contact_id kind value value_index domain is_preferred",
    "directory_establishment": "created_at changed_at company_id siret is_head_office address postal_code commune_id "
    "town country_id activity_id workforce_band_id opened_on closed_on is_from_register",
    "directory_market": "created_at changed_at company_id country_id sector_id maturity note",
    "crm_referent": "created_at changed_at company_id adviser_id organisation_id starts_on reason",
    "crm_lead": "id created_at changed_at origin kind is_spontaneous prompted_by company_id company_name town "
    "contact_id contact_name contact_email contact_phone region_id country_id sector_id subject message legal_basis "
    "attachment_type state team_id adviser_id routing received_at assigned_at due_at escalations taken_at "
    "take_charge_minutes treated_at closed_at outcome closing_note next_action next_action_on is_sent_to_diagnosis "
    "search_text subject_code subject_facts",
    "crm_leadstep": "lead_id step at by_id adviser_id note",
    "crm_leadtouch": "lead_id origin detail touched_at is_first",
    "crm_interaction": "created_at changed_at company_id kind happened_at duration_minutes contact_id summary outcome "
    "author_id organisation_id region_id visibility next_action next_action_on",
}


@dataclass(frozen=True)
class Country:
    """What the invented country is poured into: first numbers of the tables, seats of advisers, codes that exist."""

    company: int
    contact: int
    lead: int
    # Region → [(person, organisation)]; "" for regions without a team of their own.
    seats: dict[str, list[tuple[int, int]]]
    activities: dict[str, int]
    sectors: tuple[str, ...]

    def adviser(self, firm: Firm) -> tuple[int, int]:
        """Who follows a company: always the same person, of its region."""
        seats = self.seats.get(firm.town.region) or self.seats[""]
        return seats[firm.number % len(seats)]


Rows = dict[str, list[str]]


def line(*cells: object) -> str:
    """A row as COPY reads it. Our own texts hold neither tab nor backslash."""
    return "\t".join(
        "\\N" if cell is None else "t" if cell is True else "f" if cell is False else str(cell) for cell in cells
    )


def make_rows(firms: Sequence[Firm], size: Size, country: Country, seed: int) -> Rows:
    """All rows of a piece, by table."""
    random = Random(f"{seed} rows {firms[0].number}")
    rows: Rows = defaultdict(list)
    people = _contacts(random, firms, size, country, rows)
    rows["directory_company"] = [_company(random, firm, country) for firm in firms]
    rows["directory_establishment"] = [office for firm in firms for office in _establishments(firm, country)]
    rows["directory_market"] = [market for firm in firms for market in _markets(random, firm, country)]
    for firm in firms:
        if _is_accompanied(firm):
            adviser, organisation = country.adviser(firm)
            at = NOW - timedelta(days=random.randrange(60, 1400))
            rows["crm_referent"].append(
                line(at, at, country.company + firm.number, adviser, organisation, at.date(), "Portefeuille initial")
            )
    _leads(random, firms, size, country, people, rows)
    _interactions(random, firms, size, country, people, rows)
    return rows


def _is_accompanied(firm: Firm) -> bool:
    return not firm.closed_on and firm.export_class in ("regular", "occasional") and firm.number % 4 == 0


def _company(random: Random, firm: Firm, country: Country) -> str:
    created = NOW - timedelta(days=random.randrange(1, 1800))
    changed = created + (NOW - created) * random.random()
    name, is_french = firm.public_name, not firm.is_foreign
    shows = not (firm.is_person and firm.is_partial)
    return line(
        country.company + firm.number, created, changed, "french" if is_french else "foreign",
        "client" if _is_accompanied(firm) else "prospect", firm.siren if is_french else None,
        "" if is_french else f"REG{firm.number:08d}", name, f"{firm.first_name} {firm.name}".strip() if shows else "",
        match_name(name), country.activities.get(firm.activity), firm.legal if is_french else None, firm.band,
        firm.size, "" if firm.is_partial else firm.offices[0].street, firm.town.postal_code if is_french else "",
        firm.town.code if is_french else None, firm.town.name, firm.town.region if is_french else None,
        "FR" if is_french else ABROAD[firm.number // 50 % len(ABROAD)], firm.website,
        firm.website.removeprefix("https://www."), _sector(firm, country),
        firm.export_class, firm.turnover, firm.export_turnover, _is_accompanied(firm), True, firm.closed_on,
    )  # fmt: skip


def _establishments(firm: Firm, country: Country) -> Iterator[str]:
    """The offices of a company that the register knows."""
    for office in [] if firm.is_foreign else firm.offices:
        yield line(
            NOW, NOW, country.company + firm.number, office.siret, office.is_seat,
            "" if firm.is_partial else office.street, office.town.postal_code, office.town.code, office.town.name, "FR",
            country.activities.get(firm.activity), firm.band if office.is_seat else None, firm.created_on,
            max(office.closed_on, firm.created_on) if office.closed_on else None, True,
        )  # fmt: skip


def _markets(random: Random, firm: Firm, country: Country) -> Iterator[str]:
    """Where an exporter sells, and where a firm that could export thinks of selling."""
    most = {"regular": 4, "occasional": 2, "potential": 1}.get(firm.export_class, 0)
    for land in random.sample(ABROAD, random.randrange(most + 1)):
        yield line(
            NOW, NOW, country.company + firm.number, land, _sector(firm, country),
            random.choice(MATURITIES if most > 1 else MATURITIES[:2]), "",
        )  # fmt: skip


def _sector(firm: Firm, country: Country) -> str:
    return country.sectors[hash_of(firm.activity) % len(country.sectors)]


def hash_of(text: str) -> int:
    """The same number in every process, unlike `hash`."""
    return sum(map(ord, text))


def _contacts(random: Random, firms: Sequence[Firm], size: Size, country: Country, rows: Rows) -> dict[int, list[int]]:
    """People of the firms: one each, the rest mostly in larger ones. Returns the numbers of the people of each firm."""
    first, last = size.span(size.contacts, firms[0].number, firms[-1].number + 1)
    weights = [1 if firm.is_person else 2 + int(firm.band if firm.band.isdigit() else 0) / 4 for firm in firms]
    owners = [*range(len(firms))][: last - first]
    owners += random.choices(range(len(firms)), weights=weights, k=last - first - len(owners))
    jobs = random.choices(chooser("jobs")[0], cum_weights=chooser("jobs")[1], k=len(owners))
    names = random.choices(surnames()[0], cum_weights=surnames()[1], k=len(owners))
    # Asked by name: this module is imported by processes in which Django does not stand yet.
    column = apps.get_model("directory", "Contact")._meta.get_field
    email, phone, emails, phones = map(column, ("email", "phone", "email_index", "phone_index"))
    value, values = (apps.get_model("directory", "Channel")._meta.get_field(n) for n in ("value", "value_index"))
    people: dict[int, list[int]] = defaultdict(list)
    for i, (owner, job, last_name) in enumerate(zip(owners, jobs, names, strict=True)):
        firm, number, first_name = firms[owner], first + i, random.choice(FIRST_NAMES)
        local = f"{_mailbox(first_name)}.{_mailbox(last_name)}"
        domain = firm.website.removeprefix("https://www.") or f"{FREE_MAIL[number % 6]}.example"
        address = "" if random.random() < 0.12 else f"{local}{'' if firm.website else number}@{domain}"
        # A range that no operator was given.
        call = "" if random.random() < 0.25 else f"+3399{number * 7919 % 10_000_000:07d}"
        at = NOW - timedelta(minutes=random.randrange(1, 1800 * 1440))
        # Written out, not through `line`: there are millions.
        company, decides = country.company + firm.number, "t" if JOBS[job][1] else "f"
        language, key = "en" if firm.is_foreign else "fr", country.contact + number
        rows["directory_contact"].append(
            f"{key}\t{at}\t{at}\t{company}\t{first_name}\t{last_name}\t{job}\t{email.get_prep_value(address)}\t"
            f"{emails.digest(address)}\t{phone.get_prep_value(call)}\t{phones.digest(call)}\t{language}\t{decides}"
        )
        rows["directory_contactrole"].append(f"{key}\t{company}\t{job}\t{decides}\tt\t{at.date()}")
        for kind, reached in (("email", address), ("phone", call)):
            if reached:
                domain = firm.website.removeprefix("https://www.") if kind == "email" else ""
                rows["directory_channel"].append(
                    f"{at}\t{at}\t{key}\t{kind}\t{value.get_prep_value(reached)}\t{values.digest(reached)}\t{domain}\tt"
                )
        people[firm.number].append(key)
    return people


@cache
def _mailbox(name: str) -> str:
    return plain(name).lower().replace(" ", "-")


def _followed(random: Random, firms: Sequence[Firm], count: int) -> list[Firm]:
    """`count` firms, some of them often: a tenth of the companies gets most of the attention."""
    return random.choices(firms, weights=[_interest(firm) for firm in firms], k=count)


def _interest(firm: Firm) -> int:
    often = 5 if firm.number % 100 == 7 else 1
    if _is_accompanied(firm):
        return 40 * often
    return 8 * often if firm.export_class in ("regular", "occasional", "potential") else often


def _leads(
    random: Random, firms: Sequence[Firm], size: Size, country: Country, people: dict[int, list[int]], rows: Rows
) -> None:
    first, last = size.span(size.leads, firms[0].number, firms[-1].number + 1)
    states = random.choices(list(LEAD_STATES), weights=list(LEAD_STATES.values()), k=last - first)
    for number, firm, state in zip(range(first, last), _followed(random, firms, last - first), states, strict=True):
        key, (adviser, team) = country.lead + number, country.adviser(firm)
        old = 40 if state in ("received", "assigned", "taken") else 1095
        at = NOW - timedelta(minutes=random.randrange(60, old * 1440))
        held = state not in ("received", "refused")
        taken = at + timedelta(minutes=random.randrange(20, 2000)) if state in ("taken", "treated", "closed") else None
        treated = taken + timedelta(days=random.randrange(1, 9)) if taken and state in ("treated", "closed") else None
        closed = treated + timedelta(days=random.randrange(1, 30)) if treated and state == "closed" else None
        subject = random.choice(SUBJECTS)
        rows["crm_lead"].append(
            line(
                key, at, taken or at, random.choice(("site", "phone", "shop", "partner", "mail")), "request", True, "",
                country.company + firm.number, firm.public_name, firm.town.name, people.get(firm.number, [None])[0], "",
                "", "", None if firm.is_foreign else firm.town.region, random.choice(ABROAD),
                _sector(firm, country), subject, "", "public_task", "", state,
                team, adviser if held else None, "[]", at, at if held else None, at + timedelta(days=2), 0, taken,
                180 if taken else None, treated, closed or (at if state == "refused" else None),
                "informed" if closed else "", "Hors du champ de l’équipe." if state == "refused" else "",
                "Rappeler" if state == "taken" else "",
                (NOW + timedelta(days=random.randrange(-10, 40))).date() if state == "taken" else None, False,
                f"D {key:06d} {match_name(firm.public_name)} {plain(subject)}", "", "{}",
            )
        )  # fmt: skip
        moments = zip(STEPS, (at, at if held else None, taken, treated, closed), strict=True)
        for step, moment in moments:
            if moment:
                by = None if step in ("received", "assigned") else adviser
                rows["crm_leadstep"].append(line(key, step, moment, by, adviser if held else None, ""))
        if state == "refused":
            rows["crm_leadstep"].append(line(key, "refused", at, adviser, None, "Hors du champ de l’équipe."))
        rows["crm_leadtouch"].append(line(key, "site", "", at, True))


def _interactions(
    random: Random, firms: Sequence[Firm], size: Size, country: Country, people: dict[int, list[int]], rows: Rows
) -> None:
    first, last = size.span(size.interactions, firms[0].number, firms[-1].number + 1)
    count = last - first
    kinds = random.choices(KINDS, cum_weights=KIND_ENDS, k=count)
    shares = random.choices(("team", "organisation", "region"), cum_weights=(70, 85, 100), k=count)
    for firm, kind, visibility in zip(_followed(random, firms, count), kinds, shares, strict=True):
        adviser, organisation = country.adviser(firm)
        at = NOW - timedelta(minutes=int(1460 * 1440 * random.random() ** 1.5) + 30)
        known = people.get(firm.number)
        minutes = "\\N" if kind in ("mail", "note") else 15
        person = random.choice(known) if known and kind != "note" else "\\N"
        outcome = "" if kind == "note" else random.choice(("positive", "neutral", "to_follow", "no_answer"))
        region = "\\N" if firm.is_foreign else firm.town.region
        promise = f"Rappeler\t{(at + timedelta(days=14)).date()}" if random.random() < 0.03 else "\t\\N"
        rows["crm_interaction"].append(
            f"{at}\t{at}\t{country.company + firm.number}\t{kind}\t{at}\t{minutes}\t{person}\t"
            f"{random.choice(SUMMARIES)}\t{outcome}\t{adviser}\t{organisation}\t{region}\t{visibility}\t{promise}"
        )

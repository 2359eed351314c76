"""Believable pairs for the queue of duplicates, labelled as demo."""

from datetime import date
from typing import Any

from pavillon.curation import actions
from pavillon.curation.models import ContactPair, DuplicatePair
from pavillon.curation.queries import priority_of
from pavillon.directory.actions import add_contact, create_company, offer_values
from pavillon.directory.models import Company, Source
from pavillon.directory.queries import match_descriptions, match_people
from pavillon.matching import queries as matching
from pavillon.reference.models import Commune

HEARD_ON = date(2026, 9, 14)
# (name, address, website) as two sources wrote them, in the town of a postal code.
PAIRS = [
    ("29150", ("Menuiserie Kerdraon", "12 rue du Port", "https://kerdraon.example"),
     ("SARL Menuiserie KERDRAON & Fils", "12, r. du Port", "")),
    ("35000", ("Chaudronnerie de la Vilaine", "4 allée des Tanneurs", "https://vilaine-chaudronnerie.example"),
     ("CHAUDRONNERIE VILAINE", "4 all des Tanneurs", "")),
    ("56100", ("Conserverie du Ter", "8 quai des Indes", ""),
     ("Conserverie du Ter Export", "8 quai des Indes", "https://conserverie-ter.example")),
    ("22000", ("Salaisons Le Hénaff", "21 boulevard Clemenceau", ""), ("Salaison Le Henaf", "21 bd Clémenceau", "")),
    ("29200", ("Optique de l’Iroise", "3 rue de Siam", "https://optique-iroise.example"),
     ("Holding Optique Iroise", "3 rue de Siam", "")),
]  # fmt: skip


def seed(world: dict[str, Any]) -> None:
    """Records that two sources wrote, and the pairs that the nightly search would propose."""
    if Company.objects.filter(is_demo=True, name=PAIRS[0][1][0]).exists():
        return
    for code, *sides in PAIRS:
        commune = Commune.objects.filter(postal_codes__contains=[code]).order_by("-population").first()
        if commune is None:
            continue
        both = [
            create_company(
                name=name, by=None, address=address, website=website, postal_code=code, commune=commune, is_demo=True
            )
            for name, address, website in sides
        ]
        left, right = sorted(both, key=lambda company: company.pk)
        described = match_descriptions([left.pk, right.pk])
        score = matching.score_pair("company", described[left.pk], described[right.pk])
        DuplicatePair.objects.get_or_create(
            left=left,
            right=right,
            defaults={
                "probability": score.probability,
                "weight": score.weight,
                "model_version": matching.live_model("company").version,
                "priority": priority_of(score.probability, (left, right)),
            },
        )
    _people_twice()
    actions.qualify_companies()


# (first name, last name, job, e-mail, phone) as two sources wrote one person; then what a third one says of the job.
PERSON = [
    ("Maëlle", "Kerdraon", "Responsable export", "maelle.kerdraon@kerdraon.example", "02 98 86 70 12"),
    ("Maelle", "KERDRAON", "Resp. export", "", "+33 2 98 86 70 12"),
]
OTHER_JOB = "Directrice commerciale"


def _people_twice() -> None:
    """A pair of people to merge, and two sources of equal trust that disagree on somebody's function."""
    company = Company.objects.filter(is_demo=True, name=PAIRS[0][1][0]).first()
    if company is None or company.contacts.exists():
        return
    chamber, portfolio = (Source.objects.filter(code=code).first() for code in ("chamber-bretagne", "agency-portfolio"))
    added = [
        add_contact(
            company=company, by=None, first_name=first, last_name=last, job_title=job, email=email, phone=phone,
            source=chamber, observed_on=HEARD_ON,
        )
        for first, last, job, email, phone in PERSON
    ]  # fmt: skip
    left, right = sorted(added, key=lambda contact: contact.pk)
    described = match_people([left.pk, right.pk])
    model = matching.live_model("person")
    mine, theirs = (matching.prepare("person", described[each.pk]) for each in (left, right))
    score = matching.score_prepared("person", mine, theirs, model)
    ContactPair.objects.create(
        left=left, right=right, probability=score.probability, weight=score.weight, model_version=model.version
    )
    if portfolio is not None:
        offer_values(record=added[0], source=portfolio, values={"job_title": OTHER_JOB}, observed_on=HEARD_ON, by=None)

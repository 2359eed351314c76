"""Believable pairs for the queue of duplicates, labelled as demo."""

from typing import Any

from pavillon.curation import actions
from pavillon.curation.models import DuplicatePair
from pavillon.curation.queries import priority_of
from pavillon.directory.actions import create_company
from pavillon.directory.models import Company
from pavillon.directory.queries import match_descriptions
from pavillon.matching import queries as matching
from pavillon.reference.models import Commune

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
    actions.qualify_companies()

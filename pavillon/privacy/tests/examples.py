"""What tests over all pages put in the addresses of this room."""

from datetime import timedelta

from django.core import signing
from django.utils import timezone

from pavillon.privacy import actions
from pavillon.privacy.enums import Kind
from pavillon.privacy.management.commands.load_data_protection import Command as LoadDataProtection
from pavillon.privacy.management.commands.load_purposes import Command as LoadPurposes
from pavillon.privacy.models import (
    Breach,
    Clearance,
    Consent,
    ControlPoint,
    Processing,
    Processor,
    Purpose,
    Question,
    RestrictedPurpose,
    RetentionRule,
    RetentionRun,
    RightsRequest,
)
from pavillon.privacy.queries import token_of
from pavillon.privacy.queries.rights import SALT_OF_RIGHTS
from pavillon.reference.models import Country


def prepare(world):
    LoadPurposes().handle(verbosity=0)
    LoadDataProtection().handle(verbosity=0)


def make_consent(world):
    """An answer of Claire's: everybody else has no such consent."""
    purpose = Purpose.objects.filter(kind=Kind.PERSON).first()
    actions.answer_purposes(accepted=[purpose.pk], by=world["claire"], proof={"page": "/fr/consents/"})
    return Consent.objects.filter(user=world["claire"], purpose=purpose).latest("pk")


def make_question(world):
    return actions.ask_consent(
        user=world["claire"], purpose="partner_sharing", scope="organisation:1", recipient="Partner GmbH",
        data=["Votre nom"], reason="Trouver un agent", by=world["helene"],
    )  # fmt: skip


def make_request(world):
    """Claire asked from her account and was answered; the officer has an open one from the same page."""
    claire = world["claire"]
    return actions.ask_right(right="rectification", name="Claire", email=claire.email, language="fr", user=claire)


def make_run(world):
    return RetentionRun.objects.create(rule=RetentionRule.objects.get(table="crm.lead"), before="2023-01-01",
                                       numbers=[1], act_on="2099-01-01")  # fmt: skip


def make_processing(world):
    return actions.keep_processing(
        name="Comptes", aim="Ouvrir l'espace", legal_basis="contract", people="Dirigeants", data="Nom", kept="3 ans",
        controller="L'agence", by=world["denis"],
    )  # fmt: skip


def make_processor(world):
    france = Country.objects.get(code="FR")
    return actions.keep_processor(name="Hébergeur", task="Serveurs", data="Tout", country=france, by=world["denis"])


def make_clearance(world):
    purpose = RestrictedPurpose.objects.get(code="customs_follow_up")
    until = timezone.localdate() + timedelta(days=90)
    return actions.grant_clearance(
        user=world["helene"], purpose=purpose, reference="2026-1", ends_on=until, by=world["denis"]
    )


EXAMPLES = {
    Clearance: make_clearance,
    Consent: make_consent,
    Question: make_question,
    RightsRequest: make_request,
    RetentionRun: make_run,
    RetentionRule: lambda world: RetentionRule.objects.get(table="crm.lead"),
    Purpose: lambda world: Purpose.objects.get(pk="news"),
    Processing: make_processing,
    Processor: make_processor,
    Breach: lambda world: actions.declare_breach(title="Fuite", facts="x", data="y", by=world["denis"]),
    ControlPoint: lambda world: ControlPoint.objects.get(pk=2),
}


def token_of_request(world):
    return signing.dumps(world.example(RightsRequest).pk, salt=SALT_OF_RIGHTS)


ARGUMENTS = {
    "privacy:choices": {"token": lambda world: token_of(f"user:{world['claire'].pk}")},
    "privacy:confirm_request": {"token": token_of_request},
    "privacy:follow_request": {"token": token_of_request},
    "privacy:fetch_data": {"token": token_of_request},
}

"""A request of the demonstration that goes to the partner in Germany, with the company's agreement: its mission runs.

The brief lies with the mission, and the addresses that the partner found so far.
"""

import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.crm import actions
from pavillon.crm.enums import MissionPaper
from pavillon.crm.models import Lead, Mission
from pavillon.crm.queries.partners import PURPOSE, scope_of
from pavillon.privacy.actions import give_consent
from pavillon.privacy.enums import LegalBasis
from pavillon.privacy.models import Purpose
from pavillon.privacy.queries import person_key
from pavillon.reference.models import Country

SUBJECT = "Rencontrer trois concessionnaires en Bavière"
MESSAGE = "Nos semoirs intéressent deux coopératives ; il nous faut des relais pour le service après-vente."
NEED = "Trois rendez-vous avec des concessionnaires qui assurent le service après-vente"

BRIEF = (
    "Cahier des charges",
    "",
    "Trois rendez-vous avec des concessionnaires de machines agricoles en Bavière.",
    "Chacun assure le service après-vente dans un rayon de 80 km.",
    "Aucun ne distribue déjà un semoir concurrent.",
    "",
    "À rendre : un compte rendu par rendez-vous, en français ou en anglais,",
    "et les coordonnées des personnes rencontrées.",
)
FOUND = """Dealer;Town;Service workshop;Answer
Landtechnik Huber;Straubing;yes;meeting agreed
Agrar-Center Vilstal;Vilsbiburg;yes;asks for prices
Maschinenhof Lechner;Altötting;no;not interested
"""


@transaction.atomic
def seed(world: dict[str, Any]) -> None:
    """Asked by Marc, agreed, handed over to Lars, due in three weeks. Without purposes of consent nothing leaves."""
    marc, lars = world["users"].get("marc"), world["users"].get("lars")
    is_asked = Purpose.objects.filter(pk=PURPOSE, current__isnull=False).exists()
    if marc is None or lars is None or not is_asked or Mission.objects.exists():
        return
    lead = actions.receive_lead(
        company=world["companies"]["marc"],
        origin="site",
        kind="mission",
        subject=SUBJECT,
        message=MESSAGE,
        country=Country.objects.filter(pk="DE").first(),
        legal_basis=LegalBasis.PUBLIC_TASK,
        requested_by=marc,
        by=marc,
    )
    if lead.adviser is not None:
        _transmit(lead, lead.adviser, marc, lars, world["organisations"]["partner"])


def _transmit(lead: Lead, adviser: User, marc: User, lars: User, partner: Any) -> None:
    actions.take_charge(lead=lead, by=adviser)
    give_consent(
        purpose=PURPOSE,
        person_key=person_key(marc),
        user=marc,
        scope=scope_of(lead, partner),
        proof={"recipient": partner.name, "page": "/my/consents/", "language": marc.language},
    )
    offer = actions.hand_over_lead(
        lead=Lead.objects.get(pk=lead.pk),
        to=lars,
        team=partner,
        note="L’entreprise est d’accord pour que le partenaire la contacte.",
        need=NEED,
        by=adviser,
    )
    actions.accept_hand_over(hand_over=offer, by=lars)
    due_on = timezone.localdate() + datetime.timedelta(days=21)
    mission = Mission.objects.get()
    actions.change_mission(mission=mission, what=NEED, due_on=due_on, by=adviser)
    brief = ContentFile(page(BRIEF), name="cahier-des-charges.pdf")
    actions.add_mission_file(mission=mission, kind=MissionPaper.BRIEF, file=brief, by=adviser)
    found = ContentFile(FOUND.encode("utf-8-sig"), name="dealers-contacted.csv")
    actions.add_mission_file(mission=mission, kind=MissionPaper.EVIDENCE, file=found, by=lars)


def page(lines: tuple[str, ...]) -> bytes:
    """A page of text as a PDF; an empty line is a gap. Letters of western Europe only."""
    drawn = "".join(f"({line}) Tj T*\n" for line in lines)
    words = f"BT /F1 12 Tf 20 TL 72 770 Td\n{drawn}ET".encode("cp1252")
    parts = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%b\nendstream" % (len(words), words),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    )
    drawn_page, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(b"%010d 00000 n \n" % len(drawn_page))
        drawn_page += b"%d 0 obj%bendobj\n" % (number, part)
    table = b"xref\n0 6\n0000000000 65535 f \n" + b"".join(places)
    return drawn_page + table + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(drawn_page)

"""Mail that an adviser copied, for the demonstration: invented, and taken in as any other, but for the wire."""

import datetime
from email.message import EmailMessage
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.correspondence import actions
from pavillon.correspondence.actions.receiving import Arrival
from pavillon.correspondence.models import CopiedMail
from pavillon.correspondence.queries.addresses import Place
from pavillon.directory.models import Contact

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def seed(world: dict[str, Any]) -> None:
    """Two mails that found their company and two that wait on Helene's desk. Does nothing the second time.

    Nor where mail is believed only after a check: nobody has checked these.
    """
    helene: User | None = world["users"].get("helene")
    if helene is None or not settings.MAIL_COPY_TRUSTS_LOOPBACK or CopiedMail.objects.exists():
        return
    with transaction.atomic():
        _Mails(helene).tell()


class _Mails:
    def __init__(self, helene: User) -> None:
        self.helene = User.objects.get(pk=helene.pk)
        self.copy = actions.renew_copy_address(by=self.helene)
        self.helene.acting = self.copy.owner.acting = self.helene.roles_today[0]
        rows = Contact.objects.visible_to(self.helene).standing().filter(company__merged_into=None)
        known = [row for row in rows.exclude(email="").order_by("pk")[:200] if row.email.endswith(".example")]
        first = known[0].company_id if known else None
        self.people = known[:1] + [row for row in known if row.company_id != first][:1]

    def tell(self) -> None:
        if len(self.people) < 2:
            return
        one, other = self.people
        self._copy(
            4, [one.email], "Votre projet au Canada : les pièces qui manquent",
            f"Bonjour {one.first_name},\n\nVoici la liste des pièces dont nous avons besoin avant vendredi.\n\n"
            f"Bien à vous,\n{self.helene}\n\nLe lun. 16 nov. 2026 à 09:12, {one} a écrit :\n> Que devons-nous vous envoyer ?",
            "liste-des-pieces.pdf",
        )  # fmt: skip
        self._copy(
            3,
            [other.email],
            "Compte rendu de notre appel",
            "Bonjour,\n\nComme convenu, voici ce que nous avons retenu.",
        )
        self._copy(
            2, [one.email, other.email], "Salon de Lyon : partager un stand",
            "Bonjour à tous les deux,\n\nVous cherchez chacun un demi-stand : voulez-vous en parler ?",
        )  # fmt: skip
        self._copy(
            1, [], "Tr : Question sur la douane",
            f"À classer.\n\n---------- Message transféré ----------\nDe : {one} <{one.email}>\nObjet : Question sur la douane\n\n"
            "Faut-il un certificat d’origine pour le Japon ?",
        )  # fmt: skip

    def _copy(self, days: int, to: list[str], subject: str, text: str, file: str = "") -> None:
        letter = EmailMessage()
        letter["From"], letter["Subject"] = self.helene.email, subject
        letter["To"] = ", ".join(to or [self.copy.address])
        letter["Date"] = timezone.now() - datetime.timedelta(days=days, hours=3)
        letter["Message-ID"] = f"<demo-{days}@pavillon.example>"
        letter.set_content(text)
        if file:
            letter.add_attachment(PDF, "application", "pdf", filename=file)
        arrival = Arrival(self.helene.email, (Place(self.copy),), is_local=True)
        actions.receive_mail(content=bytes(letter), arrival=arrival)

"""What tests over all pages put in the addresses of this room."""

from pavillon.privacy.actions import answer_purposes
from pavillon.privacy.enums import Kind
from pavillon.privacy.management.commands.load_purposes import Command
from pavillon.privacy.models import Consent, Purpose


def prepare(world):
    Command().handle(verbosity=0)


def make_consent(world):
    """An answer of Claire's: everybody else has no such consent."""
    purpose = Purpose.objects.filter(kind=Kind.PERSON).first()
    answer_purposes(accepted=[purpose.pk], by=world["claire"], proof={"page": "/fr/consents/"})
    return Consent.objects.filter(user=world["claire"], purpose=purpose).latest("pk")


EXAMPLES = {Consent: make_consent}

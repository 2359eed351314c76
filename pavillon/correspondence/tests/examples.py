"""What tests over all pages put in the addresses of this room."""

from django.conf import settings

from pavillon.correspondence import actions
from pavillon.correspondence.actions.receiving import Arrival
from pavillon.correspondence.models import CopiedMail, MailFile
from pavillon.correspondence.queries.addresses import Place
from pavillon.correspondence.tests.factories import mail
from pavillon.crm.tests.factories import fresh


def make_mail(world):
    """Helene copied a mail to somebody whom the base does not know; a file is with it."""
    helene = fresh(world["helene"])
    copy = actions.renew_copy_address(by=helene)
    letter = mail(helene.email, "x@nowhere.example", files={"list.csv": b"a;b\n1;2\n"})
    before = settings.MAIL_COPY_TRUSTS_LOOPBACK
    settings.MAIL_COPY_TRUSTS_LOOPBACK = True
    try:
        arrival = Arrival(helene.email, (Place(copy),), is_local=True)
        return actions.receive_mail(content=bytes(letter), arrival=arrival)
    finally:
        settings.MAIL_COPY_TRUSTS_LOOPBACK = before


EXAMPLES = {
    CopiedMail: make_mail,
    MailFile: lambda world: world.example(CopiedMail).files.get(),
}

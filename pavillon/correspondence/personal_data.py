from django.utils.translation import gettext_lazy as _

from pavillon.core.personal_data import holds_personal_data
from pavillon.correspondence import actions
from pavillon.correspondence.models import CopiedMail, CopyAddress, MailAddress, MailFile
from pavillon.correspondence.queries.mails import addresses_of_person, files_of_person, mails_of_person

PURPOSE = _("Keep what was written with a company where its file is")
holds_personal_data(
    CopiedMail,
    fields=["subject", "words", "history", "calendar"],
    keep_months=36,
    purpose=PURPOSE,
    erase=actions.forget_mail,
    of=mails_of_person,
    clock="received_at",
)
holds_personal_data(
    MailAddress,
    fields=["name", "email"],
    keep_months=36,
    purpose=_("Find the company with which a mail was exchanged"),
    erase=actions.forget_mail_address,
    of=addresses_of_person,
    clock="mail__received_at",
)
holds_personal_data(
    MailFile,
    fields=["name", "file"],
    keep_months=36,
    purpose=PURPOSE,
    erase=actions.forget_mail_file,
    of=files_of_person,
    clock="mail__received_at",
)
holds_personal_data(
    CopyAddress,
    fields=["secret"],
    keep_months=24,
    purpose=_("Take in the mail that an adviser copies"),
    erase=actions.forget_copy_address,
    of=lambda person: CopyAddress.objects.filter(owner__in=person.users),
)

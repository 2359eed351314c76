"""Forgetting people: called by the register of personal data when the time is over or the person asks."""

from functools import partial

from django.db import transaction

from pavillon.correspondence.models import CopiedMail, CopyAddress, MailAddress, MailFile
from pavillon.crm.actions import forget_interaction


@transaction.atomic
def forget_mail(mail: CopiedMail) -> None:
    """Lose words, addresses and files, in its exchange too; that there was one, and when, stays."""
    empty_mail(mail)
    mail.save()


def empty_mail(mail: CopiedMail) -> None:
    """Its words, wherever they stand: filing copied them into the exchange."""
    for exchange in (mail.interaction, mail.meeting):
        if exchange is not None:
            forget_interaction(exchange)
    mail.subject = mail.words = mail.history = mail.calendar = mail.calendar_problem = mail.calendar_uid = ""
    mail.addresses.all().delete()
    for file in mail.files.all():
        drop_file(file)


def drop_file(file: MailFile) -> None:
    """The line and what lies on the disk, once the line is surely gone."""
    if file.file.name:
        transaction.on_commit(partial(file.file.storage.delete, file.file.name))
    file.delete()


@transaction.atomic
def forget_mail_address(address: MailAddress) -> None:
    """A mail without one of its people is no mail: its words go with the address, which they may name."""
    forget_mail(address.mail)


@transaction.atomic
def forget_mail_file(file: MailFile) -> None:
    drop_file(file)


@transaction.atomic
def forget_copy_address(address: CopyAddress) -> None:
    address.delete()

"""What is done with copied mail. The room's doors are re-exported."""

from pavillon.correspondence.actions.addresses import renew_copy_address
from pavillon.correspondence.actions.calendars import accept_calendar
from pavillon.correspondence.actions.erasing import (
    forget_copy_address,
    forget_mail,
    forget_mail_address,
    forget_mail_file,
)
from pavillon.correspondence.actions.looking import look_again
from pavillon.correspondence.actions.nightly import count_meetings
from pavillon.correspondence.actions.receiving import Refused, receive_mail, refuse_mail
from pavillon.correspondence.actions.sorting import AlreadySorted, discard_mail, file_mail, refile_mail
from pavillon.correspondence.actions.sweeping import sweep_files

__all__ = [
    "AlreadySorted",
    "Refused",
    "accept_calendar",
    "count_meetings",
    "discard_mail",
    "file_mail",
    "forget_copy_address",
    "forget_mail",
    "forget_mail_address",
    "forget_mail_file",
    "look_again",
    "receive_mail",
    "refile_mail",
    "refuse_mail",
    "renew_copy_address",
    "sweep_files",
]

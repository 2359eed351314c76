"""What tests over all pages put in the addresses of this room."""

from pavillon.activity.actions import notify
from pavillon.activity.mailbox import keep
from pavillon.activity.models import Notification

LETTER = b"From: a@pavillon.example\nTo: helene@pavillon.example\nSubject: A letter\n\nGood morning.\n"


def make_notification(world):
    """In Helene's inbox: for everybody else it does not exist."""
    notify([world["helene"]], "crm.lead_assigned", title="A request is yours", url="/inbox/", email=False)
    return Notification.objects.filter(recipient=world["helene"]).latest("pk")


EXAMPLES = {Notification: make_notification}
ARGUMENTS = {"activity:demo_letter": {"name": lambda world: keep(LETTER, 1).name}}

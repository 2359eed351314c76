"""Letters and imports leave here, after the commit."""

from procrastinate.contrib.django import app

from pavillon.accounts import actions
from pavillon.accounts.models import Membership, PeopleImport, User


@app.task(name="accounts.send_invitation", queue="mail", retry=5)
def send_invitation(user_id: int, by_id: int | None) -> None:
    """Sends nothing when the account was used or closed meanwhile."""
    actions.send_invitation_letter(
        user=User.objects.get(pk=user_id), by=User.objects.filter(pk=by_id).first() if by_id else None
    )


@app.task(name="accounts.send_suspension", queue="mail", retry=5)
def send_suspension(user_id: int) -> None:
    actions.send_suspension_letter(user=User.objects.get(pk=user_id))


@app.task(name="accounts.send_membership", queue="mail", retry=5)
def send_membership(membership_id: int) -> None:
    actions.send_membership_letter(
        membership=Membership.objects.select_related("user", "organisation").get(pk=membership_id)
    )


@app.task(name="accounts.run_people_import", queue="default", retry=3)
def run_people_import(import_id: int) -> None:
    """Goes on where an interrupted run stopped."""
    actions.run_people_import(people_import=PeopleImport.objects.get(pk=import_id))

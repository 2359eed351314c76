"""Whoever asked is asked whether a request may go to a private partner."""

from django.db import transaction
from django.utils.translation import gettext as _

from pavillon.accounts.models import Organisation, User
from pavillon.crm.models import Lead
from pavillon.crm.queries.partners import PURPOSE, NobodyToAsk, person_to_ask, scope_of
from pavillon.privacy.actions import ask_consent
from pavillon.privacy.models import Question


@transaction.atomic
def ask_partner_consent(
    *, lead: Lead, team: Organisation, note: str, by: User | None, tells: User | None = None
) -> Question:
    """Ask the company whether this request may go to a partner, naming each datum. Raises NobodyToAsk.

    `tells` learns of the answer; `by`, who asks, when nobody else is named.
    """
    person = person_to_ask(lead)
    if person is None:
        raise NobodyToAsk(_("Nobody of this company has an account: nobody can be asked."))
    data = [_("Company: %(name)s") % {"name": lead.company or lead.company_name}]
    data.append(_("Subject of the request: %(subject)s") % {"subject": lead.subject})
    data += [str(label) for value, label in (
        (lead.message, _("Your message")),
        (lead.contact_name, _("Your name")),
        (lead.contact_email, _("Your e-mail address")),
        (lead.contact_phone, _("Your phone number")),
        (lead.attachment, _("The document attached to the request")),
    ) if value]  # fmt: skip
    return ask_consent(
        user=person,
        purpose=PURPOSE,
        scope=scope_of(lead, team),
        recipient=team.name,
        data=data,
        reason=note,
        by=by,
        tells=tells,
    )

"""What next actions in the agendas are about."""

from pavillon.accounts.models import User
from pavillon.agenda.queries.origins import add_teller
from pavillon.core.policy import may_read
from pavillon.crm.models import Interaction, Lead


def told_of_leads(keys: list[int], user: User) -> dict[int, str]:
    if not may_read(user, Lead, "next_action"):
        return {}
    return dict(Lead.objects.visible_to(user).filter(pk__in=keys).values_list("pk", "next_action"))


def told_of_promises(keys: list[int], user: User) -> dict[int, str]:
    return dict(Interaction.objects.visible_to(user).filter(pk__in=keys).values_list("pk", "next_action"))


add_teller("crm.lead", told_of_leads)
add_teller("crm.promise", told_of_promises)

from django.utils.translation import gettext_lazy as _

from pavillon.core.personal_data import holds_no_personal_data, holds_personal_data
from pavillon.interchange import actions
from pavillon.interchange.models import KeptAnswer, Key, ProvisionedPerson, Usage

# What is kept of an answer is what was written and how it was judged: numbers and names of fields.
holds_no_personal_data(Key, KeptAnswer, Usage)
holds_personal_data(
    ProvisionedPerson,
    fields=["external_id"],
    keep_months=36,
    purpose=_("Open and close the accounts of a partner’s people by its own system"),
    erase=actions.forget_provisioned,
    of=lambda person: ProvisionedPerson.objects.filter(user__in=person.users),
    clock="removed_at",
)

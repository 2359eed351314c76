from django.utils.translation import gettext_lazy as _

from pavillon.core.personal_data import holds_no_personal_data, holds_personal_data
from pavillon.directory.actions import contacts, forget_merge, reach
from pavillon.directory.models import (
    CallWindow,
    Channel,
    Company,
    CompanyValue,
    Contact,
    ContactRole,
    ContactValue,
    CorrectionRequest,
    Establishment,
    FormerName,
    GroupLink,
    LoneCompany,
    Market,
    MatchRecord,
    MergeEvent,
    RegisterEstablishment,
    RegisterName,
    RegisterRun,
    RegisterUnit,
    SensitiveMark,
    SensitiveReader,
    Source,
    SourceRecord,
)
from pavillon.directory.queries.uses import merges_of

# The name of a one-person business is public in the register; partial diffusion is respected on every screen.
# A run names the person of the team who asked for it, by the account.
holds_no_personal_data(RegisterRun, RegisterEstablishment, RegisterName, LoneCompany)
holds_no_personal_data(Company, RegisterUnit, Establishment, FormerName, GroupLink, Market)
# They name people of the team at work, by their account: what is declared and erased there.
holds_no_personal_data(
    # Keys and ways to reach are sealed, and made anew when a person is erased.
    MatchRecord,
    Source,
    SourceRecord,
    CompanyValue,
    CorrectionRequest,
    SensitiveMark,
    SensitiveReader,
)
holds_personal_data(
    Contact,
    fields=["first_name", "last_name", "job_title", "email", "phone"],
    keep_months=36,
    purpose=_("Accompany the company's export"),
    erase=contacts.forget_contact,
    of=lambda person: Contact.objects.filter(pk__in=person.contacts),
    clock="changed_at",
)
holds_personal_data(
    MergeEvent,
    fields=["before", "after", "kept_name", "removed_name"],
    keep_months=36,
    purpose=_("Undo a wrong merge of two contacts"),
    erase=forget_merge,
    of=merges_of,
    clock="merged_at",
)
holds_personal_data(
    Channel,
    fields=["value"],
    keep_months=36,
    purpose=_("Reach the people of the companies"),
    erase=reach.forget_channel,
    of=lambda person: Channel.objects.filter(contact__in=person.contacts),
)
holds_personal_data(
    ContactRole,
    fields=["function"],
    keep_months=36,
    purpose=_("Know who decides in a company"),
    erase=reach.forget_role,
    of=lambda person: ContactRole.objects.filter(contact__in=person.contacts),
)
holds_personal_data(
    CallWindow,
    fields=["weekday", "starts_at", "ends_at"],
    keep_months=36,
    purpose=_("Call people when it suits them"),
    erase=reach.forget_call_window,
    of=lambda person: CallWindow.objects.filter(contact__in=person.contacts),
)
holds_personal_data(
    ContactValue,
    fields=["sealed"],
    keep_months=36,
    purpose=_("Know where what is held about a person comes from"),
    erase=reach.forget_contact_value,
    of=lambda person: ContactValue.objects.filter(contact__in=person.contacts),
)

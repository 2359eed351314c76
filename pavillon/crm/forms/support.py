"""Who accompanies a company, for what, and from when."""

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pavillon.accounts.enums import Kind
from pavillon.core.policy import bind_form
from pavillon.crm.forms.leads import DATE, ColleagueForm
from pavillon.crm.models import DedicatedContact
from pavillon.crm.models.support import CONTACT_ROLES


class NameDedicatedContactForm(ColleagueForm):
    """One's colleagues and oneself, the team of the region and the operator's people; the operator names its own."""

    roles = tuple(sorted(CONTACT_ROLES))

    function = forms.CharField(
        label=_("Function"),
        max_length=120,
        help_text=_("What the company turns to this person for. The company reads it."),
    )
    starts_on = forms.DateField(label=pgettext_lazy("day", "From"), widget=DATE, initial=timezone.localdate)
    replaces = forms.ModelChoiceField(
        DedicatedContact.objects.none(),
        label=_("Follows"),
        required=False,
        empty_label=_("Nobody: comes in addition"),
        help_text=_("The one who is followed ends the day before."),
    )

    def __init__(self, *args, user, company, **kwargs):
        super().__init__(*args, user=user, region_id=company.region_id, **kwargs)
        member = self.fields["member"]
        member.label, member.empty_label = _("Person"), _("Choose a person")
        own = Q(organisation=user.organisation)
        if user.organisation.kind == Kind.OPERATOR:
            self.handling = self.handling.filter(own)
            del self.fields["email"]
        near = own | Q(organisation__kind=Kind.OPERATOR) | Q(pk__in=member.queryset.order_by().values("pk"))
        member.queryset = (
            self.handling.filter(near, user__is_active=True)
            .select_related("user", "organisation")
            .order_by("organisation__name", "user__last_name", "user__first_name")
        )
        replaced = self.fields["replaces"]
        replaced.queryset = company.dedicated_contacts.current().filter(ends_on=None).with_people()
        if user.organisation.kind == Kind.OPERATOR:
            replaced.queryset = replaced.queryset.filter(own)
        replaced.label_from_instance = lambda contact: f"{contact.person} – {contact.function}"
        bind_form(self, user, DedicatedContact, is_new=True)


class ChangeDedicatedContactForm(forms.Form):
    function = forms.CharField(
        label=_("Function"),
        max_length=120,
        help_text=_("What the company turns to this person for. The company reads it."),
    )

    def __init__(self, *args, user, contact=None, **kwargs):
        super().__init__(*args, **kwargs)
        bind_form(self, user, DedicatedContact, row=contact)


class EndDedicatedContactForm(forms.Form):
    ends_on = forms.DateField(
        label=_("Last day"), widget=DATE, initial=timezone.localdate, help_text=_("The company is told.")
    )

    def __init__(self, *args, user, contact=None, **kwargs):
        super().__init__(*args, **kwargs)
        bind_form(self, user, DedicatedContact, row=contact)

    def clean_ends_on(self):
        day = self.cleaned_data["ends_on"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("This day is past: choose today or a later day."))
        return day

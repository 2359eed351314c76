"""Who answers for a company, and from when."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.core.policy import bind_form
from pavillon.crm.forms.leads import DATE, ColleagueForm
from pavillon.crm.models import Referent


class SetReferentForm(ColleagueForm):
    """One's colleagues and oneself; the adviser of the territory in which the company lies is proposed."""

    starts_on = forms.DateField(label=_("From"), widget=DATE, initial=timezone.localdate)
    reason = forms.CharField(
        label=_("Why"), max_length=300, required=False, help_text=_("The team reads it; the company does not.")
    )

    def __init__(self, *args, user, region_id=None, proposed=None, **kwargs):
        super().__init__(*args, user=user, region_id=region_id, **kwargs)
        mine = self.handling.filter(pk=user.acting.pk if user.acting else None)
        self.fields["member"].queryset = (self.fields["member"].queryset | mine).distinct()
        if proposed is not None:
            own = self.fields["member"].queryset.filter(user=proposed, organisation=user.organisation)
            self.fields["member"].initial = own.values_list("pk", flat=True).first()
        bind_form(self, user, Referent, is_new=True)


class HandOverReferentForm(SetReferentForm):
    reason = forms.CharField(label=_("Why"), max_length=300, help_text=_("The team reads it; the company does not."))

    def clean_starts_on(self):
        day = self.cleaned_data["starts_on"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("This day is past: choose today or a later day."))
        return day

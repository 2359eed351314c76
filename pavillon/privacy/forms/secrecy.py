from django import forms
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.models import User
from pavillon.privacy.models import RestrictedPurpose


class ClearanceForm(forms.Form):
    """Who, for what, by which decision, until when."""

    email = forms.EmailField(label=_("E-mail of the person"))
    purpose = forms.ModelChoiceField(label=_("Purpose"), queryset=RestrictedPurpose.objects.none())
    reference = forms.CharField(label=_("Reference of the decision"), max_length=120)
    ends_on = forms.DateField(label=_("Until"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["purpose"].queryset = RestrictedPurpose.objects.select_related("restricted_class")
        self.fields["purpose"].label_from_instance = lambda one: f"{one.restricted_class} · {one}"

    def clean(self):
        data = super().clean()
        if data.get("email"):
            team = User.objects.working().of_the_team()
            data["person"] = team.filter(email__iexact=data["email"]).first()
            if data["person"] is None:
                self.add_error("email", _("Nobody of the export team has the address %(email)s.") % data)
        return data

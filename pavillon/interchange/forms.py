from django import forms
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import Role
from pavillon.accounts.models import Membership
from pavillon.interchange.enums import Scope
from pavillon.interchange.queries import memberships_for_keys


class KeyForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the system"), max_length=80, help_text=_("For example: CRM of the chamber of Bretagne.")
    )
    membership = forms.ModelChoiceField(
        Membership.objects.none(),
        label=_("Speaks for"),
        help_text=_("The key sees exactly what you see in this role, and what it reads is logged as yours."),
    )
    scopes = forms.MultipleChoiceField(label=_("May do"), choices=Scope, widget=forms.CheckboxSelectMultiple)
    days = forms.IntegerField(label=_("Valid for (days)"), min_value=1, max_value=730, initial=365)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["membership"].queryset = memberships_for_keys(user).select_related("organisation")
        self.fields["membership"].initial = user.acting

    def clean_scopes(self):
        """What one may write one may read: the answers of writing calls tell what stands there."""
        asked = set(self.cleaned_data["scopes"])
        asked |= {scope.partition(":")[0] for scope in asked}
        return [scope for scope in Scope.values if scope in asked]

    def clean(self):
        told = super().clean()
        membership = told.get("membership")
        if Scope.PEOPLE in told.get("scopes", []) and membership and membership.role != Role.ORGANISATION_ADMIN:
            self.add_error("scopes", _("Accounts are opened and closed by an administrator of the organisation only."))
        return told

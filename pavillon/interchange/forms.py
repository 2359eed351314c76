from django import forms
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.models import Membership
from pavillon.interchange.enums import Scope


class KeyForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the system"), max_length=80, help_text=_("For example: CRM of the chamber of Bretagne.")
    )
    membership = forms.ModelChoiceField(
        Membership.objects.none(),
        label=_("Speaks for"),
        help_text=_("The key sees exactly what this person sees in this role."),
    )
    scopes = forms.MultipleChoiceField(label=_("May read"), choices=Scope, widget=forms.CheckboxSelectMultiple)
    days = forms.IntegerField(label=_("Valid for (days)"), min_value=1, max_value=730, initial=365)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        people = Membership.objects.visible_to(user).current().select_related("user", "organisation")
        self.fields["membership"].queryset = people
        self.fields["membership"].label_from_instance = lambda m: f"{m.user}, {m}"

from django import forms
from django.utils.translation import gettext_lazy as _


class PreferencesForm(forms.Form):
    """One tick per kind of notification: also by e-mail."""

    def __init__(self, *args, kinds, silenced, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["by_email"] = forms.MultipleChoiceField(
            label=_("Also send me by e-mail"),
            choices=[(kind.code, kind.label) for kind in kinds],
            initial=[kind.code for kind in kinds if kind.code not in silenced],
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )

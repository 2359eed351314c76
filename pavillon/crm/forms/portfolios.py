"""Which region's companies are counted."""

from django import forms
from django.utils.translation import gettext_lazy as _

from pavillon.reference.models import Region


class RegionForm(forms.Form):
    """The whole country when nothing is said."""

    region = forms.ModelChoiceField(
        label=_("Region of the companies"), queryset=Region.objects.none(), required=False, empty_label=_("All regions")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = Region.objects.inhabited()

    @classmethod
    def read(cls, asked):
        """(the form as shown, the region or None)."""
        form = cls({"region": asked.get("region", "")})
        return form, form.cleaned_data["region"] if form.is_valid() else None

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pavillon.reference.models import Sector, Vertical
from pavillon.showroom.enums import AttributeKind
from pavillon.showroom.models import VerticalAttribute


class VerticalForm(forms.ModelForm):
    sectors = forms.ModelMultipleChoiceField(
        label=_("Sectors"), queryset=Sector.objects.all(), widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Vertical
        fields = ["name_fr", "name_en", "sectors"]


class AttributeForm(forms.ModelForm):
    class Meta:
        model = VerticalAttribute
        fields = ["name_fr", "name_en", "kind", "unit"]
        widgets = {"kind": forms.RadioSelect(choices=AttributeKind.choices)}


class RemapForm(forms.Form):
    to: Any = forms.ModelChoiceField(label=_("Move its sheets to"), queryset=None)

    def __init__(self, *args, vertical, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = Vertical.objects.filter(closed_on__isnull=True).exclude(pk=vertical.pk)

"""Limits of complex deals."""

from django import forms

from pavillon.crm.models import ComplexDealRule


class ChangeDealRuleForm(forms.ModelForm):
    class Meta:
        model = ComplexDealRule
        fields = ["headcount", "countries", "services", "amount"]

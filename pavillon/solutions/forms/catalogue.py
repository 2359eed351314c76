from django import forms
from django.utils.translation import gettext_lazy as _

from pavillon.reference.models import Country, Region
from pavillon.solutions.enums import Cost, Line, Need, ProviderFamily, Stage
from pavillon.solutions.models import Provider, Solution


class SolutionFilterForm(forms.Form):
    """The filters of the catalogue; nothing is required and a wrong value filters nothing."""

    q = forms.CharField(
        label=_("Search"), required=False, max_length=80, widget=forms.TextInput(attrs={"type": "search"})
    )
    need = forms.ChoiceField(label=_("Need"), required=False)
    stage = forms.ChoiceField(label=_("Stage"), required=False)
    line = forms.ChoiceField(label=_("Business line"), required=False)
    country = forms.ModelChoiceField(
        label=_("Country"), required=False, queryset=Country.objects.none(), empty_label=_("All")
    )
    region = forms.ModelChoiceField(
        label=_("Region"), required=False, queryset=Region.objects.none(), to_field_name="slug", empty_label=_("All")
    )
    cost = forms.ChoiceField(label=_("Cost"), required=False)
    provider = forms.ModelChoiceField(required=False, queryset=Provider.objects.all(), widget=forms.HiddenInput)

    def __init__(self, *args, values, **kwargs):
        super().__init__(*args, **kwargs)
        for name, enum in (("need", Need), ("stage", Stage), ("line", Line), ("cost", Cost)):
            self.fields[name].choices = [("", _("All")), *enum.choices]
        self.fields["country"].queryset = values["countries"]
        self.fields["region"].queryset = values["regions"]

    def criteria(self):
        """The filters as `search_solutions` takes them; those that make no sense are left out."""
        self.is_valid()
        known = self.cleaned_data
        criteria = {name: known.get(name) or "" for name in ("need", "stage", "line", "cost")}
        for name in ("country", "region", "provider"):
            criteria[name] = known[name].pk if known.get(name) else ""
        return {"text": known.get("q") or "", **criteria}


class ProposeSolutionForm(forms.ModelForm):
    """An offer for the catalogue, in both languages."""

    stages = forms.MultipleChoiceField(label=_("Stages"), choices=Stage, widget=forms.CheckboxSelectMultiple)
    lines = forms.MultipleChoiceField(
        label=_("Business lines"),
        choices=Line,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None means all of them."),
    )

    class Meta:
        model = Solution
        fields = [
            "provider",
            "title_fr",
            "title_en",
            "summary_fr",
            "summary_en",
            "body_fr",
            "body_en",
            "conditions_fr",
            "conditions_en",
            "need",
            "stages",
            "lines",
            "cost",
        ]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        providers = Provider.objects.order_by("order")
        if user.has_role("region_official"):
            providers = providers.filter(family=ProviderFamily.REGION)
        elif user.has_role("private_partner"):
            providers = providers.filter(is_public=False, organisation=user.organisation)
        self.fields["provider"].queryset = providers
        if len(providers) == 1:
            self.fields["provider"].initial = providers[0]

    def texts(self):
        """The texts, as the action takes them."""
        return {name: self.cleaned_data[name] for name in self.fields if name.endswith(("_fr", "_en"))}


class RefuseSolutionForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("The author reads it: say what to change."),
        widget=forms.Textarea,
    )

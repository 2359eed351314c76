from django import forms
from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _

from pavillon.workspace.models import SavedView
from pavillon.workspace.queries import opens_first


class ChangeViewForm(forms.ModelForm):
    """Its name and who finds it; for oneself, whether it is pinned and whether it stands for its list."""

    is_pinned = forms.BooleanField(label=_("Pinned in my side bar"), required=False)
    is_default = forms.BooleanField(
        label=_("My default view"),
        required=False,
        help_text=_("The list opens with it. “Whole list” in the menu of views shows all of it."),
    )

    class Meta:
        model = SavedView
        fields = ["name", "sharing"]
        help_texts = {
            "sharing": _("Others find the definition only. Each sees the rows and columns that his own rights allow.")
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not opens_first(self.data.get("url") or self.initial.get("url") or self.instance.url):
            del self.fields["is_default"]


class SaveViewForm(ChangeViewForm):
    """A name for a page of this site; addresses of other sites are refused."""

    class Meta(ChangeViewForm.Meta):
        fields = ["name", "url", "sharing"]
        widgets = {"url": forms.HiddenInput}

    def clean_url(self):
        url = self.cleaned_data["url"]
        try:
            resolve(url.partition("?")[0])
        except Resolver404 as error:
            raise forms.ValidationError(_("%(url)s is not a page of this site.") % {"url": url}) from error
        return url

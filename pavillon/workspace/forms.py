from django import forms
from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _

from pavillon.workspace.models import SavedView


class ChangeViewForm(forms.ModelForm):
    class Meta:
        model = SavedView
        fields = ["name", "is_pinned"]


class SaveViewForm(ChangeViewForm):
    """A name for a page of this site; addresses of other sites are refused."""

    class Meta(ChangeViewForm.Meta):
        fields = ["name", "url", "is_pinned"]
        widgets = {"url": forms.HiddenInput}

    def clean_url(self):
        url = self.cleaned_data["url"]
        try:
            resolve(url.partition("?")[0])
        except Resolver404 as error:
            raise forms.ValidationError(_("%(url)s is not a page of this site.") % {"url": url}) from error
        return url

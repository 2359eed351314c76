from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.account import AvatarPreferencesForm
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm

from pavillon.directory.queries import WrongSiren, find_register_unit
from pavillon.reference.models import Region
from pavillon.ui.uploads import DOCUMENTS, MB, PICTURES, Kind, check_upload

LARGEST_PICTURE = 8 * MB
LARGEST_DOCUMENT = 20 * MB


class _FileOfEditors:
    """The fields of Wagtail know their library's checks; the door of all files stands behind them."""

    takes: tuple[Kind, ...]
    most: int

    def clean_file(self):
        file = self.cleaned_data["file"]
        if "file" in self.changed_data:
            check_upload(file, takes=self.takes, most=self.most)
        return file


class PictureForm(_FileOfEditors, BaseImageForm):
    takes, most = PICTURES, LARGEST_PICTURE


class PortraitForm(AvatarPreferencesForm):
    """An editor's own picture, in the account page of the editor."""

    def clean_avatar(self):
        file = self.cleaned_data.get("avatar")
        if "avatar" in self.changed_data and file:
            check_upload(file, takes=PICTURES, most=LARGEST_PICTURE)
        return super().clean_avatar()


class DocumentForm(_FileOfEditors, BaseDocumentForm):
    takes, most = DOCUMENTS, LARGEST_DOCUMENT


class LeaveMessageForm(forms.Form):
    """A message to the team of a region, without an account."""

    region = forms.ModelChoiceField(
        label=_("Region"), queryset=Region.objects.exclude(zone="com"), to_field_name="slug", empty_label=_("Choose")
    )
    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    company_name = forms.CharField(
        label=_("Your company"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    siren = forms.CharField(
        label="SIREN",
        required=False,
        max_length=30,
        help_text=_("Nine digits. With it your message joins your company's file."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    phone = forms.CharField(
        label=_("Phone"),
        required=False,
        max_length=24,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
    )
    message = forms.CharField(label=_("Your message"), max_length=4000, widget=forms.Textarea(attrs={"rows": 6}))
    # What the link said that somebody followed to come here.
    campaign = forms.CharField(required=False, max_length=24, widget=forms.HiddenInput)
    # Robots fill every field; people do not see this one.
    website = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_siren(self):
        siren = "".join(self.cleaned_data["siren"].split())
        if not siren:
            return ""
        try:
            return find_register_unit(siren).siren
        except WrongSiren as error:
            raise ValidationError(str(error), code="siren") from error

    @property
    def is_from_a_robot(self):
        return bool(self.cleaned_data.get("website"))

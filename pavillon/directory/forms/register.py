"""Which file of the register to take in."""

from django import forms
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from pavillon.directory.queries import waiting_files
from pavillon.directory.sirene import WrongFile, recognise
from pavillon.ui.uploads import CSV, GZIP, PARQUET, ZIP, UploadField

# The official files are larger: they are put into the folder of imports, not sent through a browser.
MOST_BYTES = 50 << 20
MOST_UNPACKED = 2 << 30


class ImportRegisterForm(forms.Form):
    """A file that waits in the folder of imports, or a small one sent now. `cleaned_data["path"]` or `["file"]`."""

    path = forms.ChoiceField(label=_("File in the folder of imports"), required=False)
    file = UploadField(
        takes=(CSV, ZIP, GZIP, PARQUET),
        most=MOST_BYTES,
        unpacked=MOST_UNPACKED,
        label=_("Or a small file"),
        required=False,
        help_text=_(
            "CSV, zipped or gzipped CSV, or Parquet; 50 MB at most. Larger ones are put into the folder of imports."
        ),
    )
    force = forms.BooleanField(label=_("Read it again even if it was imported before"), required=False, label_suffix="")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.waiting = {path.name: path for path in waiting_files()}
        named = [(name, f"{name} ({filesizeformat(path.stat().st_size)})") for name, path in self.waiting.items()]
        self.fields["path"].choices = [("", _("Choose a file")), *named]

    def clean(self):
        cleaned = super().clean()
        if bool(cleaned.get("path")) == bool(cleaned.get("file")) and not self.errors:
            raise ValidationError(_("Choose a file of the folder, or send a small one: one of both."))
        if cleaned.get("path"):
            try:
                cleaned["recognised"] = recognise(self.waiting[cleaned["path"]])
            except WrongFile as error:
                self.add_error("path", str(error))
        return cleaned

"""Which file of the register to take in."""

from django import forms
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from pavillon.directory.queries import waiting_files
from pavillon.directory.sirene import SUFFIXES, WrongFile, recognise

# The official files are larger: they are put into the folder of imports, not sent through a browser.
MOST_BYTES = 50 << 20


class ImportRegisterForm(forms.Form):
    """A file that waits in the folder of imports, or a small one sent now. `cleaned_data["path"]` or `["file"]`."""

    path = forms.ChoiceField(label=_("File in the folder of imports"), required=False)
    file = forms.FileField(
        label=_("Or a small file"),
        required=False,
        help_text=_("CSV, zipped or gzipped CSV, or Parquet; 50 MB at most."),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(SUFFIXES)}),
    )
    force = forms.BooleanField(label=_("Read it again even if it was imported before"), required=False, label_suffix="")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.waiting = {path.name: path for path in waiting_files()}
        named = [(name, f"{name} ({filesizeformat(path.stat().st_size)})") for name, path in self.waiting.items()]
        self.fields["path"].choices = [("", _("Choose a file")), *named]

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file and file.size > MOST_BYTES:
            raise ValidationError(
                _("%(name)s has %(size)s: files of more than 50 MB are put into the folder of imports on the server."),
                params={"name": file.name, "size": filesizeformat(file.size)},
            )
        if file and not file.name.lower().endswith(SUFFIXES):
            raise ValidationError(_("%(name)s: a CSV, ZIP, GZ or Parquet file is wanted."), params={"name": file.name})
        return file

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

"""Forms about people and their roles."""

import csv
import io
from zipfile import BadZipFile

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from pavillon.accounts.actions.imports import COLUMNS, MOST_ROWS
from pavillon.accounts.enums import PLATFORM_ROLES, ROLES_OF_KIND, Network, Role
from pavillon.accounts.models import Office, Organisation, Unit, User, known_zones
from pavillon.core.policy import bind_form, may_write
from pavillon.reference.models import Country, Region
from pavillon.ui.uploads import TABLES, UploadField

# The names that spreadsheets of this country carry at the head of a column.
FRENCH_COLUMNS = {
    "courriel": "email",
    "e-mail": "email",
    "adresse e-mail": "email",
    "prénom": "first_name",
    "prenom": "first_name",
    "nom": "last_name",
    "rôle": "role",
    "langue": "language",
    "téléphone": "phone",
    "telephone": "phone",
    "bureau": "office",
    "unité": "unit",
    "unite": "unit",
    "réseau": "network",
    "reseau": "network",
    "first name": "first_name",
    "last name": "last_name",
}
MOST_BYTES = 5 * 1024 * 1024
MOST_COLUMNS = 60


def time_zones():
    """Time zones by name, the places only."""
    return [(name, name.replace("_", " ")) for name in sorted(known_zones()) if "/" in name and "Etc" not in name]


class UnitField(forms.ModelChoiceField):
    """The tree of units, each level moved in."""

    def label_from_instance(self, unit):
        return f"{'— ' * unit.depth}{unit.name}"


class PersonFields(forms.Form):
    """What is known about a person."""

    first_name = forms.CharField(label=_("First name"), max_length=80)
    last_name = forms.CharField(label=_("Last name"), max_length=80)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    phone = forms.CharField(
        label=_("Phone"),
        max_length=24,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    office = forms.ModelChoiceField(label=_("Office"), queryset=Office.objects.none(), required=False)
    country = forms.ModelChoiceField(
        label=_("Country of work"), queryset=Country.objects.none(), required=False,
        help_text=_("Left empty, the country of the office."),
    )  # fmt: skip
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones)

    def __init__(self, *args, person=None, **kwargs):
        initial = {
            name: getattr(person, name) for name in ("first_name", "last_name", "language", "phone", "time_zone")
        } if person else {"language": "fr", "time_zone": settings.TIME_ZONE}  # fmt: skip
        if person:
            initial |= {"office": person.office_id, "country": person.country_id}
        super().__init__(*args, **{"initial": initial, **kwargs})
        self.fields["office"].queryset = Office.objects.all()
        self.fields["country"].queryset = Country.objects.all()

    def clean(self):
        data = super().clean() or {}
        may_derive = "country" in self.fields and not self.fields["country"].disabled
        if data.get("office") and not data.get("country") and may_derive:
            data["country"] = data["office"].country
        return data


class RemoveFactorsForm(forms.Form):
    proof = forms.CharField(
        label=_("How you made sure who asks"), min_length=20, max_length=300,
        help_text=_("“Called back on the number of her card, she named her last appointment.” It stays in the trail."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class ProfileForm(PersonFields):
    """One's own card."""

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, person=user, **kwargs)
        self.fields["first_name"].widget.attrs["autocomplete"] = "given-name"
        self.fields["last_name"].widget.attrs["autocomplete"] = "family-name"
        if not user.is_team:
            # Offices are the team's; the country of a company is on its own card.
            del self.fields["office"], self.fields["country"]
        bind_form(self, user, User, row=user)


class UserForm(PersonFields):
    """A colleague's card, for whoever looks after accounts."""

    def __init__(self, *args, user, person, **kwargs):
        super().__init__(*args, person=person, **kwargs)
        if not person.is_team:
            del self.fields["office"], self.fields["country"]
        bind_form(self, user, User, row=person)


class MembershipFields(forms.Form):
    """A role in an organisation. `user` only sees the organisations and roles that he may give."""

    organisation = forms.ModelChoiceField(label=_("Organisation"), queryset=Organisation.objects.none())
    role = forms.ChoiceField(label=_("Role"))
    network = forms.ChoiceField(
        label=_("Adviser network"), required=False, choices=[("", _("None")), *[c for c in Network.choices if c[0]]],
        help_text=_("For advisers only."),
    )  # fmt: skip
    unit = UnitField(label=_("Unit"), queryset=Unit.objects.none(), required=False)
    covers = forms.ModelChoiceField(
        label=_("Region covered"), queryset=Region.objects.none(), required=False,
        help_text=_("For people of a national organisation who belong to the team of a region."),
    )  # fmt: skip

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        is_platform = user.has_role(Role.PLATFORM_ADMIN)
        organisations = Organisation.objects.visible_to(user).working()
        self.fields["organisation"].queryset = (
            organisations if is_platform else organisations.filter(pk=user.acting.organisation_id)
        )
        kinds = list(ROLES_OF_KIND) if is_platform else [user.organisation.kind]
        roles = frozenset().union(*(ROLES_OF_KIND[kind] for kind in kinds))
        self.fields["role"].choices = [
            (role.value, role.label) for role in Role if role in roles and (is_platform or role not in PLATFORM_ROLES)
        ]
        if user.is_company:
            for name in ("network", "unit", "covers"):
                del self.fields[name]
        else:
            self.fields["unit"].queryset = Unit.objects.all()
            self.fields["covers"].queryset = Region.objects.inhabited()
        if not is_platform:
            self.fields["organisation"].initial = user.acting.organisation_id
            self.fields["organisation"].widget = forms.HiddenInput()

    def clean(self):
        data = super().clean() or {}
        organisation, role = data.get("organisation"), data.get("role")
        if organisation and role and role not in ROLES_OF_KIND[organisation.kind]:
            self.add_error(
                "role",
                _("“%(role)s” is not a role of an organisation of type “%(kind)s”: choose another.")
                % {"role": Role(role).label, "kind": organisation.get_kind_display()},
            )
        return data


class AddMembershipForm(MembershipFields):
    """Another role for somebody who has an account."""

    starts_on = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Left empty, from today."),
    )  # fmt: skip


class ChangeMembershipForm(MembershipFields):
    """Where somebody stands; organisation and role are settled."""

    def __init__(self, *args, membership, **kwargs):
        super().__init__(
            *args,
            initial={"network": membership.network, "unit": membership.unit_id, "covers": membership.covers_id},
            **kwargs,
        )
        del self.fields["organisation"], self.fields["role"]


class InviteUserForm(MembershipFields):
    """A new colleague and the first role."""

    email = forms.EmailField(label=_("E-mail"), help_text=_("The invitation is sent there."))
    first_name = forms.CharField(label=_("First name"), max_length=80)
    last_name = forms.CharField(label=_("Last name"), max_length=80)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, initial="fr")
    office = forms.ModelChoiceField(label=_("Office"), queryset=Office.objects.none(), required=False)
    field_order = ("email", "first_name", "last_name", "language", "organisation", "role", "network", "unit", "covers")

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        if user.is_company:
            del self.fields["office"]
        else:
            self.fields["office"].queryset = Office.objects.all()
        bind_form(self, user, User, is_new=True)


class AcceptInvitationForm(forms.Form):
    """What an invited person adds."""

    first_name = forms.CharField(label=_("First name"), max_length=80)
    last_name = forms.CharField(label=_("Last name"), max_length=80)
    password = forms.CharField(
        label=_("Password"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters. A short sentence is easy to keep in mind."),
    )  # fmt: skip

    def __init__(self, *args, person, **kwargs):
        initial = {"first_name": person.first_name, "last_name": person.last_name}
        super().__init__(*args, **{"initial": initial, **kwargs})
        self.person = person

    def clean_password(self):
        validate_password(self.cleaned_data["password"], self.person)
        return self.cleaned_data["password"]


class ImportPeopleForm(forms.Form):
    """A file of colleagues. `cleaned_data["rows"]` holds its lines under the names of COLUMNS."""

    organisation = forms.ModelChoiceField(label=_("Organisation"), queryset=Organisation.objects.none())
    file = UploadField(
        takes=TABLES, most=MOST_BYTES, label=_("File"),
        help_text=_("CSV or XLSX, with the names of the columns on the first line."),
    )  # fmt: skip

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        partners = Organisation.objects.visible_to(user).partners().working()
        if user.has_role(Role.PLATFORM_ADMIN):
            self.fields["organisation"].queryset = partners
        else:
            self.fields["organisation"].queryset = partners.filter(pk=user.acting.organisation_id)
            self.fields["organisation"].initial = user.acting.organisation_id
            self.fields["organisation"].widget = forms.HiddenInput()

    def clean_file(self):
        file = self.cleaned_data["file"]
        table = _xlsx_table(file) if file.name.lower().endswith(".xlsx") else _csv_table(file.read())
        columns = [name for name in COLUMNS if may_write(self.user, User, name)]
        self.cleaned_data["rows"] = _named_rows(table, columns)
        return file


def _csv_table(content):
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    if "\0" in text:
        raise ValidationError(_("This is neither a CSV nor an XLSX file."))
    head = text.partition("\n")[0]
    separator = max(";,\t", key=head.count)
    return [row for row in csv.reader(io.StringIO(text), delimiter=separator) if any(cell.strip() for cell in row)]


def _xlsx_table(file):
    try:
        sheet = load_workbook(file, read_only=True, data_only=True).worksheets[0]
    except (BadZipFile, InvalidFileException, KeyError, OSError, ValueError) as error:
        raise ValidationError(_("This XLSX file cannot be opened: save it again from your spreadsheet.")) from error
    rows = ([str(cell) if cell is not None else "" for cell in row] for row in _cells(sheet))
    return [row for row in rows if any(cell.strip() for cell in row)]


def _cells(sheet):
    """The rows of a sheet, as far as one may go: a sheet may claim a million empty ones."""
    return sheet.iter_rows(values_only=True, max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS)


def _named_rows(table, columns):
    if len(table) < 2:
        raise ValidationError(_("The file has no line below its first one."))
    if len(table) > MOST_ROWS + 1:
        raise ValidationError(_("The file has more than %(n)s lines: cut it in several.") % {"n": MOST_ROWS})
    names = [cell.strip().lower() for cell in table[0]]
    names = [FRENCH_COLUMNS.get(name, name.replace(" ", "_")) for name in names]
    if missing := [name for name in ("email", "first_name", "last_name", "role") if name not in names]:
        raise ValidationError(
            _("These columns are missing: %(missing)s. The first line must name them.")
            % {"missing": ", ".join(missing)}
        )
    kept = [(position, name) for position, name in enumerate(names) if name in columns]
    return [{name: row[position] if position < len(row) else "" for position, name in kept} for row in table[1:]]

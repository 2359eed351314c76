"""Bringing a file, naming its columns. Forms check; they never save."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pavillon.accounts.models import User
from pavillon.directory.enums import LegalStatus, SourceKind
from pavillon.directory.models import Source
from pavillon.directory.queries import ColumnPolicy
from pavillon.intake.enums import COMPANIES, Subject
from pavillon.intake.models import Delivery
from pavillon.intake.models.parts import targets_for
from pavillon.intake.permissions import kinds_for
from pavillon.privacy.enums import LegalBasis
from pavillon.ui.uploads import TABLES, UploadField
from pavillon.ui.words import day as day_in_words

LARGEST = 50 * 1024 * 1024
LARGEST_UNPACKED = 1 << 30
ENCODINGS = [
    ("", _("Found by itself")),
    ("utf-8", "UTF-8"),
    ("cp1252", "Windows-1252"),
    ("mac_roman", "Mac Roman"),
    ("cp850", "DOS (850)"),
    ("utf-16", "UTF-16"),
]
SEPARATORS = [
    ("", _("Found by itself")),
    (";", _("Semicolon ;")),
    (",", _("Comma ,")),
    ("\t", _("Tabulator")),
    ("|", _("Bar |")),
]
POLICIES = [
    (ColumnPolicy.TRUST.value, pgettext_lazy("policy of a column", "By trust")),
    (ColumnPolicy.FILL.value, pgettext_lazy("policy of a column", "Only when empty")),
    (ColumnPolicy.OVERWRITE.value, pgettext_lazy("policy of a column", "Always overwrite")),
    (ColumnPolicy.NEVER.value, pgettext_lazy("policy of a column", "Never, only compare")),
]
# The register, advisers and companies are sources of the base by themselves; nobody brings their files here.
BUILT_IN = (SourceKind.REGISTER, SourceKind.ADVISER, SourceKind.COMPANY)
KINDS = [(kind.value, kind.label) for kind in SourceKind if kind not in BUILT_IN]
# Sites, markets, roles … keep no source of their own: there is no trust to decide by.
PART_POLICIES = [
    (ColumnPolicy.TRUST.value, pgettext_lazy("policy of a column", "Fill what is empty, tell what differs")),
    *POLICIES[1:],
]
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ReadingForm(forms.Form):
    """How to read a file when what was found is wrong."""

    encoding = forms.ChoiceField(label=_("Encoding"), choices=ENCODINGS, required=False)
    separator = forms.ChoiceField(label=_("Separator of columns"), choices=SEPARATORS, required=False)
    sheet = forms.CharField(label=_("Sheet of the workbook"), max_length=60, required=False)
    header_line = forms.IntegerField(
        label=_("Line of the column names"), min_value=1, max_value=1000, required=False,
        help_text=_("As the editor counts them. Empty: found by itself."),
    )  # fmt: skip

    def __init__(self, *args: Any, sheets: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if sheets:
            # The workbook is known: its sheets are chosen, not spelled; a text has none.
            choices = [("", _("Found by itself")), *((name, name) for name in sheets)]
            self.fields["sheet"] = forms.ChoiceField(label=_("Sheet of the workbook"), choices=choices, required=False)

    def clean_separator(self) -> str:
        # Django strips the tabulator of a choice away.
        return self.data.get(self.add_prefix("separator"), "")[:1]

    @property
    def reading(self) -> dict[str, Any]:
        """What was asked, as `actions.reread_delivery` takes it."""
        said = self.cleaned_data
        return {name: said.get(name) or "" for name in ("encoding", "separator", "sheet")} | {
            "header_line": said.get("header_line") or 0
        }


class DeliveryForm(ReadingForm):
    """A file, what its rows are, whose it is, of which day, and by which right it may be kept."""

    kind = forms.ChoiceField(
        label=_("What the rows are"), initial=COMPANIES, required=False,
        help_text=_("Other kinds hang on companies that the base has already: bring the companies first."),
    )  # fmt: skip
    file = UploadField(
        takes=TABLES,
        most=LARGEST,
        unpacked=LARGEST_UNPACKED,
        label=_("File"),
        help_text=_("CSV or text with separators, or an Excel workbook (.xlsx), up to 50 MB."),
    )
    source = forms.ModelChoiceField(
        Source.objects.none(), label=_("Source"), required=False, empty_label=_("A new source, named below"),
        help_text=_("Its trust decides when it and the base disagree."),
    )  # fmt: skip
    new_name = forms.CharField(label=_("Name of the new source"), max_length=120, required=False)
    new_kind = forms.ChoiceField(label=_("Kind of the new source"), choices=[("", "—"), *KINDS], required=False)
    observed_on = forms.DateField(
        label=_("As of"), widget=DAY, help_text=_("The day on which the partner drew the file.")
    )
    legal_basis = forms.ChoiceField(label=_("Legal basis"), choices=[("", "—"), *LegalBasis.choices])

    field_order = ("file", "kind", "source", "new_name", "new_kind", "observed_on", "legal_basis")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["kind"].choices = kinds_for(user)  # type: ignore[attr-defined]
        sources = Source.objects.visible_to(user).filter(is_active=True)
        self.fields["source"].queryset = sources.exclude(kind__in=BUILT_IN)  # type: ignore[attr-defined]

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or COMPANIES

    def clean_observed_on(self) -> date:
        day: date = self.cleaned_data["observed_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("%(day)s is still to come."), params={"day": day_in_words(day)})
        return day

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        source = said.get("source")
        if source is None and "source" not in self.errors:
            if not said.get("new_name"):
                self.add_error("source", _("Choose the source, or name a new one below."))
            elif not said.get("new_kind"):
                self.add_error("new_kind", _("Say what kind of source it is."))
        if source is not None and source.legal_status == LegalStatus.WAITING:
            self.add_error("source", _("This source is not approved yet: record its approval first."))
        return said

    @property
    def new_source(self) -> dict[str, Any]:
        """The source to create: name and kind; nothing when a known one was chosen."""
        said = self.cleaned_data
        return {} if said.get("source") else {"name": said["new_name"], "kind": SourceKind(said["new_kind"])}


def target_choices(kind: str) -> list[Any]:
    """What a column of such a file can become, by what it speaks of."""
    targets = targets_for(kind).values()
    named = [(one.label, [(each.key, each.label) for each in targets if each.subject == one]) for one in Subject]
    return [("", _("Do not take this column"))] + [(label, choices) for label, choices in named if choices]


class MappingForm(forms.Form):
    """One pair of fields a column: what it becomes, and how far the file may go with it."""

    def __init__(self, *args: Any, delivery: Delivery, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.delivery = delivery
        choices = target_choices(delivery.kind)
        # They say which company or person a row means, and are never written by a policy.
        self.identities = [key for key, target in targets_for(delivery.kind).items() if target.is_identity]
        policies = POLICIES if delivery.is_of_companies else PART_POLICIES
        select = forms.Select(attrs={"data-identities": " ".join(self.identities)})
        for place, name in enumerate(delivery.header):
            chosen = delivery.mapping.get(name, {})
            self.fields[f"target_{place}"] = forms.ChoiceField(
                label=_("What “%(name)s” becomes") % {"name": name}, choices=choices, required=False,
                initial=chosen.get("target", ""), widget=select,
            )  # fmt: skip
            self.fields[f"policy_{place}"] = forms.ChoiceField(
                label=_("How far “%(name)s” may go") % {"name": name}, choices=policies, required=False,
                initial=chosen.get("policy", ColumnPolicy.TRUST.value),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        first: dict[str, str] = {}
        for place, name in enumerate(self.delivery.header):
            target = said.get(f"target_{place}", "")
            if target and target in first:
                self.add_error(
                    f"target_{place}",
                    _("“%(first)s” already becomes this. Leave one of the two out.") % {"first": first[target]},
                )
            elif target:
                first[target] = name
        return said

    @property
    def mapping(self) -> dict[str, dict[str, str]]:
        """As `actions.choose_mapping` takes it."""
        said = self.cleaned_data
        return {
            name: {"target": said[f"target_{place}"], "policy": said[f"policy_{place}"]}
            for place, name in enumerate(self.delivery.header)
        }

    def columns(self, shown: list[list[str]]) -> list[dict[str, Any]]:
        """For the page: each column with up to three different sample cells and its two fields."""
        return [
            {
                "name": name,
                "samples": list(dict.fromkeys(row[place] for row in shown if place < len(row) and row[place]))[:3],
                "target": self[f"target_{place}"],
                "policy": self[f"policy_{place}"],
                "is_identity": self[f"target_{place}"].value() in self.identities,
                "is_guessed": bool(self.delivery.mapping.get(name, {}).get("target")),
            }
            for place, name in enumerate(self.delivery.header)
        ]

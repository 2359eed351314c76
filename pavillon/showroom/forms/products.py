import csv
import io

import openpyxl
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import Q
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from pavillon.core.policy import bind_form, may_write
from pavillon.reference.models import ProductCode, Vertical
from pavillon.reference.queries import find_product_codes
from pavillon.showroom.enums import AttributeKind, Condition, Incoterm, ProductKind, SaleUnit, Translation
from pavillon.showroom.forms.shops import country_choices
from pavillon.showroom.models import Product, VerticalAttribute
from pavillon.showroom.pictures import LARGEST_FILE
from pavillon.showroom.queries.templates import templates_for
from pavillon.ui.uploads import PICTURES, TABLES, UploadField

OLDEST_YEAR = 1900
LANGUAGE_FIELDS = ("name", "summary", "description", "translation")


def open_verticals(besides=None):
    """The verticals that take new sheets, and the one where this sheet stands."""
    return Vertical.objects.filter(Q(closed_on__isnull=True) | Q(pk=besides))


class NewProductForm(forms.ModelForm):
    """The first step: what it is and where it belongs. The next page asks what that vertical wants to know."""

    class Meta:
        model = Product
        fields = ["kind", "vertical", "name_en", "name_fr"]
        widgets = {"kind": forms.RadioSelect}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["vertical"].queryset = open_verticals()
        bind_form(self, user, Product, is_new=True)

    def clean(self):
        given = super().clean()
        if not given.get("name_en") and not given.get("name_fr"):
            raise ValidationError(_("Give a name, in English or in French."))
        return given


class ProductForm(forms.ModelForm):
    """The guided form of a sheet; its questions follow the vertical."""

    customs_code = forms.CharField(
        label=_("customs code (HS)"), required=False,
        help_text=_("Its first digits, or words of its label (most labels are in English): then choose from the list."),
        widget=forms.TextInput(attrs={
            "list": "customs-codes", "autocomplete": "off", "hx-target": "#customs-codes",
            "hx-get": reverse_lazy("showroom_company:find_customs_codes"), "hx-trigger": "input changed delay:250ms",
        }),
    )  # fmt: skip
    available_in = forms.MultipleChoiceField(
        label=_("Available in"), required=False, widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text=_("Choose nothing for everywhere."),
    )  # fmt: skip
    links = forms.CharField(
        label=_("Listings on other marketplaces"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One a line: name of the marketplace, then the address (https://…)."),
    )

    class Meta:
        model = Product
        fields = [
            "kind", "vertical", "name_en", "summary_en", "description_en", "translation_en", "name_fr", "summary_fr",
            "description_fr", "translation_fr", "condition", "manufacture_year", "operating_hours", "price",
            "sale_unit", "minimum_order", "incoterm", "customs_code", "lead_time_days", "services",
        ]  # fmt: skip
        widgets = {
            "description_en": forms.Textarea(attrs={"rows": 7, "lang": "en"}),
            "description_fr": forms.Textarea(attrs={"rows": 7, "lang": "fr"}),
            "services": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        product = self.instance
        self.fields["vertical"].queryset = open_verticals(product.vertical_id)
        self.fields["available_in"].choices = country_choices()
        self.initial["available_in"] = product.available_in
        self.initial["customs_code"] = product.customs_code.code if product.customs_code else ""
        self.initial["links"] = "\n".join(f"{link.marketplace} {link.url}" for link in product.links.all())
        offered = product.shop.products.filter(kind=ProductKind.SERVICE).exclude(pk=product.pk)
        self.fields["services"].queryset = offered
        if not offered.exists():
            del self.fields["services"]
        # Shown in the empty fields and beside them, never saved: what the seller has not written is not his.
        self.outlines = templates_for(self._kind(), self._vertical())
        for language, outline in self.outlines.items():
            self.fields[f"summary_{language}"].widget.attrs["placeholder"] = outline.line
            self.fields[f"description_{language}"].widget.attrs["placeholder"] = outline.text
        self.questions = list(VerticalAttribute.objects.filter(vertical=self._vertical(), is_asked=True))
        for question in self.questions:
            self.fields[f"answer_{question.code}"] = self._answer_field(question)
        bind_form(self, user, Product, row=self.instance)

    def _kind(self):
        chosen = self.data.get("kind")
        return chosen if chosen in ProductKind.values else self.instance.kind

    def _vertical(self):
        """The vertical chosen in the page when it is sent, else the sheet's own."""
        return self.data.get("vertical") or self.instance.vertical_id

    def _answer_field(self, question):
        label = f"{question.name} ({question.unit})" if question.unit else question.name
        initial = self.instance.attributes.get(question.code)
        if question.kind == AttributeKind.NUMBER:
            return forms.FloatField(
                label=label, required=False, initial=initial, widget=forms.NumberInput(attrs={"step": "any"})
            )
        if question.kind == AttributeKind.YES_NO:
            choices = [("", "—"), ("yes", _("yes")), ("no", _("no"))]
            return forms.ChoiceField(label=label, required=False, initial=initial, choices=choices)
        return forms.CharField(label=label, required=False, initial=initial, max_length=120)

    def clean_customs_code(self):
        code = self.cleaned_data["customs_code"].replace(".", "").replace(" ", "")
        if not code:
            return None
        found = ProductCode.objects.filter(scheme="HS", code=code, code__length=6).first()
        if found is None:
            near = " ".join(near.code for near in find_product_codes(code[:4], most=6)) if len(code) >= 4 else ""
            raise ValidationError(
                _("“%(code)s” is no six-digit code of the Harmonised System. Near it: %(near)s.")
                if near
                else _("“%(code)s” is no six-digit code of the Harmonised System: 845710 is one."),
                params={"code": code, "near": near},
            )
        return found

    def clean_links(self):
        found = []
        for line in self.cleaned_data["links"].splitlines():
            name, _space, url = line.strip().rpartition(" ")
            if not line.strip():
                continue
            try:
                URLValidator(schemes=["http", "https"])(url)
            except ValidationError as error:
                raise ValidationError(
                    _("“%(line)s”: write a name, a space, then an address that begins with https://."),
                    params={"line": line},
                ) from error
            found.append(((name or url.split("/")[2])[:60], url))
        return found

    def clean_manufacture_year(self):
        year = self.cleaned_data["manufacture_year"]
        if year is not None and not OLDEST_YEAR <= year <= timezone.localdate().year:
            raise ValidationError(
                _("%(year)s is not a year between %(first)s and today."), params={"year": year, "first": OLDEST_YEAR}
            )
        return year

    def clean_price(self):
        price = self.cleaned_data["price"]
        if price is not None and price <= 0:
            raise ValidationError(_("A price is more than 0; leave it empty for “on request”."))
        return price

    def clean(self):
        given = super().clean()
        if given.get("condition") == Condition.RECYCLED:
            if given.get("kind") == ProductKind.SERVICE:
                self.add_error("condition", _("A service is not a recycled machine."))
            elif not given.get("manufacture_year"):
                self.add_error("manufacture_year", _("A recycled machine tells its year of manufacture."))
        for language in ("en", "fr"):
            if given.get(f"name_{language}") and given.get(f"translation_{language}") == Translation.MISSING:
                given[f"translation_{language}"] = Translation.WRITTEN
        return given

    @property
    def answers(self):
        """{code: answer} of the questions that were answered; earlier answers of another vertical are kept."""
        given = {q.code: self.cleaned_data.get(f"answer_{q.code}") for q in self.questions}
        kept = {code: value for code, value in self.instance.attributes.items() if code not in given}
        return kept | {code: value for code, value in given.items() if value not in (None, "")}

    def _some(self, *names):
        return [self[name] for name in names if name in self.fields]

    @property
    def parts(self):
        """The form in parts: {key, title, fields, answered, is_open}; a part stands open while it lacks an answer."""
        vertical = self.instance.vertical
        parts = [
            ("nature", _("What it is"), self.nature),
            ("english", _("In English"), self.english),
            ("french", _("In French"), self.french),
            ("questions", _("Questions of “%(vertical)s”") % {"vertical": vertical}, self.questions_fields),
            ("trade", _("Price and terms"), self.trade),
            ("reach", _("Around it"), self.reach),
        ]
        return [self._part(*part) for part in parts if part[2]]

    def _part(self, key, title, fields):
        answered = sum(field.value() not in (None, "", [], "missing") for field in fields)
        lacks = answered < len(fields) and key in ("english", "french", "questions", "trade")
        is_open = lacks or any(field.errors for field in fields)
        return {"key": key, "title": title, "fields": fields, "answered": answered, "is_open": is_open}

    @property
    def english(self):
        return self._some(*(f"{name}_en" for name in LANGUAGE_FIELDS))

    @property
    def french(self):
        return self._some(*(f"{name}_fr" for name in LANGUAGE_FIELDS))

    @property
    def nature(self):
        return self._some("kind", "vertical", "condition", "manufacture_year", "operating_hours")

    @property
    def questions_fields(self):
        return self._some(*(f"answer_{question.code}" for question in self.questions))

    @property
    def trade(self):
        return self._some("price", "sale_unit", "minimum_order", "incoterm", "lead_time_days", "customs_code")

    @property
    def reach(self):
        return self._some("services", "available_in", "links")


class PictureForm(forms.Form):
    file = UploadField(
        takes=PICTURES, most=LARGEST_FILE, label=_("Picture"),
        help_text=_("JPEG, PNG or WebP, up to 8 MB, at least 320 pixels a side."),
    )  # fmt: skip
    alt_en = forms.CharField(
        label=_("What it shows, in English"), max_length=160, help_text=_("Read aloud to people who do not see it."),
        widget=forms.TextInput(attrs={"lang": "en"}),
    )  # fmt: skip
    alt_fr = forms.CharField(
        label=_("What it shows, in French"), max_length=160, widget=forms.TextInput(attrs={"lang": "fr"})
    )


# What the agency may remark upon: (key, label).
REMARKABLE = [
    ("name", _("Name")),
    ("summary", _("Sentence")),
    ("description", _("Description")),
    ("pictures", _("Pictures")),
    ("attributes", _("Characteristics")),
    ("trade", _("Price and terms")),
    ("vertical", _("Vertical")),
]


class RemarksForm(forms.Form):
    """The agency's remarks, one beside each part of the sheet."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for key, label in REMARKABLE:
            self.fields[key] = forms.CharField(
                label=label, required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
            )

    @property
    def remarks(self):
        return {key: self.cleaned_data[key] for key, _label in REMARKABLE if self.cleaned_data.get(key)}


# Columns of a spreadsheet of products, by the names that either language gives them.
COLUMNS = {
    "kind": ("kind", "type"),
    "vertical": ("vertical", "verticale", "filière"),
    "name_en": ("name_en", "name in english", "nom en anglais"),
    "name_fr": ("name_fr", "name in french", "nom en français"),
    "summary_en": ("summary_en", "sentence in english", "phrase en anglais"),
    "summary_fr": ("summary_fr", "sentence in french", "phrase en français"),
    "description_en": ("description_en", "description in english", "description en anglais"),
    "description_fr": ("description_fr", "description in french", "description en français"),
    "price": ("price", "prix"),
    "sale_unit": ("sale_unit", "sold by", "unité"),
    "minimum_order": ("minimum_order", "least order", "commande minimale"),
    "incoterm": ("incoterm",),
    "customs_code": ("customs_code", "customs code", "code douanier"),
    "lead_time_days": ("lead_time_days", "lead time", "délai"),
    "condition": ("condition", "état"),
    "manufacture_year": ("manufacture_year", "year", "année"),
    "operating_hours": ("operating_hours", "hours", "heures"),
}
MOST_LINES = 2_000
LARGEST_SHEET = 4 * 1024 * 1024


class ImportForm(forms.Form):
    """A spreadsheet of products. `lines` holds each line with its values and what is wrong with it."""

    file = UploadField(
        takes=TABLES, most=LARGEST_SHEET, label=_("Spreadsheet"),
        help_text=_("XLSX or CSV (semicolons), one product a line, the first line names the columns."),
    )  # fmt: skip

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_file(self):
        file = self.cleaned_data["file"]
        try:
            rows = _xlsx_rows(file) if file.name.lower().endswith(".xlsx") else _csv_rows(file)
        except Exception as error:
            raise ValidationError(_("This file cannot be read. Save it as XLSX or as CSV with semicolons.")) from error
        if len(rows) < 2:
            raise ValidationError(_("This file has no line below its titles."))
        if len(rows) - 1 > MOST_LINES:
            raise ValidationError(
                _("This file has %(n)s lines; at most %(most)s at once."),
                params={"n": len(rows) - 1, "most": MOST_LINES},
            )
        names = {name: key for key, known in COLUMNS.items() for name in known}
        heads = [names.get(str(head or "").strip().lower(), "") for head in rows[0]]
        # A column that the privilege matrix keeps from this person is not read.
        heads = [head if head and may_write(self.user, Product, head) else "" for head in heads]
        if "vertical" not in heads or not {"name_en", "name_fr"} & set(heads):
            raise ValidationError(
                _("The first line must name at least the columns “vertical” and “name_en” or “name_fr”.")
            )
        reader = LineReader()
        self.lines = [
            {"line": number, **reader.read({head: value for head, value in zip(heads, row, strict=False) if head})}
            for number, row in enumerate(rows[1:], start=2)
            if any(str(value or "").strip() for value in row)
        ]
        return file


def _xlsx_rows(file):
    sheet = openpyxl.load_workbook(file, read_only=True, data_only=True).active
    return [list(row) for row in sheet.iter_rows(values_only=True, max_row=MOST_LINES + 2, max_col=40)]


def _csv_rows(file):
    text = file.read().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";" if ";" in text.partition("\n")[0] else ","))


class LineReader:
    """Turns one line into the fields of a sheet, and says in words what is wrong with it."""

    def __init__(self):
        self.verticals = {}
        for vertical in open_verticals():
            for name in (vertical.slug, vertical.name_fr, vertical.name_en):
                self.verticals[name.lower()] = vertical.slug
        self.codes = set(ProductCode.objects.filter(scheme="HS").values_list("code", flat=True))

    def read(self, given):
        errors = []
        text = {key: str(value).strip() if value is not None else "" for key, value in given.items()}
        values = {
            key: text.get(key, "")
            for key in ("name_en", "name_fr", "summary_en", "summary_fr", "description_en", "description_fr")
        }
        for key, most in (("name_en", 120), ("name_fr", 120), ("summary_en", 240), ("summary_fr", 240)):
            if len(values[key]) > most:
                errors.append(
                    _now("%(column)s: %(n)s signs, at most %(most)s.")
                    % {"column": key, "n": len(values[key]), "most": most}
                )
        if not values["name_en"] and not values["name_fr"]:
            errors.append(_now("A name is missing, in English or in French."))
        values["vertical"] = self.verticals.get(text.get("vertical", "").lower(), "")
        if not values["vertical"]:
            errors.append(
                _now("vertical: “%(value)s” is not one of the verticals.") % {"value": text.get("vertical", "")}
            )
        values["kind"] = self._choice("kind", text, ProductKind, ProductKind.PRODUCT, errors)
        values["sale_unit"] = self._choice("sale_unit", text, SaleUnit, SaleUnit.PIECE, errors)
        values["incoterm"] = self._choice("incoterm", text, Incoterm, "", errors)
        values["condition"] = self._choice("condition", text, Condition, Condition.NEW, errors)
        for key in ("minimum_order", "lead_time_days", "manufacture_year", "operating_hours"):
            values[key] = self._number(key, text, errors)
        values["price"] = self._price(text, errors)
        values["customs_code"] = text.get("customs_code", "").split(".")[0].replace(" ", "")
        if values["customs_code"] and values["customs_code"] not in self.codes:
            errors.append(
                _now("customs_code: “%(value)s” is not a code that we hold.") % {"value": values["customs_code"]}
            )
        if values["condition"] == Condition.RECYCLED and not values["manufacture_year"]:
            errors.append(_now("A recycled machine tells its year of manufacture."))
        for language in ("en", "fr"):
            values[f"translation_{language}"] = (
                Translation.WRITTEN if values[f"name_{language}"] else Translation.MISSING
            )
        return {"values": values, "errors": errors}

    def _choice(self, key, text, choices, default, errors):
        value = text.get(key, "")
        if not value:
            return str(default)
        for code, label in choices.choices:
            if value.lower() in (code.lower(), str(label).lower()):
                return code
        errors.append(_now("%(column)s: “%(value)s” is not known.") % {"column": key, "value": value})
        return str(default)

    def _number(self, key, text, errors):
        value = text.get(key, "").removesuffix(".0")
        if not value:
            return None
        if not value.isdecimal() or not 0 < int(value) < 2_000_000:
            errors.append(
                _now("%(column)s: “%(value)s” is not a whole number above 0.") % {"column": key, "value": value}
            )
            return None
        return int(value)

    def _price(self, text, errors):
        value = text.get("price", "").replace(" ", "").replace("\u202f", "").replace("€", "").replace(",", ".")
        if not value:
            return None
        try:
            price = forms.DecimalField(max_digits=12, decimal_places=2, min_value=0.01).clean(value)
        except ValidationError:
            errors.append(_now("price: “%(value)s” is not an amount.") % {"value": text["price"]})
            return None
        return str(price)

"""Ordering a service, planning and ending its delivery; the filters of the list."""

import uuid
from functools import cached_property

import django_filters
from django import forms
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.choices import CallableChoiceIterator
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.models import Organisation, User
from pavillon.campaigns.queries.campaigns import campaigns_to_choose
from pavillon.directory.models.companies import meant_by
from pavillon.directory.queries import plain
from pavillon.reference.models import Region
from pavillon.services.enums import OrderState, ServiceKind
from pavillon.services.models import Service, ServiceOrder
from pavillon.services.queries.campaigns import credited_orders

CREDITS = [("first", _("First touch")), ("last", _("Last touch"))]

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _told(kind, rows, **more):
    """Rows as (kind, key, name in French, in English, key and name of a place), to be read together."""
    told = {"place": Value("", CharField()), "place_name": Value("", CharField())} | more
    names = {name: told.pop(name) for name in ("name_fr", "name_en") if name in told}
    shown = [f"{name}_told" if name in names else name for name in ("name_fr", "name_en")]
    values = {f"{name}_told": value for name, value in names.items()} | told
    rows = rows.order_by().annotate(kind_told=Value(kind), key_told=Cast("pk", CharField()), **values)
    return rows.values_list("kind_told", "key_told", *shown, "place", "place_name")


class OrderFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label=_("Company"))
    state = django_filters.ChoiceFilter(
        choices=[("open", pgettext_lazy("services", "Open")), ("late", _("Late")), *OrderState.choices],
        method="at_state",
        label=_("Step"),
        empty_label=_("All"),
    )
    kind = django_filters.ChoiceFilter(
        field_name="service__kind", choices=ServiceKind.choices, label=_("Kind"), empty_label=_("All")
    )
    service = django_filters.ModelChoiceFilter(queryset=Service.objects.all(), label=_("Service"), empty_label=_("All"))
    provider = django_filters.ModelChoiceFilter(
        queryset=Organisation.objects.filter(services__isnull=False).distinct(),
        label=_("Provider"),
        empty_label=_("All"),
    )
    region = django_filters.ModelChoiceFilter(
        queryset=Region.objects.inhabited(), label=_("Region"), empty_label=_("All")
    )
    company = django_filters.NumberFilter(field_name="company", widget=forms.HiddenInput)
    since = django_filters.DateFilter(
        field_name="proposed_at__date", lookup_expr="gte", label=pgettext_lazy("day", "From"), widget=DATE
    )
    until = django_filters.DateFilter(
        field_name="proposed_at__date", lookup_expr="lte", label=pgettext_lazy("day", "To"), widget=DATE
    )

    campaign = django_filters.ModelChoiceFilter(
        queryset=campaigns_to_choose, method="by_campaign", label=_("Campaign"), empty_label=_("All")
    )
    credit = django_filters.ChoiceFilter(choices=CREDITS, method="as_it_is", label=_("Credit"), empty_label=_("All"))

    delivered_since = django_filters.DateFilter(
        field_name="delivered_on", lookup_expr="gte", label=_("Delivered from"), widget=DATE
    )
    delivered_until = django_filters.DateFilter(
        field_name="delivered_on", lookup_expr="lte", label=_("Delivered to"), widget=DATE
    )

    class Meta:
        model = ServiceOrder
        fields: list[str] = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for kind in ("service", "provider", "region", "campaign"):
            choices = CallableChoiceIterator(lambda kind=kind: [("", _("All")), *self.names[kind]])
            self.form.fields[kind].widget.choices = choices

    @cached_property
    def names(self):
        """{filter: its choices} of four filters in one statement, when they are drawn."""
        rows = _told(
            "service", Service.objects.all(), place=Cast("provider", CharField()), place_name=F("provider__name")
        )
        regions = _told("region", Region.objects.inhabited())
        campaigns = _told("campaign", campaigns_to_choose(self.request), name_fr=F("name"), name_en=F("name"))
        found: dict[str, set[tuple[str, str]]] = {
            "service": set(),
            "provider": set(),
            "region": set(),
            "campaign": set(),
        }
        is_french = (get_language() or "fr").startswith("fr")
        for kind, key, french, english, place, place_name in rows.union(regions, campaigns, all=True):
            found[kind].add((key, french if is_french else english))
            if place:
                found["provider"].add((place, place_name))
        return {kind: sorted(told, key=lambda one: plain(one[1])) for kind, told in found.items()}

    @property
    def form(self):
        form = super().form
        if not (self.data and self.data.get("campaign")):
            # They narrow what a campaign touched: without one there is nothing to choose.
            for name in ("credit",):
                form.fields.pop(name, None)
        return form

    def search(self, rows, name, value):
        return rows.filter(meant_by(value, "company__"))

    def by_campaign(self, rows, name, value):
        return rows.filter(pk__in=credited_orders(value, self.data.get("credit", "")))

    def as_it_is(self, rows, name, value):
        # It narrows the orders of a campaign (`by_campaign`); without one it says nothing.
        return rows

    def at_state(self, rows, name, value):
        if value == "open":
            return rows.open()
        return rows.late() if value == "late" else rows.filter(state=value)


class DelivererField(forms.EmailField):
    """A colleague of any organisation by e-mail: cleaned to the person, None when nobody is named yet."""

    def clean(self, value):
        email = super().clean(value)
        if not email:
            return None
        person = User.objects.working().of_the_team().filter(email=email.lower()).first()
        if person is None:
            raise forms.ValidationError(
                _("Nobody of the export team has the address %(email)s: copy it from the team’s page.")
                % {"email": email}
            )
        return person


class OrderServiceForm(forms.Form):
    # Drawn with the page: the same form sent twice is one order.
    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, required=False)
    service = forms.ModelChoiceField(Service.objects.none(), label=_("Service"))
    quantity = forms.IntegerField(
        label=_("Quantity"),
        min_value=1,
        max_value=999,
        initial=1,
        help_text=_("Months or days, where the price is for one."),
    )
    agreed = forms.TypedChoiceField(
        label=_("Step"),
        choices=[("no", _("I propose it to the company")), ("yes", _("The company ordered it"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        initial="no",
    )
    deliverer = DelivererField(label=_("Who delivers, by e-mail"), required=False, help_text=_("Empty: not known yet."))
    due_on = forms.DateField(
        label=_("Delivery planned on"),
        widget=DATE,
        required=False,
        help_text=_("Empty: after the delay of the service."),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        offered = Service.objects.visible_to(user).offered().select_related("provider")
        self.fields["service"].queryset = offered
        self.fields["service"].label_from_instance = lambda service: f"{service} – {service.provider}"


class ChangeOrderForm(forms.Form):
    deliverer = DelivererField(label=_("Who delivers, by e-mail"), required=False)
    due_on = forms.DateField(label=_("Delivery planned on"), widget=DATE)


class NameDelivererForm(forms.Form):
    """By the provider: one of its own people."""

    deliverer = DelivererField(label=_("Who delivers, by e-mail"))

    def __init__(self, *args, order, **kwargs):
        super().__init__(*args, **kwargs)
        self.order = order

    def clean_deliverer(self):
        person = self.cleaned_data["deliverer"]
        if person and not User.objects.filter(pk=person.pk).acting_in(organisation=self.order.provider_id).exists():
            raise forms.ValidationError(
                _("%(person)s does not work for %(provider)s: name a colleague of yours.")
                % {"person": person, "provider": self.order.provider}
            )
        return person


class DeliverOrderForm(forms.Form):
    delivered_on = forms.DateField(
        label=_("Delivered on"), widget=DATE, initial=timezone.localdate,
        help_text=_("The company is then asked by e-mail what it thinks. It cannot be undone."),
    )  # fmt: skip


class CancelOrderForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300, help_text=_("The company reads it too."))

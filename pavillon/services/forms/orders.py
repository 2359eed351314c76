"""Ordering a service, planning and ending its delivery; the filters of the list."""

import django_filters
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pavillon.accounts.models import Organisation, User
from pavillon.campaigns.queries.campaigns import campaigns_to_choose
from pavillon.directory.models.companies import meant_by
from pavillon.reference.models import Region
from pavillon.services.enums import OrderState, ServiceKind
from pavillon.services.models import Service, ServiceOrder
from pavillon.services.queries.campaigns import credited_orders

CREDITS = [("first", _("First touch")), ("last", _("Last touch"))]

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


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

    class Meta:
        model = ServiceOrder
        fields: list[str] = []

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


class DeliverOrderForm(forms.Form):
    delivered_on = forms.DateField(
        label=_("Delivered on"), widget=DATE, initial=timezone.localdate,
        help_text=_("The company is then asked by e-mail what it thinks. It cannot be undone."),
    )  # fmt: skip


class CancelOrderForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300, help_text=_("The company reads it too."))

"""One-stop shops and correspondents."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from pavillon.accounts.enums import Kind
from pavillon.accounts.events import correspondent_named
from pavillon.accounts.models import Correspondent, OneStopShop, Organisation, ShopMember, User
from pavillon.core.changes import changes_since, snapshot
from pavillon.core.trail import record
from pavillon.reference.models import Country, Region
from pavillon.ui.words import day as day_in_words


class CountryTaken(Exception):
    """Another organisation is correspondent of this country over part of the period; `holder` is its mandate."""

    def __init__(self, holder: Correspondent) -> None:
        self.holder = holder
        since = day_in_words(holder.starts_on)
        if holder.ends_on:
            text = _("%(organisation)s is the correspondent of %(country)s from %(since)s to %(until)s.") % {
                "organisation": holder.organisation,
                "country": holder.country,
                "since": since,
                "until": day_in_words(holder.ends_on),
            }
        else:
            text = _("%(organisation)s has been the correspondent of %(country)s since %(since)s.") % {
                "organisation": holder.organisation,
                "country": holder.country,
                "since": since,
            }
        super().__init__(text + " " + _("A country has one correspondent at a time: end that mandate first."))


class WrongCorrespondent(Exception):
    """Neither the agency nor a private partner, or a country that is not foreign."""


@transaction.atomic
def compose_shop(
    *,
    region: Region,
    organisations: Iterable[Organisation],
    by: User | None,
    address: str = "",
    email: str = "",
    phone: str = "",
) -> OneStopShop:
    """Say who sits in the one-stop shop of a region from today. Seats left out end; the others keep their date."""
    today = timezone.localdate()
    wanted = {organisation.pk: organisation for organisation in organisations}
    OneStopShop.objects.get_or_create(region=region)
    shop = OneStopShop.objects.select_for_update(of=("self",)).get(pk=region.pk)
    before = snapshot(shop)
    shop.address, shop.email, shop.phone = address, email, phone
    shop.save()
    joined, left = [], []
    for seat in ShopMember.objects.current().filter(shop=shop).select_related("organisation"):
        if wanted.pop(seat.organisation_id, None) is None:
            left.append(str(seat.organisation))
            if seat.starts_on < today:
                seat.ends_on = today - timedelta(days=1)
                seat.save(update_fields=["ends_on"])
            else:
                seat.delete()
    for organisation in wanted.values():
        ShopMember.objects.create(shop=shop, organisation=organisation, starts_on=today)
        joined.append(str(organisation))
    changes = changes_since(before, shop)
    if changes or joined or left:
        record("accounts.shop_composed", shop, by=by, changes=changes, joined=joined, left=left)
    return shop


@transaction.atomic
def name_correspondent(
    *, organisation: Organisation, country: Country, by: User | None, starts_on: date, ends_on: date | None = None
) -> Correspondent:
    """Give an organisation the mandate of a foreign country over a period.

    Raises WrongCorrespondent, CountryTaken. The database refuses an overlap by itself too.
    """
    if country.pk == "FR":
        raise WrongCorrespondent(_("France has one-stop shops by region, not a correspondent."))
    if organisation.kind not in {Kind.AGENCY, Kind.PARTNER}:
        raise WrongCorrespondent(_("A correspondent is the agency or a private partner abroad."))
    # Serialises the two people who would name somebody for the same country at once.
    Country.objects.select_for_update(of=("self",)).get(pk=country.pk)
    overlapping = Correspondent.objects.filter(country=country).exclude(ends_on__lt=starts_on)
    if ends_on:
        overlapping = overlapping.filter(Q(starts_on__lte=ends_on))
    holder = overlapping.select_related("organisation", "country").first()
    if holder:
        raise CountryTaken(holder)
    correspondent = Correspondent.objects.create(
        organisation=organisation, country=country, starts_on=starts_on, ends_on=ends_on
    )
    record("accounts.correspondent_named", correspondent, organisation, by=by, country=country.pk)
    correspondent_named.send(sender=Correspondent, correspondent=correspondent, by=by)
    return correspondent


@transaction.atomic
def end_correspondent(*, correspondent: Correspondent, last_day: date, by: User) -> Correspondent:
    """End a mandate; it stays in the country's history."""
    correspondent = Correspondent.objects.select_for_update(of=("self",)).get(pk=correspondent.pk)
    before = snapshot(correspondent)
    correspondent.ends_on = last_day
    correspondent.save(update_fields=["ends_on", "changed_at"])
    record(
        "accounts.correspondent_ended",
        correspondent,
        correspondent.organisation,
        by=by,
        changes=changes_since(before, correspondent),
        country=correspondent.country_id,
    )
    return correspondent

"""What this room tells of a period of a company: its shop, its sheets, its visitors and the buyers who wrote."""

from datetime import datetime
from typing import Any

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.core.permissions import is_allowed
from pavillon.directory.models import Company
from pavillon.directory.queries.digest import AT_MOST, Event, Figure, Part, counted
from pavillon.metrics.queries import totals
from pavillon.reference.models import Country
from pavillon.showroom.models import Enquiry, Product, Shop

VIEWS = ("showroom.shop_viewed", "showroom.product_viewed")


def tell_showroom(company: Company, user: User, since: datetime, until: datetime) -> Part:
    """At most six statements. Enquiries are those whose existence the reader may know; their words stay theirs."""
    if not is_allowed(user, "showroom.view_company_panel", company):
        return Part()
    part = Part()
    shop = Shop.objects.visible_to(user).filter(company=company).first()
    if shop is None:
        return part
    steps = (
        (shop.applied_at, _("Asked to join the showroom")),
        (shop.opened_at, _("Shop opened")),
        (shop.online_at, _("Shop online")),
        (shop.closed_at, _("Shop closed")),
    )
    part.events += [
        Event(at=at, title=title, icon="store") for at, title in steps if at is not None and since <= at < until
    ]
    products = Product.objects.visible_to(user).filter(shop=shop, published_at__gte=since, published_at__lt=until)
    published = list(products.order_by("-published_at", "-pk")[:AT_MOST])
    part.figures.append(Figure(_("Sheets published"), len(published)))
    part.events += [
        Event(at=row.published_at, title=_("Sheet published: %(name)s") % {"name": row}, icon="package", tone="ok")
        for row in published
        if row.published_at is not None
    ]
    _visits(part, company, since, until)
    _enquiries(part, shop, user, since, until)
    return part


def _visits(part: Part, company: Company, since: datetime, until: datetime) -> None:
    first, last = (timezone.localtime(moment).date() for moment in (since, until))
    rows: list[dict[str, Any]] = totals(VIEWS, since=first, until=last, company_ids=[company.pk], by="kind")
    names = {"showroom.shop_viewed": _("of the shop"), "showroom.product_viewed": _("of sheets")}
    details = tuple((names[row["kind"]], row["count"]) for row in rows)
    part.figures.append(Figure(_("Views in the showroom"), sum(row["count"] for row in rows), details))


def _enquiries(part: Part, shop: Shop, user: User, since: datetime, until: datetime) -> None:
    rows = Enquiry.objects.visible_to(user).filter(shop=shop, sent_at__gte=since, sent_at__lt=until)
    found = rows.order_by().values("country").annotate(n=Count("pk", distinct=True))
    counts: list[dict[str, Any]] = [dict(row) for row in found]
    total = sum(row["n"] for row in counts)
    told = list(rows.select_related("country").order_by("-sent_at", "-pk")[:AT_MOST])
    names = {row.country_id: str(row.country) for row in told}
    missing = [row["country"] for row in counts if row["country"] not in names]
    names |= {country.pk: str(country) for country in Country.objects.filter(pk__in=missing)} if missing else {}
    part.figures.append(
        Figure(_("Enquiries of buyers"), total, counted(counts, "country", lambda code: names.get(code, code)))
    )
    part.events += [
        Event(
            at=row.sent_at,
            title=_("A buyer wrote: %(kind)s, %(country)s") % {"kind": row.get_kind_display(), "country": row.country},
            icon="message-square",
            who=row.get_state_display(),
            tone="ok" if row.first_answered_at else "warn",
        )
        for row in told
    ]
    part.untold += total - len(told)

"""Following companies that turn out to be one."""

from django.db import transaction

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.directory.models import Company
from pavillon.showroom.actions.search_index import index_shop
from pavillon.showroom.actions.shops import close_shop
from pavillon.showroom.models import Shop


@transaction.atomic
def move_shop(*, kept: Company, removed: Company, by: User) -> None:
    """The kept company gets the shop; when both have one, sheets and enquiries join the kept company's."""
    shop = Shop.objects.select_for_update(of=("self",)).filter(company=removed).first()
    if shop is None:
        return
    other = Shop.objects.select_for_update(of=("self",)).filter(company=kept).first()
    if other is None:
        shop.company = kept
        shop.save(update_fields=["company", "changed_at"])
        index_shop(shop)
    else:
        shop.products.update(shop=other)
        shop.enquiries.update(shop=other)
        close_shop(shop=shop, by=by)
        index_shop(other)
    record("showroom.shop_moved", shop, kept, by=by, changes={"company": [removed.pk, kept.pk]})

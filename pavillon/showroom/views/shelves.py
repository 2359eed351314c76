"""The agency keeps the shops and the settings of the showroom."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pavillon.core.views import requires
from pavillon.directory.models import Company
from pavillon.showroom import actions
from pavillon.showroom.actions.products import judge
from pavillon.showroom.forms.shops import ShowroomSettingsForm
from pavillon.showroom.lists import ShopFilter
from pavillon.showroom.models import Product, Shop
from pavillon.showroom.queries import pages, shelves, showroom_settings
from pavillon.showroom.queries.monitoring import company_figures, gauge_and_settings, response_of
from pavillon.ui.htmx import form_page
from pavillon.ui.lists import list_page
from pavillon.ui.messages import say


@requires("showroom.view_shops")
def shops(request):
    shops_by_step, settings = gauge_and_settings()
    return list_page(
        request,
        shelves.shops_with_counts(Shop.objects.visible_to(request.user)),
        template="showroom/shops.html",
        rows="showroom/_shop_rows.html",
        sorts={"name": ["company__name"], "newest": ["-applied_at"], "sheets": ["-on_show"], "enquiries": ["-asked"]},
        sort="newest",
        filters=ShopFilter,
        context={"gauge": shops_by_step, "settings": settings},
    )


@requires("showroom.view_shop", on=Shop)
def shop(request, shop):
    context = {
        "shop": shop,
        "products": Product.objects.visible_to(request.user).filter(shop=shop).select_related("vertical"),
        "figures": company_figures(shop.company),
        "response": response_of(shop),
        "history": shelves.trail_of(shop),
    }
    return render(request, "showroom/shop_record.html", context)


@requires("showroom.view_product", on=Product)
def product(request, product):
    """A sheet as the team reads it, and what is said about it."""
    company = product.shop.company
    talk = []
    if Company.objects.visible_to(request.user).filter(pk=company.pk).exists() and request.user.has_perm(
        "crm.view_discussions", company
    ):
        about = reverse("crm:record_discussions", args=[company.pk, shelves.PRODUCT, product.pk])
        talk = [{"title": _("Discussions"), "url": about}]
    context = {"product": pages.sheet_to_read(product), "quality": judge(product), "answers": pages.answers_of(product)}
    is_on_show = product.is_published and product.shop.is_online
    return render(request, "showroom/product_record.html", context | {"talk": talk, "is_on_show": is_on_show})


@require_POST
@requires("showroom.accept_shop", on=Shop)
def accept_shop(request, shop):
    if shop.state == "closed":
        actions.reopen_shop(shop=shop, by=request.user)
    else:
        actions.accept_shop(shop=shop, by=request.user)
    say(request, _("The shop of %(company)s is open.") % {"company": shop.company})
    return redirect("showroom_team:shop", shop=shop.pk)


@require_POST
@requires("showroom.close_shop", on=Shop)
def close_shop(request, shop):
    actions.close_shop(shop=shop, by=request.user)
    say(request, _("The shop of %(company)s is closed.") % {"company": shop.company})
    return redirect("showroom_team:shop", shop=shop.pk)


@require_POST
@requires("showroom.reference_shop", on=Shop)
def reference_shop(request, shop):
    actions.reference_shop(shop=shop, is_referenced=request.POST.get("referenced") == "yes", by=request.user)
    return redirect("showroom_team:shop", shop=shop.pk)


@requires("showroom.change_showroom_settings")
def change_showroom_settings(request):
    form = ShowroomSettingsForm(request.POST or None, instance=showroom_settings())
    if form.is_valid():
        given = form.cleaned_data
        actions.change_showroom_settings(
            target_shops=given["target_shops"], unanswered_hours=given["unanswered_hours"], by=request.user
        )
        say(request, _("The settings were changed."))
        return redirect("showroom_team:shops")
    return form_page(request, "showroom/change_showroom_settings.html", {"form": form})

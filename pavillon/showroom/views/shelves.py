"""The agency keeps the shops and the settings of the showroom."""

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pavillon.core.views import requires
from pavillon.showroom import actions
from pavillon.showroom.forms.shops import ShowroomSettingsForm
from pavillon.showroom.lists import ShopFilter
from pavillon.showroom.models import Product, Shop
from pavillon.showroom.queries import shelves, showroom_settings
from pavillon.showroom.queries.monitoring import company_figures, gauge, response_of
from pavillon.ui.htmx import form_page
from pavillon.ui.lists import list_page
from pavillon.ui.messages import say


@requires("showroom.view_shops")
def shops(request):
    return list_page(
        request,
        shelves.shops_with_counts(Shop.objects.visible_to(request.user)),
        template="showroom/shops.html",
        rows="showroom/_shop_rows.html",
        sorts={"name": ["company__name"], "newest": ["-applied_at"], "sheets": ["-on_show"], "enquiries": ["-asked"]},
        sort="newest",
        filters=ShopFilter,
        context={"gauge": gauge(), "settings": showroom_settings()},
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

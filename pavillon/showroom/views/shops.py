"""The company's shop, from the application to the shelf."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pavillon.core.views import requires
from pavillon.showroom import actions
from pavillon.showroom.forms.shops import ApplicationForm, RecipientsForm, ReplyTemplateForm, ShopForm
from pavillon.showroom.models import ReplyTemplate, Shop
from pavillon.showroom.queries import cockpit
from pavillon.showroom.queries.catalogue import company_of, shop_of
from pavillon.showroom.views.public import shop_context
from pavillon.ui.htmx import form_page
from pavillon.ui.messages import say


@requires("showroom.view_my_shop")
def my_shop(request):
    shop = shop_of(request.user)
    if shop is None:
        return redirect("showroom_company:apply_for_shop")
    return render(request, "showroom/my_shop.html", cockpit.cockpit_of(shop))


@requires("showroom.apply_for_shop")
def apply_for_shop(request):
    if shop_of(request.user):
        return redirect("showroom_company:my_shop")
    company = company_of(request.user)
    form = ApplicationForm(request.POST or None, user=request.user)
    if company and form.is_valid():
        actions.apply_for_shop(company=company, motivation=form.cleaned_data["motivation"], by=request.user)
        say(request, _("Your application was sent to the agency."))
        return redirect("showroom_company:my_shop")
    return form_page(request, "showroom/apply_for_shop.html", {"form": form, "company": company})


@requires("showroom.change_shop", on=Shop)
def change_shop(request, shop):
    form = ShopForm(request.POST or None, instance=shop, user=request.user)
    if form.is_valid():
        words = ("logo_text", "tagline_en", "tagline_fr", "presentation_en", "presentation_fr")
        actions.change_shop(
            shop=shop,
            by=request.user,
            export_countries=form.cleaned_data.get("export_countries"),
            certificates=form.certificates,
            **{name: form.cleaned_data[name] for name in words},
        )
        say(request, _("The page of your shop was changed."))
        return redirect("showroom_company:my_shop")
    return form_page(request, "showroom/change_shop.html", {"form": form, "shop": shop})


@require_POST
@requires("showroom.put_shop_online", on=Shop)
def put_shop_online(request, shop):
    try:
        actions.put_shop_online(shop=shop, by=request.user)
        say(request, _("Your shop is online."))
    except actions.ShopNotReady as error:
        complain(request, error)
    return redirect("showroom_company:my_shop")


@requires("showroom.view_my_shop", on=Shop)
def preview_shop(request, shop):
    """The public page as buyers will see it, whatever the shop's step."""
    return render(request, "showroom/shop.html", shop_context(request, shop) | {"is_preview": True})


@requires("showroom.change_recipients", on=Shop)
def change_recipients(request, shop):
    people, chosen = cockpit.choosable_people(shop)
    form = RecipientsForm(request.POST if request.method == "POST" else None, people=people, chosen=chosen)
    if form.is_valid():
        try:
            actions.change_recipients(shop=shop, people=form.cleaned_data["people"], by=request.user)
            say(request, _("From now on these people are told."))
            return redirect("showroom_company:my_shop")
        except actions.LastRecipient as error:
            form.add_error("people", str(error))
    return form_page(request, "showroom/change_recipients.html", {"form": form, "shop": shop})


@requires("showroom.change_reply_templates")
def change_reply_templates(request):
    shop = shop_of(request.user)
    if shop is None:
        return redirect("showroom_company:my_shop")
    form = ReplyTemplateForm(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        actions.create_reply_template(
            shop=shop, title=given["title"], language=given["language"], text=given["text"], by=request.user
        )
        return redirect("showroom_company:change_reply_templates")
    return form_page(request, "showroom/change_reply_templates.html", {"form": form, "shop": shop})


@require_POST
@requires("showroom.delete_reply_template", on=ReplyTemplate)
def delete_reply_template(request, replytemplate):
    actions.delete_reply_template(template=replytemplate, by=request.user)
    say(request, _("The reply was deleted."))
    return redirect("showroom_company:change_reply_templates")


def complain(request, error):
    """Say on the next page why something was not done."""
    messages.error(request, str(error))

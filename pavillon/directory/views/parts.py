"""Sites, markets, group links and channels of a company."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pavillon.core.views import requires
from pavillon.directory import actions
from pavillon.directory.forms.parts import ChannelForm, EstablishmentForm, LinkForm, MarketChangeForm, MarketForm
from pavillon.directory.models import Channel, Company, Establishment, GroupLink, Market
from pavillon.directory.numbers import WrongNumber
from pavillon.directory.views.editing import part_page
from pavillon.directory.views.frame import company_page
from pavillon.ui.messages import say


def _card(company):
    return redirect("directory:company_card", company.pk)


def _back_to_card(company):
    return f"{company.get_absolute_url()}card/"


@requires("directory.view_company", on=Company, brings="with_facts")
def establishments(request, company):
    """Every site of a company, the open ones first."""
    return company_page(
        request,
        "directory/establishments.html",
        company,
        "card",
        sites=list(
            Establishment.objects.visible_to(request.user)
            .filter(company=company)
            .select_related("commune", "country", "activity", "workforce_band")
            .order_by("-is_head_office", "closed_on", "siret", "pk")[:500]
        ),
    )


@requires("directory.add_establishment", on=Company)
def add_establishment(request, company):
    form = EstablishmentForm(request.POST or None, user=request.user)
    if form.is_valid():
        try:
            actions.add_establishment(company=company, by=request.user, **form.known_values())
        except (actions.SiretTaken, WrongNumber) as error:
            form.add_error("siret", str(error))
        else:
            say(request, _("The site was added."))
            return _card(company)
    return part_page(request, form, company, _("Add a site"), str(company), back=_back_to_card(company))


@requires("directory.change_establishment", on=Establishment)
def change_establishment(request, establishment):
    form = EstablishmentForm(request.POST or None, user=request.user, row=establishment)
    if form.is_valid():
        try:
            actions.change_establishment(establishment=establishment, by=request.user, **form.known_values())
        except (actions.SiretTaken, WrongNumber) as error:
            form.add_error("siret", str(error))
        else:
            say(request, _("Saved."))
            return _card(establishment.company)
    company = establishment.company
    return part_page(
        request, form, company, _("Change a site"), str(company), back=_back_to_card(company), remove=establishment
    )


@require_POST
@requires("directory.remove_establishment", on=Establishment)
def remove_establishment(request, establishment):
    """A site that was entered by mistake; one that closed is given its last day on its form."""
    actions.remove_establishment(establishment=establishment, by=request.user)
    say(request, _("The site was taken away."))
    return _card(establishment.company)


@requires("directory.add_market", on=Company)
def add_market(request, company):
    form = MarketForm(request.POST or None, user=request.user)
    if form.is_valid():
        try:
            actions.add_market(company=company, by=request.user, **form.known_values())
        except actions.MarketKnown:
            form.add_error("country", _("This market is on the card already: change it there."))
        else:
            say(request, _("The market was added."))
            return _card(company)
    return part_page(request, form, company, _("Add a market"), str(company), back=_back_to_card(company))


@requires("directory.change_market", on=Market)
def change_market(request, market):
    form = MarketChangeForm(request.POST or None, user=request.user, row=market)
    if form.is_valid():
        actions.change_market(market=market, by=request.user, **form.known_values())
        say(request, _("Saved."))
        return _card(market.company)
    back = _back_to_card(market.company)
    return part_page(request, form, market.company, str(market), str(market.company), back=back)


@require_POST
@requires("directory.change_market", on=Market)
def remove_market(request, market):
    actions.remove_market(market=market, by=request.user)
    say(request, _("The market was taken away."))
    return _card(market.company)


@requires("directory.link_companies", on=Company)
def link_companies(request, company):
    """Say which other company belongs to the same group."""
    form = LinkForm(request.POST or None, user=request.user, company=company)
    if form.is_valid():
        other, told = form.cleaned_data["other"], {name: form.cleaned_data[name] for name in ("share", "since")}
        pair = (other, company) if form.cleaned_data["role"] == "parent" else (company, other)
        try:
            actions.link_companies(parent=pair[0], subsidiary=pair[1], kind=form.kind(), by=request.user, **told)
        except (actions.AlreadyLinked, actions.LoopInGroup) as error:
            form.add_error("other", str(error))
        else:
            say(request, _("%(one)s and %(other)s are linked.") % {"one": company, "other": other})
            return _card(company)
    return part_page(
        request, form, company, _("Link a company of the group"), str(company), back=_back_to_card(company)
    )


@require_POST
@requires("directory.link_companies", on=Company)
def unlink_companies(request, company, link):
    """Take a link of the group back."""
    links = GroupLink.objects.visible_to(request.user).about(company).select_related("parent", "subsidiary")
    actions.unlink_companies(link=get_object_or_404(links, pk=link), by=request.user)
    say(request, _("The link was taken away."))
    return _card(company)


@requires("directory.add_channel", on=Company)
def add_channel(request, company):
    form = ChannelForm(request.POST or None, user=request.user)
    if form.is_valid():
        try:
            actions.add_channel(owner=company, by=request.user, **form.known_values())
        except actions.ChannelKnown as error:
            form.add_error("value", str(error))
        else:
            say(request, _("Saved."))
            return _card(company)
    title = _("Add a phone, an address or a profile")
    return part_page(request, form, company, title, str(company), back=_back_to_card(company))


@requires("directory.change_channel", on=Channel)
def change_channel(request, channel):
    owner = channel.contact or channel.company
    form = ChannelForm(request.POST or None, user=request.user, row=channel)
    if form.is_valid():
        try:
            actions.change_channel(channel=channel, by=request.user, **form.known_values())
        except actions.ChannelKnown as error:
            form.add_error("value", str(error))
        except actions.ChannelGone as error:
            messages.warning(request, str(error))
            return redirect(owner) if channel.contact else _card(owner)
        else:
            say(request, _("Saved."))
            return redirect(owner) if channel.contact else _card(owner)
    return part_page(request, form, owner, _("Change how to reach %(name)s") % {"name": owner}, remove=channel)


@require_POST
@requires("directory.change_channel", on=Channel)
def remove_channel(request, channel):
    owner, of_contact = channel.contact or channel.company, channel.contact is not None
    actions.remove_channel(channel=channel, by=request.user)
    say(request, _("It was taken away."))
    return redirect(owner) if of_contact else _card(owner)

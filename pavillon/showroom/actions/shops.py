"""Opening a shop, writing its page, and the settings of the showroom."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.text import format_lazy, slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pavillon.accounts.models import User
from pavillon.activity.actions import notify, record, wake
from pavillon.core.changes import changes_since, snapshot
from pavillon.crm import actions as crm
from pavillon.directory.models import Company
from pavillon.showroom.actions.search_index import index_shop
from pavillon.showroom.actions.telling import tell_managers
from pavillon.showroom.enums import ShopState, TemplateKind
from pavillon.showroom.events import shop_applied, shop_closed, shop_opened, shop_put_online
from pavillon.showroom.models import Certificate, ReplyTemplate, Shop, ShopRecipient, ShowroomSettings
from pavillon.showroom.queries.catalogue import people_of, recipients_of
from pavillon.showroom.queries.templates import templates_for

# Answers that a new shop has ready; the seller changes their words.
STARTING_REPLIES = [
    (
        "Thank you, we need a few details",
        "en",
        "Dear customer,\n\nThank you for your interest. To answer precisely we need: the quantity, the place of "
        "delivery and the date by which you need it.\n\nBest regards,",
    ),
    (
        "Quote within two working days",
        "en",
        "Dear customer,\n\nThank you for your request. You will receive our quote within two working days.\n\n"
        "Best regards,",
    ),
    (
        "Merci, il nous faut quelques précisions",
        "fr",
        "Bonjour,\n\nMerci de votre intérêt. Pour vous répondre avec précision, il nous faut la quantité, le lieu de "
        "livraison et la date souhaitée.\n\nBien cordialement,",
    ),
]
TEXTS = ("tagline_fr", "tagline_en", "presentation_fr", "presentation_en", "logo_text")


class AlreadyApplied(Exception):
    """The company has a shop already."""


class ShopNotReady(Exception):
    """The shop cannot go online yet; the message says what is missing."""


class LastRecipient(Exception):
    """Somebody of the company must be told of enquiries."""


def locked(shop: Shop) -> Shop:
    return Shop.objects.select_for_update(of=("self",)).select_related("company__region").get(pk=shop.pk)


@transaction.atomic
def apply_for_shop(*, company: Company, motivation: str, by: User, is_demo: bool = False) -> Shop:
    """Ask for a shop, which starts from the agency's template. Raises AlreadyApplied."""
    company = Company.objects.select_for_update(of=("self",)).get(pk=company.pk)
    if Shop.objects.filter(company=company).exists():
        raise AlreadyApplied(_("%(company)s has a shop already.") % {"company": company})
    starts = templates_for(TemplateKind.SHOP)
    shop = Shop.objects.create(
        company=company,
        slug=_free_slug(company),
        motivation=motivation,
        logo_text=company.name[:40],
        presentation_fr=starts["fr"].for_company(company.name),
        presentation_en=starts["en"].for_company(company.name),
        is_demo=is_demo,
    )
    ShopRecipient.objects.create(shop=shop, user=by)
    ReplyTemplate.objects.bulk_create(
        ReplyTemplate(shop=shop, title=title, language=language, text=text)
        for title, language, text in STARTING_REPLIES
    )
    record("showroom.shop_applied", shop, company, by=by)
    wake("showroom.approvals", audience="agency", shop=shop.pk)
    shop_applied.send(sender=Shop, shop=shop, by=by)
    tell_managers(
        shop,
        "showroom.shop_applied",
        format_lazy(gettext_lazy("{company} asks for a shop"), company=company.name),
        reverse("showroom_team:shop", args=[shop.pk]),
    )
    return shop


def _free_slug(company: Company) -> str:
    wanted = slugify(company.name)[:70] or f"company-{company.pk}"
    return wanted if not Shop.objects.filter(slug=wanted).exists() else f"{wanted}-{company.pk}"


@transaction.atomic
def accept_shop(*, shop: Shop, by: User, contact_person: User | None = None) -> Shop:
    """Open a shop that was applied for, and reference it in the national showroom. There is no last place."""
    shop = locked(shop)
    if shop.state != ShopState.APPLIED:
        return shop
    shop.state, shop.opened_at, shop.is_referenced = ShopState.OPENED, timezone.now(), True
    shop.contact_person = contact_person or by
    shop.save()
    record("showroom.shop_opened", shop, shop.company, by=by, changes={"state": ["applied", "opened"]})
    wake("showroom.approvals", audience="agency", shop=shop.pk)
    wake("showroom.shop", people=[person.pk for person in people_of(shop)], shop=shop.pk)
    _name_contact(shop, by)
    shop_opened.send(sender=Shop, shop=shop, by=by)
    notify(
        people_of(shop),
        "showroom.shop_opened",
        title=gettext_lazy("Your shop is open"),
        body=gettext_lazy("Write its page, prepare your products, then put it online."),
        url=reverse("showroom_company:my_shop"),
    )
    return shop


def _name_contact(shop: Shop, by: User) -> None:
    """The agency's person becomes a dedicated contact of the company, in the language of its people (IDN-12)."""
    person = shop.contact_person
    if person is None or person.organisation is None:
        return
    language = next((member.language for member in people_of(shop)), settings.LANGUAGE_CODE)
    with translation.override(language), suppress(crm.AlreadyDedicated, crm.NotAccompanied):
        crm.name_dedicated_contact(
            company=shop.company,
            person=person,
            organisation=person.organisation,
            function=_("Your shop in the showroom"),
            by=by,
        )


@transaction.atomic
def change_shop(
    *,
    shop: Shop,
    by: User,
    export_countries: Iterable[str] | None = None,
    certificates: Iterable[dict[str, Any]] | None = None,
    **texts: str,
) -> Shop:
    """Write the shop's page. `certificates` are {certification, number, ends_on}; None leaves them as they are."""
    if unknown := set(texts) - set(TEXTS):
        raise TypeError(f"Not part of a shop's page: {', '.join(sorted(unknown))}")
    shop = locked(shop)
    before = snapshot(shop)
    for name, value in texts.items():
        setattr(shop, name, value)
    if export_countries is not None:
        shop.export_countries = sorted(set(export_countries))
    changes = changes_since(before, shop)
    shop.save()
    if certificates is not None:
        held = {c.certification: c for c in shop.certificates.all()}
        declared = {c["certification"]: c for c in certificates}
        if sorted(held) != sorted(declared):
            changes["certificates"] = [sorted(held), sorted(declared)]
        shop.certificates.exclude(certification__in=declared).delete()
        for code, given in declared.items():
            Certificate.objects.update_or_create(
                shop=shop,
                certification=code,
                defaults={"number": given.get("number", ""), "ends_on": given.get("ends_on")},
            )
    if changes:
        record("showroom.shop_changed", shop, shop.company, by=by, changes=changes)
    if shop.is_online:
        index_shop(shop)
    return shop


@transaction.atomic
def put_shop_online(*, shop: Shop, by: User) -> Shop:
    """Show the shop to everybody, with its published sheets. Raises ShopNotReady."""
    shop = locked(shop)
    if shop.state == ShopState.ONLINE:
        return shop
    if shop.state != ShopState.OPENED:
        raise ShopNotReady(_("The agency has not opened this shop."))
    if shop.missing_texts:
        raise ShopNotReady(
            _("Before going online, write: %(texts)s.") % {"texts": ", ".join(map(str, shop.missing_texts))}
        )
    shop.state, shop.online_at = ShopState.ONLINE, timezone.now()
    shop.save(update_fields=["state", "online_at", "changed_at"])
    record("showroom.shop_put_online", shop, shop.company, by=by, changes={"state": ["opened", "online"]})
    shop_put_online.send(sender=Shop, shop=shop, by=by)
    index_shop(shop)
    wake("reporting.figures", audience="team")
    return shop


@transaction.atomic
def close_shop(*, shop: Shop, by: User) -> Shop:
    """Hide the shop and what it shows; nothing is lost."""
    shop = locked(shop)
    if shop.state == ShopState.CLOSED:
        return shop
    before, shop.state, shop.closed_at = shop.state, ShopState.CLOSED, timezone.now()
    shop.save(update_fields=["state", "closed_at", "changed_at"])
    record("showroom.shop_closed", shop, shop.company, by=by, changes={"state": [before, "closed"]})
    shop_closed.send(sender=Shop, shop=shop, by=by)
    index_shop(shop)
    return shop


@transaction.atomic
def reopen_shop(*, shop: Shop, by: User) -> Shop:
    """Let a closed shop prepare itself again."""
    shop = locked(shop)
    if shop.state != ShopState.CLOSED:
        return shop
    shop.state, shop.closed_at = ShopState.OPENED, None
    shop.opened_at = shop.opened_at or timezone.now()
    shop.save(update_fields=["state", "closed_at", "opened_at", "changed_at"])
    record("showroom.shop_reopened", shop, shop.company, by=by, changes={"state": ["closed", "opened"]})
    return shop


@transaction.atomic
def reference_shop(*, shop: Shop, is_referenced: bool, by: User) -> Shop:
    """Take a seller into the national showroom, or out of it: the marker on its pages follows."""
    shop = locked(shop)
    if shop.is_referenced == is_referenced:
        return shop
    shop.is_referenced = is_referenced
    shop.save(update_fields=["is_referenced", "changed_at"])
    record(
        "showroom.shop_referenced",
        shop,
        shop.company,
        by=by,
        changes={"is_referenced": [not is_referenced, is_referenced]},
    )
    return shop


@transaction.atomic
def change_recipients(*, shop: Shop, people: Iterable[User], by: User) -> None:
    """Choose who is told of enquiries among the company's people. Raises LastRecipient for nobody."""
    shop = locked(shop)
    of_the_company = {person.pk for person in people_of(shop)}
    chosen = {person.pk for person in people if person.pk in of_the_company}
    if not chosen:
        raise LastRecipient(_("Keep at least one person: a buyer's question must reach somebody."))
    before = sorted(person.pk for person in recipients_of(shop))
    shop.recipients.exclude(user__in=chosen).delete()
    for pk in chosen:
        ShopRecipient.objects.get_or_create(shop=shop, user_id=pk)
    if before != sorted(chosen):
        record("showroom.recipients_changed", shop, by=by, changes={"recipients": [before, sorted(chosen)]})


@transaction.atomic
def create_reply_template(*, shop: Shop, title: str, language: str, text: str, by: User) -> ReplyTemplate:
    """Keep an answer for later; the same title in the same language is replaced."""
    template, _created = ReplyTemplate.objects.update_or_create(
        shop=shop, title=title, language=language, defaults={"text": text}
    )
    record("showroom.reply_template_created", shop, by=by, title=title)
    return template


@transaction.atomic
def delete_reply_template(*, template: ReplyTemplate, by: User) -> None:
    record("showroom.reply_template_deleted", template.shop, by=by, title=template.title)
    template.delete()


@transaction.atomic
def change_showroom_settings(*, target_shops: int, unanswered_hours: int, by: User) -> ShowroomSettings:
    ShowroomSettings.objects.get_or_create(pk=1)
    row = ShowroomSettings.objects.select_for_update().get(pk=1)
    before = snapshot(row)
    row.target_shops, row.unanswered_hours = target_shops, unanswered_hours
    row.save()
    if changes := changes_since(before, row):
        record("showroom.settings_changed", row, by=by, changes=changes)
    return row

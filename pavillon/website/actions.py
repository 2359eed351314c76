"""Counting visits, opening sites, giving editors the pages of their region."""

import json
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone
from wagtail.log_actions import get_active_log_context
from wagtail.models import GroupPagePermission, Locale, Page, Revision, Site

from pavillon.accounts.enums import Role
from pavillon.accounts.models import Membership, User
from pavillon.activity.actions import record
from pavillon.campaigns.queries.campaigns import campaign_of_code
from pavillon.core.changes import changes_since
from pavillon.crm import actions as crm
from pavillon.crm.enums import LeadKind, Origin
from pavillon.crm.models import Lead
from pavillon.crm.models.subjects import Said
from pavillon.metrics.actions import count
from pavillon.privacy.enums import LegalBasis
from pavillon.privacy.queries import browser_accepts
from pavillon.reference.models import Region
from pavillon.solutions.actions.accounts import note_company_visit
from pavillon.solutions.actions.diagnosis import company_of
from pavillon.solutions.actions.sites import close_region_site, open_region_site
from pavillon.website.models import ArticleIndexPage, NationalPage, PublicPage, RegionIndexPage, RegionPage

EDITOR_ROLES = frozenset({Role.EDITOR, Role.REGION_OFFICIAL, Role.PLATFORM_ADMIN})
EDITOR_GROUP, NATIONAL_GROUP = "Editors: ", "Editors: national"
PAGE_RIGHTS = ("add_page", "change_page", "publish_page")


def count_visit(*, request: HttpRequest, region: Region | None) -> None:
    """Count one page view without any identifier; a signed-in company too, once a month, if this browser said yes.

    Whoever of a company agreed to be followed up has his pages of the day counted besides.
    """
    count("website.page_viewed", region_id=region.pk if region else "")
    crm.note_site_visit(by=request.user, what="pages")
    if region is None or not request.user.is_authenticated or not browser_accepts(request, "company_visit"):
        return
    company = company_of(request.user)
    if company is not None:
        note_company_visit(company=company, region=region)


@transaction.atomic
def leave_message(
    *,
    region: Region,
    name: str,
    email: str,
    company_name: str,
    message: str,
    phone: str = "",
    siren: str = "",
    town: str = "",
    campaign: str = "",
) -> Lead:
    """A message left on a site becomes a routed request, of the campaign whose code the link said.

    Raises `directory.queries.WrongSiren` for a wrong SIREN.
    """
    lead = crm.receive_lead(
        origin=Origin.SITE,
        kind=LeadKind.REQUEST,
        said=Said("site_message", {"region": {"fr": region.name_fr, "en": region.name_en or region.name_fr}}),
        message=message,
        legal_basis=LegalBasis.PUBLIC_TASK,
        is_spontaneous=True,
        region=region,
        siren=siren,
        company_name=company_name,
        town=town,
        contact_name=name,
        contact_email=email,
        contact_phone=phone,
        campaign=campaign_of_code(campaign),
    )
    record("website.message_left", lead, by=None, region=region.pk)
    count("website.message_left", region_id=region.pk)
    return lead


@transaction.atomic
def lay_foundations(*, texts: dict[str, dict[str, Any]], by: User | None) -> dict[str, NationalPage]:
    """Make the two portals with their lists of regions and articles, once; {language: portal}.

    `texts` is {language: {title, hero_eyebrow, hero_title, hero_lead, body, regions, articles}}.
    """
    portals: dict[str, NationalPage] = {}
    root = _root_page()
    for code, words in texts.items():
        locale, _new = Locale.objects.get_or_create(language_code=code)
        portal = NationalPage.objects.filter(locale=locale).first()
        if portal is None:
            portal = NationalPage(slug=f"portal-{code}", locale=locale, **_national_words(words))
            if portals:
                portal.translation_key = next(iter(portals.values())).translation_key
            root.add_child(instance=portal)
            portal.save_revision(user=by).publish(user=by)
            record("website.portal_made", portal, by=by, language=code)
        portals[code] = portal
    first = next(iter(portals.values()))
    _point_site_at(first)
    for model, slug, name in ((RegionIndexPage, "regions", "regions"), (ArticleIndexPage, "articles", "articles")):
        key = None
        for code, portal in portals.items():
            page = model.objects.child_of(portal).first()
            if page is None:
                page = model(title=texts[code][name], slug=slug, locale=portal.locale)
                if key:
                    page.translation_key = key
                portal.add_child(instance=page)
                page.save_revision(user=by).publish(user=by)
            key = page.translation_key
    return portals


def _root_page() -> Page:
    """The root of all pages. Wagtail's migrations plant it; a database that was emptied gets it again."""
    root = Page.get_first_root_node()
    if root is None:
        locale, _new = Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)
        kind = ContentType.objects.get_for_model(Page)
        root = Page.add_root(title="Root", slug="root", content_type=kind, locale=locale)
    return root


def _national_words(words: dict[str, Any]) -> dict[str, Any]:
    return {name: words[name] for name in ("title", "hero_eyebrow", "hero_title", "hero_lead", "body")}


def _point_site_at(portal: NationalPage) -> None:
    """Take Wagtail's welcome page away and show the portal instead."""
    site = Site.objects.filter(is_default_site=True).first()
    welcome = site.root_page if site else None
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={"root_page": portal, "hostname": "localhost", "port": 80, "site_name": "Pavillon"},
    )
    if welcome and welcome.pk != portal.pk and not isinstance(welcome.specific, NationalPage):
        Page.objects.get(pk=welcome.pk).delete()


@transaction.atomic
def follow_published_page(*, page: Page, by: User | None) -> None:
    """A page went public: the trail says so, and a region's site counts and gets its editors."""
    record("website.page_published", page, by=by, title=page.title)
    if isinstance(page, RegionPage):
        open_region_site(region=page.region, by=by)
        _give_pages_to(_region_group(page.region), page)


# What the editor notes by itself about a page: places in the tree, states, dates.
OF_THE_EDITOR = frozenset(
    [
        *("pk", "path", "depth", "numchild", "url_path", "page_ptr", "content_type", "translation_key", "locale"),
        *("draft_title", "has_unpublished_changes", "live", "live_revision", "latest_revision", "alias_of", "owner"),
        *("latest_revision_created_at", "first_published_at", "last_published_at", "go_live_at", "expire_at"),
        *("expired", "locked", "locked_at", "locked_by", "comments"),
    ]
)


def follow_revision(*, revision: Revision) -> None:
    """A page was saved in the editor: what each field said before and says now."""
    page = revision.content_object
    if not isinstance(page, PublicPage):
        return
    before = Revision.objects.for_instance(page).filter(pk__lt=revision.pk).order_by("-pk").first()
    # As the database gives it back: a version that was just saved still holds dates.
    old, new = before.content if before else {}, json.loads(json.dumps(revision.content, cls=DjangoJSONEncoder))
    names = [name for name in new if name not in OF_THE_EDITOR and old.get(name) != new[name]]
    changes = {name: [old.get(name), new[name]] for name in names if new[name] not in (None, "", []) or name in old}
    if changes:
        record("website.page_edited", page, by=revision.user, changes=changes, title=page.title)


def follow_item(*, item: Model, before: dict[str, Any] | None) -> None:
    """A picture, a document or a setting of the sites was added or changed in the editor."""
    changes = changes_since(before or {}, item)
    changes = {name: [_told(value) for value in pair] for name, pair in changes.items() if any(map(_told, pair))}
    if changes:
        verb = "website.item_changed" if before else "website.item_added"
        record(verb, item, by=get_active_log_context().user, changes=changes, title=str(item))


def follow_lost_item(*, item: Model) -> None:
    """A page, a picture or a document was deleted in the editor."""
    record("website.item_deleted", item, by=get_active_log_context().user, title=str(item))


def _told(value: Any) -> Any:
    return value if isinstance(value, (bool, int, str)) or value is None else str(value)


@transaction.atomic
def follow_unpublished_page(*, page: Page, by: User | None) -> None:
    """A page was taken down; a region without any public page no longer counts."""
    record("website.page_unpublished", page, by=by, title=page.title)
    if isinstance(page, RegionPage) and not RegionPage.objects.live().filter(region=page.region).exists():
        close_region_site(region=page.region, by=by)


def _region_group(region: Region) -> Group:
    """The editors of one region: they open Wagtail and see that region's pages only."""
    group, is_new = Group.objects.get_or_create(name=f"{EDITOR_GROUP}{region.pk} {region.name_fr}")
    if is_new:
        _let_into_the_editor(group)
        for page in RegionPage.objects.filter(region=region):
            _give_pages_to(group, page)
    return group


def _national_group() -> Group:
    """The editors of the national site: they may change every page."""
    group, is_new = Group.objects.get_or_create(name=NATIONAL_GROUP)
    if is_new:
        _let_into_the_editor(group)
        _give_pages_to(group, _root_page())
    return group


def _let_into_the_editor(group: Group) -> None:
    group.permissions.add(Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"))


def _give_pages_to(group: Group, page: Page) -> None:
    """Let a group add, change and publish a page and what lies under it."""
    rights = Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=PAGE_RIGHTS)
    for right in rights:
        GroupPagePermission.objects.get_or_create(group=group, page=Page.objects.get(pk=page.pk), permission=right)


@transaction.atomic
def follow_memberships(*, user: User, by: User | None, ending: Membership | None = None) -> None:
    """Put a person in the groups of editors that the current memberships call for, and out of the others.

    `ending` is a membership that is being ended: the row itself changes after the announcement.
    """
    wanted = set()
    editing = user.memberships.current().filter(role__in=EDITOR_ROLES)
    if ending is not None and ending.ends_on and ending.ends_on < timezone.localdate():
        editing = editing.exclude(pk=ending.pk)
    for membership in editing.select_related("organisation__region"):
        region = membership.organisation.region
        wanted.add(_region_group(region) if region else _national_group())
    held = set(user.groups.filter(name__startswith=EDITOR_GROUP))
    if wanted == held:
        return
    user.groups.remove(*(held - wanted))
    user.groups.add(*(wanted - held))
    record("website.editor_changed", user, by=by, groups=sorted(group.name for group in wanted))


def check_editors() -> int:
    """Take the pages away from editors whose membership ended by its date. Returns how many people were looked at."""
    people = list(User.objects.filter(groups__name__startswith=EDITOR_GROUP).distinct())
    for user in people:
        follow_memberships(user=user, by=None)
    return len(people)

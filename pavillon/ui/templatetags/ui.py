"""Tags and filters for every template: `{% load ui %}`."""

import re
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zlib import crc32

from django import template
from django.conf import settings
from django.db.models import Model
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse, translate_url
from django.utils.crypto import salted_hmac
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from pavillon.core.policy import WHOLE, may_read
from pavillon.ui import frame, words
from pavillon.ui import menu as menus
from pavillon.ui import panels as pieces
from pavillon.ui.htmx import page_of

register = template.Library()

for name in ("money", "number", "percent", "day", "moment", "ago", "initials", "short_number"):
    register.filter(name, getattr(words, name), is_safe=False)


@register.filter(expects_localtime=True)
def machine_time(value: datetime) -> str:
    """A moment as machines read it, in the reader's zone: what `date:'c'` says, without a pattern."""
    return value.isoformat()


@register.simple_tag
def colon() -> str:
    """The colon after a label that comes from elsewhere: French keeps a space before it."""
    return "\u00a0:" if get_language() == "fr" else ":"


# What points forward or back along the line of reading turns with it.
POINTING = frozenset(
    [
        "arrow-left",
        "arrow-right",
        "arrow-up-right",
        "chevron-left",
        "chevron-right",
        "corner-down-left",
        "external-link",
        "forward",
        "log-in",
        "log-out",
        "panel-right",
        "reply",
        "send",
        "trending-down",
        "trending-up",
        "undo-2",
    ]
)


@register.simple_tag
def icon(name: str, css: str = "", label: str = "") -> SafeString:
    """An icon of the sprite, mirrored where one reads from right to left if it points.

    Silent for screen readers unless it has a label.
    """
    return _icon(_sprite(settings.STATIC_URL), name, css, label)


@lru_cache(maxsize=4)
def _sprite(root: str) -> str:
    """The file of all icons, looked up once a process: its name changes with the files of a new version only."""
    return static("build/sprite.svg")


@lru_cache(maxsize=2_000, typed=True)
def _icon(sprite: str, name: str, css: str, label: str) -> SafeString:
    """A page draws the same few dozen a hundred times."""
    css = f"{css} flip".strip() if name in POINTING else css
    described = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon{}" {}><use href="{}#{}"></use></svg>',
        f" {css}" if css else "",
        described,
        sprite,
        name,
    )


@register.simple_tag
def badge(text: Any, kind: str = "", icon_name: str = "", dot: bool = False) -> SafeString:
    """`<c-ui.badge>` for lines of a list: the same status, drawn once for each text and look."""
    return _badge(text if isinstance(text, SafeString) else str(text), kind, icon(icon_name) if icon_name else "", dot)


@lru_cache(maxsize=2_000, typed=True)
def _badge(text: str, kind: str, sign: str, dot: bool) -> SafeString:
    css = " ".join(part for part in ("badge", kind, "dot" if dot else "") if part)
    return format_html('<span class="{}">{}{}</span>', css, sign, text)


@register.filter
def tone(value: Any) -> str:
    """A stable tint (t0 to t4) for an avatar, from its name."""
    return f"t{crc32(str(value).encode()) % 5}"


@register.simple_tag
def short_money(value: Decimal | int | None, currency: str = "EUR") -> SafeString | str:
    """A key amount; when it is rounded, the exact one stays within reach."""
    text, rounded = words.short_money(value, currency)
    if not rounded:
        return text
    return format_html('<abbr title="{}">{}</abbr>', words.money(value, currency), text)


def restricted() -> SafeString:
    """What stands where a field may not be read."""
    return format_html('<span class="restricted">{}{}</span>', icon("lock"), _("restricted"))


@register.simple_block_tag(takes_context=True)
def governed(context: template.Context, content: SafeString, obj: Model, name: str) -> SafeString:
    """Words about a field, for who may read it: what `field_value` cannot say alone (an amount, a link, a unit)."""
    return content if may_read_here(context, obj, name) else restricted()


@register.simple_tag(takes_context=True)
def field_value(context: template.Context, obj: Model, name: str, empty: str = "—") -> SafeString | str:
    """A field of a record as its reader may see it: formatted, or "restricted"."""
    if not may_read_here(context, obj, name):
        return restricted()
    return shown_value(obj, name) or not_known(empty)


def not_known(empty: str = "—") -> SafeString:
    """What stands where a field has no value."""
    return format_html(
        '<span class="muted" aria-hidden="true">{}</span><span class="vh">{}</span>', empty, _("not known")
    )


@register.simple_tag(takes_context=True, name="may_read")
def may_read_here(context: template.Context, obj: Model, name: str = WHOLE) -> bool:
    """Whether the reader of the page may see a field, where `field_value` alone would not do: links, whole lines."""
    request = context.get("request")
    return request is None or may_read(request.user, obj, name)


def shown_value(obj: Model, name: str) -> SafeString | str:
    """A field's value in words of the reader's language, "" when there is none."""
    display = getattr(obj, f"get_{name}_display", None)
    value = display() if display else getattr(obj, name)
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return words.moment(value)
    if isinstance(value, date):
        return words.day(value)
    if isinstance(value, int | float | Decimal):
        return words.number(value)
    if isinstance(value, str):
        if "@" in value and re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
            return format_html('<a href="mailto:{0}">{0}</a>', value)
        if value.startswith("http") and re.fullmatch(r"https?://\S+", value):
            return format_html('<a href="{}" rel="noopener">{}</a>', value, value.split("://", 1)[1].rstrip("/"))
        return str(value)
    if isinstance(value, list | tuple | set):
        return ", ".join(str(item) for item in value)
    return str(value)


@register.simple_tag(takes_context=True)
def field_link(context: template.Context, row: Model) -> SafeString:
    """The link to a record at the head of its line; its name too obeys the privilege matrix."""
    request = context.get("request")
    name = next((n for n in ("name", "last_name") if any(f.name == n for f in row._meta.concrete_fields)), "")
    hidden = request is not None and name and not may_read(request.user, row, name)
    label = _("restricted") if hidden else str(row)
    return format_html('<a class="main" data-record href="{}">{}</a>', row.get_absolute_url(), label)  # type: ignore[attr-defined]


@register.filter
def cell_text(value: Any) -> str:
    """A value of a list's cell in the reader's words, "" when there is none."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return words.moment(value)
    if isinstance(value, date):
        return words.day(value)
    return words.number(value) if isinstance(value, int | float | Decimal) else str(value)


def address_of(url_name: str, *args: Any) -> str:
    """An address of a room that may not be installed: "" then."""
    try:
        return reverse(url_name, args=args)
    except NoReverseMatch:
        return ""


@register.simple_tag
def address(url_name: str, *args: Any) -> str:
    """Like `url`, but "" when the room that owns the page is not installed."""
    return address_of(url_name, *args)


def _draft_key(user: Any) -> str:
    return salted_hmac("pavillon.ui.draft", str(user.pk), algorithm="sha256").hexdigest()


@register.simple_tag(takes_context=True)
def chrome(context: template.Context) -> dict[str, Any]:
    """What the frame of a page needs: addresses, theme, language, demo label. Safe without a request."""
    request: HttpRequest | None = context.get("request")
    user = getattr(request, "user", None)
    signed_in = bool(user and user.is_authenticated)
    at_door = bool(getattr(user, "is_at_door", False))
    theme = request.COOKIES.get(f"{settings.COOKIE_PREFIX}theme", "") if request else ""
    return {
        "demo": settings.DEMO,
        "theme": theme if theme in ("light", "dark") else "",
        "cookie_prefix": settings.COOKIE_PREFIX,
        "language": get_language() or settings.LANGUAGE_CODE,
        "direction": "rtl" if get_language_bidi() else "ltr",
        "signed_in": signed_in,
        "user": user,
        # Seals in the browser what its person typed (drafts.js); no browser keeps it beyond the page.
        "draft_key": _draft_key(user) if signed_in else "",
        "home": address_of("accounts:home") or "/",
        "palette": address_of("workspace:palette") if signed_in and getattr(user, "is_team", False) else "",
        "search": address_of("workspace:search") or address_of("workspace:palette"),
        "inbox": address_of("activity:inbox"),
        "unread": address_of("activity:unread"),
        # The stream is shut to who has yet to prove himself.
        "live": "" if at_door else address_of("activity:live") or "/live/",
        "at_door": at_door,
        # Error pages lead back to the form whose words were not heard.
        "sent_from": page_of(request) if request and request.method == "POST" else "",
        "sign_in": address_of("account_login"),
        "sign_out": address_of("account_logout"),
    }


@register.simple_tag(takes_context=True)
def menu(context: template.Context, area: str = "") -> dict[str, Any]:
    """A menu as its reader sees it: {"sections": [{title, lines, key}], "phone": up to four lines}.

    All that is drawn of a section, its title too, follows from its `key` and the language.

    Without an area: the company's menu for people of a company, the team's for everybody else.
    """
    request: HttpRequest | None = context.get("request")
    if request is None:
        return {"sections": [], "phone": []}
    areas = [area] if area else ["company"] if getattr(request.user, "is_company", False) else ["workspace", "agency"]
    sections = [
        {"title": title, "lines": lines, "key": tuple(line.key for line in lines)}
        for name in areas
        for title, lines in menus.sections_for(name, request.user, request.path)
    ]
    phone = [line for section in sections for line in section["lines"] if line.on_phone]
    return {"sections": sections, "phone": phone[:4]}


@register.simple_tag(takes_context=True)
def frame_count(context: template.Context, name: str) -> str:
    """How many rows wait under a name of the frame ("" for none), as `ui.frame` read them with the page."""
    request: HttpRequest | None = context.get("request")
    return frame.count_of(name, request.user) if request is not None else ""


def in_language(path: str, code: str) -> str:
    """The same page in another language; a page without a language in its address is asked with `?lang=`."""
    translated = translate_url(path, code)
    if re.match(r"/[a-z]{2}/", path) or translated != path:
        return translated
    address, _, query = path.partition("?")
    kept = "&".join(part for part in query.split("&") if part and not part.startswith("lang="))
    return f"{address}?{kept}&lang={code}" if kept else f"{address}?lang={code}"


@register.simple_tag(takes_context=True)
def languages(context: template.Context) -> list[dict[str, Any]]:
    """The same page in each language: [{code, name, url, is_current}]. `alternates` in the context wins."""
    request: HttpRequest | None = context.get("request")
    alternates: dict[str, str] = context.get("alternates") or {}
    path = request.get_full_path() if request else "/"
    names = {"fr": "Français", "en": "English"}
    return [
        {
            "code": code,
            "name": names.get(code, str(label)),
            "url": alternates.get(code) or in_language(path, code),
            "is_current": code == get_language(),
        }
        for code, label in settings.LANGUAGES
    ]


@register.simple_tag(takes_context=True)
def place(context: template.Context, place: str, subject: Any = None, column: str = "") -> SafeString:
    """The panels that other rooms put on this page: they come together once they are in sight."""
    request: HttpRequest = context["request"]
    shown = pieces.panels_for(place, request.user, subject, column=column)
    together = reverse("ui:load_panels", args=[place] if subject is None else [place, subject.pk])
    return pieces.draw_places(shown, subject, together)


@register.simple_tag(takes_context=True)
def words_of(context: template.Context, place: str) -> SafeString:
    """The few words that other rooms draw with this page (cookie bar, warnings)."""
    request: HttpRequest | None = context.get("request")
    drawn = pieces.pieces_of(place, request) if request else []
    return format_html_join("", "{}", ((mark_safe(piece),) for piece in drawn))  # noqa: S308


@register.simple_tag(takes_context=True)
def sort_header(context: template.Context, name: str, label: str, css: str = "") -> SafeString:
    """A column's head that sorts the list: `{% sort_header "name" _("Company") %}` (see ui.lists)."""
    listing = context["listing"]
    current, descending = listing.sort.lstrip("-"), listing.sort.startswith("-")
    is_current = current == name
    target = f"-{name}" if is_current and not descending else name
    sign = ("arrow-down" if descending else "arrow-up") if is_current else "arrow-up-down"
    state = format_html(' aria-sort="{}"', "descending" if descending else "ascending") if is_current else ""
    return format_html(
        '<th scope="col"{}{}><a class="sort" href="{}" hx-get="{}" hx-target="#list" hx-push-url="true">{} {}</a></th>',
        format_html(' class="{}"', css) if css else "",
        state,
        listing.url(sort=target),
        listing.url(sort=target),
        label,
        icon(sign),
    )


@register.filter
def undo_of(message: Any) -> str:
    """The address that undoes what a message tells, "" when it cannot be undone (see ui.messages)."""
    tags = (getattr(message, "extra_tags", "") or "").split()
    return next((tag.removeprefix("undo=") for tag in tags if tag.startswith("undo=")), "")


@register.filter
def level_of(message: Any) -> str:
    """The look of a Django message: ok, warn, bad or info."""
    return {"success": "ok", "warning": "warn", "error": "bad"}.get(message.level_tag, "info")


@register.filter
def steps(count: int) -> range:
    """1 to count, for a level drawn in steps."""
    return range(1, int(count) + 1)

"""Lists to choose from, drawn without their template: a page with filters draws a hundred options.

`tests/test_drawing.py` compares them with `django/forms/widgets/select.html` of this room, which draws the rest.
"""

from html import escape
from typing import Any

from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

TEMPLATE = "django/forms/widgets/select.html"
OPTION = "django/forms/widgets/select_option.html"
# What Django writes where nothing is chosen.
NOTHING = "---------"


def draw_select(widget: dict[str, Any]) -> SafeString | None:
    """None for what is not the plain case: options of another template, labels that are no words."""
    drawn = [f'<select name="{_text(widget["name"])}"{_attributes(widget["attrs"])}>']
    for group, options, _index in widget["optgroups"]:
        if group:
            if not isinstance(group, str | Promise):
                return None
            drawn.append(f'<optgroup label="{_text(group)}">')
        for option in options:
            label = option["label"]
            if option["template_name"] != OPTION or not isinstance(label, str | Promise):
                return None
            if label == NOTHING:
                value, label = "", pgettext("in a list", "Choose") if widget["required"] else _("No choice")
            else:
                value = _text(option["value"])
            drawn.append(f'<option value="{value}"{_attributes(option["attrs"])}>{_text(label)}</option>')
        if group:
            drawn.append("</optgroup>")
    drawn.append("</select>")
    return mark_safe("".join(drawn))  # noqa: S308  each part is escaped by `_text`


def _attributes(attributes: dict[str, Any]) -> str:
    return "".join(
        f" {_text(name)}" if value is True else f' {_text(name)}="{_text(value)}"'
        for name, value in attributes.items()
        if value is not False
    )


def _text(value: Any) -> str:
    text = value if type(value) is SafeString else str(value)
    return text if type(text) is SafeString else escape(text)

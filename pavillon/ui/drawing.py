"""Templates drawn with fewer steps a node (decision 0047): a page of a list has some five thousand nodes.

Each function below stands for one of Django's and draws the same; `tests/test_drawing.py` compares the two. What is
not the plain case is left to Django's own.
"""

from html import escape
from typing import Any

from django.template.base import (
    FilterExpression,
    NodeList,
    Template,
    TextNode,
    Variable,
    VariableDoesNotExist,
    VariableNode,
    render_value_in_context,
)
from django.template.context import BaseContext, Context, RequestContext
from django.template.defaulttags import ForNode, URLNode
from django.template.loader_tags import IncludeNode
from django.templatetags.i18n import TranslateNode
from django.urls import get_resolver, get_script_prefix, get_urlconf
from django.utils import timezone
from django.utils.safestring import SafeData, SafeString, mark_safe
from django.utils.translation import get_language, trans_real

from pavillon.ui import quick

# What the types of Django do not tell.
_timezone: Any = timezone
_catalogues: Any = trans_real
_MISSING = object()
_CONTEXTS = (RequestContext, Context)
# Addresses remembered by one resolver.
ADDRESSES = 20_000

_slow: dict[str, Any] = {
    "resolve": FilterExpression.resolve,
    "nodes": NodeList.render,
    "for": ForNode.render,
    "include": IncludeNode.render,
    "translate": TranslateNode.render,
    "url": URLNode.render,
    "value": VariableNode.render,
    "template": Template.render,
    "holds": BaseContext.__contains__,
}


def resolve(expression: Any, context: Any, ignore_failures: bool = False) -> Any:
    """The value of `name|filter:argument`; a name that is not there is found out without an error on the way."""
    if not expression.is_var:
        found = expression.var
    else:
        variable = expression.var
        if type(variable) is Variable and variable.lookups is not None and not variable.translate:
            found = _look_up(variable, context)
        else:
            try:
                found = variable.resolve(context)
            except VariableDoesNotExist:
                found = _MISSING
        if found is _MISSING:
            if ignore_failures:
                found = None
            elif context.template.engine.string_if_invalid:
                return _slow["resolve"](expression, context, ignore_failures)
            else:
                found = ""
    return filtered(expression, found, context) if expression.filters else found


def _look_up(variable: Any, context: Any) -> Any:
    """`quick.look_up`, but `_MISSING` for a name that nobody put into the context."""
    if type(context) in _CONTEXTS:
        first = variable.lookups[0]
        for known in reversed(context.dicts):
            if first in known:
                found = known[first]
                if len(variable.lookups) == 1 and not callable(found):
                    return found
                break
        else:
            if not hasattr(type(context), first):
                return _MISSING
    try:
        return variable._resolve_lookup(context)
    except VariableDoesNotExist:
        return _MISSING


def filtered(expression: Any, found: Any, context: Any) -> Any:
    """What the filters of an expression make of what was found."""
    for do, arguments in expression.filters:
        values = [said.resolve(context) if is_named else mark_safe(said) for is_named, said in arguments]  # noqa: S308
        if getattr(do, "expects_localtime", False):
            found = _timezone.template_localtime(found, context.use_tz)
        if getattr(do, "needs_autoescape", False):
            drawn = do(found, *values, autoescape=context.autoescape)
        else:
            drawn = do(found, *values)
        found = mark_safe(drawn) if isinstance(found, SafeData) and getattr(do, "is_safe", False) else drawn  # noqa: S308
    return found


def draw_value(node: Any, context: Any) -> Any:
    """`{{ value }}`."""
    try:
        found = node.filter_expression.resolve(context)
    except UnicodeDecodeError:
        return ""
    kind = type(found)
    if kind is SafeString:
        return found
    if kind is str and context.autoescape:
        return SafeString(escape(found))
    return render_value_in_context(found, context)


def draw_nodes(nodes: Any, context: Any) -> SafeString:
    """All nodes of a block. Where pages of errors tell in which line (`debug`), Django's own way, which notes it."""
    if context.template is None or context.template.engine.debug:
        drawn: SafeString = _slow["nodes"](nodes, context)
        return drawn
    return SafeString("".join([node.s if type(node) is TextNode else node.render(context) for node in nodes]))


def draw_each(node: Any, context: Any) -> Any:
    """`{% for %}`, with one name or several."""
    if context.template is None or context.template.engine.debug:
        return _slow["for"](node, context)
    outer = context.get("forloop", {})
    with context.push():
        values = node.sequence.resolve(context, ignore_failures=True)
        if values is None:
            values = []
        if not hasattr(values, "__len__"):
            values = list(values)
        many = len(values)
        if many < 1:
            return node.nodelist_empty.render(context)
        drawn: list[str] = []
        names, nodes = node.loopvars, node.nodelist_loop
        name = names[0] if len(names) == 1 else ""
        here = context.dicts[-1]
        loop = here["forloop"] = {"parentloop": outer}
        for nth, item in enumerate(reversed(values) if node.is_reversed else values):
            loop["counter0"], loop["counter"] = nth, nth + 1
            loop["revcounter"], loop["revcounter0"] = many - nth, many - nth - 1
            loop["first"], loop["last"] = nth == 0, nth == many - 1
            if name:
                here[name] = item
            elif len(names) == (found := len(item) if hasattr(item, "__len__") else 1):
                here.update(zip(names, item, strict=True))
            else:
                raise ValueError(f"Need {len(names)} values to unpack in for loop; got {found}. ")
            drawn += [inner.s if type(inner) is TextNode else inner.render(context) for inner in nodes]
    return SafeString("".join(drawn))


def draw_included(node: Any, context: Any) -> Any:
    """`{% include "name" %}`: the template of a constant name is looked up once by each engine."""
    engine = context.template.engine if context.template is not None else None
    name = node.template.var
    if engine is None or engine.debug or node.template.is_var or node.template.filters or name.startswith("."):
        return _slow["include"](node, context)
    known = node.__dict__.get("_known")
    if known is None or known[0] is not engine:
        known = node.__dict__["_known"] = (engine, engine.get_template(name))
    values = {name: said.resolve(context) for name, said in node.extra_context.items()}
    if node.isolated_context:
        return known[1].render(context.new(values))
    with context.push(**values):
        return known[1].render(context)


def draw_template(template: Any, context: Any) -> Any:
    """A template within another: what `RenderContext.push_state` does, without a generator."""
    if context.template is None:
        return _slow["template"](template, context)
    state = context.render_context
    before, state.template = state.template, template
    state.push()
    try:
        return template._render(context)
    finally:
        state.template = before
        state.pop()


def holds(context: Any, name: str) -> bool:
    """`name in context`, without a generator."""
    for known in context.dicts:  # noqa: SIM110  this is the point
        if name in known:
            return True
    return False


def draw_words(node: Any, context: Any) -> Any:
    """`{% translate "words" %}`, or `{% translate "words" context "where" %}`: each catalogue is asked once."""
    expression, where = node.filter_expression, node.message_context
    is_plain = not (node.noop or node.asvar or expression.filters or (where and (where.is_var or where.filters)))
    catalogue = getattr(_catalogues._active, "value", None)
    if not is_plain or catalogue is None or expression.var.lookups is not None:
        return _slow["translate"](node, context)
    known = node.__dict__.setdefault("_known", {})
    key = (id(catalogue), context.autoescape)
    found = known.get(key)
    if found is None:
        found = (catalogue, _slow["translate"](node, context))
        # The catalogue is held, so that no other can have its number; one made for a moment (`override(None)`) is not.
        if any(catalogue is lasting for lasting in _catalogues._translations.values()):
            known[key] = found
    return found[1]


def draw_address(node: Any, context: Any) -> Any:
    """`{% url %}` with numbers and plain texts: remembered as `quick.address` does, before the name is taken apart."""
    arguments = tuple(said.resolve(context) for said in node.args)
    named = tuple((name, said.resolve(context)) for name, said in node.kwargs.items())
    view = node.view_name.resolve(context)
    if node.asvar or type(view) not in (str, SafeString):
        return _slow["url"](node, context)
    for value in (*arguments, *(value for _name, value in named)):
        if type(value) not in (int, str, SafeString):
            return _slow["url"](node, context)
    request = getattr(context, "request", None)
    found = getattr(request, "resolver_match", None)
    within = getattr(request, "current_app", None) or getattr(found, "namespace", None)
    urlconf = get_urlconf()
    known = get_resolver(urlconf).__dict__.setdefault("_known_links", {})
    key = (get_language(), get_script_prefix(), within, context.autoescape, view, arguments, named)
    link = known.get(key)
    if link is None:
        link = _slow["url"](node, context)
        if len(known) >= ADDRESSES:
            known.clear()
        known[key] = link
    return link


def draw_quickly() -> None:
    """Put them in Django's place; called when the process begins, before anything is drawn."""
    quick.put_in_place(
        (FilterExpression, "resolve", resolve),
        (VariableNode, "render", draw_value),
        (NodeList, "render", draw_nodes),
        (ForNode, "render", draw_each),
        (IncludeNode, "render", draw_included),
        (Template, "render", draw_template),
        (TranslateNode, "render", draw_words),
        (URLNode, "render", draw_address),
        (BaseContext, "__contains__", holds),
    )

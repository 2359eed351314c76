"""Components (`<c-ui.badge kind="ok">…</c-ui.badge>`) drawn with fewer steps: a page of a company has forty of them.

What a component says beside its values (text, icons, which side of an `{% if %}`) is traced once for each shape in
which it is called, and its values are put into that. It is so for components made of text, values, conditions, words
and icons; all others, and every call that is not the plain case, are left to Cotton. With `settings.PROVE_STEADY`
(tests) Cotton draws each as well, from the same values, and both are compared.
"""

from collections.abc import Hashable, Iterable, Sequence
from html import escape
from typing import Any, NamedTuple

from django.conf import settings
from django.template import Context
from django.template.base import FilterExpression, Node, TextNode, Variable, VariableDoesNotExist, VariableNode
from django.template.base import render_value_in_context as shown
from django.template.defaulttags import IfNode, LoadNode, TemplateLiteral, URLNode
from django.template.library import SimpleNode
from django.templatetags.i18n import TranslateNode
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django_cotton.templatetags import Attrs, UnprocessableDynamicAttr
from django_cotton.templatetags._component import AttrKind, CottonComponentNode, _get_isolation_settings
from django_cotton.templatetags._slot import CottonSlotNode
from django_cotton.templatetags._vars import CottonVarsNode
from django_cotton.utils import get_cotton_data

from pavillon.ui import drawing
from pavillon.ui.quick import put_in_place

# Shapes of one component: icons times conditions.
MOST = 1_000

Path = tuple[str, ...]
_slow: Any = CottonComponentNode.render
_silent = (LoadNode, CottonVarsNode)
_WORDS = {IfNode, TextNode, TranslateNode, URLNode, VariableNode}


class NotPlain(Exception):
    """A component, or a call of one, that is Cotton's to draw."""


class NotAlike(Exception):
    """A component was drawn otherwise than by Cotton."""


class Place(NamedTuple):
    """Where a value stands; `said` is the expression when filters change it."""

    name: str
    said: FilterExpression | None


class Component:
    """A template of a component: what its shape depends on, and what was traced of it."""

    def __init__(self, template: Any) -> None:
        self.template = template
        self.defaults: dict[str, Any] = {}
        self.declared: set[str] = {"is"}
        self.names: set[str] = set()
        # What stands in the shape as it is, and what only as yes or no.
        self.values: dict[Path, None] = {}
        self.truths: dict[Path, None] = {}
        self.speaks = False
        self.shapes: dict[Hashable, list[str | Place]] = {}
        self._read(template.nodelist)
        self.paths = [*self.values], [*self.truths]
        self.names = {path[0] for path in (*self.values, *self.truths)} | self.names

    def _read(self, nodes: Iterable[Node]) -> None:
        for node in nodes:
            if isinstance(node, CottonVarsNode):
                self._read_vars(node)
            elif isinstance(node, VariableNode):
                self.names.add(_place_of(node).name)
            elif isinstance(node, IfNode):
                for condition, inner in node.conditions_nodelists:
                    self._read_condition(condition, self.truths)
                    self._read(inner)
            elif isinstance(node, SimpleNode):
                self._read_icon(node)
            elif isinstance(node, TranslateNode):
                self.speaks = True
                if node.asvar or node.filter_expression.is_var:
                    raise NotPlain(node)
            elif not isinstance(node, (TextNode, *_silent)):
                raise NotPlain(node)

    def _read_vars(self, node: CottonVarsNode) -> None:
        for var in node._prepared_vars:
            if var.kind == AttrKind.ESCAPED:
                raise NotPlain(node)
            is_said = var.kind in (AttrKind.DYNAMIC, AttrKind.UNQUOTED)
            self.declared.add(var.exclude_key)
            self.defaults[var.accessible_key] = var.compiled.resolve(Context()) if is_said else var.value
        self.declared.update(node.empty_vars)

    def _read_condition(self, condition: Any, found: dict[Path, None]) -> None:
        if condition is None:
            return
        if isinstance(condition, TemplateLiteral):
            said: Any = condition.value
            if said.filters:
                raise NotPlain(condition)
            if said.is_var:
                found[_path_of(said)] = None
            return
        for part in (condition.first, condition.second):
            self._read_condition(part, self.truths if condition.id in ("and", "or", "not") else self.values)

    def _read_icon(self, node: SimpleNode) -> None:
        if node.func.__name__ != "icon" or node.target_var or node.kwargs or node.takes_context:
            raise NotPlain(node)
        self.speaks = True
        for said in node.args:
            if said.filters:
                raise NotPlain(node)
            if said.is_var:
                self.values[_path_of(said)] = None

    def shape_of(self, known: dict[str, Any], context: Any) -> list[str | Place]:
        values, truths = self.paths
        key = (
            context.autoescape,
            get_language() if self.speaks else "",
            *((type(value), value) for value in (_at(path, known) for path in values)),
            *(bool(_at(path, known)) for path in truths),
        )
        try:
            shape = self.shapes.get(key)
        except TypeError as error:
            # A list where a word decides.
            raise NotPlain(key) from error
        if shape is None:
            if len(self.shapes) >= MOST:
                self.shapes.clear()
            with context.push(known):
                shape = self.shapes[key] = _joined(_traced(self.template.nodelist, context))
        return shape


def _path_of(expression: FilterExpression) -> Path:
    """`kind`, or one of the two that components ask for: `slot.strip`, `attrs.href`."""
    variable = expression.var
    if type(variable) is not Variable or variable.lookups is None or variable.translate:
        raise NotPlain(expression)
    path = tuple(variable.lookups)
    if len(path) > 1 and path != ("slot", "strip") and (path[0] != "attrs" or len(path) > 2):
        raise NotPlain(expression)
    return path


def _at(path: Path, known: dict[str, Any]) -> Any:
    if len(path) == 1:
        return known.get(path[0])
    return known["slot"].strip() if path[0] == "slot" else known["attrs"].get(path[1])


def _place_of(node: VariableNode) -> Place:
    said = node.filter_expression
    if not said.is_var or any(is_named for _do, arguments in said.filters for is_named, _told in arguments):
        raise NotPlain(node)
    path = _path_of(said)
    if len(path) > 1:
        raise NotPlain(node)
    return Place(path[0], said if said.filters else None)


def _traced(nodes: Iterable[Node], context: Any) -> Iterable[str | Place]:
    for node in nodes:
        if isinstance(node, VariableNode):
            yield _place_of(node)
        elif isinstance(node, IfNode):
            yield from _traced(_side_of(node, context), context)
        elif not isinstance(node, _silent):
            yield str(node.render_annotated(context))


def _side_of(node: IfNode, context: Any) -> Iterable[Node]:
    for condition, nodes in node.conditions_nodelists:
        try:
            if condition is None or condition.eval(context):
                return nodes
        except VariableDoesNotExist:
            continue
    return ()


def _joined(pieces: Iterable[str | Place]) -> list[str | Place]:
    """With texts that follow each other as one."""
    joined: list[str | Place] = []
    for piece in pieces:
        if isinstance(piece, str) and joined and isinstance(joined[-1], str):
            joined[-1] += piece
        else:
            joined.append(piece)
    return joined


class Call:
    """One place of a template where a component is called."""

    def __init__(self, node: Any, component: Component) -> None:
        self.node, self.component = node, component
        self.given: Sequence[Any] = node._prepared_attrs
        if any(attr.key in ("is", "attrs") for attr in self.given) or node.only or any(_get_isolation_settings()):
            raise NotPlain(node)
        self.has_slots = bool(node.nodelist.get_nodes_by_type(CottonSlotNode))

    def draw(self, context: Any) -> SafeString:
        component = self.component
        given = {attr.key: _value_of(attr, context) for attr in self.given}
        slots: dict[str, Any] = {}
        slot = self._drawn_slots(slots, context) if self.has_slots else self.node.nodelist.render(context)
        known = {**component.defaults, **slots}
        for name, value in given.items():
            known[name.replace("-", "_")] = value
        known["slot"], known["attrs"] = slot, _attrs(given, component.declared)
        for name in component.names:
            if name not in known:
                _find(name, known, context)
        drawn = SafeString("".join(_filled(component.shape_of(known, context), known, context)))
        if getattr(settings, "PROVE_STEADY", False):
            self._prove(drawn, known, context)
        return drawn

    def _drawn_slots(self, slots: dict[str, Any], context: Any) -> Any:
        stack = get_cotton_data(context)["stack"]
        stack.append({"key": self.node.component_name, "attrs": Attrs({}), "slots": slots})
        drawn = self.node.nodelist.render(context)
        stack.pop()
        return drawn

    def _prove(self, drawn: str, known: dict[str, Any], context: Any) -> None:
        data = get_cotton_data(context)
        data["stack"].append({})
        with context.push({**known, "cotton_data": data}):
            cottons = self.component.template.render(context)
        data["stack"].pop()
        if cottons != drawn:
            raise NotAlike(f"{self.node.component_name}: {drawn} instead of {cottons}")


def _value_of(attr: Any, context: Any) -> Any:
    if attr.kind == AttrKind.STATIC or attr.kind == AttrKind.BOOLEAN:
        return attr.value
    if attr.kind == AttrKind.ESCAPED:
        return _drawn_words(attr.compiled, context) if attr.compiled else attr.value
    try:
        value = attr.compiled.resolve(context)
    except UnprocessableDynamicAttr as error:
        if attr.kind == AttrKind.DYNAMIC:
            raise NotPlain(attr) from error
        return attr.value
    if callable(value):
        raise NotPlain(attr)
    return value


def _drawn_words(words: Any, context: Any) -> Any:
    """What an attribute says: values, words, addresses. A loop or an inclusion keeps things of its own meanwhile."""
    is_plain = words.__dict__.get("_is_plain")
    if is_plain is None:
        is_plain = words._is_plain = all(type(node) in _WORDS for node in words.nodelist.get_nodes_by_type(Node))
    return words.nodelist.render(context) if is_plain else words.render(context)


def _attrs(given: dict[str, Any], declared: set[str]) -> Attrs:
    """What was given; said (`{{ attrs }}`) is what the component has no name for."""
    attrs = Attrs(given)
    attrs._exclude_from_str = declared
    return attrs


def _find(name: str, known: dict[str, Any], context: Any) -> None:
    """A value that the call does not give is the page's own, where it has one of this name."""
    for values in reversed(context.dicts):
        if name in values:
            if callable(values[name]):
                raise NotPlain(name)
            known[name] = values[name]
            return


def _filled(shape: list[str | Place], known: dict[str, Any], context: Any) -> Iterable[str]:
    for piece in shape:
        if isinstance(piece, str):
            yield piece
            continue
        name, said = piece
        value = known.get(name, "")
        if said is not None:
            value = drawing.filtered(said, value, context)
        if type(value) is SafeString:
            yield value
        elif type(value) is str and context.autoescape:
            yield escape(value)
        else:
            yield str(value if type(value) is Attrs else shown(value, context))


def draw_component(node: Any, context: Any) -> Any:
    """`<c-…>`: by what is known of the component, or by Cotton."""
    engine = context.template.engine if context.template is not None else None
    if engine is None or engine.debug:
        return _slow(node, context)
    known = node.__dict__.get("_call")
    if known is None or known[0] is not engine:
        known = node.__dict__["_call"] = (engine, _call_of(node, context))
    if known[1] is None:
        return _slow(node, context)
    try:
        return known[1].draw(context)
    except NotPlain:
        return _slow(node, context)


def _call_of(node: Any, context: Any) -> Call | None:
    try:
        template = node._get_cached_template(context, {})
        component = template.__dict__.get("_component")
        if component is None:
            component = template.__dict__["_component"] = Component(template)
        return Call(node, component)
    except NotPlain:
        return None


def draw_components_quickly() -> None:
    """Once a process, before anything is drawn."""
    put_in_place((CottonComponentNode, "render", draw_component))

"""Where Django does the same work again on every page, and gives the same answer: done once here (decision 0043).

Each function below stands for one of Django's and says the same; `tests/test_quick.py` compares the two.
"""

from inspect import signature
from secrets import token_bytes
from threading import get_ident
from typing import Any

from asgiref.local import _DefaultLocal
from django.conf import LazySettings
from django.db.models import Model
from django.middleware import csrf
from django.template.base import Variable, VariableDoesNotExist
from django.template.context import Context, RequestContext
from django.urls.resolvers import URLResolver
from django.utils.encoding import force_str
from django.utils.hashable import make_hashable
from django.utils.translation import get_language
from django.utils.translation.trans_real import TranslationCatalog

# Addresses remembered by one resolver; a list of fifty lines with three links each asks for as many again next time.
ADDRESSES = 20_000

_variable: Any = Variable
_resolver: Any = URLResolver
_slow_held = _DefaultLocal.__getattr__
_slow_lookup = _variable._resolve_lookup
_slow_reverse = _resolver._reverse_with_prefix


def merge_catalogue(catalogue: Any, added: Any) -> None:
    """Words of one more room: with those that count plurals alike, as Django means to.

    It compares a function with a code object, which never are equal: each word was looked for in forty catalogues.
    """
    if added.plural.__code__ == catalogue._plurals[0].__code__:
        catalogue._catalogs[0].update(added._catalog)
    else:
        catalogue._catalogs.insert(0, added._catalog.copy())
        catalogue._plurals.insert(0, added.plural)


def look_up(variable: Any, context: Any) -> Any:
    """`lead.company.name` in a template. What is not the plain case (a method, an error) is left to Django's own."""
    if type(context) not in (RequestContext, Context):
        return _slow_lookup(variable, context)
    lookups = variable.lookups
    first = lookups[0]
    for known in reversed(context.dicts):
        if first in known:
            current = known[first]
            break
    else:
        if hasattr(type(context), first):
            return _slow_lookup(variable, context)
        raise VariableDoesNotExist("Failed lookup for key [%s] in %r", (first, context))
    if callable(current) and not getattr(current, "do_not_call_in_templates", False):
        return _slow_lookup(variable, context)
    for bit in lookups[1:]:
        try:
            if hasattr(type(current), "__getitem__"):
                try:
                    current = current[bit]
                except (TypeError, AttributeError, KeyError, ValueError, IndexError):
                    current = getattr(current, bit)
            else:
                current = getattr(current, bit)
        except Exception:
            return _slow_lookup(variable, context)
        if callable(current) and not getattr(current, "do_not_call_in_templates", False):
            if getattr(current, "alters_data", False):
                return _slow_lookup(variable, context)
            try:
                current = _called(current, context)
            except Exception as error:
                if getattr(error, "silent_variable_failure", False):
                    return context.template.engine.string_if_invalid
                raise
    return current


def _called(method: Any, context: Any) -> Any:
    """What a method without arguments says; nothing when it wants some, as in Django's own look-up."""
    try:
        return method()
    except TypeError:
        try:
            wanted = signature(method)
        except ValueError:
            return context.template.engine.string_if_invalid
        try:
            wanted.bind()
        except TypeError:
            return context.template.engine.string_if_invalid
        raise


def address(resolver: Any, lookup_view: Any, _prefix: str, *args: Any, **kwargs: Any) -> Any:
    """An address by the name of its page: the patterns of a process never change, so the answer neither does."""
    known = resolver.__dict__.setdefault("_known_addresses", {})
    # True, 1 and 1.0 are one key and three addresses; a number and its text are two.
    plain = all(type(value) in (int, str) for value in (*args, *kwargs.values()))
    if not plain or not isinstance(lookup_view, str):
        return _slow_reverse(resolver, lookup_view, _prefix, *args, **kwargs)
    key = (get_language(), lookup_view, _prefix, args, *sorted(kwargs.items()))
    found = known.get(key)
    if found is None:
        found = _slow_reverse(resolver, lookup_view, _prefix, *args, **kwargs)
        if len(known) >= ADDRESSES:
            known.clear()
        known[key] = found
    return found


def display(row: Model, field: Any) -> Any:
    """`get_state_display`: the words of a field's choices are gathered once, their translation each time."""
    value = getattr(row, field.attname)
    known = field.__dict__.get("_words_of_choices")
    if known is None or known[0] is not field.choices:
        known = (field.choices, dict(make_hashable(field.flatchoices)))
        if isinstance(field.choices, list):
            field.__dict__["_words_of_choices"] = known
    return force_str(known[1].get(make_hashable(value), value), strings_only=True)


def held(local: Any, name: str) -> Any:
    """What a `Local` holds (the language, the time zone, the addresses in use: a page asks some four hundred times).

    Read without a lock: what is held is one value of a context variable, replaced as a whole whenever it changes.
    """
    found = local.__dict__["_storage"]._data.get(None)
    if found is None or found.thread_id != get_ident() or name not in found.data:
        raise AttributeError(name)
    return found.data[name]


def random_text(length: int, allowed_chars: str) -> str:
    """Characters drawn alike from the system's source of chance, as `get_random_string` draws them one by one."""
    # Of 256 values as many as divide evenly: none of the characters comes more often than another.
    fair = 256 - 256 % len(allowed_chars)
    found: list[str] = []
    while len(found) < length:
        found += [allowed_chars[value % len(allowed_chars)] for value in token_bytes(2 * length) if value < fair]
    return "".join(found[:length])


def be_quick() -> None:
    """Put them in Django's place; called when the process begins, before anything is drawn."""
    put_in_place(
        (TranslationCatalog, "update", merge_catalogue),
        (Variable, "_resolve_lookup", look_up),
        (URLResolver, "_reverse_with_prefix", address),
        (Model, "_get_FIELD_display", display),
        (_DefaultLocal, "__getattr__", held),
        # The mask of the token of each page's forms.
        (csrf, "get_random_string", random_text),
        # A page asks for a hundred settings. Django's own look into the object is for what wraps any kind of object.
        (LazySettings, "__getattribute__", object.__getattribute__),
    )


def put_in_place(*places: tuple[Any, str, Any]) -> None:
    for owner, name, ours in places:
        setattr(owner, name, ours)

"""The house inspects itself: rules that no linter sees. Each message names the file and what to do."""

import ast
import inspect
import re
from functools import cache
from pathlib import Path

import grimp
import pytest
from django.apps import apps
from django.conf import settings
from django.template import engines
from django.urls import get_resolver

from pavillon.core.permissions import all_permissions
from pavillon.core.personal_data import undeclared
from tests import house
from tests.house import ROOMS, ROOT, floors, own_pages, room_of, room_of_path, rooms, sources, tree
from tests.reached import Place, module_of, reached

DOORS = {"models", "enums", "actions", "queries", "events", "permissions", "criteria"}
OPEN_ROOMS = {"core", "ui"}
CORE_LINES = 930


def nothing(found):
    """Fail with every finding on a line of its own."""
    assert not found, "\n  " + "\n  ".join(str(each) for each in found)


def our_models():
    return [model for model in apps.get_models() if model.__module__.startswith("pavillon.")]


# 1


def test_every_page_names_its_permission():
    """A page says @requires("room.verb_noun") or @public; a name that no rule answers is a mistake.

    "api" is the mount of the public API, whose operations each ask the door themselves (ui.endpoints).
    """
    rules = all_permissions()
    nameless = [f"{address} ({name})" for name, address, view in own_pages() if not hasattr(view, "permission")]
    unknown = [
        f"{address}: {view.permission}"
        for _name, address, view in own_pages()
        if getattr(view, "permission", "public") not in {*rules, "public", "api"}
    ]
    nothing(nameless)
    nothing(unknown)


def test_every_name_of_a_page_is_its_own():
    """Two pages of one name: a link would lead to the wrong one."""
    names = [(name, address.count("<")) for name, address, _view in own_pages()]
    nothing(sorted({name for name in names if names.count(name) > 1}))


# 2


def test_relations_between_tables_only_go_down():
    """A foreign key to a room above would be invisible to the import linter when it is written as a string."""
    upward = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in our_models()
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and inspect.isclass(field.related_model)
        and room_of(field.related_model)
        and floors()[room_of(field.related_model)] > floors()[room_of(model)]
    ]  # fmt: skip
    nothing(upward)


# 3


def test_rooms_are_entered_by_their_doors():
    graph = grimp.build_graph("pavillon", cache_dir=None)
    windows = set()
    for importer in graph.modules:
        for imported in graph.find_modules_directly_imported_by(importer):
            ours, theirs = importer.split("."), imported.split(".")
            is_inside = len(ours) > 2 and len(theirs) > 2 and ours[1] != theirs[1]
            if is_inside and theirs[1] not in OPEN_ROOMS and theirs[2] not in DOORS and "tests" not in ours:
                windows.add(f"{importer} -> {imported}")
    nothing(sorted(windows))


# 4


def test_views_only_fetch_what_the_user_may_see():
    """A view or endpoint reads rows through `.visible_to(user)`; everything else is a query or an action."""
    windows = []
    for path in sources("views", "endpoints"):
        for node in ast.walk(tree(path)):
            is_manager = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute)
            if is_manager and node.value.attr in {"objects", "_default_manager"} and node.attr != "visible_to":
                windows.append(f"{path.relative_to(ROOT)}:{node.lineno} reads .objects.{node.attr}")
    nothing(windows)


def test_forms_never_save():
    """Actions are the only hands: a form validates."""
    saving = []
    for path in sources("views", "forms", "endpoints"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "save":
                saving.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    nothing(saving)


# 5


def test_core_stays_small():
    """The drawer where everything lands must have a bottom."""
    lines = sum(len(path.read_text().splitlines()) for path in (ROOMS / "core").glob("*.py"))
    assert lines <= CORE_LINES, f"core has {lines} lines; move something to the room that owns it"


# 6


def test_every_table_says_what_personal_data_it_holds():
    nothing(undeclared(our_models()))


# 7


def test_a_merge_forgets_no_table():
    """Every column that points at a company or a contact says what a merge does with it, and how clashes end."""
    from pavillon.directory.models.references import rules_for, unique_sets

    silent, clashing = [], []
    for target in (apps.get_model("directory.company"), apps.get_model("directory.contact")):
        rules = {(rule.model, rule.name): rule for rule in rules_for(target)}
        for model, name in _columns_pointing_at(target):
            rule = rules.get((model, name))
            where = f"{model._meta.label}.{name}"
            if rule is None:
                silent.append(f"{where} -> {target._meta.label}: say moves_with, moved_by or stays in listeners.py")
                continue
            plain = not (rule.taken or rule.function or rule.why)
            unique = any(name in names for names, _condition in unique_sets(model))
            excluded = any(
                name == expression[0]
                for constraint in model._meta.constraints
                for expression in getattr(constraint, "expressions", ())
                if isinstance(expression, tuple)
            )
            if (plain and unique) or (excluded and not (rule.function or rule.why)):
                clashing.append(f"{where}: a constraint may refuse the row; say taken=, or move it by a function")
    nothing(silent)
    nothing(clashing)


def _columns_pointing_at(target):
    """(model, name) of foreign keys (hidden ones and those of link tables too), generic and loose references."""
    loose = {f"{target._meta.model_name}_id", f"{target._meta.model_name}_pk"}
    for relation in target._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete and relation.is_relation and not relation.many_to_many:
            yield relation.related_model, relation.field.name
    for model in our_models():
        for column in model._meta.private_fields:
            if column.__class__.__name__ == "GenericForeignKey":
                yield model, column.name
        for column in model._meta.concrete_fields:
            if column.name in loose and not column.is_relation:
                yield model, column.name


# 8


INCLUDED = re.compile(r"""{%\s*(?:extends|include)\s[^%]*?["']([\w./-]+)["']""")
LINKED = re.compile(r"""{%\s*url\s+["']([\w-]+(?::[\w-]+)+)["']""")
COMPONENT = re.compile(r"<c-([\w-]+)\.([\w.-]+)")
# Templates that libraries ask for by a name of theirs.
LIBRARY_TEMPLATES = (
    "django/",
    "account/",
    "allauth/",
    "mfa/",
    "socialaccount/",
    "usersessions/",
    "wagtailadmin/",
    "cotton/",
)
ERRORS = {f"{code}.html" for code in (400, 403, 404, 409, 429, 500, 503)} | {"403_csrf.html"}


def room_of_namespace():
    """Which room a URL namespace belongs to."""
    return {name.split(":")[0]: room_of(view) for name, _address, view in own_pages() if ":" in name}


def test_templates_include_and_link_only_downward():
    """A page shows what rooms above have to say by panels, and links to them by `{% address %}`."""
    upward, spaces = [], room_of_namespace()
    for path in house.templates():
        room, text = room_of_path(path), path.read_text()
        for name in INCLUDED.findall(text):
            owner = name.split("/")[0]
            if owner in floors() and owner not in {room, "ui"}:
                upward.append(f"{path.relative_to(ROOT)} takes {name}: a template uses its own room's or ui's")
        for name in LINKED.findall(text):
            owner = spaces.get(name.split(":")[0])
            if owner and floors()[owner] > floors()[room]:
                upward.append(f"{path.relative_to(ROOT)} links up to {name}")
        for owner, _name in COMPONENT.findall(text):
            if owner not in {room, "ui"}:
                upward.append(f"{path.relative_to(ROOT)} uses the component of {owner}")
    nothing(upward)


def test_no_template_is_left_over():
    """A template that nobody names is deleted."""
    code = "\n".join(path.read_text() for path in [*sources(), *(ROOT / "config").rglob("*.py")])
    markup = "\n".join(path.read_text() for path in house.templates())
    by_wagtail = {getattr(model, "template", "") for model in apps.get_models()}
    unused = [
        str(path.relative_to(ROOT))
        for path in house.templates()
        if not (name := house.template_name(path)).startswith(LIBRARY_TEMPLATES)
        and name not in ERRORS | by_wagtail
        and name not in code
        and f"{name.rpartition('/')[0]}/{{" not in code  # one of a family, chosen by an f-string
        and name not in markup
    ]
    nothing(unused)


def test_every_template_compiles():
    broken = []
    for path in house.templates():
        if path.suffix == ".html":
            try:
                engines["django"].get_template(house.template_name(path))
            except Exception as error:
                broken.append(f"{house.template_name(path)}: {error}")
    nothing(broken)


def test_every_link_in_a_template_leads_somewhere():
    """A misspelt `{% url %}` in a branch that no test draws would only fail in front of a user."""
    known = {name for name, _address, _view in house.pages()}
    wrong = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in house.templates()
        for name in LINKED.findall(path.read_text())
        if name not in known
    ]
    nothing(wrong)


# 9


# Actions that tests set in motion in a way that the code does not tell by names, and where.
BEYOND_NAMES = {
    "accounts.note_presence": "the middleware, at each request of a person: accounts/tests/test_sign_in.py",
    "accounts.end_own_session": "the middleware, at the first request too late: accounts/tests/test_sessions.py",
    "accounts.note_breached_password": "allauth's sign-in, through our adapter: accounts/tests/test_sessions.py",
    "accounts.leave_sign_up": "a link of a letter: solutions/tests/test_open_account.py",
    "federation.enter_site": "the protocol's library exchanges a code: federation/tests/test_sign_in_at_a_site.py",
    "federation.refuse_replay": "the same, when a code comes twice",
    "interchange.change_provisioned": "a staff directory's PATCH and PUT: interchange/tests/test_scim.py",
    "interchange.remove_provisioned": "a staff directory's DELETE: the same file",
    "security.leave_reading": "declared as what erasing does to the read log: nothing at all",
    "website.count_visit": "a hook of Wagtail, at each page served: website/tests/test_sites.py",
}


def test_each_action_is_set_in_motion_by_a_test():
    """A test function calls it, posts to a page that does, or sets off what does (tests/reached.py)."""
    found = reached()
    still = {
        name for name, (path, node) in house.public_actions().items() if Place(module_of(path), node.name) not in found
    }
    nothing(sorted(still - set(BEYOND_NAMES)))
    nothing(sorted(set(BEYOND_NAMES) - still))


# 10 is tests/test_permissions_table.py


# 11 is tests/test_permissions_table.py::test_what_one_sees_and_what_one_may_tell_the_same_truth


# 12


# Actions that leave no line in the trail, and why.
SILENT_ACTIONS = {
    "activity.notify": "tells people; the act that it tells about has its own line",
    "activity.wake": "a hint to browsers, no business content",
    "activity.send_notification": "the notification keeps when it was sent, or why it was not",
    "activity.read_notifications": "one's own inbox",
    "activity.record_each": "writes the trail itself",
    "security.seal_for_records": "what the trail itself is written with",
    "security.seal_path": "seals a file where it lies, its content stays; who wrote the file has the line",
    "activity.forget_notification": "erasure of one person's inbox; the request has its own line",
    "accounts.note_presence": "when a session was last used: shown to its owner, overwritten each minute",
    "accounts.note_provider_session": "on which session at a provider one of ours stands; the sign-in has its own line",
    "accounts.begin_session": "what a session knows of itself; the sign-in has its own line",
    "accounts.rotate_session": "another number for the same session; what changed has its own line",
    "accounts.answer_taken_address": "nothing changes; the letter to the address tells its owner",
    "accounts.forget_attempts": "counts, without persons",
    "accounts.end_left_sessions": "follows accounts.all_sessions_ended, which has the line",
    "accounts.leave_sign_up": "a browser forgets a code that it waits for; no row changes",
    "accounts.spend_attempt": "counts, without persons",
    "accounts.sign_in": "the listener of allauth's signal writes the line, whatever the way in",
    "curation.qualify_companies": "judges records by what they say; nothing that anybody wrote changes",
    "directory.register_values": "reads the register",
    "directory.built_in_source": "makes a row that every base has",
    "directory.note_source_record": "the import or the entry that calls it has its own line",
    "directory.note_new_records": "the import that calls it has its own line",
    "federation.begin_site_session": "from which session somebody enters a site; entering has its own line",
    "federation.end_site_sessions": "what ends the session has its own line, and so has the word that a site is sent",
    "federation.end_lapsed_sessions": "the same for sessions that nobody used any more",
    "interchange.answer_once": "what the call does has its own line; an answer is kept two days",
    "interchange.spend_call": "counts calls; what is read is logged record by record",
    "showroom.index_shop": "the search index follows the sheets, whose changes have their own lines",
    "showroom.rebuild_index": "the search index, again",
    "website.count_visit": "counts, without persons",
    "crm.compute_profiles": "derived from facts, whose changes have their own lines",
    "crm.compute_qualified": "derived from facts, whose changes have their own lines; its periods are the history",
    "crm.index_addresses": "a digest of what stands on the row",
    "crm.note_site_visit": "counts pages of a day, with the person's agreement",
    "crm.tell_companies_of_change": "tells people; the change of territories has its own line",
    "crm.tell_record_followers": "tells people; the act that it tells about has its own line",
    "directory.keep_former_names": "a name that a card bore: the change of the card has its own line",
    "segments.follow_companies": "who came and went has a table of its own, shown on the segment",
    "segments.refresh_segment": "who came and went has a table of its own, shown on the segment",
    "workspace.refresh_words": "the vocabulary of the search follows the names, whose changes have their own lines",
    "metrics.count": "counts, without persons",
    "metrics.roll_up": "adds counts up",
    "metrics.move_company": "counts follow a merge, which has its own line",
    "metrics.part_company": "counts follow the undoing of a merge, which has its own line",
    "crm.show_merged_company": "a hint to browsers, no business content",
    "showroom.index_merged_shops": "the search index follows a merge, which has its own line",
    "security.keep_reading": "writes the read log itself",
    "security.note_not_shown": "writes the read log itself; the trail's word is vigilance's",
    "security.leave_reading": "does nothing, and says why",
    "security.seal_logs": "signs the logs",
    "security.open_reading_months": "makes room for next months",
}

# Erasures are called by the declaration of personal data: the request that orders them has its own line.
SILENT_VERBS = ("forget_",)


@cache
def functions_of_actions(room):
    files = [tree(path) for path in sources("actions") if room_of_path(path) == room]
    return {node.name: node for file in files for node in file.body if isinstance(node, ast.FunctionDef)}


@cache
def words_of(function):
    """The names that a function uses."""
    words = (node for node in ast.walk(function) if isinstance(node, ast.Name | ast.Attribute))
    return {word.id if isinstance(word, ast.Name) else word.attr for word in words}


def leaves_a_line(name):
    """Whether an action records, or calls something of its room (or another action) that does."""
    path, function = house.public_actions()[name]
    own = functions_of_actions(room_of_path(path))
    actions = {full.split(".")[1] for full in house.public_actions() if full not in SILENT_ACTIONS}
    telling = {"record", "record_each", "record_births"} | (actions - set(own))
    waiting, done = [function], set()
    while waiting:
        words = words_of(waiting.pop())
        if words & telling:
            return True
        called = (words & set(own)) - done
        done |= called
        waiting += [own[each] for each in called]
    return False


def test_every_action_leaves_a_line_in_the_trail():
    """Who, when, what, old and new value: every write is told to the trail."""
    silent = [
        name
        for name in house.public_actions()
        if name not in SILENT_ACTIONS and not name.split(".")[1].startswith(SILENT_VERBS) and not leaves_a_line(name)
    ]
    nothing(silent)


def test_the_list_of_silent_actions_is_true():
    """An exception that no longer exists, or that records by now, leaves the list."""
    built = {name for name in SILENT_ACTIONS if name.split(".")[0] in rooms()}
    gone = sorted(built - set(house.public_actions()))
    speaking = sorted(name for name in built & set(house.public_actions()) if leaves_a_line(name))
    nothing(gone)
    nothing(speaking)


# 13


# Pages of libraries open to strangers whose sending the count of all pages together is enough for, and why.
COUNTED_WITH_ALL = {
    "account_logout": "ends a session; a stranger has none",
    "account_signup": "closed: companies open accounts by their SIREN, colleagues are invited",
    "account_confirm_login_code": "codes by e-mail instead of a password are not offered",
    "socialaccount_signup": "closed, as above",
    "wagtailadmin_login": "never reached: our own page has its address",
}


def reads_what_is_sent(view):
    """Whether a view, or a function of its file that it calls, looks at what a form sent."""
    view = inspect.unwrap(view)
    own = {node.name: node for node in tree(Path(inspect.getfile(view))).body if isinstance(node, ast.FunctionDef)}
    waiting, done = [view.__name__], set()
    while waiting:
        name = waiting.pop()
        done.add(name)
        for node in ast.walk(own[name]) if name in own else ():
            word = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
            if word in {"POST", "FILES", "body", "require_POST"}:
                return True
            waiting += [word] if word in own and word not in done else []
    return False


def test_every_page_that_strangers_may_send_to_has_a_limit():
    """Ours say it on the view (`ui.limits.limited`), those of libraries in settings.LIMITS."""
    ours = [(name, view) for name, _address, view in own_pages() if view.permission == "public"]
    unlimited = [name for name, view in ours if reads_what_is_sent(view) and not hasattr(view, "limit")]
    assert sum(hasattr(view, "limit") for _name, view in ours) >= 10
    foreign = {
        name
        for name, _address, view in house.pages()
        if house.library_of(view) in {"allauth", "wagtail"}
        and not getattr(view, "login_required", True)
        and hasattr(getattr(view, "view_class", view), "post")
    }
    nothing(unlimited)
    nothing(sorted(foreign - set(settings.LIMITS) - set(COUNTED_WITH_ALL)))
    nothing(sorted((set(settings.LIMITS) | set(COUNTED_WITH_ALL)) - {name for name, _address, _view in house.pages()}))


# Names and places


@pytest.mark.parametrize("word", ["utils", "helpers", "common", "misc", "manager", "service", "services", "handler"])
def test_no_file_is_named_after_nothing(word):
    named = [str(path.relative_to(ROOT)) for path in ROOMS.rglob(f"{word}.py")]
    nothing(named)


def test_every_room_has_its_readme():
    nothing([room for room in rooms() if not (ROOMS / room / "README.md").exists()])


def test_permissions_are_named_after_their_room():
    foreign = [name for name, rule in all_permissions().items() if name.split(".")[0] != room_of(rule)]
    nothing(foreign)


def test_the_resolver_answers():
    """The composition root mounts at least the entrance, or every test above would pass on nothing."""
    assert len(own_pages()) > 20
    assert get_resolver().url_patterns

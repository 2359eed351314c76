"""The privilege matrix: three levels, three scopes, in force at the next request, every change in the trail."""

import pytest
from django.urls import reverse

from pavillon.accounts.enums import Kind, Level, Role
from pavillon.accounts.models import Organisation, User
from pavillon.core import policy, trail
from pavillon.core.policy import Level as How
from pavillon.core.policy import may_read, may_write, policy_of
from pavillon.security import actions
from pavillon.security.models import PolicyCell
from pavillon.security.tests import factories

MODEL = "accounts.organisation"
REASON = "Committee of 12 May"


@pytest.fixture(autouse=True)
def governed(monkeypatch):
    """The matrix of these tests has one object with two fields."""
    monkeypatch.setattr(policy, "_governed", {Organisation: ("name", "country")})


@pytest.fixture
def told(monkeypatch):
    """What the trail was told."""
    lines = []
    monkeypatch.setattr(trail, "_keeper", [lambda verb, *about, **facts: lines.append((verb, facts))])
    return lines


@pytest.fixture
def nora(db):
    return factories.nora()


@pytest.fixture
def helene(db):
    return factories.helene()


def fresh(user):
    """The person as the next request loads him."""
    return User.objects.get(pk=user.pk)


def change(level, *, field="name", role=Role.ADVISER, by, **scope):
    actions.change_policy(role=role, model=MODEL, field=field, level=level, by=by, reason=REASON, **scope)


def test_without_a_cell_everything_may_be_written(helene):
    assert may_write(helene, Organisation, "name")


@pytest.mark.parametrize(("level", "reads", "writes"), [(How.READ, True, False), (How.FORBIDDEN, False, False)])
def test_a_level_binds_the_role_at_the_next_request(helene, nora, level, reads, writes):
    change(level, by=nora)
    assert may_read(fresh(helene), Organisation, "name") is reads
    assert may_write(fresh(helene), Organisation, "name") is writes
    assert may_write(fresh(helene), Organisation, "country")
    assert may_write(fresh(nora), Organisation, "name")


def test_a_forbidden_object_has_no_rows_and_no_fields(helene, nora):
    assert Organisation.objects.visible_to(fresh(helene)).exists()
    change(How.FORBIDDEN, field="*", by=nora)
    assert not Organisation.objects.visible_to(fresh(helene)).exists()
    assert not may_read(fresh(helene), Organisation, "name")


def test_the_narrowest_scope_wins(helene, nora):
    """An organisation's own rule beats its region's, which beats everyone's, in both directions."""
    bretagne, chamber = factories.make_region(), helene.organisation
    change(How.FORBIDDEN, by=nora)
    change(How.READ, by=nora, region=bretagne)
    assert policy_of(fresh(helene)).level(Organisation, "name") == How.READ
    change(How.WRITE, by=nora, organisation=chamber)
    assert policy_of(fresh(helene)).level(Organisation, "name") == How.WRITE
    change(None, by=nora, organisation=chamber)
    assert policy_of(fresh(helene)).level(Organisation, "name") == How.READ


def test_an_exception_stays_in_its_scope(nora):
    elsewhere = factories.make_organisation(
        "CCI Occitanie", Kind.CHAMBER, Level.REGIONAL, factories.make_region("76", "Occitanie")
    )
    gael = factories.make_user("Gael", Role.ADVISER, elsewhere)
    change(How.FORBIDDEN, by=nora, region=factories.make_region())
    assert may_write(fresh(gael), Organisation, "name")


def test_a_policy_costs_one_statement(helene, nora, django_assert_num_queries):
    change(How.READ, by=nora)
    person = fresh(helene)
    assert person.organisation
    with django_assert_num_queries(1):
        for _again in range(3):
            assert not may_write(person, Organisation, "name")


def test_change_policy_tells_the_trail_old_and_new_value_and_why(nora, told):
    change(How.READ, by=nora)
    change(How.FORBIDDEN, by=nora)
    change(How.WRITE, by=nora)
    assert [verb for verb, _facts in told] == ["security.policy_changed"] * 3
    assert [facts["changes"] for _verb, facts in told] == [{"level": [2, 1]}, {"level": [1, 0]}, {"level": [0, 2]}]
    assert {facts["reason"] for _verb, facts in told} == {REASON}
    assert {facts["by"] for _verb, facts in told} == {nora}
    assert not PolicyCell.objects.exists()


def test_change_policy_without_a_difference_tells_nothing(nora, told):
    change(How.WRITE, by=nora)
    assert told == []


def test_two_officers_do_not_overwrite_each_other(nora):
    change(How.READ, by=nora)
    with pytest.raises(actions.Changed) as refusal:
        actions.change_policy(
            role=Role.ADVISER, model=MODEL, field="name", level=How.FORBIDDEN, by=nora, reason=REASON, expected=None
        )
    assert refusal.value.level == How.READ


@pytest.mark.parametrize(("model", "field"), [("accounts.user", "*"), (MODEL, "password")])
def test_only_governed_objects_and_fields_have_cells(nora, model, field):
    with pytest.raises(actions.NotGoverned):
        actions.change_policy(role=Role.ADVISER, model=model, field=field, level=How.READ, by=nora, reason=REASON)


# The screen


def cell(field, old, new, role=Role.ADVISER):
    return f"{role}|{MODEL}|{field}|{old}|{new}"


def levels():
    return list(PolicyCell.objects.order_by("pk").values_list("role", "field", "level"))


def test_read_policy_shows_objects_roles_and_the_fields_of_the_opened_one(client, nora):
    client.force_login(nora)
    page = client.get(reverse("security:read_policy"), {"object": MODEL}).text
    assert "Private partner" in page
    assert cell("name", "", "0") in page
    assert cell("*", "", "1", role=Role.BUYER) in page


@pytest.mark.covers("SEC-12")
def test_change_policy(client, nora, helene):
    """The officer sets "forbidden" on the screen without script; the adviser's next list is empty."""
    client.force_login(nora)
    unchanged = cell("country", "", "")
    answer = client.post(
        reverse("security:change_policy") + f"?object={MODEL}",
        {"cell": [cell("*", "", "0"), unchanged], "reason": REASON},
    )
    assert answer.status_code == 302
    assert levels() == [("adviser", "*", How.FORBIDDEN)]
    assert not Organisation.objects.visible_to(fresh(helene)).exists()
    assert "1 privilege changed" in client.get(answer.url).text


def test_change_policy_by_htmx_answers_the_cell_alone(client, nora):
    client.force_login(nora)
    answer = client.post(
        reverse("security:change_policy") + f"?only=adviser|{MODEL}|name",
        {"cell": [cell("country", "", "0"), cell("name", "", "1")], "reason": REASON},
        headers={"HX-Request": "true"},
    )
    assert levels() == [("adviser", "name", How.READ)]
    assert answer.text.count("<select") == 1
    assert f'value="{cell("name", "1", "1")}" selected' in answer.text


def test_change_policy_for_one_region(client, nora):
    region = factories.make_region()
    client.force_login(nora)
    client.post(
        reverse("security:change_policy") + f"?object={MODEL}&scope=region-{region.pk}",
        {"cell": cell("name", "", "0"), "reason": REASON},
    )
    assert PolicyCell.objects.get().region == region
    page = client.get(reverse("security:read_policy"), {"object": MODEL, "scope": f"region-{region.pk}"}).text
    assert "Exceptions for" in page
    assert f'value="{cell("name", "0", "0")}" selected' in page


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_a_change_without_a_reason_is_refused_with_the_remedy(client, nora, headers):
    client.force_login(nora)
    address = reverse("security:change_policy") + f"?only=adviser|{MODEL}|name"
    answer = client.post(address, {"cell": cell("name", "", "0")}, headers=headers)
    assert answer.status_code == 422
    assert "reason is kept" in answer.text + answer.headers.get("HX-Trigger", "")
    assert levels() == []


def test_a_change_of_something_else_by_now_is_refused(client, nora):
    change(How.READ, by=nora)
    client.force_login(nora)
    data = {"cell": cell("name", "", "0"), "reason": REASON}
    address = reverse("security:change_policy") + f"?only=adviser|{MODEL}|name"
    answer = client.post(address, data, headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert levels() == [("adviser", "name", How.READ)]


@pytest.mark.parametrize(
    "value", ["adviser|accounts.user|*||0", "emperor|accounts.organisation|*||0", "x", "a|b|c|d|e"]
)
def test_invented_cells_are_refused(client, nora, value):
    client.force_login(nora)
    data = {"cell": value, "reason": REASON}
    assert client.post(reverse("security:change_policy"), data).status_code == 422


def test_preview_policy_shows_what_a_person_sees(client, nora, helene):
    change(How.FORBIDDEN, by=nora)
    client.force_login(nora)
    assert "Helene" in client.get(reverse("security:preview_policy"), {"q": "hel"}).text
    page = client.get(reverse("security:preview_policy"), {"person": helene.pk}).text
    assert "Name: forbidden" in " ".join(page.split())


def test_export_policy_lists_every_square_and_exception(client, nora):
    change(How.FORBIDDEN, by=nora, region=factories.make_region())
    client.force_login(nora)
    lines = client.get(reverse("security:export_policy")).content.decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + len(Role) * 3 + 1
    assert lines[-1] == "Bretagne;accounts.organisation;name;Adviser;forbidden"


@pytest.mark.parametrize(
    ("role", "reads", "changes"),
    [
        (Role.SECURITY_OFFICER, 200, 422),
        (Role.PLATFORM_ADMIN, 200, 422),
        (Role.DATA_PROTECTION_OFFICER, 200, 403),
        (Role.ADVISER, 403, 403),
        (Role.COMPANY_MANAGER, 403, 403),
    ],
)
def test_who_may_change_policy(client, db, role, reads, changes):
    client.force_login(factories.make_user("Somebody", role))
    for name in ("read_policy", "preview_policy", "export_policy"):
        assert client.get(reverse(f"security:{name}")).status_code == reads
    assert client.post(reverse("security:change_policy")).status_code == changes


def test_the_matrix_costs_few_statements(client, nora, django_assert_max_num_queries):
    client.force_login(nora)
    client.get(
        reverse("security:read_policy")
    )  # the first page of a session also opens its line in the list of sessions
    with django_assert_max_num_queries(12):
        client.get(reverse("security:read_policy"), {"object": MODEL})

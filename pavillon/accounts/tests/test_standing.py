"""A question is put together once for all who stand alike, and anew for who stands otherwise (`ui.steady`)."""

import warnings
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db.models import Prefetch, TextField, Value
from django.utils import timezone

from pavillon.accounts.enums import Role
from pavillon.accounts.models import Membership, User
from pavillon.accounts.models.sign_in import SignInGuard
from pavillon.accounts.standing import standing_of
from pavillon.core.policy import Level, Policy
from pavillon.ui import steady, together
from pavillon.ui.blanks import another
from pavillon.ui.keyset import among
from tests.world import make_world


def again(user):
    """The same person, as the next request reads him."""
    return User.objects.get(pk=user.pk)


@pytest.mark.django_db
def test_what_a_right_changes_changes_the_question():
    world = make_world()
    user = world["crm.lead"].adviser
    asked = []

    def people(person):
        asked.append(person.pk)
        return User.objects.visible_to(person).filter(pk=person.pk)

    steady.forget()
    assert steady.rows("people", again(user), people) == [user]
    built = [pk for pk in asked if pk != user.pk]
    assert len(built) == 2
    # The second time nobody is invented any more; the true question is put for the proof alone (PROVE_STEADY).
    assert steady.rows("people", again(user), people) == [user]
    assert [pk for pk in asked if pk != user.pk] == built
    # Another role, another matrix: another standing, whose question is put together anew.
    before = standing_of(again(user)).key
    bound = again(user)
    bound._policy = Policy({("accounts.user", "*"): Level.FORBIDDEN}, {}, bound)
    assert standing_of(bound).key != before
    assert steady.rows("people", bound, people) == []
    Membership.objects.filter(user=user).update(role=Role.TEAM_MANAGER)
    assert standing_of(again(user)).key != before
    today = timezone.localdate()
    Membership.objects.filter(user=user).update(starts_on=today - timedelta(2), ends_on=today - timedelta(1))
    assert again(user).roles_today == []
    assert steady.rows("people", again(user), people) == [user]


@pytest.mark.django_db
def test_who_stands_alike_reads_his_own_rows():
    world = make_world()
    user = world["crm.lead"].adviser
    twin = User.objects.create_user("twin@example.org", first_name="T", last_name="W", language=user.language)
    role = user.acting
    role.pk, role.user, role._state.adding = None, twin, True
    role.save()
    steady.forget()
    for person in (user, twin):
        assert steady.rows("own", again(person), lambda who: User.objects.filter(pk=who.pk)) == [person]
    # A role that was read before the others, and is not among them as it was.
    early = again(user)
    early.acting = Membership.objects.get(user=user)
    assert standing_of(early).key != standing_of(again(user)).key
    assert steady.rows("own", early, lambda who: User.objects.filter(memberships=who.acting.pk)) == [user]
    assert not steady._unsteady


def _with_roles_of(who):
    return User.objects.prefetch_related(Prefetch("memberships", Membership.objects.filter(user=who), to_attr="own"))


@pytest.mark.django_db
def test_what_reads_the_clock_or_the_database_is_put_together_each_time():
    user = make_world()["crm.lead"].adviser
    steady.forget()
    for _twice in range(2):
        steady.rows("clock", again(user), lambda who: User.objects.filter(joined_at__lt=timezone.now()))
        steady.rows("base", again(user), lambda who: User.objects.filter(pk=User.objects.get(pk=user.pk).pk))
    assert steady._unsteady == {"clock", "base"}
    # What is brought beside the rows is kept as an invented asker asks for it: it may not hang on him at all.
    for _twice in range(2):
        own = Prefetch("memberships", Membership.objects.filter(user=user), to_attr="own")
        ((found,),) = [steady.rows("mine", again(user), lambda who: _with_roles_of(who).filter(pk=who.pk))]
        assert found.own == list(Membership.objects.filter(user=user))
        steady.rows("his", again(user), lambda who: User.objects.filter(pk=who.pk).prefetch_related(own))  # noqa: B023
    assert steady._unsteady == {"clock", "base", "mine"}
    with pytest.raises(steady.NotSteady):
        steady.rows("his", again(user), lambda who: User.objects.filter(pk=who.pk).prefetch_related("memberships"))
    # What hangs on something else that the question's name does not tell is found by the proof of tests.
    steady.rows("count", again(user), lambda who: User.objects.filter(pk=1))
    with pytest.raises(steady.NotSteady):
        steady.rows("count", again(user), lambda who: User.objects.filter(pk=2))


@pytest.mark.django_db
def test_an_empty_name_another_zone_and_an_error_are_not_guessed(caplog):
    user = make_world()["crm.lead"].adviser
    key = standing_of(again(user)).key
    User.objects.filter(pk=user.pk).update(phone="" if user.phone else "+33298000000")
    assert standing_of(again(user)).key != key, "a question may ask whether a text is empty"

    def known_alone(person):
        if person.pk != user.pk:
            raise LookupError("nobody invented is known")
        return User.objects.filter(pk=person.pk)

    def midnight(person):
        return User.objects.filter(joined_at__date__lte="2999-01-01", pk=person.pk)

    steady.forget()
    assert steady.rows("error", again(user), known_alone) == [user]
    assert steady.rows("error", again(user), known_alone) == [user]
    assert steady._unsteady == {"error"}
    (told,) = [line.getMessage() for line in caplog.records if line.name == steady.__name__]
    assert "error is put together each time" in told
    assert "nobody invented is known" in told

    def before(person, moment):
        return User.objects.filter(joined_at__lt=moment, pk=person.pk)

    noon = datetime(2026, 1, 1, 12)
    for zone in ("Europe/Paris", "Pacific/Auckland"):
        with timezone.override(zone):
            assert steady.rows("zone", again(user), midnight) == [user]
            # A moment without a zone is the house's, as for the ORM, whether the question is known or not.
            moment = timezone.make_aware(noon, timezone.get_default_timezone())
            User.objects.filter(pk=user.pk).update(joined_at=moment - timedelta(minutes=1))
            assert steady.rows("before", again(user), before, moment) == [user]
            with warnings.catch_warnings(action="ignore"):
                assert steady.rows("before", again(user), before, noon) == [user]
                assert steady.rows("before", again(user), before, noon - timedelta(minutes=1)) == []
    assert "before" not in steady._unsteady
    with pytest.raises(steady.NotSteady):
        another(noon, 0, 0)
    # What a question makes of a text before it asks is no blank, even where the first text comes through as it is.
    made = {"lower": str.lower, "strip": str.strip, "cut": lambda text: text[:200], "first": lambda text: text[:1]}
    for name, of in made.items():
        for address in (user.email, f" {user.email.upper()}"):
            found = steady.rows(name, user, lambda who, text: User.objects.filter(email=of(text)), address)  # noqa: B023
            assert found == list(User.objects.filter(email=of(address)))
    assert set(made) <= steady._unsteady


@pytest.mark.django_db
def test_what_is_kept_is_bounded_and_the_oldest_makes_room(monkeypatch):
    user = make_world()["crm.lead"].adviser
    steady.forget()
    monkeypatch.setattr(steady, "MOST", 8)
    for nth in range(11):
        assert steady.rows(("name", nth), user, lambda who: User.objects.filter(pk=who.pk)) == [user]
        steady.rows(("clock", nth), user, lambda who: User.objects.filter(joined_at__lt=timezone.now()))
    # Two go whenever there are eight.
    assert [key[0][1] for key in steady._kept] == [4, 5, 6, 7, 8, 9, 10]
    assert steady._unsteady == {("clock", 8), ("clock", 9), ("clock", 10)}


_BY_ADDRESS = steady.Form(lambda address: User.objects.filter(email=address), ("one",), ("two",))


@pytest.mark.django_db
def test_blanks_of_each_kind_alone_and_among_several():
    user = make_world()["crm.lead"].adviser
    later = timezone.now() + timedelta(1)

    def about(who, *asked):
        """One question with a blank of each kind, each of which says what it was given."""
        given = {f"given_{nth}": Value(value) for nth, value in enumerate(asked[:5])}
        keys, names = asked[5:]
        rows = User.objects.filter(among(keys), joined_at__lt=asked[0], email__in=[who.email, "x"])
        return rows.annotate(**given, named=Value(names, output_field=ArrayField(TextField())))

    def values(who, *asked):
        return about(who, *asked).values_list("pk", "given_2", "given_3", "given_4", "named")

    steady.forget()
    day = timezone.localdate()
    for nth in (1, 2):
        asked = [later, day - timedelta(nth), f"a{nth}%", UUID(int=nth), Decimal(nth) / 8, [user.pk, -nth], ["é", "b"]]
        (row,) = steady.rows("each", again(user), about, *asked)
        assert (row, row.given_1, row.given_3, row.named) == (user, asked[1], asked[3], asked[6])
        told = together.ask(
            each=steady.part("each", again(user), about, *asked),
            values=steady.part("values", again(user), values, *asked),
            none=steady.part("values", again(user), values, *asked[:5], [], asked[6]),
            loose=steady.part("loose", again(user), lambda who: User.objects.filter(joined_at__lt=timezone.now())),
            form=_BY_ADDRESS.part(user.email),
        )
        assert (
            told["values"] == [(user.pk, *asked[2:5], asked[6])] == steady.rows("values", again(user), values, *asked)
        )
        assert told["none"] == []
        assert told["form"] == told["each"] == [row]
        assert told["each"][0].__dict__.keys() == row.__dict__.keys()
        assert user in told["loose"]
    assert steady._unsteady == {"loose"}
    assert together.exist(
        one=steady.part("each", again(user), about, *asked),
        two=steady.part("each", again(user), about, *asked[:5], [-1], []),
        none=User.objects.none(),
    ) == {"one": True, "two": False, "none": False}
    assert steady.exists("each", again(user), about, *asked)
    assert steady.count("each", again(user), about, *asked) == 1
    # Too large for its column, a number that is invented would ask for nothing; the true one is asked each time.
    guard = SignInGuard.objects.create(key="small", failures=3)
    assert steady.rows("small", again(user), lambda who, number: SignInGuard.objects.filter(failures=number), 3) == [
        guard
    ]
    assert "small" in steady._unsteady

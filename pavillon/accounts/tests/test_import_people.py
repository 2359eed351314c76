"""Bringing a list in: rehearsal, reasons, work."""

import io

import pytest
from django.apps import apps
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from pavillon.accounts import actions, tasks
from pavillon.accounts.models import PeopleImport, User

HEAD = "email;first_name;last_name;role;language;network"


def upload(client, cast, content, name="people.csv"):
    content = content.encode() if isinstance(content, str) else content
    return client.post(
        "/people/import/", {"organisation": cast.chamber.pk, "file": SimpleUploadedFile(name, content)}, follow=True
    )


@pytest.fixture
def maud(cast, client):
    client.force_login(cast.maud)
    return client


def test_the_rehearsal_names_every_problem_and_writes_nothing(cast, maud):
    people = User.objects.count()
    lines = [
        HEAD,
        "good@new.example;Gina;Good;adviser;fr;ci",
        "not-an-address;Bad;Mail;adviser;fr;",
        ";No;Mail;adviser;fr;",
        "role@new.example;Wrong;Role;security_officer;fr;",
        "lang@new.example;Wrong;Language;adviser;xx;",
        "net@new.example;Wrong;Network;adviser;fr;zz",
        "GOOD@new.example;Twice;Same;adviser;fr;",
        "nour@example.example;Nour;Test;adviser;fr;",
        "theo@example.example;Theo;Test;Sales engineer;fr;",
    ]
    answer = upload(maud, cast, "\n".join(lines))
    rehearsal = answer.context["people_import"]
    effects = [row["effect"] for row in rehearsal.rows]
    assert effects == ["create", "refuse", "refuse", "refuse", "refuse", "refuse", "refuse", "none", "add_role"]
    text = answer.content.decode()
    for said in [
        "“not-an-address” is not an e-mail address",
        "email is empty",
        "“security_officer” is not one of adviser",
        "“xx” is not one of fr, en",
        "“zz” is neither ci nor cai",
        "is already on line 2",
        "Import 2 lines",
    ]:
        assert said in text, said
    assert User.objects.count() == people


@pytest.mark.covers("IDN-03")
def test_import_a_file_to_the_letters(cast, maud):
    lines = [
        "Courriel,Prénom,Nom,Rôle,Langue,Téléphone",
        "a@new.example,Aïda,Ély,adviser,fr,+33 1 99 00 00 02",
        "theo@example.example,X,Y,sales,en,",
    ]
    rehearsal = upload(maud, cast, ("\r\n".join(lines)).encode("cp1252")).context["people_import"]
    answer = maud.post(f"/people/import/{rehearsal.pk}/confirm/", {"sends_letters": "on"}, follow=True)
    assert "0 of 2 lines are done" in answer.content.decode()
    jobs = apps.get_model("procrastinate.ProcrastinateJob").objects
    assert jobs.filter(task_name="accounts.run_people_import").count() == 1
    tasks.run_people_import(import_id=rehearsal.pk)
    assert "1 new accounts, 1 roles added" in maud.get(f"/people/import/{rehearsal.pk}/").content.decode()
    aida = User.objects.get(email="a@new.example")
    assert (aida.first_name, aida.last_name, aida.role) == ("Aïda", "Ély", "adviser")
    assert aida.organisation == cast.chamber
    assert not aida.has_usable_password()
    # One account for Theo, with his own name and a second role.
    theo = User.objects.get(email="theo@example.example")
    assert theo.first_name == "Theo"
    assert {m.organisation for m in theo.memberships.current()} == {cast.other, cast.chamber}
    assert jobs.filter(task_name="accounts.send_invitation").count() == 1
    tasks.send_invitation(user_id=aida.pk, by_id=cast.maud.pk)
    assert mail.outbox[-1].to == ["a@new.example"]
    # The rows are forgotten, and a second run does nothing more.
    people = User.objects.count()
    tasks.run_people_import(import_id=rehearsal.pk)
    assert PeopleImport.objects.get().rows == []
    assert User.objects.count() == people
    with pytest.raises(actions.AlreadyConfirmed):
        actions.confirm_people_import(people_import=rehearsal, sends_letters=False, by=cast.maud)


def test_import_a_workbook(cast, maud):
    book = Workbook()
    book.active.append(["E-mail", "First name", "Last name", "Role"])
    book.active.append(["w@new.example", "Willa", "Book", "Adviser"])
    stream = io.BytesIO()
    book.save(stream)
    rehearsal = upload(maud, cast, stream.getvalue(), "people.xlsx").context["people_import"]
    assert rehearsal.to_create[0]["values"]["first_name"] == "Willa"


def test_a_big_list_costs_few_queries_to_rehearse(cast, django_assert_max_num_queries):
    rows = [
        {"email": f"p{n}@new.example", "first_name": "P", "last_name": str(n), "role": "adviser"} for n in range(1800)
    ]
    with django_assert_max_num_queries(14):
        rehearsal = actions.rehearse_people_import(
            organisation=cast.chamber, rows=rows, file_name="big.csv", by=cast.maud
        )
    assert rehearsal.to_do == 1800


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (HEAD, "people.csv", "no line below"),
        ("a;b\n1;2", "people.csv", "columns are missing: email, first_name, last_name, role"),
        (b"\x00\x01\x02\n\x00", "people.csv", "neither a CSV nor an XLSX"),
        (b"not a workbook", "people.xlsx", "holds something else"),
    ],
)
def test_files_that_cannot_be_read(content, name, reason, cast, maud):
    answer = upload(maud, cast, content, name)
    assert answer.status_code == 422
    assert reason in answer.content.decode()


def test_an_import_belongs_to_who_rehearsed_it(cast, client):
    rows = [{"email": "p@new.example", "first_name": "P", "last_name": "Q", "role": "adviser"}]
    rehearsal = actions.rehearse_people_import(organisation=cast.chamber, rows=rows, file_name="x.csv", by=cast.maud)
    client.force_login(cast.tess)
    assert client.get(f"/people/import/{rehearsal.pk}/").status_code == 404
    assert client.post(f"/people/import/{rehearsal.pk}/confirm/").status_code == 404


def test_another_organisation_cannot_be_chosen(cast, maud):
    file = SimpleUploadedFile("people.csv", f"{HEAD}\nz@new.example;Z;Z;adviser;fr;".encode())
    assert maud.post("/people/import/", {"organisation": cast.other.pk, "file": file}).status_code == 422

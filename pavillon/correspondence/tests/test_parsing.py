"""What a stranger may write into a mail does not deceive, stop or fill the receiver."""

import pytest

from pavillon.correspondence.parsing import Unreadable, read_mail
from pavillon.correspondence.proving import is_proven
from pavillon.correspondence.tests.factories import mail

OURS = "mx.operator.example"


@pytest.mark.parametrize(
    ("said", "proves"),
    [
        ('dkim=pass header.d=attacker.example header.i="; dkim=pass header.d=chamber.example "@a.example', False),
        ("dkim=fail (why (x); dkim=pass header.d=chamber.example )", False),
        ('dkim=pass reason="header.d=chamber.example" header.d=attacker.example', False),
        ("dkim=pass (it never ends; dkim=pass header.d=chamber.example", False),
        ('dkim=pass header.i="a\\"; dkim=pass header.d=chamber.example', False),
        ("dkim=pass header.i==?utf-8?q?x=3B_dkim=3Dpass_header.d=3Dchamber.example?=@attacker.example", False),
        ("dmarc=pass header.from=below.chamber.example", False),
        ('dkim=pass (2048-bit key; see "x") header.d=chamber.example header.b="VM/c+=x"', True),
        ('spf=pass smtp.mailfrom="nour@chamber.example"', True),
        ("spf=fail smtp.mailfrom=x; dmarc=pass (p=none) header.from=chamber.example", True),
    ],
)
def test_only_what_our_server_found_proves_a_domain(said, proves):
    """As it stands in a mail: quotes, comments and encoded words of the sender say nothing."""
    letter = f"From: nour@chamber.example\r\nAuthentication-Results: {OURS};\r\n {said}\r\n\r\nBonjour"
    results = read_mail(letter.encode()).results
    assert is_proven(results, "nour@chamber.example", OURS) is proves
    assert not is_proven([*results, f"{OURS}; none"], "nour@chamber.example", OURS), "one of the two is another's"
    assert not is_proven(results, "nour@chamber.example", "")


@pytest.mark.parametrize(
    "head",
    [
        "From: " + "()" * 8000 + " nour@chamber.example",
        "From: nour@chamber.example\r\nContent-Type: text/plain" + ";a=b" * 8000,
        "From: nour@chamber.example\r\n" + "\r\n".join(f"X-{number}: {'a' * 6000}" for number in range(12)),
        'From: nour@chamber.example\r\nContent-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\nX: ' + "a" * 9000,
        "From: nour@chamber.example, alan@ponant.example",
    ],
)
def test_headers_without_measure_are_not_looked_into(head):
    with pytest.raises(Unreadable):
        read_mail(f"{head}\r\n\r\nBonjour".encode())


def test_names_are_decoded_and_what_has_no_number_is_its_own():
    """Encoded words and plain UTF-8 in headers; an empty Message-ID is none."""
    letter = mail("Noé <nour@chamber.example>", subject="Été à Québec", number="1", files={"pièce jointe.pdf": b"%PDF"})
    read = read_mail(bytes(letter))
    assert (read.sender_name, read.subject) == ("Noé", "Été à Québec")
    assert [file.name for file in read.attachments] == ["pièce jointe.pdf"]
    plain = "From: Noé <nour@chamber.example>\r\nSubject: Été\r\nMessage-ID: <>\r\n\r\n"
    one, other = (read_mail(f"{plain}{text}".encode()) for text in ("Un", "Deux"))
    assert (one.sender_name, one.subject) == ("Noé", "Été")
    assert one.key != other.key

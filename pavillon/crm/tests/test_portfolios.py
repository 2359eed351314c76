"""Portfolios split by the network of their advisers: columns add up, each figure opens its list."""

import pytest
from django.urls import reverse

from pavillon.accounts.enums import Role
from pavillon.accounts.tests import factories as people
from pavillon.crm import actions
from pavillon.directory.actions import change_company, create_company


@pytest.mark.covers("IDN-06")
def test_every_indicator_of_portfolios_is_split_by_network_and_adds_up(cast, sign_in, django_assert_max_num_queries):
    """CI, CAI and the others: of each class, of who was met, of each organisation; the list behind counts the same."""
    third = create_company(name="Cidrerie", by=None, region=cast.bretagne, export_class="regular")
    fourth = create_company(name="Voilerie", by=None, region=cast.occitanie)
    change_company(company=cast.atelier, by=None, export_class="regular")
    nobody_s = people.person("Sans", cast.chamber, Role.ADVISER)
    for company, adviser, place in (
        (cast.atelier, cast.nour, cast.chamber), (third, cast.kim, cast.bank), (cast.southern, cast.kim, cast.bank),
        (fourth, nobody_s, cast.chamber),
    ):  # fmt: skip
        actions.set_referent(company=company, adviser=adviser, organisation=place, by=cast.henri)
    actions.compute_profiles()
    client, url = sign_in(cast.nour), reverse("crm:view_portfolios")
    client.get(url)
    with django_assert_max_num_queries(16):
        page = client.get(url)
    told = page.context["portfolios"]
    lines = {line.code: line for line in told.indicators}
    counts = {code: [count for _column, count in line.cells] for code, line in lines.items()}
    assert (counts["companies"], lines["companies"].total) == ([1, 2, 1], 4)
    assert counts["regular"] == [1, 1, 0]
    classes = ("not_exporter", "potential", "occasional", "regular")
    assert [sum(each) for each in zip(*(counts[name] for name in classes), strict=True)] == counts["companies"]
    assert {line.label: line.total for line in told.organisations} == {cast.chamber.name: 2, cast.bank.name: 2}
    assert "computed_export.in=regular&amp;network.in=cai" in page.text
    for line in told.indicators[:5]:
        for (code, _name), count in line.cells:
            behind = client.get(f"/companies/?{line.asks}&network.in={code}").context["listing"]
            assert len(behind.rows) == count, (line.code, code)
    narrowed = client.get(url, {"region": "76"}).context["portfolios"].indicators[0]
    assert [count for _column, count in narrowed.cells] == [0, 1, 1]
    assert client.get(url, {"region": "zz"}).context["form"].errors
    assert sign_in(cast.claire).get(url).status_code == 403

"""Charts: the figures are all there, as drawing and as text."""

import re
from itertools import pairwise

import pytest

from pavillon.ui import charts
from pavillon.ui.tests.test_components import Checked

MONTHS = ["Jan", "Feb", "Mar"]


def test_ticks_are_round_and_reach_the_highest():
    assert charts.ticks(334) == [0, 100, 200, 300, 400]
    assert charts.ticks(0) == [0, 1]
    assert charts.ticks(3) == [0, 1, 2, 3]
    for highest in (1, 7, 42, 99, 101, 999, 1000, 123456, 5_000_000):
        marks = charts.ticks(highest)
        assert marks[0] == 0
        assert marks[-2] < highest <= marks[-1]
        assert len(marks) <= 6


def test_labels_of_an_axis_never_touch():
    days = [f"{n} nov. 2026" for n in range(1, 31)]
    html = charts.line("Calls", days, [charts.Series("This year", [1] * 30)])
    wide = html.split("</svg>")[0]
    places = sorted(
        float(place) for place, word in re.findall(r'<text x="([\d.]+)"[^>]*>([^<]+)<', wide) if "nov" in word
    )
    assert len(places) > 3
    assert min(right - left for left, right in pairwise(places)) > len(days[-1]) * 6
    assert "30 nov. 2026" in wide


def test_a_line_chart_draws_each_value_at_its_height():
    html = charts.line("Calls", MONTHS, [charts.Series("This year", [0, 50, 100])])
    page = Checked(html)
    wide = next(points["points"] for points in page.all("polyline"))
    heights = [float(pair.split(",")[1]) for pair in wide.split()]
    assert heights[0] - heights[1] == pytest.approx(heights[1] - heights[2], abs=0.2)
    assert len(page.all("svg", role="img")) == 2  # a wide and a narrow one
    assert re.findall(r"<td[^>]*>(\d+)</td>", html) == ["0", "50", "100"]


def test_a_gap_is_neither_zero_nor_joined():
    html = charts.line("Calls", MONTHS, [charts.Series("This year", [1, None, 3])])
    assert len(Checked(html).all("polyline")) == 4  # two stretches, in two widths
    assert "–" in html


def test_a_line_chart_without_data_still_renders():
    Checked(charts.line("Calls", [], [charts.Series("This year", [])]))
    Checked(charts.line("Calls", ["Jan"], [charts.Series("This year", [None])]))


def test_a_funnel_tells_the_share_from_the_step_above():
    html = charts.funnel("Funnel", [("Views", 200), ("Enquiries", 50), ("Leads", 0), ("Orders", 0)]).replace(
        "\u202f", " "
    )
    assert "25 %" in html
    assert "0 %" in html
    widths = [float(r["width"]) for r in Checked(html).all("rect")][:4]
    assert widths[0] == pytest.approx(widths[1] * 4, rel=0.01)
    assert widths[2] == 0


def test_bars_link_to_the_lists_they_count():
    page = Checked(charts.bars("By region", [("Bretagne", 3)], urls={"Bretagne": "/leads/?region=53"}))
    assert page.all("a", href="/leads/?region=53")
    assert not page.all("svg", role="img")  # an image hides its links from screen readers


def test_a_heat_map_is_a_table():
    page = Checked(charts.heat("Calls", ["Mon", "Tue"], ["8h", "9h"], [[0, 5], [10, 2]]))
    assert [cell["class"] for cell in page.all("td") if "class" in cell] == ["q0", "q3", "q5", "q1"]
    assert len(page.all("th", scope="row")) == 2


@pytest.mark.parametrize(("value", "expected"), [(0, 0), (None, 0), (1, 1), (50, 3), (99, 5), (100, 5)])
def test_shades_go_by_equal_steps(value, expected):
    assert charts.shade(value, 100) == expected


def test_the_map_of_france_has_every_region_and_its_table():
    html = charts.france(
        "Leads", {"53": 12, "04": 3}, {"53": "Bretagne", "04": "La Réunion"}, url=lambda code: f"?region={code}"
    )
    page = Checked(html)
    assert len(page.all("use", **{"class": "region q0"})) == 16
    assert page.all("a", href="?region=53")[0]["aria-label"] == "Bretagne: 12"
    assert '<th scope="row">La Réunion</th>' in html


def test_the_map_of_the_world_knows_countries_by_their_two_letters():
    html = charts.world("Enquiries", {"BR": 4, "FR": 1, "XX": 9}, {"BR": "Brazil", "FR": "France", "XX": "Nowhere"})
    assert "#c076" in html
    assert "#c250" in html
    assert "Nowhere" in html  # without an outline, but never without its figure


def test_names_of_people_and_places_are_escaped():
    html = charts.bars("<i>x</i>", [("<script>", 1)])
    assert "<script>" not in html
    assert "<i>" not in html

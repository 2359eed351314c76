"""Tenant themes: two colours in, contrast guaranteed."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pavillon.ui.theme import DARK_SURFACE, LIGHT_SURFACE, contrast, luminance, theme_css, theme_variables

colours = st.integers(0, 0xFFFFFF).map(lambda n: f"#{n:06x}")


def test_contrast_of_known_pairs():
    """The formula of WCAG: black on white is 21, a colour on itself 1, #767676 on white just above 4.5."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#14508c", "#14508c") == 1
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    assert luminance("#ffffff") == pytest.approx(1)


@given(brand=colours, accent=colours)
def test_every_pair_of_colours_gives_readable_text(brand, accent):
    """Whatever two colours a tenant picks, text keeps 4.5:1 on every ground it is put on, in both modes."""
    theme = theme_variables(brand, accent)
    for mode, surface in ((0, LIGHT_SURFACE), (1, DARK_SURFACE)):
        value = {name: pair[mode] for name, pair in theme.items()}
        for name in ("brand", "accent"):
            assert contrast(value[f"on-{name}"], value[name]) >= 4.5
            assert contrast(value[f"{name}-text"], surface) >= 4.5
            assert contrast(value[f"{name}-text"], value[f"{name}-tint"]) >= 4.5
        assert contrast("#ffffff", value["brand-strong"]) >= 4.5


def test_the_style_sheet_holds_the_variables_and_nothing_else():
    css = theme_css("#00693e", "#f2a900")
    assert "--brand: #00693e;" in css
    assert "--on-accent: #10151c;" in css
    assert set(re.findall(r"--([\w-]+):", css)) == set(theme_variables("#00693e", "#f2a900"))


@pytest.mark.parametrize("wrong", ["red", "#12345", "#1234567", "#14508c;} body{display:none", ""])
def test_what_is_not_a_colour_is_refused(wrong):
    """A colour typed by an administrator never becomes a rule of the style sheet."""
    with pytest.raises(ValueError, match="is not a colour"):
        theme_css(wrong, "#14508c")

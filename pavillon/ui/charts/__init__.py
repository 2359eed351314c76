"""Charts drawn on the server as SVG: no script, dark mode and print by classes, a table beside each.

Every function returns a `<figure class="chart">` as safe HTML; put it in the context and print it. A chart exists
in two widths and the style sheet shows the one that fits, so that letters never shrink with the drawing.
Figures are shown as they are; only the labels of axes are shortened.
"""

from pavillon.ui.charts.areas import Group, areas
from pavillon.ui.charts.bars import bars, funnel
from pavillon.ui.charts.drawing import Series, Table, ticks
from pavillon.ui.charts.lines import line, sparkline
from pavillon.ui.charts.maps import france, world
from pavillon.ui.charts.shades import heat, shade

__all__ = [
    "Group",
    "Series",
    "Table",
    "areas",
    "bars",
    "france",
    "funnel",
    "heat",
    "line",
    "shade",
    "sparkline",
    "ticks",
    "world",
]

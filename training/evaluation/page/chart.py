"""A chart as SVG text that stands in the page: no address, no font and no colour of its own."""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bloodsmear.html_pages.environment import as_drawn

# A chart is drawn with stand-ins that become variables of shared.css: one drawing, two themes. Stand-in → the name of
# the variable. No stand-in is black: matplotlib leaves black out of its files.
INK = "#010001"
MUTED = "#020002"
GRID = "#030003"
ACCENT = "#040004"
SURFACE = "#050005"
VARIABLES = {
    INK: "--text",
    MUTED: "--muted",
    GRID: "--border",
    ACCENT: "--accent",
    SURFACE: "--surface",
}
_WIDE_IN = 6


@dataclass(frozen=True, slots=True)
class Frame:
    """A chart's id in the page, its text for those who cannot see it, and its size in inches (96 pixels each)."""

    name: str
    description: str
    width_in: float
    height_in: float

    @property
    def width_px(self) -> int:
        """How wide it is at most."""
        return round(self.width_in * 96)

    @property
    def is_wide(self) -> bool:
        """A wide one keeps its letters readable in a narrow window: there it is scrolled."""
        return self.width_in > _WIDE_IN


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing for the page: what stands within its element `svg` (markup of our own), and that element's viewBox."""

    frame: Frame
    view_box: str
    drawing: str


def draw_chart(frame: Frame, draw: Callable[[Figure], None]) -> Chart:
    """Let `draw` draw on an empty figure."""
    with rc_context(
        {
            "svg.fonttype": "none",
            "svg.hashsalt": frame.name,
            # 9.75 points are the page's 13 pixels.
            "font.size": 9.75,
            "axes.edgecolor": GRID,
            "axes.labelcolor": MUTED,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.axisbelow": True,
            "axes.grid": True,
            "grid.color": GRID,
            "grid.linewidth": 0.75,
            "text.color": INK,
            "xtick.color": GRID,
            "ytick.color": GRID,
            "xtick.labelcolor": MUTED,
            "ytick.labelcolor": MUTED,
            "legend.frameon": False,
            "lines.linewidth": 2,
        }
    ):
        figure = Figure(figsize=(frame.width_in, frame.height_in), layout="constrained")
        draw(figure)
        written = io.StringIO()
        figure.savefig(written, format="svg", transparent=True, metadata={"Date": None})
    return _for_page(written.getvalue(), frame)


def show_as_percent(axes: Axes, *, x: bool = False, y: bool = False) -> None:
    """Label the ticks of a share (0 to 1) in per cent."""
    for wanted, axis in ((x, axes.xaxis), (y, axes.yaxis)):
        if wanted:
            axis.set_major_formatter(lambda value, _: f"{value * 100:.4g} %")


def _for_page(svg: str, frame: Frame) -> Chart:
    body = svg[svg.index("<svg") :]
    box = re.search(r'viewBox="([^"]*)"', body)
    body = body[body.index(">") + 1 : body.rindex("</svg>")].strip()
    # The name of its maker with an address, and a style that would hold for the whole page.
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    body = re.sub(r"<style.*?</style>", "", body, flags=re.DOTALL)
    body = re.sub(r'\sfont-family:[^;"]*;?', "", body)
    # Ids are the page's: each chart's get its name in front.
    body = re.sub(r'\bid="', f'id="{frame.name}-', body)
    body = re.sub(r'(url\(#|href="#)', rf"\1{frame.name}-", body)
    for stand_in, variable in VARIABLES.items():
        body = body.replace(stand_in, f"var({variable})")
    return Chart(frame, box[1] if box else "", as_drawn(body))

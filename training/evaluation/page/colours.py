"""The page's colours. A chart is drawn with stand-ins that become the style's variables: one drawing, two themes."""

# Stand-in → the name of the variable in style.py. No stand-in is black: matplotlib leaves black out of its files.
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

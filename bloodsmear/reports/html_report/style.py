"""How the report looks: light, on the screen and on A4 paper. The colours are those of the program's window."""

from bloodsmear import RESEARCH_USE

_STYLE = """
:root {
  --border: #DFE2E8; --text: #1C2330; --muted: #566072; --accent: #0B5CAD; --track: #EEF0F4;
  --notice: #FFF6E5; --notice-border: #F0C36D; --notice-text: #7A4A00; color-scheme: light;
}
* { box-sizing: border-box; }
body {
  margin: 0; background: #FFFFFF; color: var(--text); font-variant-numeric: tabular-nums;
  font: 13px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  print-color-adjust: exact; -webkit-print-color-adjust: exact;
}
main { max-width: 960px; margin: 0 auto; padding: 32px 24px 48px; }
h1 { font-size: 24px; line-height: 1.25; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 16px; margin: 32px 0 8px; break-after: avoid; }
h3 { font-size: 13px; margin: 20px 0 8px; padding-bottom: 4px; border-bottom: 1px solid var(--border);
  break-after: avoid; }
h3 span { font-weight: normal; }
p { margin: 0 0 8px; max-width: 96ch; }
.muted, dt, figcaption { color: var(--muted); }
.name { unicode-bidi: isolate; overflow-wrap: anywhere; }
.use { border-left: 3px solid var(--accent); padding-left: 12px; margin: 12px 0 20px; font-weight: 600; }
.notice { background: var(--notice); border: 1px solid var(--notice-border); color: var(--notice-text);
  border-radius: 6px; padding: 8px 12px; max-width: none; }
.tiles { display: grid; grid-template-columns: repeat(6, 1fr); gap: 8px; margin: 0 0 12px; }
.tiles div { border: 1px solid var(--border); border-radius: 6px; padding: 8px 12px; }
.tiles b { display: block; font-size: 20px; line-height: 1.3; font-weight: 600; }
.tiles span { color: var(--muted); }
table { border-collapse: collapse; width: 100%; margin: 0 0 8px; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th, td { padding: 4px 12px 4px 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--border);
  font-weight: normal; overflow-wrap: anywhere; }
th:first-child { min-width: 128px; }
thead th { color: var(--muted); overflow-wrap: normal; }
.hash { font: 10px/1.4 ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; color: var(--muted);
  overflow-wrap: anywhere; }
.card { display: grid; grid-template-columns: 296px 1fr; gap: 4px 16px; padding: 12px 0; break-inside: avoid;
  border-bottom: 1px solid var(--border); }
.card figure { margin: 0; }
.card img { display: block; max-width: 100%; max-height: 222px; width: auto; height: auto; border-radius: 4px; }
.card .none { height: 96px; display: grid; place-items: center; padding: 12px; background: var(--track);
  color: var(--muted); border-radius: 4px; text-align: center; }
.card h4 { font-size: 13px; margin: 0 0 4px; }
.card p { margin: 0 0 4px; }
.decision { font-size: 14px; }
.decision b { font-weight: 600; }
.label { white-space: nowrap; }
.spot { display: inline-block; width: 10px; height: 10px; border-radius: 50%; margin-right: 6px; }
.answers { display: grid; grid-template-columns: 1fr 1fr; gap: 4px 20px; margin: 8px 0; }
.answers h5 { font-size: 12px; font-weight: 600; margin: 0 0 2px; }
.answers h5 span { font-weight: normal; color: var(--muted); }
.bar { display: grid; grid-template-columns: 76px 1fr 52px; gap: 6px; align-items: center; font-size: 12px; }
.bar i { display: block; height: 7px; border-radius: 2px; background: var(--track); overflow: hidden; }
.bar i b { display: block; height: 100%; }
.bar span:last-child { text-align: right; }
.named { font-weight: 600; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; margin: 0; break-inside: avoid; }
dd { margin: 0; overflow-wrap: anywhere; }
footer { margin: 32px 0 0; padding-top: 12px; border-top: 1px solid var(--border); color: var(--muted); }
@media (max-width: 720px) { .card { grid-template-columns: 1fr; } .tiles { grid-template-columns: 1fr 1fr 1fr; } }
@page {
  size: A4; margin: 14mm 14mm 16mm;
  @bottom-left { content: "RESEARCH_USE"; font: 8pt system-ui, sans-serif; color: #566072; }
  @bottom-right { content: counter(page) " / " counter(pages); font: 8pt system-ui, sans-serif; color: #566072; }
}
@media print {
  body { font-size: 8.5pt; line-height: 1.35; }
  main { max-width: none; padding: 0; }
  h3, .card h4 { font-size: 9pt; }
  .decision { font-size: 9pt; }
  .answers h5, .bar { font-size: 8pt; }
  .answers { margin: 4px 0; column-gap: 14px; }
  .bar { grid-template-columns: 19mm 1fr 14mm; gap: 4px; }
  .hash { font-size: 6.5pt; }
  .card { grid-template-columns: 70mm 1fr; padding: 8px 0; }
  .card img { max-height: 53mm; }
}
"""
# The foot of every printed page says it, too.
STYLE = _STYLE.replace("RESEARCH_USE", RESEARCH_USE)

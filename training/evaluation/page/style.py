"""How the page looks: light, dark and on paper. The colours are those of the program's window."""

STYLE = """
:root {
  --window: #F4F5F7; --surface: #FFFFFF; --border: #DFE2E8; --text: #1C2330; --muted: #566072;
  --accent: #0B5CAD;
  color-scheme: light dark;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --window: #14171C; --surface: #1B1F26; --border: #2E343E; --text: #E8EBF0; --muted: #A3ACBA;
    --accent: #7DB8F2;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--window); color: var(--text);
  font: 13px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; font-variant-numeric: tabular-nums;
}
main { max-width: 1000px; margin: 0 auto; padding: 32px 24px 48px; }
h1 { font-size: 24px; line-height: 1.25; margin: 0 0 4px; }
h2 { font-size: 16px; margin: 0 0 4px; }
p { margin: 0 0 12px; max-width: 96ch; }
.muted, figcaption, dt, th { color: var(--muted); font-weight: normal; }
.use { border-left: 3px solid var(--accent); padding-left: 12px; margin: 12px 0 20px; font-weight: 600; }
.verdict { font-size: 16px; line-height: 1.5; max-width: 80ch; margin: 0 0 20px; }
section { background: var(--surface); border: 1px solid var(--border); border-radius: 6px;
  padding: 20px; margin: 0 0 16px; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(400px, 1fr)); gap: 16px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(144px, 1fr)); gap: 12px; margin: 0 0 16px; }
.tile { background: var(--surface); border: 1px solid var(--border); border-radius: 6px; padding: 12px; }
.tile b { display: block; font-size: 24px; line-height: 1.3; font-weight: 600; }
.tile span { display: block; color: var(--muted); }
svg { display: block; width: 100%; height: auto; margin: 8px 0 0; }
svg.wide { min-width: 600px; }
svg text { font-family: inherit; }
table { border-collapse: collapse; margin: 8px 0 0; }
th, td { padding: 6px 12px 6px 0; text-align: right; border-bottom: 1px solid var(--border); white-space: nowrap; }
th:first-child { text-align: left; }
thead th { vertical-align: bottom; }
tbody th { color: var(--text); }
.confusion { width: 100%; min-width: 560px; max-width: 720px; table-layout: fixed; }
.confusion td { min-width: 76px; padding: 10px 12px; text-align: center; border: 1px solid var(--surface);
  border-radius: 6px; }
.confusion thead th { text-align: center; white-space: normal; padding: 6px 12px; border: 0; }
.confusion tbody th { text-align: left; border: 0; color: var(--text); }
.confusion small { display: block; }
.confusion .right { background: color-mix(in srgb, var(--accent) calc(var(--part) * 38%), var(--window)); }
.confusion .wrong { background: color-mix(in srgb, #D55E00 calc(var(--part) * 80% + 8%), var(--window)); }
.label { white-space: nowrap; }
.spot { display: inline-block; width: 10px; height: 10px; border-radius: 50%; margin-right: 6px; }
.mistakes { display: grid; grid-template-columns: repeat(auto-fill, minmax(168px, 1fr)); gap: 16px; margin: 12px 0 0; }
figure { margin: 0; break-inside: avoid; }
figure img { display: block; width: 100%; aspect-ratio: 1; object-fit: contain; background: #20242C;
  border-radius: 6px; }
figcaption { margin-top: 6px; overflow-wrap: anywhere; }
figcaption span { color: var(--text); }
figcaption div { font-size: 12px; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; margin: 8px 0 0; }
dd { margin: 0; overflow-wrap: anywhere; }
footer { color: var(--muted); margin: 24px 0 0; }
@media (max-width: 480px) { .pair { grid-template-columns: 1fr; } main { padding: 16px 12px; } }
.scroll { overflow-x: auto; }
@media print {
  @page { margin: 14mm; }
  body { background: none; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  main { max-width: none; padding: 0; }
  section { break-inside: avoid; border: 0; padding: 0; margin: 0 0 24px; }
  section.long { break-inside: auto; }
}
"""

/**
 * The look of a report: light and dark by the reader's choice, one column on a phone, plain on paper. Colours of lines can be
 * distinguished with any colour vision, and their dashes without colours. Source: Okabe and Ito, Color Universal Design, 2008.
 */
export const STYLE = `
:root { color-scheme: light dark; --page: #ffffff; --panel: #f6f7f9; --text: #1b1f24; --quiet: #57606a; --rule: #d5dae1;
  --accent: #0b62a8; --good: #1a7f37; --bad: #c2352b; --warn: #8a5a00; --bar: #3f83bf; --point: #0b62a8;
  --s1: #0b62a8; --s2: #c04f00; --s3: #00785a; --s4: #a0487e; --s5: #6b6b00; --s6: #5a4fcf; --on-bar: #ffffff }
@media (prefers-color-scheme: dark) { :root { --page: #14171b; --panel: #1d2127; --text: #e6e9ed; --quiet: #a3adb8; --rule: #373e47;
  --accent: #6cb6f5; --good: #57c274; --bad: #ff8a80; --warn: #e2b04a; --bar: #4a90cf; --point: #6cb6f5;
  --s1: #6cb6f5; --s2: #f0a04b; --s3: #4fc7a0; --s4: #e39ac4; --s5: #d8d36a; --s6: #b3a8ff; --on-bar: #0d1014 } }
* { box-sizing: border-box }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.55 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif }
.skip { position: absolute; left: -999px } .skip:focus { left: 12px; top: 8px; background: var(--page); padding: 6px }
header, main, footer { max-width: 1080px; margin: 0 auto; padding: 0 24px }
header { padding-top: 36px } footer { padding: 16px 24px 48px; color: var(--quiet); font-size: 14px }
h1 { font-size: 32px; line-height: 1.2; margin: 0 0 6px; letter-spacing: -.01em }
h2 { font-size: 22px; line-height: 1.3; margin: 0 0 12px; padding-top: 28px; border-top: 1px solid var(--rule) }
h3 { font-size: 17px; margin: 24px 0 8px } h4 { font-size: 16px; margin: 18px 0 6px }
p { margin: 0 0 12px; max-width: 76ch } ul { padding-left: 22px } li { max-width: 74ch; margin: 3px 0 }
a { color: var(--accent) } .lead { font-size: 18px; max-width: 70ch } .quiet { color: var(--quiet) }
.meta { color: var(--quiet); font-size: 14px; margin-bottom: 16px }
.badge { display: inline-block; border: 1px solid currentColor; border-radius: 999px; padding: 0 10px; font-size: 14px; font-weight: 600 }
.passed { color: var(--good) } .failed { color: var(--bad) } .warning, .unknown, .skipped { color: var(--warn) }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 18px; padding: 12px 0; margin: 8px 0 0; font-size: 15px }
section { margin: 28px 0 36px }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(148px, 1fr)); gap: 12px; margin: 20px 0 8px; padding: 0 }
.tiles div { background: var(--panel); border: 1px solid var(--rule); border-radius: 8px; padding: 12px 14px }
.tiles dt { font-size: 13px; color: var(--quiet) } .tiles dd { margin: 2px 0 0; font-size: 24px; font-weight: 650; line-height: 1.2; font-variant-numeric: tabular-nums }
.tiles dd small { display: block; font-size: 13px; font-weight: 400; color: var(--quiet); line-height: 1.4; margin-top: 3px }
.facts { display: grid; grid-template-columns: 1fr; margin: 0 0 16px; font-size: 15px }
.facts div { display: grid; grid-template-columns: minmax(120px, 220px) 1fr; gap: 16px; padding: 6px 0; border-bottom: 1px solid var(--rule) }
.facts dt { color: var(--quiet) } .facts dd { margin: 0; min-width: 0; overflow-wrap: anywhere }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(420px, 100%), 1fr)); gap: 16px; align-items: start; margin: 12px 0 }
figure.chart { margin: 0; padding: 14px 16px 10px; background: var(--panel); border: 1px solid var(--rule); border-radius: 8px; min-width: 0; max-width: 540px }
figcaption { font-weight: 650; margin-bottom: 6px }
svg { display: block; width: 100%; height: auto; overflow: visible } svg text { font: 12.5px system-ui, "Segoe UI", Roboto, Arial, sans-serif; fill: var(--quiet); font-variant-numeric: tabular-nums }
svg .name { fill: var(--text) } .grid line { stroke: var(--rule); stroke-width: 1 } .axis line { stroke: var(--quiet); stroke-width: 1 }
.line { fill: none; stroke-width: 2; stroke-linejoin: round } .reference { fill: none; stroke: var(--quiet); stroke-width: 1.5; stroke-dasharray: 2 4 }
.series-1 { stroke: var(--s1) } .series-2 { stroke: var(--s2); stroke-dasharray: 7 3 } .series-3 { stroke: var(--s3); stroke-dasharray: 2 2 }
.series-4 { stroke: var(--s4); stroke-dasharray: 9 3 2 3 } .series-5 { stroke: var(--s5) } .series-6 { stroke: var(--s6); stroke-dasharray: 4 4 }
.points circle { fill: var(--point); fill-opacity: .55; stroke: var(--point); stroke-width: .8 } .bar { fill: var(--bar) }
.whisker line { stroke: var(--text); stroke-width: 1.5 } .confusion rect { rx: 3 } .confusion .right { fill: var(--bar) } .confusion .wrong { fill: var(--bad) }
.confusion text { font-weight: 600; fill: var(--text) } .confusion .strong { fill: var(--on-bar) }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 2px 16px; padding: 0; margin: 0 0 4px; font-size: 14px } .legend svg { display: inline-block; width: 24px; height: 8px; margin-right: 6px; vertical-align: middle }
svg.small { width: 120px; height: 26px }
details { margin: 8px 0 } summary { cursor: pointer; color: var(--accent); font-size: 14px } .scroll { overflow-x: auto; margin: 8px 0 12px }
.values .scroll { max-height: 300px; overflow-y: auto }
table { border-collapse: collapse; font-size: 14px; min-width: min(540px, 100%) } th, td { text-align: left; padding: 6px 10px; border-bottom: 1px solid var(--rule); vertical-align: top }
thead th { color: var(--quiet); font-weight: 600; white-space: nowrap } tbody th { font-weight: 500; white-space: nowrap } th code { overflow-wrap: normal } .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
code, pre { font: 13px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace }
code { overflow-wrap: anywhere } pre { background: var(--panel); border: 1px solid var(--rule); border-radius: 8px; padding: 12px 14px; overflow: auto; max-height: 420px; margin: 6px 0 12px } pre.wrap { white-space: pre-wrap; overflow-wrap: anywhere }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(380px, 100%), 1fr)); gap: 0 16px } .pair > div { min-width: 0 } .pair h4 { margin: 6px 0 } .pair img { image-rendering: pixelated; width: 128px; height: auto; border: 1px solid var(--rule); background: #fff }
.left { border-left: 3px solid var(--rule); padding: 2px 0 2px 14px; color: var(--quiet) }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
@media (max-width: 600px) { header, main, footer { padding-left: 16px; padding-right: 16px } h1 { font-size: 26px } .facts div { grid-template-columns: 1fr; gap: 0 } figure.chart { padding: 12px 10px 8px } svg text { font-size: 14px } }
@media print { :root { color-scheme: light; --page: #fff; --panel: #fff; --text: #000; --quiet: #444; --rule: #bbb; --accent: #003d73; --good: #14632b; --bad: #a02018; --warn: #6b4600;
  --bar: #3f83bf; --point: #0b62a8; --s1: #0b62a8; --s2: #c04f00; --s3: #00785a; --s4: #a0487e; --s5: #6b6b00; --s6: #5a4fcf; --on-bar: #fff }
  body { font-size: 11pt } nav, .skip, .values { display: none } .charts { grid-template-columns: 1fr 1fr } .tiles { grid-template-columns: repeat(5, 1fr) } .tiles dd { font-size: 18px } figure.chart, .pair, tr { break-inside: avoid } h2, h3, h4 { break-after: avoid } pre { max-height: none; white-space: pre-wrap } .scroll { overflow: visible } header, main, footer { max-width: none; padding-left: 0; padding-right: 0 }
  * { print-color-adjust: exact } }
`;

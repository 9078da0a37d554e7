// Draws the chart of the README: main-thread CPU as a ratio, one group a workload.
import {workloads} from './server.mjs';

const width = 760;
const bar = 16;
const label = 150;
const maxRatio = 10;

const escape = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

/** Returns the SVG. Bars are cut off at ten times `base`; the label has the exact ratio. */
export function drawChart(rows, {date, machine, base}) {
  const scale = (width - label - 110) / maxRatio;
  const parts = [];
  let y = 34;
  for (const load of ['typical', 'steady', 'burst', 'long'].filter((name) => rows.some(({load}) => load === name))) {
    parts.push(`<text x="0" y="${y + 12}" class="title">${escape(workloads[load].title)}</text>`);
    y += 22;
    for (const row of rows.filter((row) => row.load === load)) {
      const isOurs = row.name === 'stream-chat';
      const failed = row.ratio === undefined || !row.whole;
      const length = failed && row.ratio === undefined ? maxRatio * scale : Math.max(2, Math.min(row.ratio, maxRatio) * scale);
      const ratioLabel = row.ratio === undefined ? 'not finished' : `${row.ratio.toFixed(2)}×${row.whole ? '' : ', text lost'}`;
      parts.push(
        `<text x="${label - 8}" y="${y + 12}" text-anchor="end" class="${isOurs ? 'ours' : ''}">${escape(row.name)}</text>`,
        `<rect x="${label}" y="${y + 1}" width="${length.toFixed(1)}" height="${bar - 4}" rx="2" class="${isOurs ? 'bar ours' : failed ? 'bar failed' : 'bar'}"/>`,
        `<text x="${(label + length + 6).toFixed(1)}" y="${y + 12}" class="${isOurs ? 'ours' : ''}">${ratioLabel}</text>`,
      );
      y += bar + 2;
    }
    y += 12;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${y + 10}" viewBox="0 0 ${width} ${y + 10}" role="img" aria-label="Main-thread CPU of chats while an answer streams">
<style>
text { font: 12px system-ui, sans-serif; fill: #1c1e21 }
.title { font-weight: 600 } .small { font-size: 11px; fill: #5c6370 } text.ours { font-weight: 700 }
.bar { fill: #a9b1bd } .bar.ours { fill: #3451b2 } .bar.failed { fill: #d9a29b }
@media (prefers-color-scheme: dark) { text { fill: #e6e8eb } .small { fill: #a2a9b4 } .bar { fill: #5c6370 } .bar.ours { fill: #8da4ef } .bar.failed { fill: #8a4a43 } }
</style>
<text x="0" y="14" class="small">${escape(`Main-thread CPU while an answer streams, as a ratio to ${base} (1×) · ${date} · Chromium, ${machine}`)}</text>
${parts.join('\n')}
</svg>
`;
}

// Curves as SVG: one panel for each state, with the bands or the single histories of both worlds, and what history did.
import { html } from './library.js';
import { number, percent, ticks } from './format.js';
import { OBSERVED, WORLD_A, WORLD_B } from './palette.js';

const WIDTH = 300;
const HEIGHT = 168;
const LEFT = 40;
const RIGHT = 8;
const TOP = 18;
const BOTTOM = 22;

/** A line through the points that there are. */
function path(dates, values, x, y) {
  let text = '';
  let pen = 'M';
  for (let at = 0; at < values.length; at += 1) {
    if (values[at] === null || values[at] === undefined) pen = 'M';
    else {
      text += `${pen}${x(dates[at]).toFixed(1)},${y(values[at]).toFixed(1)}`;
      pen = 'L';
    }
  }
  return text;
}

function band(dates, low, high, x, y) {
  const known = dates.map((_, at) => at).filter((at) => low[at] !== null && low[at] !== undefined);
  if (known.length < 2) return '';
  const there = known.map((at) => `${x(dates[at]).toFixed(1)},${y(high[at]).toFixed(1)}`);
  const back = known.reverse().map((at) => `${x(dates[at]).toFixed(1)},${y(low[at]).toFixed(1)}`);
  return `M${there.join('L')}L${back.join('L')}Z`;
}

/** Observed values may raise the upper end of a panel by this factor: a few years of war must not make all curves flat. */
const ROOM_FOR_OBSERVED = 1.25;

/** The upper end of panels that share one scale: all simulated values, and the observed ones that are not far above them. */
export function highest(panels) {
  const simulated = panels.flatMap(({ worlds }) => worlds.flatMap(({ curve, lines }) => (lines ? lines.flat() : curve?.q95 ?? [])));
  const top = (values) => values.reduce((most, value) => (value > most ? value : most), 0);
  const [model, seen] = [top(simulated), top(panels.flatMap(({ observed }) => observed.map(({ value }) => value)))];
  return model > 0 ? Math.max(model, Math.min(seen, ROOM_FOR_OBSERVED * model)) : seen;
}

/** Observed values above the edge of a panel, those that stand close together in one list. */
function above(observed, most, x) {
  const runs = [];
  for (const point of observed.filter(({ value }) => value > most)) {
    const last = runs.at(-1);
    if (last && x(point.date) - x(last.at(-1).date) < 30) last.push(point);
    else runs.push([point]);
  }
  return runs;
}

/** What a panel shows, in words. */
export function inWords(panel, share) {
  const say = share ? percent : number;
  const ends = ({ label, curve }) => {
    const known = (curve?.q50 ?? []).filter((value) => value !== null);
    return known.length ? `${label}: median ${say(known[0])} at the start, ${say(known.at(-1))} at the end` : `${label}: no values`;
  };
  const seen = panel.observed.length ? `; ${panel.observed.length} observed values, the last ${say(panel.observed.at(-1).value)}` : '';
  return `${panel.title}. ${panel.worlds.map(ends).join('; ')}${seen}.`;
}

/**
 * One panel. `worlds` are drawn in order, each with `label`, `colour` and either `curve` (quantiles) or `lines` (single histories).
 */
export function Panel({ panel, years, most, share }) {
  const x = (date) => LEFT + ((date - years[0]) / (years[1] - years[0])) * (WIDTH - LEFT - RIGHT);
  const y = (value) => HEIGHT - BOTTOM - (value / (most || 1)) * (HEIGHT - TOP - BOTTOM);
  const marks = ticks(0, most || 1, 3);
  const dates = ticks(years[0], years[1], 3).filter((date) => Number.isInteger(date));
  return html`<figure class="panel">
    <figcaption>${panel.title}</figcaption>
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${inWords(panel, share)} xmlns="http://www.w3.org/2000/svg">
      ${marks.map((mark) => html`<g key=${mark}>
        <line x1=${LEFT} x2=${WIDTH - RIGHT} y1=${y(mark)} y2=${y(mark)} stroke="#e4e4e4" />
        <text x=${LEFT - 6} y=${y(mark) + 4} text-anchor="end" font-size="11" fill="#555">${share ? number(mark * 100) : number(mark)}</text>
      </g>`)}
      ${dates.map((date) => html`<text key=${date} x=${x(date)} y=${HEIGHT - 6} text-anchor=${x(date) > WIDTH - 20 ? 'end' : 'middle'} font-size="11" fill="#555">${date}</text>`)}
      ${panel.worlds.map(({ curve, lines, dates: at, colour }) => (lines
    ? lines.map((line) => html`<path d=${path(at, line, x, y)} fill="none" stroke=${colour} stroke-opacity="0.38" stroke-width="1" />`)
    : curve && html`<g>
          <path d=${band(at, curve.q05, curve.q95, x, y)} fill=${colour} fill-opacity="0.13" />
          <path d=${band(at, curve.q25, curve.q75, x, y)} fill=${colour} fill-opacity="0.24" />
          <path d=${path(at, curve.q50, x, y)} fill="none" stroke=${colour} stroke-width="2" stroke-dasharray=${colour === WORLD_A ? '5 3' : null} />
        </g>`))}
      ${panel.observed.filter(({ value }) => value <= most).map(({ date, value }) => html`<circle cx=${x(date)} cy=${y(value)} r="2.6" fill="#fff" stroke=${OBSERVED} stroke-width="1.2" />`)}
      ${above(panel.observed, most, x).map((run) => {
    const say = (value) => number(share ? 100 * value : value);
    const values = run.map(({ value }) => value);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return html`<g class="above">${run.map(({ date }) => html`<path d=${`M${(x(date) - 3.2).toFixed(1)},${TOP - 4}h6.4l-3.2,-5.5Z`} fill="#fff" stroke=${OBSERVED} stroke-width="1.2" />`)}
        <text x=${x(run.at(-1).date) + 6} y=${TOP - 4} font-size="11" fill=${OBSERVED}>${say(low) === say(high) ? say(low) : `${say(low)} to ${say(high)}`}</text></g>`;
  })}
    </svg>
  </figure>`;
}

/** An interval on a scale, of world A above and of world B below. */
export function Interval({ a, b, scale }) {
  const width = 190;
  const x = (value) => 6 + (Math.min(Math.max(value - scale[0], 0), scale[1] - scale[0]) / (scale[1] - scale[0] || 1)) * (width - 12);
  const one = (estimate, colour, y, hollow) => estimate?.estimate !== null && estimate !== undefined && html`<g>
    ${estimate.lower !== null && estimate.upper !== null && html`<line x1=${x(estimate.lower)} x2=${x(estimate.upper)} y1=${y} y2=${y} stroke=${colour} stroke-width="3" stroke-opacity="0.45" stroke-linecap="round" />`}
    <circle cx=${x(estimate.estimate)} cy=${y} r="4" fill=${hollow ? '#fff' : colour} stroke=${colour} stroke-width="1.6" />
  </g>`;
  return html`<svg class="interval" viewBox="0 0 ${width} 28" aria-hidden="true">
    <line x1="6" x2=${width - 6} y1="14" y2="14" stroke="#e4e4e4" />
    ${one(a, WORLD_A, 9, true)}${one(b, WORLD_B, a ? 19 : 14, false)}
  </svg>`;
}

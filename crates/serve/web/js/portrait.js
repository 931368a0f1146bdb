// The phase portrait of two states, after Richardson: what one has against what the other has, thirty histories of each world.
import { effect, html, signal, untracked } from './library.js';
import * as actions from './actions.js';
import * as engine from './engine.js';
import * as state from './state.js';
import { Picture, drawing } from './downloads.js';
import { number, ticks } from './format.js';
import { OBSERVED, WORLD_A, WORLD_B } from './palette.js';

const HISTORIES = 30;
/** Width and height of the drawing, and the room at its left, right, top and bottom. A small screen gets a small drawing. */
const [WIDE, NARROW] = [[640, 520, 66, 16, 14, 52], [370, 360, 52, 8, 10, 48]];
const screen_ = window.matchMedia('(max-width: 820px)');
const size = signal(screen_.matches ? NARROW : WIDE);
screen_.addEventListener('change', () => { size.value = screen_.matches ? NARROW : WIDE; });
const portraits = signal(null);
const asTable = signal(false);
let asking = null;

/** The pair that is shown: what the reader chose, or the two largest great powers that the scenario names first. */
export function pairOf(described, chosen) {
  const codes = described.states.map(({ code }) => code);
  const [first, second] = (chosen ?? '').split('~');
  if (codes.includes(first) && codes.includes(second) && first !== second) return [first, second];
  const great = described.states.filter((one) => one.great_power).map(({ code }) => code);
  const two = great.length >= 2 ? great : codes;
  const known = ['GER', 'FRA'].every((code) => codes.includes(code)) ? ['FRA', 'GER'] : two;
  return [known[0], known[1] ?? known[0]];
}

/** Fetches the portraits whenever the page shows others. */
export function watchPortrait() {
  effect(() => {
    const open = state.tab.value === 'portrait';
    const described = state.described.value;
    const worlds = state.compared.value ? [state.requestA.value, state.requestB.value] : [state.requestB.value];
    const [seed, chosen] = [state.seed.value, state.pair.value];
    untracked(() => {
      if (!open || !described || described.states.length < 2) return;
      const [first, second] = pairOf(described, chosen);
      const requests = worlds.map((world) => ({ world, seed, first, second, histories: HISTORIES }));
      const key = JSON.stringify(requests);
      if (portraits.value?.key === key) return;
      asking?.abort();
      asking = new AbortController();
      // World A may be of another scenario, which need not have both states.
      const all = requests.map((request, at) => engine.portrait(request, asking.signal).catch((error) => {
        if (error.name === 'AbortError' || at === requests.length - 1) throw error;
        return null;
      }));
      Promise.all(all).then((found) => { portraits.value = { key, worlds: found, first, second }; }, (error) => { if (error.name !== 'AbortError') state.problem.value = error.message; });
    });
  });
}

const points = ([xs, ys]) => xs.map((x, at) => [x, ys[at]]).filter(([x, y]) => x !== null && y !== null);
const median = (values) => {
  const known = values.filter((value) => value !== null).sort((a, b) => a - b);
  return known.length ? known[Math.floor(known.length / 2)] : null;
};

/** The ends of the straight line `first · x + second · y + constant = 0` inside the axes; null where it does not cross them. */
function ends([first, second, constant], [mostX, mostY]) {
  const at = (x) => -(first * x + constant) / second;
  const along = (y) => -(second * y + constant) / first;
  const inside = [[0, at(0)], [mostX, at(mostX)], [along(0), 0], [along(mostY), mostY]].filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y) && x >= -1e-9 && x <= mostX * (1 + 1e-9) && y >= -1e-9 && y <= mostY * (1 + 1e-9));
  inside.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  return inside.length >= 2 ? [inside[0], inside.at(-1)] : null;
}

function inWords({ first, second, worlds }, labels) {
  const say = (found, label) => {
    const last = (side) => median(found.paths.map((path) => points(path).at(-1)?.[side] ?? null));
    const start = (side) => median(found.paths.map((path) => points(path)[0]?.[side] ?? null));
    const wars = found.paths.filter(([xs]) => xs.at(-1) === null).length;
    return `${label}: arms of ${first} go from ${number(start(0))} to ${number(last(0))}, those of ${second} from ${number(start(1))} to ${number(last(1))} (medians, ${found.money}); ${wars} of ${found.paths.length} histories end in a war`;
  };
  const lines = worlds.at(-1).nullclines ? ' The dashed lines are those of Richardson: on each of them the arms of one state stand still.' : ' The rule of arming of this world is not linear, so there are no straight lines on which arms stand still.';
  return `${worlds.map((found, at) => (found ? say(found, labels[at]) : `${labels[at]}: has no such two states`)).join('. ')}.${lines}`;
}

export function Portrait() {
  const [width, height, left, right, top, bottom] = size.value;
  const described = state.described.value;
  if (!described) return null;
  const [first, second] = pairOf(described, state.pair.value);
  const found = portraits.value;
  const name = (code) => described.states.find((one) => one.code === code)?.name ?? code;
  const choose = (one, other) => actions.show({ pair: `${one}~${other}` });
  const choice = (label, value, other, take) => html`<label>${label} <select value=${value} onChange=${(event) => take(event.target.value)}>${described.states.filter(({ code }) => code !== other).map((one) => html`<option key=${one.code} value=${one.code} selected=${one.code === value}>${one.name}</option>`)}</select></label>`;
  const head = html`<h2 id="portrait-title">Two states against each other</h2>
    <p class="note">A phase portrait, as Lewis Richardson drew arms races: the arms of one state along, those of the other upwards. Each line is one history up to its first war, which is marked by a dot. A race climbs to the right; two states that calm down come back.</p>
    <div class="bar"><div class="choices">${choice('Along', first, second, (code) => choose(code, second))} ${choice('Upwards', second, first, (code) => choose(first, code))}
      <button type="button" onClick=${() => choose(second, first)}>Swap</button><button type="button" aria-pressed=${asTable.value} onClick=${() => { asTable.value = !asTable.value; }}>Table</button></div></div>`;
  if (!found || found.first !== first || found.second !== second) return html`<section aria-labelledby="portrait-title">${head}<p class="waiting" role="status">Thirty histories are being simulated …</p></section>`;
  const labels = found.worlds.length > 1 ? ['World A', 'World B'] : ['This world'];
  const colours = found.worlds.length > 1 ? [WORLD_A, WORLD_B] : [WORLD_B];
  const observed = found.worlds.at(-1).observed;
  const all = [...found.worlds.filter(Boolean).flatMap(({ paths }) => paths.flatMap(points)), ...observed.map(([, x, y]) => [x, y])];
  const largest = [0, 1].map((side) => 1.05 * (Math.max(...all.map((point) => point[side])) || 1));
  const x = (value) => left + (value / largest[0]) * (width - left - right);
  const y = (value) => height - bottom - (value / largest[1]) * (height - top - bottom);
  const line = (list) => list.map(([px, py], at) => `${at ? 'L' : 'M'}${x(px).toFixed(1)},${y(py).toFixed(1)}`).join('');
  const still = (found.worlds.at(-1).nullclines ?? []).map((one) => ends(one, largest));
  const words = inWords(found, labels);
  const dates = found.worlds.at(-1).dates;
  const shownDates = dates.map((date, at) => at).filter((at) => at % Math.max(1, Math.round(dates.length / 20)) === 0);
  const money = found.worlds.at(-1).money;
  return html`<section aria-labelledby="portrait-title">${head}
    <svg class="portrait" viewBox="0 0 ${width} ${height}" role="img" aria-label=${words} xmlns="http://www.w3.org/2000/svg" font-family="system-ui, sans-serif">
      ${ticks(0, largest[0], width > 500 ? 5 : 3).map((mark) => html`<g key=${`x${mark}`}><line x1=${x(mark)} x2=${x(mark)} y1=${top} y2=${height - bottom} stroke="#e8e8e8" /><text x=${x(mark)} y=${height - bottom + 17} text-anchor="middle" font-size="12" fill="#555">${number(mark)}</text></g>`)}
      ${ticks(0, largest[1], 5).map((mark) => html`<g key=${`y${mark}`}><line x1=${left} x2=${width - right} y1=${y(mark)} y2=${y(mark)} stroke="#e8e8e8" /><text x=${left - 7} y=${y(mark) + 4} text-anchor="end" font-size="12" fill="#555">${number(mark)}</text></g>`)}
      ${found.worlds.map((one, at) => one && html`<g key=${at} fill="none" stroke=${colours[at]} stroke-opacity="0.5" stroke-width="1.1">${one.paths.map((path) => {
    const known = points(path);
    const war = path[0].at(-1) === null && known.length > 0;
    return html`<path d=${line(known)} />${war && html`<circle cx=${x(known.at(-1)[0])} cy=${y(known.at(-1)[1])} r="3" fill=${colours[at]} stroke="none" fill-opacity="0.85" />`}`;
  })}</g>`)}
      ${still.map((one, at) => one && html`<path key=${`n${at}`} d=${line(one)} fill="none" stroke=${at ? '#d55e00' : '#009e73'} stroke-width="2" stroke-dasharray="9 4" />`)}
      ${observed.length > 0 && html`<path d=${line(observed.map(([, px, py]) => [px, py]))} fill="none" stroke=${OBSERVED} stroke-width="1.6" />`}
      ${observed.map(([date, px, py]) => html`<circle key=${date} cx=${x(px)} cy=${y(py)} r="3" fill="#fff" stroke=${OBSERVED} stroke-width="1.4" />`)}
      <text x=${left + (width - left - right) / 2} y=${height - 10} text-anchor="middle" font-size="13" fill="#222">Arms of ${width > 500 ? name(first) : first}, ${money}</text>
      <text transform=${`translate(${width > 500 ? 16 : 12} ${top + (height - top - bottom) / 2}) rotate(-90)`} text-anchor="middle" font-size="13" fill="#222">Arms of ${width > 500 ? name(second) : second}, ${money}</text>
    </svg>
    <p class="note legend">${labels.map((label, at) => html`<span class=${`line ${at === labels.length - 1 ? 'b' : 'a'}`}></span> ${label} `)}${observed.length > 0 && html`<span class="line seen"></span> what history shows `}${still.some(Boolean) && html`<span class="line still-first"></span> ${name(first)} stands still <span class="line still-second"></span> ${name(second)} stands still`}</p>
    <p class="note">${words}</p>
    <div class="choices wrap"><${Picture} name="portrait" title="Figure" draw=${() => drawing('.portrait')} /></div>
    ${asTable.value && html`<div class="scroll" tabindex="0" role="region" aria-label="Medians of the arms by date"><table class="values"><thead><tr><th scope="col">Date</th>${labels.flatMap((label) => [first, second].map((code) => html`<th scope="col">${labels.length > 1 ? `${label}, ` : ''}${code}</th>`))}</tr></thead>
      <tbody>${shownDates.map((at) => html`<tr key=${at}><th scope="row">${number(dates[at]) === String(dates[at]) ? dates[at] : dates[at].toFixed(2)}</th>${found.worlds.flatMap((one) => [0, 1].map((side) => html`<td>${number(one ? median(one.paths.map((path) => path[side][at] ?? null)) : null)}</td>`))}</tr>`)}</tbody></table></div>`}
  </section>`;
}

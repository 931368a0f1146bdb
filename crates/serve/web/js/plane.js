// The plane of Jervis: how easy attack is against how well arms reveal intentions, with the present world as a point on it.
import { effect, html, signal, untracked } from './library.js';
import * as actions from './actions.js';
import * as engine from './engine.js';
import * as state from './state.js';
import { Picture, drawing } from './downloads.js';
import { number } from './format.js';

const HISTORIES = 64;
/** Cells: distinguishability in equal steps, balance in equal ratios, from one to four for the defence to an advantage of attack. */
const REVEALED = [0, 0.18, 0.36, 0.54, 0.72, 0.9];
const BALANCES = [0.25, 0.36, 0.52, 0.76, 1.1, 1.6];
const OUTCOMES = [['war', 'A war'], ['general_war', 'A general war']];
const cells = signal({ key: '', found: {} });
const outcome = signal('war');
const asTable = signal(false);
let work = null;

const BELIEF = /^states\.[^.]+\.perceived_balance$/;
const AXES = ['technology.balance', 'technology.distinguishability'];

/** World B at a point of the plane: everyone knows the true balance. */
function at(balance, revealed) {
  const base = state.requestB.value;
  const rest = base.set.filter(([path]) => !AXES.includes(path) && !BELIEF.test(path));
  const set = [...rest, ['states.*.perceived_balance', String(balance)], [AXES[0], String(balance)], [AXES[1], String(revealed)]];
  return { ...base, set: set.sort(([a], [b]) => (a < b ? -1 : 1)) };
}

/** Where world B is: its true balance, the beliefs of its states, its distinguishability. */
export function present() {
  const rows = state.described.value?.parameters ?? [];
  const value = (row) => Number(state.world.value.set[row.path] ?? row.value);
  const one = (path) => rows.find((row) => row.path === path && row.date === null && row.value !== null);
  const all = state.world.value.set['states.*.perceived_balance'];
  const beliefs = rows.filter((row) => BELIEF.test(row.path) && row.value !== null && row.date === null).map((row) => (all !== undefined && state.world.value.set[row.path] === undefined ? Number(all) : value(row)));
  const [balance, revealed] = AXES.map(one);
  return balance && revealed ? { balance: value(balance), revealed: value(revealed), beliefs } : null;
}

/** Fills the plane while this view is open and nothing else runs. */
export function watchPlane() {
  effect(() => {
    const key = JSON.stringify([at(1, 0), state.seed.value]);
    const idle = state.tab.value === 'plane' && !state.running.value && state.answer.value;
    untracked(() => {
      work?.abort();
      if (!idle) return;
      work = new AbortController();
      fill(key, work.signal);
    });
  });
}

async function fill(key, stop) {
  if (cells.value.key !== key) cells.value = { key, found: {} };
  const points = BALANCES.flatMap((balance) => REVEALED.map((revealed) => [balance, revealed]));
  // Every third point first, so that the whole plane shows early.
  const order = [0, 1, 2].flatMap((start) => points.filter((_, position) => position % 3 === start));
  for (const [balance, revealed] of order) {
    const name = `${balance} ${revealed}`;
    if (cells.value.found[name]) continue;
    let last = null;
    try {
      await engine.run({ a: null, b: at(balance, revealed), seed: state.seed.value, histories: HISTORIES }, stop, (answer) => { last = answer; });
    } catch {
      if (stop.aborted) return;
    }
    if (stop.aborted || cells.value.key !== key) return;
    const measures = Object.fromEntries((last?.worlds[0].measures ?? []).map((measure) => [measure.name, measure]));
    cells.value = { key, found: { ...cells.value.found, [name]: measures } };
  }
}

const [LEFT, TOP, CELL, HEIGHT] = [64, 10, 78, 52];
const xOf = (revealed) => LEFT + (revealed / 0.9) * CELL * (REVEALED.length - 1) + CELL / 2;
const yOf = (balance) => TOP + HEIGHT * BALANCES.length - HEIGHT / 2 - (Math.log(Math.min(Math.max(balance, 0.25), 1.6) / 0.25) / Math.log(1.6 / 0.25)) * HEIGHT * (BALANCES.length - 1);

/** What the plane shows, in words. */
function inWords(found) {
  const known = Object.entries(found).map(([name, measures]) => [name.split(' '), measures[outcome.value]]).filter(([, measure]) => measure?.estimate !== null && measure !== undefined);
  if (!known.length) return '';
  const sorted = known.sort(([, a], [, b]) => a.estimate - b.estimate);
  const say = ([[balance, revealed], measure]) => `${measure.text} at balance ${balance} and distinguishability ${revealed}`;
  return `From ${say(sorted[0])} to ${say(sorted.at(-1))}.`;
}

function Table({ found }) {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Values of the plane"><table class="values"><thead><tr><th scope="col">Balance</th>${REVEALED.map((revealed) => html`<th scope="col">distinguishability ${revealed}</th>`)}</tr></thead>
    <tbody>${[...BALANCES].reverse().map((balance) => html`<tr key=${balance}><th scope="row">${balance}</th>${REVEALED.map((revealed) => html`<td>${found[`${balance} ${revealed}`]?.[outcome.value]?.text ?? '–'}</td>`)}</tr>`)}</tbody></table></div>`;
}

export function Plane() {
  const here = present();
  const { found } = cells.value;
  const done = Object.keys(found).length;
  const width = LEFT + CELL * REVEALED.length + 12;
  const height = TOP + HEIGHT * BALANCES.length + 46;
  return html`<section aria-labelledby="plane-title">
    <h2 id="plane-title">The plane of Jervis</h2>
    <p class="note">Where attack is easy and arms do not reveal intentions, states that want only safety arm and strike (Jervis 1978). Each cell is this world with another balance, which every state knows, and another visibility: share of ${HISTORIES} histories. The dot is the world as it stands; the line beside it shows what its states believe of the balance.</p>
    <div class="bar"><div class="choices"><div class="choices" role="group" aria-label="Outcome">${OUTCOMES.map(([name, title]) => html`<button key=${name} type="button" aria-pressed=${outcome.value === name} onClick=${() => { outcome.value = name; }}>${title}</button>`)}</div>
    <button type="button" aria-pressed=${asTable.value} onClick=${() => { asTable.value = !asTable.value; }}>Table</button></div>
    <p class="note" role="status">${done} of ${REVEALED.length * BALANCES.length} cells done</p></div>
    <svg class="plane" viewBox="0 0 ${width} ${height}" role="group" aria-label="Plane of balance and distinguishability; the cells are buttons">
      ${BALANCES.flatMap((balance) => REVEALED.map((revealed) => {
    const measure = found[`${balance} ${revealed}`]?.[outcome.value];
    const share = measure?.estimate ?? null;
    const go = () => actions.moveAll({ 'states.*.perceived_balance': String(balance), [AXES[0]]: String(balance), [AXES[1]]: String(revealed) });
    const label = `balance ${balance}, distinguishability ${revealed}: ${measure ? measure.text : 'not simulated yet'}; move the world there`;
    return html`<g key=${`${balance} ${revealed}`} role="button" tabindex="0" aria-label=${label} class="cell" onClick=${go} onKeyDown=${(event) => { if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); go(); } }}>
          <title>${label}</title>
          <rect x=${xOf(revealed) - CELL / 2 + 1} y=${yOf(balance) - HEIGHT / 2 + 1} width=${CELL - 2} height=${HEIGHT - 2} rx="3" fill=${share === null ? '#f4f4f4' : '#d55e00'} fill-opacity=${share === null ? 1 : 0.05 + 0.75 * share} />
        </g>`;
  }))}
      ${BALANCES.map((balance) => html`<text key=${balance} x=${LEFT - 8} y=${yOf(balance) + 4} text-anchor="end" font-size="12" fill="#555">${balance}</text>`)}
      ${REVEALED.map((revealed) => html`<text key=${revealed} x=${xOf(revealed)} y=${height - 28} text-anchor="middle" font-size="12" fill="#555">${revealed}</text>`)}
      <text x=${LEFT + (CELL * REVEALED.length) / 2} y=${height - 8} text-anchor="middle" font-size="13" fill="#222">Distinguishability: how well arms reveal intentions</text>
      <text transform=${`translate(14 ${TOP + (HEIGHT * BALANCES.length) / 2}) rotate(-90)`} text-anchor="middle" font-size="13" fill="#222">Balance: how easy attack is</text>
      ${here && html`<g aria-hidden="true" pointer-events="none">
        ${here.beliefs.length && html`<line x1=${xOf(here.revealed)} x2=${xOf(here.revealed)} y1=${yOf(Math.min(...here.beliefs))} y2=${yOf(Math.max(...here.beliefs))} stroke="#0072b2" stroke-width="3" />`}
        <circle cx=${xOf(here.revealed)} cy=${yOf(here.balance)} r="7" fill="#0072b2" stroke="#fff" stroke-width="2" /></g>`}
      <g aria-hidden="true" pointer-events="none" text-anchor="middle" font-size="13" fill="#1a1a1a">${BALANCES.flatMap((balance) => REVEALED.map((revealed) => {
    const share = found[`${balance} ${revealed}`]?.[outcome.value]?.estimate ?? null;
    return share !== null && html`<text key=${`${balance} ${revealed}`} x=${xOf(revealed)} y=${yOf(balance) - 9} stroke="#fff" stroke-width="3" stroke-opacity="0.75" paint-order="stroke">${Math.round(share * 100)} %</text>`;
  }))}</g>
    </svg>
    ${done > 0 && html`<p class="note">${inWords(found)}</p><div class="choices wrap"><${Picture} name="plane" title="Figure" draw=${() => drawing('.plane')} /></div>`}
    ${asTable.value && html`<${Table} found=${found} />`}
    ${here ? html`<p>The world as it stands: balance ${number(here.balance)}, distinguishability ${number(here.revealed)}${here.beliefs.length ? `; its states believe in a balance of ${[...new Set([number(Math.min(...here.beliefs)), number(Math.max(...here.beliefs))])].join(' to ')}` : ''}.</p>` : ''}
  </section>`;
}

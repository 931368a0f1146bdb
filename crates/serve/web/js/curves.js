// Curves of every state over time: bands over all histories or thirty single ones, both worlds and what history did.
import { effect, html, signal, untracked } from './library.js';
import * as actions from './actions.js';
import * as engine from './engine.js';
import * as state from './state.js';
import { Panel, highest, inWords } from './charts.js';
import { METRICS, dated, number, percent, stateName } from './format.js';
import { WORLD_A, WORLD_B } from './palette.js';

/** Single histories that are drawn. */
const LINES = 30;
const lines = signal(null);
const asTable = signal(false);
let asking = null;

/** Fetches the single histories that the page shows, whenever it shows others. */
export function watchLines() {
  effect(() => {
    const found = state.answer.value;
    const metric = state.metric.value;
    if (!found || state.view.value !== 'lines') return;
    const key = JSON.stringify([found.key, metric]);
    untracked(() => {
      if (lines.value?.key === key) return;
      asking?.abort();
      asking = new AbortController();
      const worlds = [found.a, found.b].filter(Boolean);
      const of = (world) => engine.strands({ world, seed: state.seed.value, metric, histories: LINES }, asking.signal);
      Promise.all(worlds.map(of)).then((all) => { lines.value = { key, worlds: all }; }, () => {});
    });
  });
}

function panels(found, described) {
  const codes = described.states.map(({ code }) => code);
  const other = state.describedA.value;
  const names = new Map([...(other?.states ?? []), ...described.states].map(({ code, name }) => [code, stateName(name)]));
  const history = [...described.observed, ...(other?.observed ?? [])];
  const a = found.worlds.length > 1 ? found.worlds[0] : null;
  const b = found.worlds.at(-1);
  for (const code of Object.keys(a?.curves.states ?? {})) if (code !== '*' && !codes.includes(code)) codes.push(code);
  const metric = state.metric.value;
  const single = state.view.value === 'lines' && lines.value?.key === JSON.stringify([found.key, metric]) ? lines.value.worlds : null;
  return codes.map((code) => ({
    code,
    title: names.get(code) ?? code,
    // Two scenarios of one era tell the same facts; each is drawn once.
    observed: history.filter((seen, at) => seen.state === code && seen.metric === metric && history.findIndex((one) => one.state === code && one.metric === metric && one.date === seen.date) === at).sort((one, next) => one.date - next.date),
    worlds: [a && { world: a, colour: WORLD_A, label: 'world A', at: 0 }, { world: b, colour: WORLD_B, label: a ? 'world B' : 'this world', at: a ? 1 : 0 }]
      .filter(Boolean)
      .map(({ world, colour, label, at }) => {
        const drawn = single?.[at]?.states.find(([name]) => name === code)?.[1];
        const curve = world.curves.states[code]?.[metric];
        return { colour, label, curve, known: world.curves.dates, dates: drawn ? single[at].dates : world.curves.dates, lines: drawn };
      }),
  }));
}

function Table({ all, share }) {
  const say = share ? percent : number;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Curves as a table"><table class="values">
    <thead><tr><th scope="col">State</th><th scope="col">World</th><th scope="col">Date</th><th scope="col">5 %</th><th scope="col">Median</th><th scope="col">95 %</th><th scope="col">Histories</th></tr></thead>
    <tbody>${all.flatMap((panel) => panel.worlds.flatMap(({ label, curve, known }) => (curve ? curve.q50.map((median, at) => ({ median, at })).filter(({ at }) => at % 5 === 0) : []).map(({ median, at }) => html`<tr>
      <td>${panel.title}</td><td>${label}</td><td>${dated(known[at])}</td><td>${say(curve.q05[at])}</td><td>${say(median)}</td><td>${say(curve.q95[at])}</td><td>${curve.at_risk[at]}</td></tr>`)))}</tbody>
  </table></div>`;
}

export function Curves() {
  const found = state.answer.value;
  const described = state.described.value;
  if (!found || !described) return null;
  const chosen = METRICS.find(({ name }) => name === state.metric.value) ?? METRICS[0];
  const all = panels(found, described);
  const top = highest(all);
  const upper = (panel) => (chosen.common ? top : highest([panel])) * 1.04;
  const dates = found.worlds.flatMap(({ curves }) => [curves.dates[0], curves.dates.at(-1)]);
  const years = [Math.min(...dates), Math.max(...dates)];
  const unit = chosen.unit === 'money' ? described.money : chosen.unit;
  const single = state.view.value === 'lines';
  return html`<section aria-labelledby="curves-title">
    <h2 id="curves-title">${chosen.title} <span class="unit">${unit}</span></h2>
    <div class="bar">
      <div role="group" aria-label="What is drawn" class="choices">${METRICS.map(({ name, title }) => html`<button key=${name} type="button" aria-pressed=${chosen.name === name} onClick=${() => actions.show({ metric: name })}>${title}</button>`)}</div>
      <div role="group" aria-label="How it is drawn" class="choices">
        <button type="button" aria-pressed=${!single} onClick=${() => actions.show({ view: 'fan' })}>Bands</button>
        <button type="button" aria-pressed=${single} onClick=${() => actions.show({ view: 'lines' })}>${LINES} histories</button>
        <button type="button" aria-pressed=${asTable.value} onClick=${() => { asTable.value = !asTable.value; }}>Table</button>
      </div>
    </div>
    <p class="note" id="curves-note">${single ? `Each line is one history, up to its first war.` : 'Line: median of the histories without a war so far. Bands: half of them, and nine in ten.'}${all.some(({ observed }) => observed.length) ? ' Circles: what history shows.' : ''}${all.some((panel) => panel.observed.some(({ value }) => value > upper(panel))) ? ' Triangles with numbers: observed values above the edge of the figure.' : ''}${found.worlds.length > 1 ? ' Grey, dashed: A. Blue: B.' : ''}</p>
    ${asTable.value && html`<${Table} all=${all} share=${chosen.share} />`}
    <div class="panels">${all.map((panel) => html`<${Panel} key=${panel.code} panel=${panel} years=${years} most=${upper(panel)} share=${chosen.share} />`)}</div>
    <p class="visually-hidden">${all.map((panel) => inWords(panel, chosen.share)).join(' ')}</p>
  </section>`;
}

// Which slider matters here: every judged number at both ends of its range, filled in while the machine has nothing else to do.
import { effect, html, signal, untracked } from './library.js';
import * as actions from './actions.js';
import * as engine from './engine.js';
import * as state from './state.js';
import { number, shortName, subject } from './format.js';

/** Histories at each end: enough for what matters, few enough for all sliders within a minute. */
const HISTORIES = 128;
const SHOWN = 20;
const OUTCOMES = [['general_war', 'General war'], ['war', 'War']];
const effects = signal({ key: '', done: [], of: 0 });
/** What the reader chose; null is what suits the world. */
const chosen = signal(null);
let work = null;

function candidates(described) {
  const able = described.parameters.filter((row) => row.value !== null && row.date === null && row.judged && row.range[0] < row.range[1]);
  // What the scenario itself judges comes before the defaults of the program.
  return [...able.filter(({ basis }) => basis === 'judgement'), ...able.filter(({ basis }) => basis !== 'judgement')];
}

/** Simulates both ends of each slider, one after the other, while this view is open and nothing else runs. */
export function watchEffects() {
  effect(() => {
    const key = JSON.stringify([state.requestB.value, state.seed.value]);
    const described = state.described.value;
    const idle = state.tab.value === 'sliders' && !state.running.value && state.answer.value;
    untracked(() => {
      work?.abort();
      if (!idle || !described) return;
      work = new AbortController();
      fill(key, candidates(described), work.signal);
    });
  });
}

async function fill(key, rows, stop) {
  if (effects.value.key !== key) effects.value = { key, done: [], of: rows.length };
  const base = state.requestB.value;
  const seed = state.seed.value;
  for (const row of rows.slice(effects.value.done.length)) {
    const ends = [];
    for (const end of row.range) {
      const set = [...base.set.filter(([path]) => path !== row.path), [row.path, String(end)]].sort(([a], [b]) => (a < b ? -1 : 1));
      let last = null;
      try {
        await engine.run({ a: base, b: { ...base, set }, seed, histories: HISTORIES }, stop, (answer) => { last = answer; });
      } catch {
        if (stop.aborted) return;
      }
      ends.push(Object.fromEntries((last?.contrast ?? []).map((measure) => [measure.name, measure])));
    }
    if (stop.aborted || effects.value.key !== key) return;
    effects.value = { ...effects.value, done: [...effects.value.done, { row, ends }] };
  }
}

const size = (ends, name) => Math.max(...ends.map((end) => Math.abs(end[name]?.estimate ?? 0)));

/** What the bars show, in words. */
function inWords(sorted, name, all) {
  const { row, ends } = sorted[0];
  const begin = all ? '' : 'So far ';
  const sentence = (text) => (begin ? `${begin}${text}` : `${text[0].toUpperCase()}${text.slice(1)}`);
  if (size(ends, name) === 0) return sentence('no number changes the share.');
  const say = (at) => `${ends[at][name]?.text ?? 'no change'} at ${number(row.range[at])}`;
  return sentence(`the largest effect comes from “${subject(row.path)}: ${shortName(row.path)}”: ${say(0)}, ${say(1)}.`);
}

export function Effects() {
  const { done, of } = effects.value;
  // A general war has three great powers in it.
  const great = state.described.value?.states.filter((one) => one.great_power).length ?? 0;
  const name = great >= 3 ? chosen.value ?? 'general_war' : 'war';
  const sorted = [...done].sort((one, other) => size(other.ends, name) - size(one.ends, name)).slice(0, SHOWN);
  const most = Math.max(0.05, ...sorted.map(({ ends }) => size(ends, name)));
  const x = (value) => 150 + (value / most) * 140;
  return html`<section aria-labelledby="effects-title">
    <h2 id="effects-title">Which slider matters here</h2>
    <p class="note">Each number alone at the lowest and the highest value of its range, the rest as in ${state.compared.value ? 'world B' : 'this world'}: change of the share of histories, paired, ${HISTORIES} histories. With so few histories, effects below some 5 points cannot be told from chance.</p>
    <div class="bar"><div class="choices" role="group" aria-label="Outcome">${OUTCOMES.filter(([key]) => great >= 3 || key !== 'general_war').map(([key, title]) => html`<button key=${key} type="button" aria-pressed=${name === key} onClick=${() => { chosen.value = key; }}>${title}</button>`)}</div>
    <p class="note" role="status">${done.length} of ${of} numbers done</p></div>
    ${sorted.length > 0 && html`<p class="note">${inWords(sorted, name, done.length === of)}</p>`}
    <div class="scroll" tabindex="0" role="region" aria-label="Effects of the numbers"><table class="effects"><thead><tr><th scope="col">Number</th><th scope="col">Change of the share</th><th scope="col">At the lowest</th><th scope="col">At the highest</th></tr></thead>
    <tbody>${sorted.map(({ row, ends }) => html`<tr key=${row.path}>
      <th scope="row"><span class="where">${subject(row.path)}</span> ${shortName(row.path)} <span class="unit">${number(row.range[0])} to ${number(row.range[1])}</span></th>
      <td><svg viewBox="0 0 300 24" class="tornado" aria-hidden="true"><line x1="150" x2="150" y1="0" y2="24" stroke="#777" />
        ${ends.map((end, at) => {
    const value = end[name]?.estimate ?? 0;
    return html`<rect x=${Math.min(x(0), x(value))} width=${Math.abs(x(value) - x(0))} y=${at ? 13 : 3} height="8" fill=${at ? '#d55e00' : '#56b4e9'} />`;
  })}</svg></td>
      ${ends.map((end, at) => html`<td><button type="button" class="link" title="Move the slider there" onClick=${() => actions.move(row.path, String(row.range[at]), row.value)}>${end[name]?.text ?? '–'}</button></td>`)}
    </tr>`)}</tbody></table></div>
  </section>`;
}

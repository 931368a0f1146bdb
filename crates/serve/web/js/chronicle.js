// One history, told by date. A date opens what each side believed, wanted and feared.
import { effect, html, signal, untracked } from './library.js';
import * as actions from './actions.js';
import * as engine from './engine.js';
import * as state from './state.js';

const told = signal(null);
let asking = null;

/** Fetches the history that the page shows, whenever it shows another one. */
export function watchHistory() {
  effect(() => {
    const opened = state.opened.value;
    const worlds = { a: state.requestA.value, b: state.requestB.value };
    const seed = state.seed.value;
    asking?.abort();
    if (!opened) {
      untracked(() => { told.value = null; });
      return;
    }
    asking = new AbortController();
    const sides = state.compared.value ? [opened.side, opened.side === 'a' ? 'b' : 'a'] : [opened.side];
    const all = sides.map((side) => engine.history({ world: worlds[side], seed, history: opened.number }, asking.signal));
    Promise.all(all).then(
      ([found, other]) => { told.value = { ...found, side: opened.side, parts: other ? divergence(found.chronicle, other.chronicle) : null }; },
      (error) => { if (error.name !== 'AbortError') state.problem.value = error.message; },
    );
  });
}

/** Position of the first entry that the same history of the other world does not have; null where both are told alike. */
function divergence(one, other) {
  const say = (entry) => JSON.stringify([entry.when, entry.text, entry.details]);
  const at = one.findIndex((entry, position) => !other[position] || say(entry) !== say(other[position]));
  if (at >= 0) return at;
  return one.length === other.length ? null : one.length;
}

export function Chronicle() {
  const opened = state.opened.value;
  const found = told.value;
  if (!opened) return null;
  const other = opened.side === 'a' ? 'b' : 'a';
  return html`<section class="chronicle" aria-labelledby="chronicle-title">
    <div class="bar">
      <h2 id="chronicle-title" tabindex="-1">History ${opened.number}${state.compared.value ? ` of world ${opened.side.toUpperCase()}` : ''}</h2>
      <div class="choices">
        ${state.compared.value && html`<button type="button" onClick=${() => actions.show({ opened: { side: other, number: opened.number } })}>The same chance in world ${other.toUpperCase()}</button>`}
        <button type="button" onClick=${() => actions.show({ opened: { ...opened, number: Math.max(opened.number - 1, 0) } })} disabled=${opened.number === 0}>Previous</button>
        <button type="button" onClick=${() => actions.show({ opened: { ...opened, number: opened.number + 1 } })}>Next</button>
        <button type="button" onClick=${() => actions.show({ tab: 'map', date: null })}>Play it on the map</button>
        <button type="button" onClick=${actions.closeHistory}>Close</button>
      </div>
    </div>
    ${found && found.history === opened.number && found.side === opened.side ? html`
      <p class="in-short">${found.in_short}</p>
      ${state.compared.value && html`<p class="note">${found.parts === null ? `World ${other.toUpperCase()} is told in the same words: with this chance the change changes nothing that a chronicle notes.` : 'The line marks where the two worlds part: up to there the same history of the other world is told in the same words.'}</p>`}
      <ol class="entries">${found.chronicle.map((entry, position) => html`<li key=${entry.date + entry.text} class=${position === found.parts ? 'parts' : ''}>
        ${position === found.parts && html`<p class="parting">Here the worlds part</p>`}
        ${entry.details.length ? html`<details><summary><time>${entry.when}</time> ${entry.text}</summary>
          <dl>${entry.details.map(({ when, text }) => html`<div><dt>${when}</dt><dd>${text}</dd></div>`)}</dl></details>`
    : html`<div class="plain"><time>${entry.when}</time> ${entry.text}</div>`}
      </li>`)}</ol>` : html`<p class="waiting" role="status">This history is being simulated …</p>`}
  </section>`;
}

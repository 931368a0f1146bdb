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
    const request = { world: worlds[opened.side], seed, history: opened.number };
    engine.history(request, asking.signal).then(
      (found) => { told.value = { ...found, side: opened.side }; },
      (error) => { if (error.name !== 'AbortError') state.problem.value = error.message; },
    );
  });
}

export function Chronicle() {
  const opened = state.opened.value;
  const found = told.value;
  if (!opened) return null;
  const other = opened.side === 'a' ? 'b' : 'a';
  return html`<section class="chronicle" aria-labelledby="chronicle-title">
    <div class="bar">
      <h2 id="chronicle-title">History ${opened.number}${state.compared.value ? ` of world ${opened.side.toUpperCase()}` : ''}</h2>
      <div class="choices">
        ${state.compared.value && html`<button type="button" onClick=${() => actions.show({ opened: { side: other, number: opened.number } })}>The same chance in world ${other.toUpperCase()}</button>`}
        <button type="button" onClick=${() => actions.show({ opened: { ...opened, number: Math.max(opened.number - 1, 0) } })} disabled=${opened.number === 0}>Previous</button>
        <button type="button" onClick=${() => actions.show({ opened: { ...opened, number: opened.number + 1 } })}>Next</button>
        <button type="button" onClick=${() => actions.show({ opened: null })}>Close</button>
      </div>
    </div>
    ${found && found.history === opened.number && found.side === opened.side ? html`
      <p class="in-short">${found.in_short}</p>
      <ol class="entries">${found.chronicle.map((entry) => html`<li key=${entry.date + entry.text}>
        ${entry.details.length ? html`<details><summary><time>${entry.when}</time> ${entry.text}</summary>
          <dl>${entry.details.map(({ when, text }) => html`<div><dt>${when}</dt><dd>${text}</dd></div>`)}</dl></details>`
    : html`<div class="plain"><time>${entry.when}</time> ${entry.text}</div>`}
      </li>`)}</ol>` : html`<p class="waiting" role="status">This history is being simulated …</p>`}
  </section>`;
}

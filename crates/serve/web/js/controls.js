// The side of the page on which a world is moved: scenario, sample, switches, sliders.
import { html, signal } from './library.js';
import * as actions from './actions.js';
import * as state from './state.js';
import { BASIS, number, shortName, words } from './format.js';

/** What the reader looks for among the numbers. */
export const search = signal('');
const openGroups = signal(new Set(['technology']));
/** Rows that a search shows at most. */
const MOST_FOUND = 60;
const STEPS = 200;

function ScenarioChoice() {
  const { program } = state.program.value;
  const own = program.scenarios;
  const pinned = state.pinned.value;
  const pinnedChanged = Boolean(pinned && (Object.keys(pinned.set).length || pinned.without.length || pinned.edit));
  return html`<section class="choice">
    <label>Scenario
      <select value=${state.world.value.scenario} onChange=${(event) => actions.choose(event.target.value)}>
        ${own.map(({ name }) => html`<option key=${name} value=${name} selected=${name === state.world.value.scenario}>${name}</option>`)}
      </select>
    </label>
    <label>Compare with
      <select onChange=${(event) => { if (event.target.value === '') actions.unpin(); else if (event.target.value !== '*') actions.pinScenario(event.target.value); }}>
        <option value="" selected=${!pinned}>the same scenario, unchanged</option>
        ${pinned && html`<option value="*" selected>${pinnedChanged ? 'changed ' : ''}${pinned.scenario}</option>`}
        ${own.filter(({ name }) => name !== state.world.value.scenario && (pinnedChanged || name !== pinned?.scenario)).map(({ name }) => html`<option key=${name} value=${name}>${name}</option>`)}
      </select>
    </label>
    <div class="pair">
      <label>Histories
        <input type="number" min="1" max="16384" value=${state.histories.value} onChange=${(event) => actions.setSample(state.seed.value, Math.min(Math.max(Math.round(Number(event.target.value)) || 1000, 1), 16384))} />
      </label>
      <label>Seed
        <input type="number" min="0" value=${state.seed.value} onChange=${(event) => actions.setSample(Math.max(Math.round(Number(event.target.value)) || 0, 0), state.histories.value)} />
      </label>
    </div>
    <div class="buttons">
      <button type="button" onClick=${() => actions.setLive(!state.live.value)} aria-pressed=${state.live.value} title="Live: every move runs. Hold: a button runs.">${state.live.value ? 'Live' : 'On hold'}</button>
      ${!state.live.value && html`<button type="button" class="primary" disabled=${!state.stale.value} onClick=${actions.runNow}>Run</button>`}
      <button type="button" onClick=${actions.pin} title="Compare later moves with the world as it is now">Pin this world</button>
      <button type="button" onClick=${actions.reset} disabled=${state.changes.value === 0}>Undo all changes</button>
    </div>
  </section>`;
}

function Slider({ row }) {
  const changed = state.world.value.set[row.path];
  const base = row.value;
  const value = changed === undefined ? base : Number(changed);
  const [low, high] = row.range;
  const id = `slider-${row.path}`;
  const step = (high - low) / STEPS || 0.01;
  const text = (raw) => String(Number(Number(raw).toPrecision(4)));
  const place = high > low ? ((base - low) / (high - low)) * 100 : 0;
  return html`<div class=${`slider${changed === undefined ? '' : ' changed'}`}>
    <div class="name">
      <label for=${id} title=${row.path}>${shortName(row.path)} <span class="symbol">${row.symbol}</span></label>
      <span class=${`basis ${row.basis}`} title=${row.why || BASIS[row.basis]}>${BASIS[row.basis]}</span>
    </div>
    <p class="meaning" id=${`${id}-meaning`}>${row.meaning}</p>
    <div class="track">
      <span class="base" style=${{ left: `calc(8px + (100% - 16px) * ${Math.min(Math.max(place, 0), 100) / 100})` }}></span>
      <input id=${id} type="range" min=${low} max=${high} step=${step} value=${value} aria-describedby=${`${id}-meaning`}
        aria-valuetext=${`${number(value)} ${row.unit}`}
        onInput=${(event) => actions.move(row.path, text(event.target.value), base, false)}
        onChange=${(event) => actions.move(row.path, text(event.target.value), base, true)} />
      <input type="number" class="exact" step="any" value=${changed ?? number(base)} aria-label=${`${shortName(row.path)}, exact value`}
        min=${row.allowed[0]} max=${row.allowed[1]}
        onChange=${(event) => actions.move(row.path, event.target.value === '' ? null : String(Number(event.target.value)), base)} />
    </div>
    <div class="ends"><span>${number(low)}</span><span>${row.unit === '1' || row.unit === '0..1' ? '' : row.unit}</span><span>${number(high)}</span></div>
    ${changed !== undefined && html`<button type="button" class="undo" onClick=${() => actions.move(row.path, null, base)}>back to ${number(base)}</button>`}
  </div>`;
}

function Row({ row }) {
  if (row.value !== null && row.date === null && row.text !== 'by the network') return html`<${Slider} row=${row} />`;
  return html`<div class="slider still">
    <div class="name"><span title=${row.path}>${shortName(row.path)} <span class="symbol">${row.symbol}</span></span>
      <span class=${`basis ${row.basis}`} title=${row.why || BASIS[row.basis]}>${BASIS[row.basis]}</span></div>
    <p class="meaning">${row.meaning}</p>
    <p class="series">${row.text}${row.date === null ? '' : ` from ${number(Math.floor(row.date))} on`}</p>
  </div>`;
}

/** The group under which a number stands: a mechanism, a state, or all pairs. */
function groupOf({ path, date }) {
  if (date !== null) return 'changes by date';
  const [first, second] = path.split('.');
  if (first === 'states') {
    const name = state.described.value?.states.find(({ code }) => code === second)?.name ?? second;
    return second === '*' ? 'all states' : name === second ? `state ${second}` : `${name} (${second})`;
  }
  if (first === 'pairs' || first === 'dyads') return second === '*' ? 'all pairs' : 'single pairs';
  return words(first);
}

function Sliders() {
  const world = state.described.value;
  if (!world) return null;
  const asked = search.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  if (asked.length) {
    // Every word must be somewhere; numbers that have all of them in their own name come first.
    const own = (row) => `${row.path} ${words(row.path)} ${row.symbol} ${groupOf(row)}`.toLowerCase();
    const has = (text) => asked.every((word) => text.includes(word));
    const named = world.parameters.filter((row) => has(own(row)));
    const meant = world.parameters.filter((row) => !named.includes(row) && has(`${own(row)} ${row.meaning.toLowerCase()}`));
    const found = [...named, ...meant];
    return html`<div class="found">
      <p role="status">${found.length} ${found.length === 1 ? 'number' : 'numbers'} found${found.length > MOST_FOUND ? `; the first ${MOST_FOUND} are shown` : ''}</p>
      ${found.slice(0, MOST_FOUND).map((row) => html`<div key=${row.path + row.date}><p class="where">${groupOf(row)}</p><${Row} row=${row} /></div>`)}
    </div>`;
  }
  const groups = new Map();
  for (const row of world.parameters) {
    const name = groupOf(row);
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  const toggle = (name) => {
    const next = new Set(openGroups.value);
    if (!next.delete(name)) next.add(name);
    openGroups.value = next;
  };
  return html`<div>${[...groups].map(([name, rows]) => {
    const open = openGroups.value.has(name);
    const moved = rows.filter((row) => state.world.value.set[row.path] !== undefined).length;
    return html`<section key=${name} class="group">
      <h3><button type="button" aria-expanded=${open} onClick=${() => toggle(name)}>${name}<span class="count">${moved ? `${moved} changed` : rows.length}</span></button></h3>
      ${open && rows.map((row) => html`<${Row} key=${row.path + row.date} row=${row} />`)}
    </section>`;
  })}</div>`;
}

function Switches() {
  const { mechanisms } = state.program.value.program;
  const off = state.described.value?.without ?? [];
  const open = openGroups.value.has('*switches');
  const toggle = () => {
    const next = new Set(openGroups.value);
    if (!next.delete('*switches')) next.add('*switches');
    openGroups.value = next;
  };
  const count = state.world.value.without.length;
  return html`<section class="group">
    <h3><button type="button" aria-expanded=${open} onClick=${toggle}>mechanisms<span class="count">${count ? `${count} off` : mechanisms.length}</span></button></h3>
    ${open && mechanisms.map(({ name, title, claim, off: without }) => html`<div key=${name} class="switch">
      <label title=${`Without it: ${without}`}><input type="checkbox" checked=${!off.includes(name) && !state.world.value.without.includes(name)} disabled=${off.includes(name)} onChange=${() => actions.toggle(name)} /> ${title}</label>
      <p class="meaning">${claim}${off.includes(name) ? ' Off in this scenario.' : ''}</p>
    </div>`)}
  </section>`;
}

export function Controls() {
  return html`<div class="controls">
    <${ScenarioChoice} />
    <label class="search">Find a number
      <input type="search" placeholder="name, symbol or meaning" value=${search.value} onInput=${(event) => { search.value = event.target.value; }} />
    </label>
    ${!search.value.trim() && html`<${Switches} />`}
    <${Sliders} />
  </div>`;
}

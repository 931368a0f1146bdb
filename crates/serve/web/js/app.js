// Puts the page together and starts it.
import { effect, html, render, signal } from './library.js';
import * as actions from './actions.js';
import * as engine from './engine.js';
import * as state from './state.js';
import { Chronicle, watchHistory } from './chronicle.js';
import { Controls } from './controls.js';
import { Curves, watchLines } from './curves.js';
import { Downloads } from './downloads.js';
import { Editor, watchEditor } from './editor.js';
import { Effects, watchEffects } from './effects.js';
import { Lessons, Step, guessing, watchLesson } from './lessons.js';
import { MapView, watchMap } from './map.js';
import { Outcomes } from './outcomes.js';
import { Plane, watchPlane } from './plane.js';
import { Portrait, watchPortrait } from './portrait.js';
import { change } from './format.js';

const TITLES = { outcomes: 'Outcomes', map: 'Map', portrait: 'Two states', sliders: 'Which slider matters', plane: 'Jervis plane', text: 'Scenario text', lessons: 'Lessons' };
const menu = signal(false);

function Worlds() {
  const describe = ({ scenario, set, without, edit }) => html`<strong>${scenario}</strong>${edit && html` <span class="chip">text edited from line ${edit.line}</span>`}${Object.entries(set).map(([path, value]) => html` <span class="chip">${change(path, value)}</span>`)}${without.map((name) => html` <span class="chip">without ${name.replaceAll('_', ' ')}</span>`)}`;
  const a = state.pinned.value ?? { scenario: state.world.value.scenario, set: {}, without: [] };
  if (!state.compared.value) return html`<p class="worlds">${describe(state.world.value)} as its file gives it. Move a slider, and the world it makes stands beside this one.</p>`;
  const chips = Object.entries(state.world.value.set).map(([path, value]) => {
    const base = state.described.value?.parameters.find((row) => row.path === path)?.value ?? null;
    return html` <button type="button" class="chip" title="Take this change back" onClick=${() => actions.move(path, null, base)}>${change(path, value)} <span aria-hidden="true">×</span></button>`;
  });
  const off = state.world.value.without.map((name) => html` <button type="button" class="chip" title="Switch it on again" onClick=${() => actions.toggle(name)}>without ${name.replaceAll('_', ' ')} <span aria-hidden="true">×</span></button>`);
  const edited = state.world.value.edit && html` <button type="button" class="chip" title="Take this change back" onClick=${() => actions.setEdit(null)}>text edited from line ${state.world.value.edit.line} <span aria-hidden="true">×</span></button>`;
  return html`<div class="worlds"><p><span class="key a"></span> A: ${describe(a)}${state.pinned.value ? html` <button type="button" class="link" onClick=${actions.unpin}>unpin</button>` : Object.keys(a.set).length ? '' : ' as its file gives it'}</p>
    <p><span class="key b"></span> B: <strong>${state.world.value.scenario}</strong>${edited}${chips}${off}</p></div>`;
}

function Progress() {
  const found = state.answer.value;
  if (state.problem.value) return html`<pre class="problem" role="alert">${state.problem.value}</pre>`;
  const text = state.stale.value ? 'On hold: press Run for the world as it stands now.' : state.running.value ? `${found?.key === state.key() ? `${found.histories} of ${found.of}` : 'first'} histories …` : found ? `${found.histories} histories` : '';
  return html`<p class="progress" role="status">${text}</p>`;
}

function App() {
  if (!state.program.value) return html`<main class="empty">${state.problem.value ? html`<pre class="problem" role="alert">${state.problem.value}</pre>` : html`<p class="waiting" role="status">Starting …</p>`}</main>`;
  const described = state.described.value;
  // A lesson has its own question, and shows no result before the reader has guessed.
  const [lesson, guess] = [state.lesson.value, guessing()];
  return html`<div class="frame">
    <a class="skip" href="#main" onClick=${(event) => { event.preventDefault(); document.querySelector('main').focus(); }}>To the results</a>
    <header>
      <h1>spiral <span>the security dilemma, simulated</span></h1>
      <nav aria-label="Views">${state.TABS.map((name) => html`<button key=${name} type="button" aria-current=${state.tab.value === name ? 'page' : null} onClick=${() => actions.show({ tab: name })}>${TITLES[name]}</button>`)}</nav>
      <button type="button" class="menu" aria-expanded=${menu.value} onClick=${() => { menu.value = !menu.value; }}>${menu.value ? 'Hide sliders' : 'Sliders'}</button>
    </header>
    <aside class=${menu.value ? 'open' : ''} aria-label="The world and its numbers"><h2 class="visually-hidden">The world and its numbers</h2><${Controls} /></aside>
    <main tabindex="-1" id="main" class=${state.running.value || state.stale.value ? 'busy' : ''}>
      ${state.remark.value && html`<p class="remark" role="alert">${state.remark.value} <button type="button" class="link" onClick=${() => { state.remark.value = null; }}>close</button></p>`}
      <${Step} />
      ${state.tab.value !== 'lessons' && html`${!lesson && html`<p class="question">${described?.question ?? ''}</p>`}<${Worlds} />`}
      ${state.tab.value !== 'lessons' && html`<${Progress} />`}
      ${state.tab.value === 'outcomes' && guess && html`<p class="waiting">The results stand here when you have guessed.</p>`}
      ${state.tab.value === 'outcomes' && !guess && html`<${Chronicle} /><${Outcomes} /><${Curves} /><${Downloads} />`}
      ${state.tab.value === 'map' && html`<${MapView} />`}
      ${state.tab.value === 'portrait' && html`<${Portrait} />`}
      ${state.tab.value === 'text' && html`<${Editor} />`}
      ${state.tab.value === 'sliders' && html`<${Effects} />`}
      ${state.tab.value === 'plane' && html`<${Plane} />`}
      ${state.tab.value === 'lessons' && html`<${Lessons} />`}
      <footer>spiral ${state.program.value.program.version}. Every number is simulated on this machine; nothing leaves it.</footer>
    </main>
  </div>`;
}

async function begin() {
  const root = document.getElementById('app');
  effect(() => render(html`<${App} />`, root));
  watchLines();
  watchHistory();
  watchEffects();
  watchPlane();
  watchMap();
  watchPortrait();
  watchEditor();
  watchLesson();
  try {
    state.program.value = await engine.start();
  } catch (error) {
    state.problem.value = error.message;
    return;
  }
  if (!state.follow(window.location.hash)) {
    const { a, b, seed, histories } = state.program.value.opening;
    const plain = (world) => ({ scenario: world.scenario, set: Object.fromEntries(world.set), without: world.without, edit: world.edit });
    if (seed !== null) state.seed.value = seed;
    if (histories !== null) state.histories.value = Math.min(histories, 16384);
    state.world.value = plain(b);
    state.pinned.value = a ? plain(a) : null;
  }
  state.rememberInPlace();
  window.addEventListener('popstate', () => {
    if (state.follow(window.location.hash)) {
      state.rememberInPlace();
      actions.describe();
      actions.run();
    }
  });
  actions.describe();
  actions.runNow();
}

begin();

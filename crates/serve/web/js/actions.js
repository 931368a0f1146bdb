// What a reader can do: every change of the page goes through here.
import { batch } from './library.js';
import * as engine from './engine.js';
import * as state from './state.js';

let work = null;
let waiting = 0;
/** A run without its first answer is left alone for so long, milliseconds: else a slider that is dragged fast would show nothing on its way. */
const PATIENCE = 1000;
/** When the present run began, and whether it has no answer yet. */
let young = { since: 0, silent: false };
let later = 0;

/** Simulates what is shown; whatever was under way is cancelled first. */
export async function runNow() {
  work?.abort();
  clearTimeout(later);
  cancelAnimationFrame(waiting);
  [later, waiting] = [0, 0];
  const mine = new AbortController();
  work = mine;
  young = { since: performance.now(), silent: true };
  const key = state.key();
  const request = { a: state.compared.value ? state.requestA.value : null, b: state.requestB.value, seed: state.seed.value, histories: state.histories.value };
  batch(() => {
    state.running.value = true;
    state.stale.value = false;
    state.problem.value = null;
  });
  try {
    await engine.run(request, mine.signal, (found) => {
      if (work !== mine) return;
      young.silent = false;
      batch(() => {
        state.answer.value = { ...found, key, a: request.a, b: request.b };
        // While a newer world waits, this answer says nothing about the link that was opened.
        if (key === state.key()) checkForeign(found);
      });
      if (found.histories === found.of) state.rememberResults();
      if (later) soon();
    });
  } catch (error) {
    if (error.name !== 'AbortError' && work === mine) state.problem.value = error.message;
  }
  if (work !== mine) return;
  young.silent = false;
  state.running.value = false;
  if (later) soon();
}

/** Compares the fingerprint of the link that was opened with that of the results. */
function checkForeign(found) {
  const link = state.foreign.value;
  if (!link || found.histories < Math.min(16, found.of)) return;
  const here = found.worlds.at(-1).fingerprint;
  const version = state.program.value.program.version;
  if (link.results !== here) {
    state.remark.value = `This link was made with spiral ${link.version}, whose histories of this world are other ones than those of this program (${version}). The numbers on this page are not those that the link was made for.`;
  } else if (link.version !== version) {
    state.remark.value = `This link was made with spiral ${link.version}; this program (${version}) simulates the same histories of this world.`;
  }
  state.foreign.value = null;
}

function soon() {
  clearTimeout(later);
  later = 0;
  cancelAnimationFrame(waiting);
  waiting = requestAnimationFrame(runNow);
}

/** Runs soon: at the next picture where the page is live, else when the reader asks for it. */
export function run() {
  if (!state.live.value) {
    state.stale.value = true;
    return;
  }
  const rest = young.silent ? young.since + PATIENCE - performance.now() : 0;
  if (rest <= 0) soon();
  else later ||= setTimeout(soon, rest);
}

/** Reads the numbers of the scenarios that are shown. */
export function describe() {
  describeA();
  return describeB();
}

async function describeA() {
  const pinned = state.pinned.value;
  if (!pinned || pinned.scenario === state.world.value.scenario) {
    state.describedA.value = null;
    return;
  }
  if (state.describedA.value?.key === pinned.scenario) return;
  try {
    const found = await engine.world({ scenario: pinned.scenario });
    if (state.pinned.value?.scenario === pinned.scenario) state.describedA.value = { ...found, key: pinned.scenario };
  } catch {
    // A world that cannot be read is told by its run; only the names of its states are missing here.
    state.describedA.value = null;
  }
}

async function describeB() {
  const { scenario, edit } = state.world.value;
  const key = JSON.stringify([scenario, edit ?? null]);
  if (state.described.value?.key === key) return;
  try {
    const found = await engine.world({ scenario, ...(edit ? { edit } : {}) });
    if (JSON.stringify([state.world.value.scenario, state.world.value.edit ?? null]) === key) state.described.value = { ...found, key };
  } catch (error) {
    batch(() => {
      state.described.value = null;
      state.problem.value = error.message;
    });
  }
}

export function choose(scenario) {
  batch(() => {
    state.world.value = { scenario, set: {}, without: [] };
    state.pinned.value = null;
    state.opened.value = null;
    state.listed.value = null;
    state.foreign.value = null;
    state.pair.value = null;
    state.date.value = null;
  });
  state.remember();
  describe();
  run();
}

/** Gives a number of world B another value; the value of the file takes the change back. `step`: whether the address follows, so that Back undoes it. */
export function move(path, text, base, step = true) {
  const set = { ...state.world.value.set };
  if (text === null || Number(text) === base) delete set[path];
  else set[path] = text;
  state.world.value = { ...state.world.value, set };
  state.opened.value = null;
  if (step) state.remember();
  run();
}

export function toggle(mechanism) {
  const { without } = state.world.value;
  const next = without.includes(mechanism) ? without.filter((name) => name !== mechanism) : [...without, mechanism];
  state.world.value = { ...state.world.value, without: next };
  state.remember();
  run();
}

export function reset() {
  state.world.value = { ...state.world.value, set: {}, without: [], edit: undefined };
  state.remember();
  describe();
  run();
}

/** Makes world B the one that later moves are compared with. */
export function pin() {
  state.pinned.value = state.world.value;
  state.remember();
  describe();
  run();
}

export function unpin() {
  state.pinned.value = null;
  state.remember();
  describe();
  run();
}

export function pinScenario(scenario) {
  state.pinned.value = { scenario, set: {}, without: [] };
  state.remember();
  describe();
  run();
}

export function setSample(seed, histories) {
  batch(() => {
    state.seed.value = seed;
    state.histories.value = histories;
  });
  state.remember();
  run();
}

/** Shows something else of the same results. */
export function show(change) {
  batch(() => Object.entries(change).forEach(([name, value]) => { state[name].value = value; }));
  state.remember();
}

/** Where the reader was before the chronicle of a history came into view. */
let place = null;

/** Opens the chronicle of a history, which stands above the results, and goes there. */
export function openHistory(opened) {
  place = { top: window.scrollY, element: document.activeElement };
  show({ opened });
  requestAnimationFrame(() => {
    const title = document.getElementById('chronicle-title');
    title?.closest('section').scrollIntoView();
    title?.focus({ preventScroll: true });
  });
}

/** Closes the chronicle, and goes back to where its history was chosen. */
export function closeHistory() {
  show({ opened: null });
  const back = place;
  place = null;
  if (back) requestAnimationFrame(() => {
    window.scrollTo(0, back.top);
    back.element?.focus({ preventScroll: true });
  });
}

/** Opens a link of the page itself, as a step of the browser's history. */
export function go(hash) {
  if (!state.follow(hash)) return;
  state.remember();
  describe();
  run();
}

export function setLive(live) {
  state.live.value = live;
  if (!live) {
    state.stale.value ||= later !== 0;
    clearTimeout(later);
    later = 0;
  }
  if (live && state.stale.value) run();
}

/** Gives several numbers of world B other values, in one step. */
export function moveAll(values) {
  state.world.value = { ...state.world.value, set: { ...state.world.value.set, ...values } };
  state.remember();
  run();
}

/** Gives world B another text. */
export function setEdit(edit) {
  state.world.value = { ...state.world.value, edit: edit ?? undefined };
  state.opened.value = null;
  state.remember();
  describe();
  run();
}

// What the page shows, and the link that holds all of it.
import { batch, computed, signal } from './library.js';

export const program = signal(null);
/** The description of the scenario of world B, without changes. */
export const described = signal(null);
/** World B, which the sliders move: scenario, changed numbers by path, mechanisms that are off, and a change of its text, if any. */
export const world = signal({ scenario: '', set: {}, without: [] });
/** The description of the scenario of world A, where it is another scenario than that of world B. */
export const describedA = signal(null);
/** World A where the user pinned one; else A is the scenario of B as its file gives it. */
export const pinned = signal(null);
export const seed = signal(1);
export const histories = signal(1000);
export const metric = signal('burden');
/** `fan` or `lines`. */
export const view = signal('fan');
/** One of `TABS`. */
export const tab = signal('outcomes');
/** The history whose chronicle is open: `{ side: 'a' | 'b', number }`. */
export const opened = signal(null);
/** Which histories are listed: a name of `listing.js`, or null. */
export const listed = signal(null);
/** Lesson and step, or null. */
export const lesson = signal(null);
/** The two states of the phase portrait, `FRA~GER`; null where the page chooses. */
export const pair = signal(null);
/** The date that the map shows; null is the first. */
export const date = signal(null);
export const live = signal(true);

/** Version and fingerprint of the link that was opened, until they were compared with those of this program. */
export const foreign = signal(null);
export const remark = signal(null);
export const problem = signal(null);
export const answer = signal(null);
export const running = signal(false);
/** Whether something was moved since the last run, while the page is on hold. */
export const stale = signal(false);

/** A world as the program is asked for it. */
export const request = ({ scenario, set, without, edit }) => ({ scenario, set: Object.entries(set).sort(([a], [b]) => (a < b ? -1 : 1)), without: [...without].sort(), ...(edit ? { edit } : {}) });
export const requestB = computed(() => request(world.value));
export const requestA = computed(() => (pinned.value ? request(pinned.value) : request({ scenario: world.value.scenario, set: {}, without: [] })));
export const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
export const compared = computed(() => !same(requestA.value, requestB.value));
/** How many things of B differ from the file. */
export const changes = computed(() => Object.keys(world.value.set).length + world.value.without.length + (world.value.edit ? 1 : 0));

const worldWords = (prefix, { scenario, set, without, edit }) => [
  [`${prefix}scenario`, scenario],
  ...Object.entries(set).sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, value]) => [`${prefix}set`, `${path}:${value}`]),
  ...[...without].sort().map((name) => [`${prefix}without`, name]),
  ...(edit ? [[`${prefix}edit`, `${edit.line},${edit.removed}${edit.text === null ? '' : `,${edit.text}`}`]] : []),
];

/** The link of what is shown, from `#` on. */
export function link() {
  const parts = worldWords('', world.value);
  if (pinned.value) parts.push(...worldWords('a.', pinned.value));
  parts.push(['seed', seed.value], ['n', histories.value]);
  parts.push(['metric', metric.value], ['view', view.value], ['tab', tab.value]);
  if (opened.value) parts.push(['history', `${opened.value.side}${opened.value.number}`]);
  if (tab.value === 'portrait' && pair.value) parts.push(['pair', pair.value]);
  if (tab.value === 'map' && date.value !== null) parts.push(['date', Number(date.value.toFixed(6))]);
  if (lesson.value) parts.push(['lesson', `${lesson.value.name}.${lesson.value.step}`]);
  if (program.value) parts.push(['version', program.value.program.version]);
  const known = answer.value?.worlds.at(-1);
  if (known && answer.value.key === key()) parts.push(['results', known.fingerprint]);
  return `#${new URLSearchParams(parts.map(([name, value]) => [name, String(value)]))}`;
}

/** What the results depend on. */
export const key = () => JSON.stringify([requestA.value, requestB.value, seed.value]);

function readWorld(parameters, prefix) {
  const set = {};
  for (const text of parameters.getAll(`${prefix}set`)) {
    const at = text.lastIndexOf(':');
    if (at > 0) set[text.slice(0, at)] = text.slice(at + 1);
  }
  const edit = /^(\d{1,6}),(\d{1,6})(?:,([\s\S]*))?$/.exec(parameters.get(`${prefix}edit`) ?? '');
  return {
    scenario: parameters.get(`${prefix}scenario`) ?? '',
    set,
    without: parameters.getAll(`${prefix}without`),
    edit: edit ? { line: Number(edit[1]), removed: Number(edit[2]), text: edit[3] ?? null } : undefined,
  };
}

/** The views of the page. */
export const TABS = ['outcomes', 'map', 'portrait', 'sliders', 'plane', 'text', 'lessons'];

const whole = (text, fallback) => (/^\d{1,15}$/.test(text ?? '') ? Number(text) : fallback);
const oneOf = (text, allowed) => (allowed.includes(text) ? text : allowed[0]);

/** Shows what a link says. Returns whether it names a world. */
export function follow(hash) {
  const parameters = new URLSearchParams(hash.replace(/^#/, ''));
  if (!parameters.get('scenario')) return false;
  batch(() => {
    world.value = readWorld(parameters, '');
    pinned.value = parameters.get('a.scenario') ? readWorld(parameters, 'a.') : null;
    seed.value = whole(parameters.get('seed'), 1);
    histories.value = Math.min(Math.max(whole(parameters.get('n'), 1000), 1), 16384);
    metric.value = oneOf(parameters.get('metric'), ['burden', 'arms', 'threat', 'mistrust']);
    view.value = oneOf(parameters.get('view'), ['fan', 'lines']);
    tab.value = oneOf(parameters.get('tab'), TABS);
    pair.value = /^[\w.-]{1,40}~[\w.-]{1,40}$/.test(parameters.get('pair') ?? '') ? parameters.get('pair') : null;
    date.value = Number.isFinite(Number.parseFloat(parameters.get('date'))) ? Number.parseFloat(parameters.get('date')) : null;
    const one = /^([ab])(\d{1,9})$/.exec(parameters.get('history') ?? '');
    opened.value = one ? { side: one[1], number: Number(one[2]) } : null;
    const step = /^([a-z0-9-]+)\.(\d)$/.exec(parameters.get('lesson') ?? '');
    lesson.value = step ? { name: step[1], step: Number(step[2]) } : null;
    foreign.value = parameters.get('results') ? { version: parameters.get('version') ?? '?', results: parameters.get('results') } : null;
    remark.value = null;
  });
  return true;
}

let written = '';
const bare = (link_) => link_.replace(/&results=\w+/, '');

/** Writes the link into the address as a new step of the browser's history, where it says something new. */
export function remember() {
  const now = link();
  if (bare(now) === written) return;
  window.history.pushState(null, '', now);
  written = bare(now);
}

/** Adds the fingerprint of the results to the link in the address, where that is the link of what is shown. */
export function rememberResults() {
  const now = link();
  if (bare(now) === written) window.history.replaceState(null, '', now);
}

/** Puts the link of what is shown in the place of the address, without a new step. */
export function rememberInPlace() {
  const now = link();
  window.history.replaceState(null, '', now);
  written = bare(now);
}

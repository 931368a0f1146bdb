// One history on a map: capitals as discs of the size of their arms, arcs for alliances, threats and wars, and a slider for the date. Worlds
// without capitals are drawn as a ring.
import { effect, html, signal, untracked } from './library.js';
import * as actions from './actions.js';
import * as engine from './engine.js';
import * as state from './state.js';
import { Picture, drawing } from './downloads.js';
import { number } from './format.js';
import { around, coasts, geoLines, path, together } from './projection.js';
import { ALLIANCE, THREAT, WAR } from './palette.js';

/** Width, height, room at the edge and largest disc of the drawing. A small screen gets a small drawing, whose letters stay large. */
const [WIDE, NARROW] = [[900, 560, 70, 34], [480, 440, 44, 24]];
const screen_ = window.matchMedia('(max-width: 820px)');
const size = signal(screen_.matches ? NARROW : WIDE);
screen_.addEventListener('change', () => { size.value = screen_.matches ? NARROW : WIDE; });
/** Threats below this part of the largest one are not drawn. */
const FAINTEST = 0.06;
const STEP = 700;
const network = signal(null);
const told = signal(null);
const land = signal([]);
const borders = signal({ name: '', lines: [] });
const playing = signal(false);
const asTable = signal(false);
/** Whether all states are shown in their places, though most of them then stand in a heap. */
const whole = signal(false);
let asking = null;
let clock = 0;

/** The history that the map shows. */
const shown = () => state.opened.value ?? { side: 'b', number: 0 };

/** Fetches the history that the map shows, whenever it shows another one. */
export function watchMap() {
  watchDate();
  effect(() => {
    const open = state.tab.value === 'map';
    const { side, number: history } = shown();
    const world = side === 'a' && state.compared.value ? state.requestA.value : state.requestB.value;
    const request = { world, seed: state.seed.value, history };
    const ready = Boolean(state.program.value) && world.scenario !== '';
    untracked(() => {
      if (!open || !ready) {
        stop();
        return;
      }
      const key = JSON.stringify(request);
      if (network.value?.key === key) return;
      asking?.abort();
      asking = new AbortController();
      Promise.all([engine.network(request, asking.signal), engine.history(request, asking.signal)]).then(
        ([found, history_]) => {
          network.value = { ...found, key };
          told.value = history_;
        },
        (error) => { if (error.name !== 'AbortError') state.problem.value = error.message; },
      );
      if (!land.value.length) fetch('vendor/land-110m.json').then((file) => file.json()).then((file) => { land.value = coasts(file); }, () => {});
    });
  });
}

/** Keeps the entry of the date that the map shows in view, inside the list of the chronicle. */
function follow() {
  const list = document.querySelector('.mapped .entries');
  const entry = list?.querySelector('.now') ?? [...(list?.querySelectorAll('li:not(.later)') ?? [])].at(-1);
  if (entry) list.scrollTop = entry.getBoundingClientRect().top - list.getBoundingClientRect().top + list.scrollTop - 60;
}

/** Follows the date of the map, also when the chronicle comes after it. */
function watchDate() {
  effect(() => {
    const open = state.tab.value === 'map' && told.value !== null && network.value !== null;
    if (open && state.date.value !== null) requestAnimationFrame(follow);
  });
}

function stop() {
  clearInterval(clock);
  playing.value = false;
}

/** The position among the dates that the map shows. */
function position(found) {
  const asked = state.date.value;
  const at = asked === null ? 0 : found.dates.findLastIndex((date) => date <= asked + 1e-6);
  return Math.min(Math.max(at, 0), found.dates.length - 1);
}

const go = (found, at) => { state.date.value = found.dates[at]; };

function play(found) {
  if (playing.value) {
    stop();
    state.rememberInPlace();
    return;
  }
  if (position(found) === found.dates.length - 1) go(found, 0);
  playing.value = true;
  clock = setInterval(() => {
    const at = position(found);
    if (at >= found.dates.length - 1 || network.value !== found) {
      stop();
      state.rememberInPlace();
    } else go(found, at + 1);
  }, STEP);
}

/** Whether most states lie together and few far away: then the map shows the part where most of them lie. */
const isHeap = (states) => states.every(({ capital }) => capital) && together(states.map(({ capital }) => capital)).length < states.length;

/** Where each state stands, and how the coasts are drawn. States beyond the edge of the map stand at the edge, and are `far`. */
function places(states) {
  const [width, height, room] = size.value;
  if (states.every(({ capital }) => capital)) {
    const capitals = states.map(({ capital }) => capital);
    const projection = around(whole.value ? capitals : together(capitals), width, height, room);
    const inside = (value, side, edge) => Math.min(Math.max(value, edge), side - edge);
    const points = capitals.map((capital) => {
      const [x, y] = projection.project(capital);
      const [nearX, nearY] = [inside(x, width, room * 0.7), inside(y, height, room * 0.7)];
      return Object.assign([nearX, nearY], { far: Math.hypot(x - nearX, y - nearY) > room });
    });
    return { points, projection };
  }
  const angle = (at) => (2 * Math.PI * at) / states.length - Math.PI / 2 - (states.length === 2 ? Math.PI / 2 : 0);
  const radius = height / 2 - room;
  return { points: states.map((_, at) => [width / 2 + radius * Math.cos(angle(at)), height / 2 + radius * Math.sin(angle(at))]), projection: null };
}

/** A curve from one point to another, bent to the right, that ends where the discs begin. */
function arc([x, y], [toX, toY], bend, from, to) {
  const [dx, dy] = [toX - x, toY - y];
  const length = Math.hypot(dx, dy) || 1;
  const [midX, midY] = [(x + toX) / 2 - dy * bend, (y + toY) / 2 + dx * bend];
  const shift = (ax, ay, bx, by, by_) => {
    const long = Math.hypot(bx - ax, by - ay) || 1;
    return [ax + ((bx - ax) / long) * Math.min(by_, length / 2.2), ay + ((by - ay) / long) * Math.min(by_, length / 2.2)];
  };
  const [startX, startY] = shift(x, y, midX, midY, from);
  const [endX, endY] = shift(toX, toY, midX, midY, to);
  return `M${startX.toFixed(1)},${startY.toFixed(1)}Q${midX.toFixed(1)},${midY.toFixed(1)} ${endX.toFixed(1)},${endY.toFixed(1)}`;
}

/** Whether the label of a state needs room for its remark. */
const anchored = ({ far }) => (far ? 1 : 0);

const most = (lists) => Math.max(1e-9, ...lists.flat().filter((value) => value !== null));

/** What the map shows, in words. */
function inWords(found, at, when) {
  const name = (code) => found.states[code].name;
  const pairs = (test) => found.pairs.filter(test).map(({ a, b }) => `${name(a)} and ${name(b)}`);
  const alive = found.states.filter(({ arms }) => arms[at] !== null);
  const strongest = [...alive].sort((one, other) => other.arms[at] - one.arms[at]).slice(0, 3).map((one) => one.name);
  const threats = found.pairs.flatMap(({ a, b, threat_a: ofA, threat_b: ofB }) => [[a, b, ofA[at]], [b, a, ofB[at]]]).filter(([, , value]) => value > 0);
  const largest = threats.sort((one, other) => other[2] - one[2])[0];
  const list = (items, none) => (items.length === 0 ? none : items.length > 6 ? `${items.slice(0, 6).join('; ')} and ${items.length - 6} more pairs` : items.join('; '));
  return `${when}. Most arms: ${strongest.join(', ')}. ${largest ? `The largest threat: ${name(largest[0])} fears ${name(largest[1])}. ` : ''}Allied: ${list(pairs(({ allied }) => allied[at]), 'nobody')}. At war: ${list(pairs(({ war }) => war[at]), 'nobody')}.`;
}

function Table({ found, at }) {
  const others = (position_, test) => found.pairs.filter((pair) => test(pair) && (pair.a === position_ || pair.b === position_)).map(({ a, b }) => found.states[a === position_ ? b : a].code).join(' ') || '–';
  return html`<div class="scroll" tabindex="0" role="region" aria-label="The states on this date"><table class="values"><thead><tr><th scope="col">State</th><th scope="col">Arms</th><th scope="col">Threat felt</th><th scope="col">Allied with</th><th scope="col">At war with</th></tr></thead>
    <tbody>${found.states.map((one, place) => html`<tr key=${one.code}><th scope="row">${one.name}</th><td>${number(one.arms[at])}</td><td>${number(one.threat[at])}</td><td>${others(place, ({ allied }) => allied[at])}</td><td>${others(place, ({ war }) => war[at])}</td></tr>`)}</tbody></table></div>`;
}

function Drawing({ found, at, label }) {
  const [width, height, , largest_] = size.value;
  const { points, projection } = places(found.states);
  const mostArms = most(found.states.map(({ arms }) => arms));
  const mostThreat = most(found.pairs.flatMap((pair) => [pair.threat_a, pair.threat_b]));
  const radius = (one) => (one.arms[at] === null ? 0 : Math.max(3, largest_ * Math.sqrt(one.arms[at] / mostArms)));
  const radii = found.states.map(radius);
  const threats = found.pairs.flatMap(({ a, b, threat_a: ofA, threat_b: ofB }) => [[b, a, ofA[at]], [a, b, ofB[at]]]).filter(([, , value]) => value !== null && value / mostThreat > FAINTEST);
  return html`<svg class="map" viewBox="0 0 ${width} ${height}" role="img" aria-label=${label} xmlns="http://www.w3.org/2000/svg" font-family="system-ui, sans-serif">
    <defs><clipPath id="map-frame"><rect width=${width} height=${height} rx="6" /></clipPath>
      <marker id="map-arrow" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto"><path d="M0,0L8,4L0,8Z" fill=${THREAT} /></marker></defs>
    <g clip-path="url(#map-frame)">
      <rect width=${width} height=${height} fill=${projection ? '#eaf1f5' : '#fafaf8'} />
      ${projection && html`<path d=${path(land.value, projection, width, height)} fill="#fbfaf6" stroke="#b9b4a6" stroke-width="0.8" fill-rule="evenodd" />`}
      ${projection && borders.value.lines.length && html`<path d=${path(borders.value.lines, projection, width, height)} fill="none" stroke="#a49c86" stroke-width="0.8" />`}
      ${threats.map(([from, to, value]) => html`<path key=${`t${from}-${to}`} d=${arc(points[from], points[to], 0.13, radii[from], radii[to] + 3)} fill="none" stroke=${THREAT} stroke-width=${(0.8 + 5 * (value / mostThreat)).toFixed(2)} stroke-opacity="0.75" marker-end="url(#map-arrow)" />`)}
      ${found.pairs.filter(({ allied }) => allied[at]).map(({ a, b }) => html`<path key=${`l${a}-${b}`} d=${arc(points[a], points[b], 0, radii[a], radii[b])} fill="none" stroke=${ALLIANCE} stroke-width="3.2" />`)}
      ${found.pairs.filter(({ war }) => war[at]).map(({ a, b }) => html`<path key=${`w${a}-${b}`} d=${arc(points[a], points[b], -0.1, radii[a], radii[b])} fill="none" stroke=${WAR} stroke-width="4.5" stroke-dasharray="9 5" />`)}
      ${found.states.map((one, place) => html`<g key=${one.code}>
        ${radii[place] > 0 && html`<circle cx=${points[place][0]} cy=${points[place][1]} r=${radii[place].toFixed(1)} fill=${points[place].far ? '#fff' : one.great_power ? '#4d4d4d' : '#9a9a9a'} fill-opacity="0.82" stroke=${points[place].far ? '#4d4d4d' : '#fff'} stroke-width="1.5" stroke-dasharray=${points[place].far ? '4 3' : null} />`}
        <text x=${Math.min(Math.max(points[place][0], 6 + anchored(points[place]) * 32), width - 6 - anchored(points[place]) * 32)} y=${points[place][1] + radii[place] + 14} text-anchor="middle" font-size="14" font-weight="600" fill=${radii[place] > 0 ? '#111' : '#777'} stroke="#fff" stroke-width="3.5" paint-order="stroke">${one.code}${points[place].far ? ' (far)' : ''}${radii[place] > 0 ? '' : ' †'}</text>
      </g>`)}
    </g></svg>`;
}

/** Takes a GeoJSON file of the reader, which stays in the browser. */
async function take(file) {
  if (!file) return;
  try {
    const lines = geoLines(JSON.parse(await file.text()));
    borders.value = { name: lines.length ? `${file.name}: ${lines.length} lines` : `${file.name} has no lines that a map can show`, lines };
  } catch {
    borders.value = { name: `${file.name} is no GeoJSON`, lines: [] };
  }
}

export function MapView() {
  const found = network.value;
  const { side, number: history } = shown();
  if (!found || found.history !== history) return html`<section aria-labelledby="map-title"><h2 id="map-title">Map and network</h2><p class="waiting" role="status">This history is being simulated …</p></section>`;
  const at = position(found);
  const date = found.dates[at];
  const next = found.dates[at + 1] ?? Infinity;
  const calendar = found.dates[0] >= 1000;
  const when = `${calendar ? '' : 'Year '}${Number.isInteger(date) || next - date > 0.9 ? Math.floor(date + 1e-6) : number(date)}`;
  const label = inWords(found, at, when);
  const entries = told.value?.history === history ? told.value.chronicle : [];
  const placed = found.states.every(({ capital }) => capital);
  const open = (change) => actions.show({ opened: { side, number: history, ...change } });
  return html`<section aria-labelledby="map-title">
    <div class="bar"><h2 id="map-title">Map and network: history ${history}${state.compared.value ? ` of world ${side.toUpperCase()}` : ''}</h2>
      <div class="choices">
        ${state.compared.value && html`<button type="button" onClick=${() => open({ side: side === 'a' ? 'b' : 'a' })}>The same chance in world ${side === 'a' ? 'B' : 'A'}</button>`}
        <button type="button" onClick=${() => open({ number: Math.max(history - 1, 0) })} disabled=${history === 0}>Previous</button>
        <button type="button" onClick=${() => open({ number: history + 1 })}>Next</button>
        <button type="button" onClick=${() => actions.show({ tab: 'outcomes', opened: { side, number: history } })}>Read its chronicle</button>
      </div></div>
    <p class="note">Discs: arms, by area; dark: great powers. <span class="nobreak"><span class="arc alliance"></span> allies.</span> <span class="nobreak"><span class="arc threat"></span> threat:</span> the arrow points at the state that fears. <span class="nobreak"><span class="arc war"></span> war.</span> ${placed && !whole.value && isHeap(found.states) ? 'States at the edge lie farther away. ' : ''}${placed ? 'Coasts are those of today, and there are no borders: they changed.' : 'This world has no map; its states stand in a ring.'}</p>
    <div class="scrub"><button type="button" class="primary" onClick=${() => play(found)} aria-pressed=${playing.value}>${playing.value ? 'Pause' : 'Play'}</button>
      <label for="map-date" class="visually-hidden">Date</label><input id="map-date" type="range" min="0" max=${found.dates.length - 1} step="1" value=${at} aria-valuetext=${when} onInput=${(event) => go(found, Number(event.target.value))} onChange=${() => state.rememberInPlace()} />
      <output for="map-date">${when}</output></div>
    <div class="mapped"><div><${Drawing} found=${found} at=${at} label=${label} />
      <p class="note" aria-live=${playing.value ? 'off' : 'polite'}>${label}</p>
      <div class="choices wrap"><button type="button" aria-pressed=${asTable.value} onClick=${() => { asTable.value = !asTable.value; }}>Table</button>
        <${Picture} name="map" title="Figure" draw=${() => drawing('.map')} />
        ${isHeap(found.states) && html`<button type="button" aria-pressed=${whole.value} onClick=${() => { whole.value = !whole.value; }}>All in their places</button>`}
        ${placed && html`<label class="file">Your own borders (GeoJSON) <input type="file" accept=".geojson,.json,application/geo+json" onChange=${(event) => take(event.target.files[0])} /></label>`}<span role="status" class="note">${borders.value.name}</span></div>
      ${asTable.value && html`<${Table} found=${found} at=${at} />`}</div>
      <ol class="entries" tabindex="0" aria-label="Chronicle">${entries.map((entry) => {
    const now = entry.date >= date - 1e-6 && entry.date < next;
    return html`<li key=${entry.date + entry.text} class=${now ? 'now' : entry.date > date ? 'later' : ''}><button type="button" class="link" aria-current=${now ? 'date' : null} onClick=${() => { state.date.value = entry.date; state.rememberInPlace(); }}><time>${entry.when}</time> ${entry.text}</button></li>`;
  })}</ol></div>
  </section>`;
}

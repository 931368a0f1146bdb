// What comes of the worlds: a table of outcomes with intervals and differences, and the histories behind each of them.
import { html } from './library.js';
import * as actions from './actions.js';
import * as state from './state.js';
import { Interval } from './charts.js';
import { MOTIVES } from './palette.js';
import { number } from './format.js';

const yes = (value) => value !== null;

/** The rows of the table: measure, shorter label, and which histories stand behind it. */
export const ROWS = [
  { name: 'war', label: 'A war', behind: (row) => yes(row.war) },
  { name: 'general_war', label: 'A general war', behind: (row) => yes(row.general_war) },
  { name: 'preemption', label: 'by preemption: fear', motive: true, behind: (row) => row.motive === 'preemption' },
  { name: 'prevention', label: 'by prevention: a closing window', motive: true, behind: (row) => row.motive === 'prevention' },
  { name: 'predation', label: 'by predation: greed or a claim', motive: true, behind: (row) => row.motive === 'predation' },
  { name: 'accident', label: 'by accident', motive: true, behind: (row) => row.motive === 'accident' },
  { name: 'great_powers_30d', label: 'Great powers in it on day 30', behind: (row) => yes(row.war) },
  { name: 'days_crisis_to_war', label: 'Days from crisis to first strike', behind: (row) => yes(row.days) },
  { name: 'days_crisis_to_general_war', label: 'Days from crisis to general war', behind: (row) => yes(row.general_war) },
  { name: 'median_general_war', label: 'Date of the general war', behind: (row) => yes(row.general_war) },
  { name: 'peak_burden', label: 'Largest burden before a war', behind: () => true },
  { name: 'crises', label: 'Crises', behind: () => true },
  { name: 'entrapments', label: 'Allies drawn into a war', behind: (row) => yes(row.war) },
];

const find = (world, name) => [...(world?.measures ?? []), ...(world?.motives ?? [])].find((measure) => measure.name === name);

/** The scale of a row: a share goes from 0 to 1, others from the least to the most of their intervals, with room. */
function scale(estimates) {
  if (estimates[0]?.unit === 'share' && estimates.every((one) => (one?.upper ?? 0) > 0.15 || estimates[0].name !== 'peak_burden')) return [0, 1];
  const ends = estimates.filter(Boolean).flatMap(({ estimate, lower, upper }) => [estimate, lower, upper]).filter((end) => end !== null);
  if (!ends.length) return [0, 1];
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const room = (high - low || Math.abs(high) || 1) * 0.25;
  return [low >= 0 && low - room < 0 ? 0 : low - room, high + room];
}

/** An estimate with its interval, which may stand on a line of its own. */
function Text({ text }) {
  const at = text.indexOf(' [');
  return at < 0 ? text : html`<span class="point">${text.slice(0, at)}</span> <span class="ends-of">${text.slice(at + 1)}</span>`;
}

/** Whether an interval of a difference excludes zero. */
const clear = (difference) => difference && ((difference.lower ?? 0) > 0 || (difference.upper ?? 0) < 0);

export function Outcomes() {
  const { answer } = state;
  const found = answer.value;
  if (!found) return html`<p class="waiting" role="status">The first histories are being simulated …</p>`;
  const b = found.worlds.at(-1);
  const a = found.worlds.length > 1 ? found.worlds[0] : null;
  return html`<section aria-labelledby="outcomes-title">
    <h2 id="outcomes-title">Outcomes</h2>
    <p class="note">95 % intervals over ${found.histories} histories of each world${found.histories < found.of ? `, of ${found.of} that are on the way` : ''}.${a ? ' Both worlds meet the same chance: differences are paired history by history.' : ''} Days and dates are medians; crises and allies are means of a history. Click an outcome for the histories behind it.</p>
    <div class="scroll" tabindex="0" role="region" aria-label="Table of outcomes">
    <table class="outcomes">
      <thead><tr>
        <th scope="col">Outcome</th>
        <th scope="col" class="plot"><span class="visually-hidden">Interval</span></th>
        ${a && html`<th scope="col"><span class="key a"></span> A</th>`}
        <th scope="col"><span class="key b"></span> ${a ? 'B' : 'Estimate'}</th>
        ${a && html`<th scope="col">B less A</th>`}
      </tr></thead>
      <tbody>
        ${ROWS.map((row) => {
    const [of_a, of_b] = [find(a, row.name), find(b, row.name)];
    if (!of_b) return null;
    const difference = found.contrast.find((measure) => measure.name === row.name);
    const nothing = of_b.estimate === null && (!of_a || of_a.estimate === null);
    const heading = row.name === 'preemption' ? html`<tr class="heading"><th scope="rowgroup" colspan=${a ? 5 : 3}>First war begun</th></tr>` : '';
    return html`${heading}<tr key=${row.name} class=${row.motive ? 'motive' : ''}>
            <th scope="row"><button type="button" class="link" disabled=${nothing} aria-expanded=${state.listed.value === row.name} onClick=${() => actions.show({ listed: state.listed.value === row.name ? null : row.name })} title=${of_b.label}>${row.motive && html`<span class="motive-key" style=${{ background: MOTIVES[row.name] }}></span>`}${row.label}</button></th>
            <td class="plot"><${Interval} a=${of_a} b=${of_b} scale=${scale([of_b, of_a].filter(Boolean))} /></td>
            ${a && html`<td class="of-a"><${Text} text=${of_a?.text ?? '–'} /></td>`}
            <td class="of-b"><${Text} text=${of_b.text} /></td>
            ${a && html`<td class=${clear(difference) ? 'clear' : 'unclear'}><${Text} text=${difference?.text ?? '–'} /></td>`}
          </tr>`;
  })}
      </tbody>
    </table>
    </div>
    <${Behind} a=${a} b=${b} found=${found} />
  </section>`;
}

/** When the third great power came in. */
function after({ war, general_war: general }) {
  const days = Math.round((general - war) * 365.25);
  return days === 0 ? 'on the same day' : `after ${days} ${days === 1 ? 'day' : 'days'}`;
}

/** Histories that are listed at once. */
const MOST_LISTED = 12;

function Behind({ a, b, found }) {
  const row = ROWS.find(({ name }) => name === state.listed.value);
  if (!row) return null;
  if (found.histories < found.of) return html`<p class="note" role="status">The histories are listed when all of them are there.</p>`;
  const side = (world, letter) => {
    const all = world.rows.filter(row.behind);
    return html`<div class="behind">
      <h3>${letter ? `World ${letter.toUpperCase()}: ` : ''}${all.length} of ${world.rows.length} histories</h3>
      <ol class="histories">${all.slice(0, MOST_LISTED).map((one) => html`<li key=${one.history}>
        <button type="button" onClick=${() => actions.show({ opened: { side: letter || 'b', number: one.history } })}>
          <strong>history ${one.history}</strong> ${one.war === null ? 'no war' : `war ${number(Math.floor(one.war))}: ${one.initiator} strikes ${one.target}, ${one.motive}`}${one.general_war === null ? '' : `; general war ${after(one)}`}
        </button></li>`)}</ol>
      ${all.length > MOST_LISTED && html`<p class="note">The first ${MOST_LISTED} are listed; the download has all.</p>`}
    </div>`;
  };
  return html`<div class="lists" aria-live="polite"><h3 class="visually-hidden">${row.label}</h3>${a && side(a, 'a')}${side(b, a ? 'b' : '')}</div>`;
}

// What comes of the worlds: a table of outcomes with intervals and differences, and the histories behind each of them.
import { html } from './library.js';
import * as actions from './actions.js';
import * as state from './state.js';
import { Interval } from './charts.js';
import { MOTIVES, WORLD_A, WORLD_B } from './palette.js';
import { escaped, number, stateName } from './format.js';

const yes = (value) => value !== null;

/** The rows of the table: measure, shorter label, which histories stand behind it, and how many great powers or states it needs. */
const ROWS = [
  { name: 'war', label: 'A war', behind: (row) => yes(row.war) },
  { name: 'general_war', label: 'A general war', great: 3, behind: (row) => yes(row.general_war) },
  { name: 'preemption', label: 'by preemption: fear', motive: true, behind: (row) => row.motive === 'preemption' },
  { name: 'prevention', label: 'by prevention: a closing window', motive: true, behind: (row) => row.motive === 'prevention' },
  { name: 'predation', label: 'by predation: to gain something', motive: true, behind: (row) => row.motive === 'predation' },
  { name: 'accident', label: 'by accident', motive: true, behind: (row) => row.motive === 'accident' },
  { name: 'great_powers_30d', label: 'Great powers in it on day 30', behind: (row) => yes(row.war) },
  { name: 'days_crisis_to_war', label: 'Days from crisis to first strike', behind: (row) => yes(row.days) },
  { name: 'days_crisis_to_general_war', label: 'Days from crisis to general war', great: 3, behind: (row) => yes(row.general_war) },
  { name: 'median_general_war', label: 'Date of the general war', great: 3, behind: (row) => yes(row.general_war) },
  { name: 'peak_burden', label: 'Largest burden before a war', behind: () => true },
  { name: 'crises', label: 'Crises', behind: () => true },
  { name: 'entrapments', label: 'Allies drawn into a war', states: 3, behind: (row) => yes(row.war) },
];

const find = (world, name) => [...(world?.measures ?? []), ...(world?.motives ?? [])].find((measure) => measure.name === name);

/** The scale of a row: a share goes from 0 to 1, a date over the years of the worlds, all else from 0 to a little more than the most. */
function scale(estimates, years) {
  const { name, unit } = estimates[0];
  if (unit === 'share' && name !== 'peak_burden') return [0, 1];
  if (unit === 'year') return years;
  const most = Math.max(...estimates.flatMap(({ estimate, upper }) => [estimate ?? 0, upper ?? 0]));
  return [0, 1.1 * most || 1];
}

/** World A, if there is one, and world B. */
const bothOf = ({ worlds }) => [worlds.length > 1 ? worlds[0] : null, worlds.at(-1)];
/** First and last date of worlds. */
const yearsOf = (worlds) => {
  const dates = worlds.map(({ curves }) => curves.dates);
  return [Math.min(...dates.map((list) => list[0])), Math.max(...dates.map((list) => list.at(-1)))];
};
/** Great powers and states of a world: what is possible there. */
const greatPowers = (world) => world.great_powers_30d.length - 1;
const statesOf = (world) => Object.keys(world.curves.states).filter((code) => code !== '*').length;

/** The rows of the table for these worlds, with the estimates of each and their difference. */
function estimates(found) {
  const [a, b] = bothOf(found);
  const [great, states] = [Math.max(...found.worlds.map(greatPowers)), Math.max(...found.worlds.map(statesOf))];
  return ROWS.filter((row) => great >= (row.great ?? 0) && states >= (row.states ?? 0))
    .map((row) => ({ row, of_a: find(a, row.name), of_b: find(b, row.name), difference: found.contrast.find(({ name }) => name === row.name) }))
    .filter(({ of_b }) => of_b);
}

/** The table of outcomes and that of first strikes as one picture. */
export function outcomesSvg(found) {
  const [a, b] = bothOf(found);
  const years = yearsOf(found.worlds);
  const lines = [
    ...estimates(found).map(({ row, of_a, of_b, difference }) => ({ label: row.motive ? `First war ${row.label}` : row.label, of_a, of_b, difference, scale: scale([of_b, of_a].filter(Boolean), years) })),
    ...firstStrikes(found).map(({ from, to, of_a, of_b }) => ({ label: `First strike: ${named(from)} on ${named(to)}`, of_a, of_b, scale: [0, 1] })),
  ];
  const [left, plot, column, step, top] = [340, 220, 178, 24, 62];
  const columns = [left + plot + 24, left + plot + 24 + column, left + plot + 24 + 2 * column];
  const [width, height] = [a ? columns[2] + column : columns[1], top + lines.length * step + 14];
  const head = (text, at) => `<text x="${at}" y="${top - 14}" font-size="12" fill="#555">${escaped(text)}</text>`;
  const one = (estimate, colour, y, hollow, x) => (estimate?.estimate === null || estimate === undefined ? '' : `${estimate.lower !== null && estimate.upper !== null ? `<line x1="${x(estimate.lower)}" x2="${x(estimate.upper)}" y1="${y}" y2="${y}" stroke="${colour}" stroke-width="3" stroke-opacity="0.45"/>` : ''}<circle cx="${x(estimate.estimate)}" cy="${y}" r="4" fill="${hollow ? '#fff' : colour}" stroke="${colour}" stroke-width="1.6"/>`);
  const body = lines.map(({ label, of_a, of_b, difference, scale: [low, high] }, at) => {
    const y = top + at * step;
    const x = (value) => (left + 6 + (Math.min(Math.max(value - low, 0), high - low) / (high - low || 1)) * (plot - 12)).toFixed(1);
    const text = (value, place, colour) => `<text x="${columns[place]}" y="${y + 4}" font-size="12" fill="${colour}">${escaped(value ?? '–')}</text>`;
    return `<line x1="${left}" x2="${left + plot}" y1="${y}" y2="${y}" stroke="#e4e4e4"/><text x="8" y="${y + 4}" font-size="13" fill="#222">${escaped(label)}</text>${a ? one(of_a, WORLD_A, y - 4, true, x) : ''}${one(of_b, WORLD_B, a ? y + 4 : y, false, x)}${a ? text(of_a?.text, 0, '#444') + text(of_b?.text, 1, WORLD_B) + text(difference?.text, 2, '#222') : text(of_b?.text, 0, WORLD_B)}`;
  });
  const title = `<text x="8" y="20" font-size="13" fill="#222">${escaped(found.command)}</text>`;
  const heads = a ? head('○ A', columns[0]) + head('● B', columns[1]) + head('B less A', columns[2]) : head('Estimate', columns[0]);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif"><rect width="100%" height="100%" fill="#fff"/>${title}<text x="8" y="${top - 14}" font-size="12" fill="#555">95 % intervals, ${found.histories} histories</text>${heads}${body.join('')}</svg>`;
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
  const years = yearsOf(found.worlds);
  const states = Math.max(...found.worlds.map(statesOf));
  const apart = a && a.curves.dates[0] !== b.curves.dates[0];
  return html`<section aria-labelledby="outcomes-title">
    <h2 id="outcomes-title">Outcomes</h2>
    <p class="note">95 % intervals over ${found.histories} histories of each world${found.histories < found.of ? `, of ${found.of} that are on the way` : ''}.${a ? ' Both worlds meet the same chance: differences are paired history by history.' : ''} Days and dates are medians; crises${states >= 3 ? ' and allies' : ''} are means of a history.${apart ? ' The worlds begin at different dates, so the difference of dates counts the years from the beginning of each world.' : ''} Click an outcome for the histories behind it.</p>
    <div class="scroll" tabindex="0" role="region" aria-label="Table of outcomes">
    <table class=${`outcomes${a ? ' compared' : ''}`}>
      <thead><tr>
        <th scope="col">Outcome</th>
        <th scope="col" class="plot"><span class="visually-hidden">Interval</span></th>
        ${a && html`<th scope="col"><span class="key a"></span> A</th>`}
        <th scope="col"><span class="key b"></span> ${a ? 'B' : 'Estimate'}</th>
        ${a && html`<th scope="col">B less A</th>`}
      </tr></thead>
      <tbody>
        ${estimates(found).map(({ row, of_a, of_b, difference }) => {
    const nothing = of_b.estimate === null && (!of_a || of_a.estimate === null);
    const heading = row.name === 'preemption' ? html`<tr class="heading"><th scope="rowgroup" colspan=${a ? 5 : 3}>First war begun</th></tr>` : '';
    return html`${heading}<tr key=${row.name} class=${row.motive ? 'motive' : ''}>
            <th scope="row"><button type="button" class="link" disabled=${nothing} aria-expanded=${state.listed.value === row.name} onClick=${() => actions.show({ listed: state.listed.value === row.name ? null : row.name })} title=${of_b.label}>${row.motive && html`<span class="motive-key" style=${{ background: MOTIVES[row.name] }}></span>`}${row.label}</button></th>
            <td class="plot"><${Interval} a=${of_a} b=${of_b} scale=${scale([of_b, of_a].filter(Boolean), years)} /></td>
            ${a && html`<td class="of-a"><${Text} text=${of_a?.text ?? '–'} /></td>`}
            <td class="of-b"><${Text} text=${of_b.text} /></td>
            ${a && html`<td class=${clear(difference) ? 'clear' : 'unclear'}><${Text} text=${difference?.text ?? '–'} /></td>`}
          </tr>`;
  })}
      </tbody>
    </table>
    </div>
    ${!state.listed.value?.includes('>') && html`<${Behind} a=${a} b=${b} found=${found} />`}
    <${FirstStrikes} a=${a} b=${b} found=${found} />
  </section>`;
}

/** The name of a state by its code. */
function named(code) {
  const one = [...(state.described.value?.states ?? []), ...(state.describedA.value?.states ?? [])].find((known) => known.code === code);
  return one ? stateName(one.name) : code;
}

/** Pairs of states that the table of first strikes shows. */
const MOST_PAIRS = 6;

/** The pairs that most often begin the first war in one of the worlds, with their shares. */
function firstStrikes(found) {
  const most = new Map();
  found.worlds.forEach((world) => world.first_pairs.forEach(({ name, estimate }) => most.set(name, Math.max(most.get(name) ?? 0, estimate))));
  const names = [...most].sort(([, one], [, other]) => other - one).slice(0, MOST_PAIRS).map(([name]) => name);
  return names.map((name) => {
    const [from, to] = name.split(' → ');
    const [of_a, of_b] = bothOf(found).map((world) => world?.first_pairs.find((pair) => pair.name === name));
    return { from, to, of_a, of_b };
  });
}

/** Who strikes whom in the first war, in each world. */
function FirstStrikes({ a, b, found }) {
  const shown = firstStrikes(found);
  if (!shown.length) return null;
  // The program sends estimates of the most frequent pairs; the others are counted among the histories, when those are there.
  const counted = (world, from, to) => {
    const wars = world.rows.filter(({ war }) => yes(war));
    return wars.length ? `${wars.filter(({ initiator, target }) => initiator === from && target === to).length} of ${wars.length}` : '–';
  };
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Who strikes first"><table class="strikes">
      <caption>Who strikes first <span class="note">Share of the first wars.</span></caption>
      <thead><tr><th scope="col">First strike</th><th scope="col" class="plot"><span class="visually-hidden">Interval</span></th>
        ${a && html`<th scope="col"><span class="key a"></span> A</th>`}<th scope="col"><span class="key b"></span> ${a ? 'B' : 'Estimate'}</th></tr></thead>
      <tbody>${shown.map(({ from, to, of_a, of_b }) => {
    const key = `${from}>${to}`;
    return html`<tr key=${key}>
        <th scope="row"><button type="button" class="link" aria-expanded=${state.listed.value === key} onClick=${() => actions.show({ listed: state.listed.value === key ? null : key })}>${named(from)} strikes ${named(to)}</button></th>
        <td class="plot"><${Interval} a=${of_a} b=${of_b} scale=${[0, 1]} /></td>
        ${a && html`<td class="of-a"><${Text} text=${of_a?.text ?? counted(a, from, to)} /></td>`}
        <td class="of-b"><${Text} text=${of_b?.text ?? counted(b, from, to)} /></td>
      </tr>`;
  })}</tbody></table></div>
    ${state.listed.value?.includes('>') && html`<${Behind} a=${a} b=${b} found=${found} />`}`;
}

/** When the third great power came in. */
function after({ war, general_war: general }) {
  const days = Math.round((general - war) * 365.25);
  return days === 0 ? 'on the same day' : `after ${days} ${days === 1 ? 'day' : 'days'}`;
}

/** Histories that are listed at once. */
const MOST_LISTED = 12;

/** What is listed: a row of the table of outcomes, or a pair `FROM>TO`. */
function listedRow(listed) {
  const [from, to] = (listed ?? '').split('>');
  if (to === undefined) return ROWS.find(({ name }) => name === listed);
  return { label: `${named(from)} strikes ${named(to)}`, behind: (row) => row.initiator === from && row.target === to };
}

function Behind({ a, b, found }) {
  const row = listedRow(state.listed.value);
  if (!row) return null;
  if (found.histories < found.of) return html`<p class="note" role="status">The histories are listed when all of them are there.</p>`;
  const side = (world, letter) => {
    const all = world.rows.filter(row.behind);
    return html`<div class="behind">
      <h3>${letter ? `World ${letter.toUpperCase()}: ` : ''}${all.length} of ${world.rows.length} histories</h3>
      <ol class="histories">${all.slice(0, MOST_LISTED).map((one) => html`<li key=${one.history}>
        <button type="button" onClick=${() => actions.openHistory({ side: letter || 'b', number: one.history })}>
          <strong>history ${one.history}</strong> ${one.war === null ? 'no war' : `war ${number(Math.floor(one.war))}: ${named(one.initiator)} strikes ${named(one.target)}, ${one.motive}`}${one.general_war === null ? '' : `; general war ${after(one)}`}
        </button></li>`)}</ol>
      ${all.length > MOST_LISTED && html`<p class="note">The first ${MOST_LISTED} are listed; the download has all.</p>`}
    </div>`;
  };
  return html`<div class="lists" aria-live="polite"><h3 class="visually-hidden">${row.label}</h3>${a && side(a, 'a')}${side(b, a ? 'b' : '')}</div>`;
}

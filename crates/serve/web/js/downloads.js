// What can be taken away: the link, the command, tables, figures, the scenario, a citation.
import { html, signal } from './library.js';
import { dta } from './dta.js';
import { escaped } from './format.js';
import { outcomesSvg } from './outcomes.js';
import * as state from './state.js';

const said = signal('');

async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    said.value = `${what} is copied.`;
  } catch {
    said.value = `The browser does not allow copying. Mark the text and copy it by hand.`;
  }
}

function save(name, kind, text) {
  const address = URL.createObjectURL(text instanceof Blob ? text : new Blob([text], { type: kind }));
  const anchor = document.createElement('a');
  anchor.href = address;
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

/** A value as a cell of a CSV file. */
const cell = (value) => {
  const text = value === null || value === undefined ? '' : String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};
const csv = (rows) => `${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
const labels = (found) => (found.worlds.length > 1 ? ['A', 'B'] : ['B']);

/** The estimates and the differences, with the names of the columns first. */
function estimates(found) {
  const rows = [['world', 'scenario', 'measure', 'label', 'unit', 'estimate', 'lower', 'upper', 'n', 'method']];
  const add = (world, scenario, measure) => rows.push([world, scenario, measure.name, measure.label, measure.unit, measure.estimate, measure.lower, measure.upper, measure.n, measure.method]);
  found.worlds.forEach((world, at) => [...world.measures, ...world.motives, ...world.first_pairs].forEach((measure) => add(labels(found)[at], world.name, measure)));
  found.contrast.forEach((measure) => add('B less A', '', measure));
  return rows;
}

/** The curves of every state and metric. */
function curves(found) {
  const rows = [['world', 'scenario', 'state', 'metric', 'date', 'at_risk', 'mean', 'q05', 'q25', 'q50', 'q75', 'q95']];
  found.worlds.forEach((world, at) => {
    for (const [code, metrics] of Object.entries(world.curves.states)) {
      for (const [metric, curve] of Object.entries(metrics)) {
        curve.q50.forEach((median, date) => median !== null && rows.push([labels(found)[at], world.name, code, metric, world.curves.dates[date], curve.at_risk[date], curve.mean[date], curve.q05[date], curve.q25[date], median, curve.q75[date], curve.q95[date]]));
      }
    }
  });
  return rows;
}

/** The histories, one a row. */
function histories(found) {
  const columns = ['history', 'war', 'general_war', 'motive', 'initiator', 'target', 'great_powers', 'days', 'crises'];
  const rows = [['world', 'scenario', ...columns]];
  found.worlds.forEach((world, at) => world.rows.forEach((row) => rows.push([labels(found)[at], world.name, ...columns.map((name) => row[name])])));
  return rows;
}

/** A text in lines of at most so many letters. */
function wrapped(text, most) {
  const lines = [''];
  for (const word of text.split(/\s+/)) {
    if (lines.at(-1) !== '' && lines.at(-1).length + word.length >= most) lines.push(word);
    else lines.push(`${lines.pop()} ${word}`.trim());
  }
  return lines;
}

/** All panels as one picture. */
export function panelsSvg() {
  const figures = [...document.querySelectorAll('.panel')];
  const [width, height] = [300, 192];
  const columns = Math.min(3, figures.length);
  const parts = figures.map((figure, at) => {
    const inner = new XMLSerializer().serializeToString(figure.querySelector('svg')).replace(/^<svg[^>]*>/, '').replace(/<\/svg>$/, '');
    const [x, y] = [(at % columns) * width, Math.floor(at / columns) * height];
    return `<g transform="translate(${x} ${y})"><text x="6" y="14" font-size="13" fill="#222">${escaped(figure.querySelector('figcaption').textContent)}</text><g transform="translate(0 20)">${inner}</g></g>`;
  });
  const found = state.answer.value;
  const textOf = (id) => document.getElementById(id)?.textContent.trim() ?? '';
  const size = [Math.max(columns * width, 600)];
  const lines = [...wrapped(`${textOf('curves-title')}. ${textOf('curves-note')}`, size[0] / 6), ...wrapped(`${found?.command ?? ''} (spiral ${state.program.value.program.version})`, size[0] / 6)];
  const head = 10 + lines.length * 15;
  size.push(Math.ceil(figures.length / columns) * height + head + 12);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size[0]} ${size[1]}" width="${size[0]}" height="${size[1]}" font-family="system-ui, sans-serif"><rect width="100%" height="100%" fill="#fff"/>${lines.map((line, at) => `<text x="6" y="${16 + 15 * at}" font-size="11" fill="#555">${escaped(line)}</text>`).join('')}<g transform="translate(0 ${head + 6})">${parts.join('')}</g></svg>`;
}

/** Saves a picture with twice the pixels, for print. */
function savePng(name, svg) {
  const picture = new Image();
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  picture.onload = () => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [picture.width * 2, picture.height * 2];
    canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => save(name, 'image/png', blob), 'image/png');
    URL.revokeObjectURL(address);
  };
  picture.src = address;
}

/** Buttons that save a drawing as SVG and as PNG. */
export function Picture({ name, title, draw, disabled = false }) {
  return html`<button type="button" disabled=${disabled} onClick=${() => save(`${name}.svg`, 'image/svg+xml', draw())}>${title}, SVG</button>
    <button type="button" disabled=${disabled} onClick=${() => savePng(`${name}.png`, draw())}>${title}, PNG</button>`;
}

/** A drawing of the page as a file of its own, of the size of its own units. */
export function drawing(selector) {
  const copied = document.querySelector(selector).cloneNode(true);
  const [, , width, height] = copied.getAttribute('viewBox').split(' ');
  Object.entries({ xmlns: 'http://www.w3.org/2000/svg', width, height, 'font-family': 'system-ui, sans-serif' }).forEach(([name, value]) => copied.setAttribute(name, value));
  copied.insertAdjacentHTML('afterbegin', '<rect width="100%" height="100%" fill="#fff"/>');
  return new XMLSerializer().serializeToString(copied);
}

const citation = () => `spiral, the simulator of the security dilemma, version ${state.program.value.program.version}. ${state.answer.value.command} (results ${state.answer.value.worlds.at(-1).fingerprint}).`;

const TABLES = [['estimates', 'Estimates', estimates], ['curves', 'Curves', curves], ['histories', 'Histories', histories]];
const CALLS = [['command', 'Command line'], ['python', 'Python'], ['r', 'R']];
const language = signal('command');

export function Downloads() {
  const found = state.answer.value;
  if (!found) return null;
  // The section keeps its place while histories come, so that the page does not jump.
  const ready = found.histories === found.of && found.key === state.key();
  const described = state.described.value;
  const edited = Boolean(state.world.value.edit);
  return html`<section class="take" aria-labelledby="take-title">
    <h2 id="take-title">Take it with you</h2>
    <p class="note">The call gives these numbers to the last digit. The link restores this page.${ready ? '' : ' Tables and figures can be saved when all histories are there.'}${edited ? ' Save the scenario file first, in the folder where you make the call.' : ''}</p>
    <div class="choices" role="group" aria-label="Language of the call">${CALLS.map(([name, title]) => html`<button key=${name} type="button" aria-pressed=${language.value === name} onClick=${() => { language.value = name; }}>${title}</button>`)}</div>
    <div class="command"><code tabindex="0">${found[language.value]}</code><button type="button" onClick=${() => copy(found[language.value], language.value === 'command' ? 'The command' : 'The call')}>${language.value === 'command' ? 'Copy command' : 'Copy call'}</button></div>
    <div class="choices wrap">
      <button type="button" onClick=${() => copy(window.location.href, 'The link')}>Copy link</button>
      <button type="button" disabled=${!ready} onClick=${() => copy(citation(), 'The citation')}>Copy citation</button>
      ${TABLES.map(([name, title, rows]) => html`<button key=${`${name}.csv`} type="button" disabled=${!ready} onClick=${() => save(`${name}.csv`, 'text/csv', csv(rows(found)))}>${title}, CSV</button>`)}
      ${TABLES.map(([name, title, rows]) => html`<button key=${`${name}.dta`} type="button" disabled=${!ready} onClick=${() => save(`${name}.dta`, '', dta(rows(found), `spiral ${state.program.value.program.version}: ${title.toLowerCase()}`))}>${title}, Stata</button>`)}
      ${[['outcomes', () => outcomesSvg(found)], ['curves', panelsSvg]].map(([name, draw]) => html`<${Picture} key=${name} name=${name} title=${`Figure of the ${name}`} draw=${draw} disabled=${!ready} />`)}
      ${described && html`<button type="button" onClick=${() => save(described.file, 'text/plain', described.text)}>Scenario file ${edited ? '(edited)' : '(unchanged)'}</button>`}
    </div>
    <p role="status" class="note">${said.value}</p>
  </section>`;
}

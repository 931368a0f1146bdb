// The scenario as text: edited in place, with the program's own errors beside the lines. What differs from the file goes into the link.
import { effect, html, signal, untracked } from './library.js';
import * as actions from './actions.js';
import * as engine from './engine.js';
import * as state from './state.js';

/** The file of the scenario, the text as it is being written, and what is wrong with it. */
const draft = signal(null);
const checked = signal(null);
const scrolled = signal(0);
const PAUSE = 350;
/** Height of a line, pixels: the notes stand beside their lines. */
const LINE = 20;
let asking = null;
let waiting = 0;

/** The lines of a text; the break at its end begins no line. */
const linesOf = (text) => text.replace(/\r\n?/g, '\n').replace(/\n$/, '').split('\n');

/** What makes one text of the other: one run of lines in the place of another; null where both are the same. */
export function difference(before, after) {
  const [from, to] = [linesOf(before), linesOf(after)];
  let start = 0;
  while (start < from.length && start < to.length && from[start] === to[start]) start += 1;
  if (start === from.length && start === to.length) return null;
  let end = 0;
  while (end < from.length - start && end < to.length - start && from.at(-1 - end) === to.at(-1 - end)) end += 1;
  const lines = to.slice(start, to.length - end);
  return { line: start + 1, removed: from.length - start - end, text: lines.length ? lines.join('\n') : null };
}

/** A text with a change. */
function changed(before, edit) {
  const lines = linesOf(before);
  lines.splice(edit.line - 1, edit.removed, ...(edit.text === null ? [] : edit.text.split('\n')));
  return `${lines.join('\n')}\n`;
}

/** Fetches the file of the scenario whenever the editor is opened on another one. */
export function watchEditor() {
  effect(() => {
    const open = state.tab.value === 'text';
    const { scenario, edit } = state.world.value;
    const ready = Boolean(state.program.value) && scenario !== '';
    untracked(() => {
      const key = JSON.stringify([scenario, edit ?? null]);
      if (!open || !ready || draft.value?.key === key) return;
      asking?.abort();
      asking = new AbortController();
      engine.world({ scenario }, asking.signal).then(({ text }) => {
        draft.value = { key, scenario, file: text, text: edit ? changed(text, edit) : text };
        check();
      }, (error) => { if (error.name !== 'AbortError') state.problem.value = error.message; });
    });
  });
}

/** Asks what is wrong, once the reader pauses. */
function check() {
  clearTimeout(waiting);
  waiting = setTimeout(async () => {
    const { scenario, file, text } = draft.value;
    const edit = difference(file, text) ?? undefined;
    const world = state.requestB.value;
    try {
      const { problems } = await engine.check({ ...world, scenario, edit });
      if (draft.value?.text === text) checked.value = { text, problems };
    } catch (error) {
      state.problem.value = error.message;
    }
  }, PAUSE);
}

const write = (text) => {
  draft.value = { ...draft.value, text };
  check();
};

/** Puts the cursor into a line. */
function visit(line) {
  const area = document.getElementById('scenario-text');
  const before = linesOf(area.value).slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0);
  area.focus();
  area.setSelectionRange(before, before + (linesOf(area.value)[line - 1]?.length ?? 0));
  area.scrollTop = Math.max(0, (line - 4) * LINE);
}

export function Editor() {
  const now = draft.value;
  if (!now || now.scenario !== state.world.value.scenario) return html`<section aria-labelledby="text-title"><h2 id="text-title">The scenario as text</h2><p class="waiting" role="status">The file is being read …</p></section>`;
  const lines = linesOf(now.text);
  const known = checked.value?.text === now.text ? checked.value.problems : null;
  const beside = (known ?? []).filter(({ place }) => place);
  const edit = difference(now.file, now.text);
  const used = JSON.stringify(edit) === JSON.stringify(state.world.value.edit ?? null);
  const status = known === null ? 'The program reads the text …' : known.length === 0 ? (used ? (edit ? 'The page shows the world of this text.' : 'This is the file, unchanged.') : 'The program understands this text.') : `${known.length} ${known.length === 1 ? 'problem' : 'problems'}`;
  return html`<section aria-labelledby="text-title">
    <h2 id="text-title">The scenario as text</h2>
    <p class="note">Change what you like: numbers, states, dates. The program reads along and says beside the line what it does not understand. The world of the text becomes world B; the file on the disk stays as it is.</p>
    <div class="bar"><p role="status" class=${known?.length ? 'wrong' : 'note'}>${status}${beside.length > 0 && html`: <button type="button" class="link" onClick=${() => visit(beside[0].place[0])}>go to line ${beside[0].place[0]}</button>`}</p><div class="choices">
      <button type="button" class="primary" disabled=${known === null || known.length > 0 || used} onClick=${() => { draft.value = { ...now, key: JSON.stringify([now.scenario, edit]) }; actions.setEdit(edit); }}>Use this text</button>
      <button type="button" disabled=${edit === null} onClick=${() => write(now.file)}>Back to the file</button></div></div>
    <div class=${`editor${beside.length ? ' noted' : ''}`}>
      <div class="gutter" aria-hidden="true"><div style=${{ transform: `translateY(${-scrolled.value}px)` }}>${lines.map((_, at) => html`<span key=${at} class=${beside.some(({ place }) => place[0] === at + 1) ? 'bad' : ''}>${at + 1}</span>`)}</div></div>
      <textarea id="scenario-text" spellcheck="false" autocapitalize="off" autocomplete="off" wrap="off" aria-label="Text of the scenario" aria-describedby="scenario-problems" aria-invalid=${known !== null && known.length > 0} value=${now.text} onInput=${(event) => write(event.target.value)} onScroll=${(event) => { scrolled.value = event.target.scrollTop; }}></textarea>
      <div class="beside"><div style=${{ transform: `translateY(${-scrolled.value}px)` }}>${beside.map((one, at) => html`<button type="button" key=${at} class="remark-line" style=${{ top: `${(one.place[0] - 1) * LINE}px` }} title=${[one.message, ...one.help].join('\n')} onClick=${() => visit(one.place[0])}>${[one.message, ...one.help.slice(0, 1)].join('; ')}</button>`)}</div></div>
    </div>
    <ol id="scenario-problems" class="problems">${(known ?? []).map((one, at) => html`<li key=${at}>${one.place ? html`<button type="button" class="link" onClick=${() => visit(one.place[0])}>line ${one.place[0]}, column ${one.place[1]}</button>: ` : ''}${one.message}${one.help.map((line) => html`<span class="help">${line}</span>`)}</li>`)}</ol>
  </section>`;
}

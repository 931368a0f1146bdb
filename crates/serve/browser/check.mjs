// Checks the page in Chromium: what a reader does with mouse and keyboard, links, downloads, numbers beside those of the command line,
// accessibility by axe-core, and nothing that the policy of the page forbids. Pictures of every view go into a folder.
//
//   node check.mjs PROGRAM FOLDER CHROMIUM
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { serve } from './program.mjs';

let server = null;
const [program, folder, executablePath] = process.argv.slice(2);
const require = createRequire(path.join(process.cwd(), 'package.json'));
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
mkdirSync(folder, { recursive: true });

// Nothing here may hang: a check that takes this long has failed.
setTimeout(() => {
  console.log('FAILED the check took longer than 290 seconds');
  server?.kill('SIGKILL');
  process.exit(1);
}, 290_000).unref();

const faults = [];
let passed = 0;
function check(name, holds, seen = '') {
  if (holds) passed += 1;
  else faults.push(`${name}${seen === '' ? '' : `: ${seen}`}`);
  console.log(`${holds ? 'ok    ' : 'FAILED'} ${name}${holds || seen === '' ? '' : `: ${seen}`}`);
}

const started = serve(program);
server = started.server;
const address = await started.address;

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, acceptDownloads: true });
const page = await context.newPage();
const complaints = [];
page.on('console', (message) => { if (message.type() === 'error') complaints.push(message.text()); });
page.on('pageerror', (error) => complaints.push(String(error)));

/** Waits until all histories that were asked for are there. */
const settled = () => page.waitForFunction(() => /^\d+ histories$/.test(document.querySelector('.progress')?.textContent ?? ''), null, { timeout: 120_000 });
const picture = (name, whole = false) => page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: whole });
const accessible = async (name) => {
  // The browser's debugger runs it: the page's own policy allows no script of others.
  const found = await page.evaluate(`(() => { ${axe}; return axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'best-practice'] }); })()`);
  const told = found.violations.map(({ id, nodes }) => `${id} (${nodes.length}): ${nodes[0].html.slice(0, 120)}`);
  check(`axe finds nothing: ${name}`, told.length === 0, told.join('\n        '));
};
const numbers = () => page.locator('.outcomes tbody tr').evaluateAll((rows) => rows.map((row) => row.innerText.replace(/\s+/g, ' ').trim()));

try {
  await page.goto(`${address}#scenario=two-states&n=200`);
  await settled();
  check('the question of the scenario is shown', (await page.locator('.question').textContent()).includes('two states'));
  await accessible('outcomes');
  check('a world of two states has no row for a general war', await page.locator('.outcomes').getByText('general war').count() === 0);
  check('who strikes first is shown', await page.locator('.strikes tbody tr').count() === 2, await page.locator('.strikes tbody tr').count());

  // A slider, by keyboard.
  const before = await page.locator('.panel path').first().getAttribute('d');
  const slider = page.getByLabel('first strike σ').or(page.locator('[id="slider-technology.first_strike"]')).first();
  await slider.focus();
  await page.keyboard.press('Home');
  await settled();
  check('a slider moves by keyboard and makes world B', await page.locator('.worlds .chip').count() === 1);
  check('the curves show both worlds', await page.locator('.panel').first().locator('path').count() === 6, await page.locator('.panel').first().locator('path').count());
  check('a band moves when a slider does', await page.locator('.panel path').nth(3).getAttribute('d') !== before);
  const moved = await numbers();
  check('differences have intervals', moved[0].includes('points ['), moved[0]);

  // The link, Back, and another tab.
  const link = page.url();
  check('the link holds the change and the results', link.includes('technology.first_strike') && link.includes('results='));
  const other = await context.newPage();
  await other.goto(link);
  await other.waitForFunction(() => /^\d+ histories$/.test(document.querySelector('.progress')?.textContent ?? ''), null, { timeout: 120_000 });
  const there = await other.locator('.outcomes tbody tr').evaluateAll((rows) => rows.map((row) => row.innerText.replace(/\s+/g, ' ').trim()));
  check('a link opened elsewhere restores the same numbers', JSON.stringify(there) === JSON.stringify(moved));
  check('and says nothing of another version', await other.locator('.remark').count() === 0);
  await other.goto('about:blank');
  await other.goto(link.replace(/results=\w+/, 'results=0123456789abcdef').replace(/version=[\d.]+/, 'version=9.9.9'));
  await other.waitForSelector('.remark');
  check('a link of another version says so', (await other.locator('.remark').textContent()).includes('9.9.9'));
  await other.close();
  await page.goBack();
  await settled();
  check('Back takes the change back', await page.locator('.worlds .chip').count() === 0);
  await page.goForward();
  await settled();
  check('Forward brings it again', await page.locator('.worlds .chip').count() === 1);

  // The command gives the same numbers.
  const command = await page.locator('.command code').textContent();
  const out = mkdtempSync(path.join(tmpdir(), 'spiral-explorer-'));
  const words = command.split(' ').slice(1);
  const printed = JSON.parse(execFileSync(program, [...words, '--out', path.join(out, 'study'), '--json', '--quiet'], { encoding: 'utf8', maxBuffer: 1 << 28 }));
  const estimate = (list, name) => list.find((measure) => measure.name === name).estimate;
  const shown = /(\d+(?:\.\d+)?) % .* (\d+(?:\.\d+)?) % /.exec(moved[0]);
  const [a, b] = printed.scenarios.map(({ measures }) => 100 * estimate(measures, 'war'));
  check('the command gives the same share of wars', shown && Math.abs(Number(shown[1]) - a) < 0.51 && Math.abs(Number(shown[2]) - b) < 0.51, `${moved[0]} beside ${a}, ${b}`);

  // Hold, search, switches.
  await page.getByRole('button', { name: 'Live' }).click();
  await page.getByPlaceholder('name, symbol or meaning').fill('suspicion');
  check('the search finds by name', await page.locator('[id="slider-beliefs.suspicion"]').count() === 1);
  await page.locator('[id="slider-beliefs.suspicion"]').focus();
  await page.keyboard.press('End');
  check('on hold, a move waits for the button', (await page.locator('.progress').textContent()).startsWith('On hold'));
  await page.getByRole('button', { name: 'Run' }).click();
  await settled();
  await page.getByRole('button', { name: 'On hold' }).click();
  await page.getByPlaceholder('name, symbol or meaning').fill('');
  await page.getByRole('button', { name: /mechanisms/ }).click();
  await page.locator('.switch input').first().uncheck();
  await settled();
  check('a mechanism can be switched off', (await page.locator('.worlds').textContent()).includes('without'));
  await page.getByRole('button', { name: 'Undo all changes' }).click();
  await settled();
  check('all changes can be undone', await page.locator('.worlds .chip').count() === 0);

  // Histories behind a bar, and one of them as a chronicle.
  await page.locator('.outcomes tbody tr').first().getByRole('button').click();
  const first = page.locator('.histories button').first();
  check('histories stand behind an outcome', (await first.textContent()).includes('strikes'));
  await first.scrollIntoViewIfNeeded();
  const from = await page.evaluate(() => window.scrollY);
  await first.click();
  await page.waitForSelector('.in-short');
  await page.waitForTimeout(100);
  const top = await page.locator('#chronicle-title').evaluate((title) => title.getBoundingClientRect().top);
  check('the chronicle comes into view', top >= 0 && top < 300, top);
  check('a history is told', (await page.locator('.entries li').count()) > 0);
  await page.locator('.entries summary').last().click();
  check('a date opens what each side thought', await page.locator('.entries details[open] dd').count() > 0);
  await picture('chronicle');
  await accessible('chronicle');
  await page.getByRole('button', { name: 'Close' }).click();
  await page.waitForTimeout(100);
  check('closing it goes back to the list', Math.abs(await page.evaluate(() => window.scrollY) - from) < 2);
  await page.locator('.strikes tbody tr').first().getByRole('button').click();
  check('histories stand behind a first strike', (await page.locator('.histories button').first().textContent()).includes('strikes'));
  await page.locator('.strikes tbody tr').first().getByRole('button').click();

  // Single histories, the table, the other metrics.
  await page.getByRole('button', { name: '30 histories' }).click();
  await page.waitForFunction(() => document.querySelectorAll('.panel path').length === 60);
  check('thirty single histories are drawn for each state', true);
  await picture('lines', true);
  await page.getByRole('button', { name: 'Bands' }).click();
  for (const name of ['Arms', 'Threat felt', 'Mistrust']) {
    await page.getByRole('button', { name, exact: true }).click();
    check(`curves of ${name.toLowerCase()}`, (await page.locator('#curves-title').textContent()).startsWith(name) && await page.locator('.panel path').count() === 6);
  }
  await page.getByRole('button', { name: 'Table', exact: true }).click();
  check('curves have a table', await page.locator('.values tbody tr').count() > 10);
  await page.getByRole('button', { name: 'Table', exact: true }).click();

  // Downloads, and the calls beside the command.
  const tables = [];
  for (const [name, begins] of [['Estimates, CSV', 'world,scenario,measure'], ['Curves, CSV', 'world,scenario,state'], ['Histories, CSV', 'world,scenario,history'], ['Estimates, Stata', '<stata_dta>'], ['Curves, Stata', '<stata_dta>'], ['Histories, Stata', '<stata_dta>'], ['Figure of the outcomes, SVG', '<svg'], ['Figure of the outcomes, PNG', '\u0089PNG'], ['Figure of the curves, SVG', '<svg'], ['Figure of the curves, PNG', '\u0089PNG'], ['Scenario file (unchanged)', '']]) {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()]);
    const text = readFileSync(await download.path(), 'latin1');
    check(`download: ${name}`, text.length > 100 && text.startsWith(begins), text.slice(0, 60));
    if (name.endsWith('Stata')) tables.push(await download.path());
  }

  // pandas reads the files of Stata, where it is installed.
  const pandas = "import pandas, sys\nfor path in sys.argv[1:]:\n    table = pandas.read_stata(path)\n    assert len(table) > 2 and list(table.columns[:2]) == ['world', 'scenario'] and set(table['world']) <= {'A', 'B', 'B less A'}, table\n";
  const read = spawnSync('python3', ['-c', pandas, ...tables], { encoding: 'utf8', timeout: 60_000 });
  if (/No module named/.test(read.stderr) || read.error) console.log('NOT CHECKED: that pandas reads the files of Stata, because pandas is not installed');
  else check('pandas reads the files of Stata', read.status === 0, read.stderr.slice(-300));
  await page.getByRole('button', { name: 'Python', exact: true }).click();
  check('the call of Python is shown', (await page.locator('.command code').textContent()).includes('spiral.ensemble("two-states", histories=200, seed=1)'), await page.locator('.command code').textContent());
  await page.getByRole('button', { name: 'R', exact: true }).click();
  check('the call of R is shown', (await page.locator('.command code').textContent()).includes('system2("spiral", shQuote(c("ensemble", "two-states"'));
  check('which takes a new folder, so that no old table is read', /tempfile[\s\S]*stopifnot/.test(await page.locator('.command code').textContent()), await page.locator('.command code').textContent());
  await page.getByRole('button', { name: 'Command line', exact: true }).click();

  // The scenario as text: a mistake stands beside its line, and a change makes world B.
  await page.getByRole('button', { name: 'Scenario text' }).click();
  const area = page.getByLabel('Text of the scenario');
  const text = await area.inputValue();
  await area.fill(text.replace('first_strike: 2.2', 'first_strik: 2.2'));
  await page.waitForSelector('.problems li');
  check('a mistake is told with its line and the right name', /line \d+, column \d+.*first_strike/s.test(await page.locator('.problems').textContent()), await page.locator('.problems').textContent());
  check('and stands beside the line', await page.locator('.gutter .bad').count() === 1);
  await page.getByRole('button', { name: /go to line/ }).click();
  check('the cursor goes to the line', (await area.evaluate((box) => box.value.slice(box.selectionStart, box.selectionEnd))).includes('first_strik'));
  await picture('text');
  await accessible('scenario text');
  await area.fill(text.replace('first_strike: 2.2', 'first_strike: 1.5'));
  await page.getByRole('button', { name: 'Use this text' }).click();
  await settled();
  check('an edited text makes world B', (await page.locator('.worlds').textContent()).includes('text edited from line') && page.url().includes('edit='));
  await page.getByRole('button', { name: 'Outcomes', exact: true }).click();
  await settled();
  const edited = await numbers();
  await page.goto('about:blank');
  await page.goto(`${address}#scenario=two-states&n=200&set=technology.first_strike:1.5`);
  await settled();
  check('an edited number is the same as a moved one', JSON.stringify(edited) === JSON.stringify(await numbers()), `${edited[0]} beside ${(await numbers())[0]}`);

  // The map, and two states against each other.
  await page.goto('about:blank');
  await page.goto(`${address}#scenario=pre-wwi&n=64&tab=map&history=b0&date=1905`);
  await page.waitForSelector('.map circle');
  check('the map has a disc for each state', await page.locator('.map circle').count() === 10, await page.locator('.map circle').count());
  check('the map shows alliances', await page.locator('.map path[stroke="#0072b2"]').count() > 0);
  check('the map shows the date of the link', (await page.locator('.scrub output').textContent()) === '1905', await page.locator('.scrub output').textContent());
  await page.waitForFunction(() => (document.querySelector('.map path[fill="#fbfaf6"]')?.getAttribute('d') ?? '').length > 1000);
  await page.getByLabel('Date', { exact: true }).focus();
  await page.keyboard.press('End');
  check('the slider of the map goes to the end by keyboard', Number(await page.locator('.scrub output').textContent()) > 1905);
  const entry = page.locator('.mapped .entries button').first();
  await entry.click();
  check('a date of the chronicle moves the map', await page.locator('.mapped .entries .now').count() > 0);
  const began = await page.locator('.scrub output').textContent();
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await page.waitForFunction((before) => document.querySelector('.scrub output').textContent !== before, began);
  await page.getByRole('button', { name: 'Pause' }).click();
  check('the history is played on the map', true);
  await page.locator('.mapped').getByRole('button', { name: 'Table', exact: true }).click();
  check('the map has a table', await page.locator('.mapped tbody tr').count() === 10);
  await page.locator('input[type=file]').setInputFiles({ name: 'borders.geojson', mimeType: 'application/json', buffer: Buffer.from('{"type":"LineString","coordinates":[[0,50],[10,52],[20,48]]}') });
  await page.waitForFunction(() => document.querySelector('.mapped').textContent.includes('borders.geojson: 1 lines'));
  check('the map takes borders of the reader', await page.locator('.map path[stroke="#a49c86"]').count() === 1);
  await accessible('map');
  const saved = async (name) => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Figure, SVG' }).click()]);
    const text = readFileSync(await download.path(), 'utf8');
    check(`the figure is saved: ${name}`, text.startsWith('<svg') && text.includes('width=') && text.length > 1000, text.slice(0, 80));
  };
  await saved('map');
  check('the chronicle beside the map shows the date of the map', await page.locator('.mapped .entries').evaluate((list) => {
    const entry = list.querySelector('.now') ?? [...list.querySelectorAll('li:not(.later)')].at(-1);
    const [inner, outer] = [entry.getBoundingClientRect(), list.getBoundingClientRect()];
    return inner.top >= outer.top - 1 && inner.top < outer.bottom;
  }));
  await page.goto('about:blank');
  await page.goto(`${address}#scenario=richardson-1909&n=64&tab=portrait`);
  await page.waitForSelector('.portrait path[stroke-dasharray]');
  check('thirty trajectories', await page.locator('.portrait g[fill="none"] path').count() === 30, await page.locator('.portrait g[fill="none"] path').count());
  check('the race of Richardson has two lines of standstill', await page.locator('.portrait path[stroke-dasharray]').count() === 2);
  await picture('portrait');
  await accessible('phase portrait');
  await saved('phase portrait');
  await page.goto('about:blank');
  await page.goto(`${address}#scenario=pre-wwi&n=64&tab=portrait&set=technology.first_strike:1.8`);
  await page.waitForSelector('.portrait path');
  check('both worlds have trajectories', await page.locator('.portrait g[fill="none"] path').count() === 60);
  await page.getByLabel('Along').selectOption('GBR');
  await page.waitForFunction(() => document.querySelector('.portrait')?.textContent.includes('Britain') || document.querySelector('.portrait')?.textContent.includes('Kingdom'));
  check('any pair can be chosen, and the link holds it', page.url().includes('pair=GBR'));

  // An error in the program's own words.
  await page.goto('about:blank');
  await page.goto(`${address}#scenario=two-states&set=technology.first_strik:2&n=10`);
  await page.waitForSelector('.problem');
  check('a wrong name gets the nearest right one', (await page.locator('.problem').textContent()).includes('technology.first_strike'), await page.locator('.problem').textContent());
  complaints.length = 0;

  // The plane, the sliders that matter, a lesson from start to end.
  await page.goto('about:blank');
  await page.goto(`${address}#scenario=two-states&n=64&tab=plane`);
  await page.waitForFunction(() => /^36 of 36/.test(document.querySelector('.bar .note')?.textContent ?? ''), null, { timeout: 180_000 });
  check('the plane fills itself', true);
  await picture('plane');
  await accessible('plane');
  await saved('plane');
  await page.goto('about:blank');
  await page.goto(`${address}#scenario=two-states&n=64&tab=sliders`);
  await page.waitForFunction(() => Number.parseInt(document.querySelector('.bar .note')?.textContent ?? '0', 10) >= 8, null, { timeout: 180_000 });
  check('the sliders that matter fill themselves', await page.locator('.effects tbody tr').count() >= 8);
  await picture('effects');
  await accessible('effects');
  await page.getByRole('button', { name: 'Lessons' }).click();
  check('there are six lessons', await page.locator('.lessons li').count() === 6);
  await accessible('lessons');
  await picture('lessons');
  await page.getByRole('button', { name: 'Begin' }).first().click();
  await settled();
  check('a lesson shows no result before the guess', await page.locator('.outcomes').count() === 0 && await page.locator('.panel').count() === 0);
  await accessible('guess');
  await page.locator('#step-guess').focus();
  await page.keyboard.press('End');
  await page.getByRole('button', { name: /I have guessed/ }).click();
  check('the guess stands beside the answer', (await page.locator('.step .answer').textContent()).includes('100 of 100'), await page.locator('.step').textContent());
  check('a lesson shows what there is to see', (await page.locator('.step').textContent()).includes('preemption') && await page.locator('.outcomes').count() === 1);
  const wars = /([\d.]+ %)/.exec(await page.locator('.outcomes tbody tr').first().innerText())[1];
  check('a lesson says the number of the table', (await page.locator('#step-seen').textContent()).includes(`in ${wars} of the histories`), wars);
  await page.getByRole('button', { name: 'Next step' }).click();
  await settled();
  await page.getByRole('button', { name: /I have guessed/ }).click();
  check('the next step compares two worlds', await page.locator('.outcomes thead th').count() === 5);
  await picture('lesson', true);

  // What the lessons say is true: each sentence has the condition under which it is, and every step is run.
  const lessons = await page.evaluate(async () => {
    const { LESSONS, stepLink } = await import('/js/lessons.js');
    return LESSONS.flatMap((lesson) => lesson.steps.map((step, number) => ({ name: `${lesson.title}, step ${number + 1}`, link: stepLink(lesson, number), place: [lesson.name, number] })));
  });
  check('the lessons have eighteen steps', lessons.length === 18, lessons.length);
  for (const { name, link: stepped, place } of lessons) {
    await page.goto('about:blank');
    await page.goto(`${address}${stepped}`);
    await settled();
    const wrong = await page.evaluate(async ([lesson, number]) => {
      const [{ LESSONS, results, worldsOf }, state] = [await import('/js/lessons.js'), await import('/js/state.js')];
      const chosen = LESSONS.find((one) => one.name === lesson);
      const [found, worlds] = [state.answer.value, worldsOf(chosen, number)];
      if (!state.same([found.a, found.b], [worlds.a, worlds.b])) return ['the page shows other worlds than those of the step'];
      const known = results(found);
      const say = ({ text }) => (typeof text === 'string' ? text : text(known));
      const faulty = chosen.steps[number].seen.filter((one) => (one.holds && !one.holds(known)) || /undefined|NaN|–/.test(say(one)));
      return faulty.map(say);
    }, place);
    check(`what a lesson says is true: ${name}`, wrong.length === 0, wrong.join(' '));
  }
  const shares = [];
  for (const value of ['0.03', '0.1', '0.2', '0.3', '0.4', '0.5']) {
    await page.getByRole('button', { name: value, exact: true }).click();
    await settled();
    shares.push(Number(/([\d.]+) % \[[^\]]*\](?!.*%)/.exec((await page.locator('.outcomes tbody tr').first().locator('.of-b').innerText()).replace(/\s+/g, ' '))[1]));
  }
  check('the share of wars rises with suspicion, and little beyond 0.3', shares.every((share, at) => at === 0 || share >= shares[at - 1] - 1) && shares[3] - shares[0] > 5 && shares[5] - shares[3] < 4, shares.join(', '));

  // A slider that is dragged fast leaves many runs behind: no refusal reaches the reader, and the last world is simulated.
  await page.goto('about:blank');
  await page.goto(`${address}#scenario=pre-wwi&n=256`);
  await settled();
  const refused = await page.evaluate(async () => {
    const slider = document.getElementById('slider-technology.first_strike');
    const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
    let seen = 0;
    for (let at = 0; at < 60; at += 1) {
      set.call(slider, String(1.9 + 0.02 * at));
      slider.dispatchEvent(new Event('input', { bubbles: true }));
      await new Promise((done) => { setTimeout(done, 50); });
      seen += document.querySelectorAll('.problem').length;
    }
    return seen;
  });
  await settled();
  check('a slider that is dragged fast gets its answer', refused === 0 && /first_strike=3\.08/.test(await page.locator('.command code').textContent()), `${refused}; ${await page.locator('.command code').textContent()}`);
  // The browser notes refused requests in its log, also those that were asked again.
  for (let at = complaints.length - 1; at >= 0; at -= 1) if (complaints[at].includes('503')) complaints.splice(at, 1);

  // A search by several words, names of states, observed values far above the curves, and two eras.
  await page.goto('about:blank');
  await page.goto(`${address}#scenario=pre-wwi&n=64`);
  await settled();
  await page.getByPlaceholder('name, symbol or meaning').fill('Russia mobilisation');
  await page.waitForSelector('.found');
  check('the search finds by several words, the name of a state among them', await page.locator('[id="slider-states.RUS.mobilisation_days"]').count() === 1);
  await page.getByPlaceholder('name, symbol or meaning').fill('');
  await page.waitForSelector('.panel');
  check('observed values far above the curves are told as numbers', await page.locator('.panel .above text').count() > 0);
  await page.goto('about:blank');
  await page.goto(`${address}#scenario=pre-wwii&a.scenario=pre-wwi&n=64`);
  await settled();
  await page.waitForFunction(() => [...document.querySelectorAll('.panel figcaption')].some((one) => one.textContent === 'Serbia'));
  check('states of world A only have their names', !/^[A-Z]{3}$/m.test((await page.locator('.panel figcaption').allInnerTexts()).join('\n')), (await page.locator('.panel figcaption').allInnerTexts()).join(', '));
  check('a difference of dates of two eras is explained', (await page.locator('.outcomes').locator('xpath=../../p').first().textContent()).includes('from the beginning of each world'));

  // Every view in three widths.
  for (const [view, ready] of [['map&history=b0&date=1912', '.map circle'], ['portrait', '.portrait path'], ['text', '#scenario-text'], ['lessons', '.lessons']]) {
    await page.goto('about:blank');
    await page.goto(`${address}#scenario=pre-wwi&n=64&tab=${view}`);
    await page.waitForSelector(ready);
    await page.waitForTimeout(300);
    for (const width of [375, 1280, 1920]) {
      await page.setViewportSize({ width, height: width === 375 ? 780 : 1000 });
      await picture(`${view.split('&')[0]}-${width}`, width === 375);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      check(`${view.split('&')[0]}: nothing is wider than ${width} pixels`, wide <= 0, wide);
    }
    await page.setViewportSize({ width: 1280, height: 900 });
  }

  // Widths.
  await page.goto('about:blank');
  await page.goto(`${address}#scenario=pre-wwi&set=technology.first_strike:1.8&n=200`);
  await settled();
  for (const width of [375, 1280, 1920]) {
    await page.setViewportSize({ width, height: width === 375 ? 780 : 1000 });
    await picture(`outcomes-${width}`, true);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    check(`nothing is wider than ${width} pixels`, wide <= 0, wide);
    await accessible(`${width} pixels`);
  }
  check('the page complains of nothing', complaints.length === 0, complaints.join('\n        '));
} catch (error) {
  check('the check itself', false, String(error));
  await picture('failed').catch(() => {});
} finally {
  await browser.close();
  server.kill('SIGINT');
}
console.log(`\n${passed} passed, ${faults.length} failed`);
process.exit(faults.length === 0 ? 0 : 1);

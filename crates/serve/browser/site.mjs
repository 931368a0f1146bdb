// Checks the page without a server: the folder that scripts/site built, behind a plain static server, in Chromium. Its answers must equal
// those of `spiral serve` to the last bit.
//
//   node site.mjs PROGRAM FOLDER CHROMIUM
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';
import { serve } from './program.mjs';

const [program, folder, executablePath] = process.argv.slice(2);
const require = createRequire(path.join(process.cwd(), 'package.json'));
const { chromium } = require('playwright-core');

setTimeout(() => {
  console.log('FAILED the check took longer than 150 seconds');
  server?.kill('SIGKILL');
  process.exit(1);
}, 150_000).unref();

let [passed, failed] = [0, 0];
function check(name, holds, seen = '') {
  if (holds) passed += 1;
  else failed += 1;
  console.log(`${holds ? 'ok    ' : 'FAILED'} ${name}${holds || seen === '' ? '' : `: ${seen}`}`);
}

const KINDS = { html: 'text/html', css: 'text/css', js: 'text/javascript', mjs: 'text/javascript', json: 'application/json', svg: 'image/svg+xml', wasm: 'application/wasm' };
const plain = createServer(({ url }, response) => {
  const asked = decodeURIComponent(url.split('?')[0]);
  const file = path.join(folder, asked.endsWith('/') ? `${asked}index.html` : asked);
  if (!file.startsWith(path.resolve(folder)) || !existsSync(file) || !statSync(file).isFile()) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { 'content-type': KINDS[file.split('.').at(-1)] ?? 'text/plain' });
  createReadStream(file).pipe(response);
});
await new Promise((ready) => { plain.listen(0, '127.0.0.1', ready); });
// In a folder of its own, as on a host of project pages, every path of the page must be relative.
const site = `http://127.0.0.1:${plain.address().port}/`;

const { server, address: listening } = serve(program);
const native = await listening;
const post = (name, request) => fetch(`${native}api/${name}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(request) });
async function served(name, request) {
  const response = await post(name, request);
  if (name !== 'run') return response.json();
  const events = (await response.text()).split('\n\n').map((event) => /^event: answer\ndata: ([\s\S]*)$/.exec(event)?.[1]).filter(Boolean);
  return events.map((text) => JSON.parse(text));
}

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const complaints = [];
  page.on('console', (message) => { if (message.type() === 'error') complaints.push(message.text()); });
  page.on('pageerror', (error) => complaints.push(String(error)));
  const began = Date.now();
  await page.goto(`${site}#scenario=two-states&n=200&set=technology.first_strike:1.5`);
  const settled = () => page.waitForFunction(() => /^\d+ histories$/.test(document.querySelector('.progress')?.textContent ?? ''), null, { timeout: 60_000 });
  await settled();
  console.log(`       first visit, program loaded and 2 times 200 histories: ${Date.now() - began} ms`);
  check('the page without a server shows both worlds', await page.locator('.panel').first().locator('path').count() === 6);
  const here = (name, request) => page.evaluate(async ([ask, given]) => {
    const engine = await import(new URL('js/engine.js', document.baseURI).href);
    if (ask !== 'run') return engine[ask](given);
    const answers = [];
    await engine.run(given, new AbortController().signal, (answer) => answers.push(answer));
    return answers;
  }, [name, request]);

  const asked = [];
  for (const [scenario, set, histories] of [['two-states', [['technology.first_strike', '1.8']], 300], ['pre-wwi', [['technology.first_strike', '1.8']], 100], ['cold-war', [], 100]]) {
    const b = { scenario, set, without: [] };
    asked.push([`run of ${scenario}`, 'run', { a: { scenario, set: [], without: [] }, b, seed: 1, histories }]);
    asked.push([`numbers of ${scenario}`, 'world', { scenario }]);
    asked.push([`a history of ${scenario}`, 'history', { world: b, seed: 1, history: 3 }]);
    asked.push([`the network of ${scenario}`, 'network', { world: b, seed: 1, history: 3 }]);
    asked.push([`single histories of ${scenario}`, 'strands', { world: b, seed: 1, metric: 'burden', histories: 10 }]);
  }
  asked.push(['a phase portrait', 'portrait', { world: { scenario: 'richardson-1909' }, seed: 1, first: 'CEN', second: 'ENT', histories: 5 }]);
  asked.push(['mistakes of a text', 'check', { scenario: 'two-states', edit: { line: 3, removed: 2, text: 'nonsense: (' } }]);
  for (const [what, name, request] of asked) {
    const [one, other] = [JSON.stringify(await here(name, request)), JSON.stringify(await served(name, request))];
    let at = 0;
    while (at < one.length && one[at] === other[at]) at += 1;
    check(`equal to the bit: ${what} (${Math.round(other.length / 1024)} KiB)`, one === other && one.length > 40, `${one.slice(Math.max(0, at - 60), at + 60)} beside ${other.slice(Math.max(0, at - 60), at + 60)}`);
  }
  const refused = await here('world', { scenario: 'pre-wii' }).catch((error) => String(error));
  check('a wrong name gets the nearest right one', typeof refused === 'string' && refused.includes('pre-wwi'), String(refused));
  const stopped = await page.evaluate(async () => {
    const engine = await import(new URL('js/engine.js', document.baseURI).href);
    const control = new AbortController();
    const request = { a: null, b: { scenario: 'pre-wwi', set: [], without: [] }, seed: 77, histories: 16384 };
    const ended = engine.run(request, control.signal, () => control.abort()).then(() => 'went on', (error) => error.name);
    const name = await ended;
    const before = performance.now();
    await engine.run({ ...request, b: { ...request.b, scenario: 'two-states' }, histories: 32 }, new AbortController().signal, () => {});
    return { name, wait: performance.now() - before };
  });
  check('a run that nobody waits for ends, and the next one begins soon', stopped.name === 'AbortError' && stopped.wait < 5000, JSON.stringify(stopped));
  check('the page complains of nothing', complaints.length === 0, complaints.join('\n        '));
} catch (error) {
  check('the check itself', false, String(error));
} finally {
  await browser.close();
  server.kill('SIGINT');
  plain.close();
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

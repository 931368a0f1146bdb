// Measures the explorer in Chromium and prints what it finds; nothing is asserted, for machines differ.
//
//   node bench.mjs PROGRAM CHROMIUM
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import path from 'node:path';
import { serve } from './program.mjs';

const [program, executablePath] = process.argv.slice(2);
const require = createRequire(path.join(process.cwd(), 'package.json'));
const { chromium } = require('playwright-core');
const SLIDER = 'technology.first_strike';
const [MOVES, MANY] = [9, 200];

const { server, address: listening } = serve(program, 'pre-wwi');
setTimeout(() => {
  console.log('the bench took longer than 480 seconds and ends');
  server.kill('SIGKILL');
  process.exit(1);
}, 480_000).unref();
const address = await listening;

/** Memory of the program, MiB; where the system does not say, nothing. */
const resident = () => {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))[1]) / 1024;
  } catch {
    return NaN;
  }
};
/** Processor time of the program, in hundredths of a second. */
const busy = () => {
  const fields = readFileSync(`/proc/${server.pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return Number(fields[11]) + Number(fields[12]);
};
const sleep = (ms) => new Promise((done) => { setTimeout(done, ms); });
const middle = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const told = (values) => `median ${Math.round(middle(values))} ms, ${Math.round(Math.min(...values))} to ${Math.round(Math.max(...values))} ms`;

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--enable-precise-memory-info', '--js-flags=--expose-gc'] });
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto(`${address}#scenario=pre-wwi&n=1024`);
  const settled = () => page.waitForFunction(() => document.querySelector('.progress')?.textContent === '1024 histories', null, { timeout: 120_000 });
  await settled();

  /** Moves the slider and waits, picture by picture, until the page shows so many histories of the new world. */
  const move = (value, wanted) => page.evaluate(([id, to, texts]) => new Promise((done) => {
    const slider = document.getElementById(id);
    const start = performance.now();
    const times = [];
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(slider, to);
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    const look = () => {
      const text = document.querySelector('.progress').textContent;
      while (times.length < texts.length && new RegExp(texts[times.length]).test(text)) times.push(performance.now() - start);
      if (times.length === texts.length) done(times);
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }), [`slider-${SLIDER}`, String(value), wanted]);

  const [first, all] = [[], []];
  for (let at = 0; at < MOVES; at += 1) {
    const [early, late] = await move(1.1 + 0.05 * at, ['^(64|256) of 1024', '^1024 histories$']);
    first.push(early);
    all.push(late);
    await sleep(200);
  }
  console.log(`${cpus().length} processors (${cpus()[0].model}), pre-wwi, worlds A and B; A is known already`);
  console.log(`first curves (64 histories) after a move:   ${told(first)}`);
  console.log(`1,024 histories after a move:               ${told(all)}`);

  // Leaving a run: how long the program goes on with it.
  const ends = [];
  for (let at = 0; at < 5; at += 1) {
    const control = new AbortController();
    const body = JSON.stringify({ b: { scenario: 'pre-wwi', set: [[SLIDER, String(1.7 + 0.01 * at)]] }, seed: 1, histories: 16384 });
    const response = await fetch(`${address}api/run`, { method: 'POST', headers: { 'content-type': 'application/json' }, body, signal: control.signal });
    await response.body.getReader().read();
    await sleep(300);
    control.abort();
    const start = performance.now();
    let [before, quiet, ended] = [busy(), 0, 0];
    while (quiet < 5 && performance.now() - start < 10_000) {
      await sleep(20);
      const now = busy();
      if (now === before) quiet += 1;
      else [quiet, ended] = [0, performance.now() - start];
      before = now;
    }
    ends.push(ended);
  }
  console.log(`a run that is left ends within:             ${told(ends)}`);

  // Many moves, each before the one before it has ended.
  const heap = () => page.evaluate(() => { globalThis.gc?.(); return performance.memory.usedJSHeapSize / 2 ** 20; });
  const line = async (moves) => console.log(`memory after ${String(moves).padStart(3)} moves:                     program ${resident().toFixed(0)} MiB, page ${(await heap()).toFixed(1)} MiB`);
  await line(0);
  for (let at = 1; at <= MANY; at += 1) {
    await move(1.1 + 0.009 * at, ['^(64|256) of 1024']);
    if (at % 50 === 0) await line(at);
  }
} finally {
  await browser.close();
  server.kill('SIGINT');
}

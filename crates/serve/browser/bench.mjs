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
/** The slider that moves after each round of the other one, so that no world comes twice. */
const OTHER = 'technology.balance';
const [MOVES, ROUND, ROUNDS] = [9, 100, 6];

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

  /** The values of a slider, evenly spread over its range; outside of it, all would be the same end. */
  const values = (name, count) => page.evaluate(([id, many]) => {
    const { min, max } = document.getElementById(id);
    return Array.from({ length: many }, (_, at) => (Number(min) + ((Number(max) - Number(min)) * (at + 0.5)) / many).toPrecision(4));
  }, [`slider-${name}`, count]);

  /** Moves a slider and waits, picture by picture, until the page shows so many histories of the new world. */
  const move = (name, value, wanted) => page.evaluate(([id, to, texts]) => new Promise((done, failed) => {
    const slider = document.getElementById(id);
    const start = performance.now();
    const times = [];
    const before = slider.value;
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(slider, to);
    if (slider.value === before) throw new Error(`the slider ${id} does not move from ${before} to ${to}`);
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    const look = () => {
      const problem = document.querySelector('.problem')?.textContent;
      if (problem) {
        failed(new Error(problem));
        return;
      }
      const text = document.querySelector('.progress').textContent;
      while (times.length < texts.length && new RegExp(texts[times.length]).test(text)) times.push(performance.now() - start);
      if (times.length === texts.length) done(times);
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }), [`slider-${name}`, String(value), wanted]);

  const [first, all] = [[], []];
  for (const value of await values(SLIDER, MOVES)) {
    const [early, late] = await move(SLIDER, value, ['^(64|256) of 1024', '^1024 histories$']);
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
  const round = await values(SLIDER, ROUND);
  for (const [at, other] of (await values(OTHER, ROUNDS)).entries()) {
    await move(OTHER, other, ['^(64|256) of 1024']);
    for (const value of round) await move(SLIDER, value, ['^(64|256) of 1024']);
    await line((at + 1) * (ROUND + 1));
  }
} finally {
  await browser.close();
  server.kill('SIGINT');
}

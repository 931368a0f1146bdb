// Asks the program that this page brings along, compiled to WebAssembly: the same functions and the same answers as of the server. One
// worker keeps what was simulated and answers; the others share the histories of a run among them.

/** What the program refuses, in its own words. */
export class Refused extends Error {}

const MOST_WORKERS = 16;
const STOPPED = 'The program stopped with an error on this world.';
const FIRST = 'pre-wwi';

const compiled = (async () => {
  const response = await fetch('spiral.wasm').catch(() => null);
  if (!response?.ok) throw new Refused('The file spiral.wasm, which holds the program, cannot be loaded.');
  return WebAssembly.compile(await response.arrayBuffer());
})();
compiled.catch(() => {});

/** A worker with one engine. It answers one question at a time. */
class Worker_ {
  #worker = null;

  async #started() {
    if (this.#worker) return this.#worker;
    const module = await compiled;
    const worker = new Worker(new URL('worker.js', import.meta.url), { type: 'module' });
    await new Promise((ready, failed) => {
      const stop = () => {
        worker.terminate();
        failed(new Refused('This browser cannot start the program.'));
      };
      worker.onmessage = ({ data }) => (data.ready ? ready() : stop());
      worker.onerror = stop;
      worker.postMessage({ module });
    });
    this.#worker = worker;
    return worker;
  }

  async ask(question, attached, bytes) {
    const worker = await this.#started();
    const { found, refused, broken } = await new Promise((told) => {
      worker.onmessage = ({ data }) => told(data);
      worker.onerror = (event) => told({ broken: event.message });
      worker.postMessage({ question, attached, bytes }, attached);
    });
    if (broken !== undefined) {
      worker.terminate();
      this.#worker = null;
      throw new Refused(STOPPED);
    }
    if (refused !== undefined) throw new Refused(refused);
    return bytes ? found : JSON.parse(found);
  }
}

/** Workers that share a queue. A question whose signal is aborted before its turn is dropped. */
class Pool {
  #free;
  #queue = [];

  constructor(size) {
    this.#free = Array.from({ length: size }, () => new Worker_());
  }

  ask(name, request, { attached = [], bytes = false, signal } = {}) {
    return new Promise((found, failed) => {
      this.#queue.push({ question: JSON.stringify({ ask: name, with: request }), attached, bytes, signal, found, failed });
      this.#next();
    });
  }

  async #next() {
    if (!this.#free.length || !this.#queue.length) return;
    const { question, attached, bytes, signal, found, failed } = this.#queue.shift();
    if (signal?.aborted) {
      failed(new DOMException('aborted', 'AbortError'));
      this.#next();
      return;
    }
    const worker = this.#free.pop();
    try {
      found(await worker.ask(question, attached, bytes));
    } catch (error) {
      failed(error);
    }
    this.#free.push(worker);
    this.#next();
  }
}

const threads = Math.min(Math.max(navigator.hardwareConcurrency || 2, 1), MOST_WORKERS);
const keeper = new Pool(1);
const workers = new Pool(threads);

const unlessAborted = (signal) => {
  if (signal?.aborted) throw new DOMException('aborted', 'AbortError');
};

/** A question that takes the time of single histories; the keeper stays free for runs. */
async function single(name, request, signal) {
  const found = await workers.ask(name, request, { signal });
  unlessAborted(signal);
  return found;
}

export async function start() {
  const program = await keeper.ask('start', null);
  return { program, opening: { a: null, b: { scenario: FIRST, set: [], without: [] }, seed: null, histories: null, study: null }, threads };
}
export const world = (request, signal) => single('world', request, signal);
export const check = (request, signal) => single('check', request, signal);
export const strands = (request, signal) => single('strands', request, signal);
export const history = (request, signal) => single('history', request, signal);
export const network = (request, signal) => single('network', request, signal);
export const portrait = (request, signal) => single('portrait', request, signal);

/** The answer of so many histories: the workers simulate what is missing, and the keeper puts it together. */
async function stage(request, histories, signal) {
  for (;;) {
    const missing = await keeper.ask('missing', [request, histories], { signal });
    unlessAborted(signal);
    const parts = await Promise.all(missing.map((part) => workers.ask('part', part, { bytes: true, signal })));
    unlessAborted(signal);
    // What was kept of these worlds may have made room for others meanwhile.
    const still = await keeper.ask('missing', [request, histories], { signal });
    if (JSON.stringify(still) === JSON.stringify(missing)) return keeper.ask('finish', [request, histories], { attached: parts, signal });
  }
}

/** Runs worlds, and gives each answer to `take` as it comes. Aborting the signal drops all parts that have not begun. */
export async function run(request, signal, take) {
  for (const histories of await keeper.ask('stages', request.histories)) {
    const answer = await stage(request, histories, signal);
    unlessAborted(signal);
    take(answer);
  }
}

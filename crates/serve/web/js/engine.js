// Asks the program over HTTP. A page for static hosts can put another engine with the same functions in its place.

/** What the program refuses, in its own words. */
export class Refused extends Error {}

/** How a program is asked again that has as many runs under way as it takes: those that were left end soon. Milliseconds, and how often. */
const [PAUSE, TRIES] = [100, 100];
const BUSY = 503;

const pause = (signal) => new Promise((done, failed) => {
  const timer = setTimeout(done, PAUSE);
  signal?.addEventListener('abort', () => {
    clearTimeout(timer);
    failed(signal.reason);
  }, { once: true });
});

async function ask(path, body, signal) {
  const options = body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  let response;
  for (let tries = 0; response === undefined || (response.status === BUSY && tries < TRIES); tries += 1) {
    if (response) await pause(signal);
    try {
      response = await fetch(path, { ...options, signal });
    } catch (error) {
      if (error.name === 'AbortError') throw error;
      throw new Refused('The program does not answer. Is `spiral serve` still running?');
    }
  }
  if (!response.ok) throw new Refused(await response.text());
  return response;
}

export const start = async () => (await ask('/api/start')).json();
export const world = async (request, signal) => (await ask('/api/world', request, signal)).json();
export const check = async (request, signal) => (await ask('/api/check', request, signal)).json();
export const strands = async (request, signal) => (await ask('/api/strands', request, signal)).json();
export const history = async (request, signal) => (await ask('/api/history', request, signal)).json();
export const network = async (request, signal) => (await ask('/api/network', request, signal)).json();
export const portrait = async (request, signal) => (await ask('/api/portrait', request, signal)).json();

/** Runs worlds, and gives each answer to `take` as it comes. Aborting the signal ends the work in the program too. */
export async function run(request, signal, take) {
  const response = await ask('/api/run', request, signal);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  let ended = false;
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    rest += value;
    const events = rest.split('\n\n');
    rest = events.pop();
    for (const event of events) {
      const [, name, data] = /^event: (\w+)\ndata: ([\s\S]*)$/.exec(event) ?? [];
      if (name === 'answer') take(JSON.parse(data));
      if (name === 'problem') throw new Refused(JSON.parse(data));
      ended ||= name === 'done' || name === 'stopped';
    }
  }
  if (!ended) throw new Refused('The program stopped with an error on this world.');
}

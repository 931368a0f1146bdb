// The libraries of the page: preact draws, htm writes, signals hold what changes.
import { h, render } from '../vendor/preact.mjs';
import htm from '../vendor/htm.mjs';

export { render };
export { signal, computed, effect, batch, untracked } from '../vendor/signals-core.mjs';
export const html = htm.bind(h);

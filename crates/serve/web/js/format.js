// Numbers and names as a reader meets them.

/** A number with three or four digits that say something. */
export function number(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-4) return value.toExponential(2);
  const decimals = Math.max(0, 3 - Math.floor(Math.log10(size)) - 1);
  const text = value.toFixed(decimals);
  return text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text;
}

/** A share as per cent. */
export const percent = (value) => (value === null || value === undefined ? '–' : `${number(100 * value)} %`);

/** A text as it stands in the source of a drawing. */
export const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** `first_strike` as `first strike`. */
export const words = (name) => name.replaceAll('_', ' ');

/** The last part of a path, in words. */
export const shortName = (path) => words(path.split('.').at(-1));

/** What a path is about: the group, the state, the pair, or all of them. */
export function subject(path) {
  const [group, ...rest] = path.split('.').slice(0, -1);
  if (rest.length && ['states', 'pairs', 'dyads'].includes(group)) {
    const all = group === 'states' ? 'all states' : 'all pairs';
    return rest.map((part) => (part === '*' ? all : words(part))).join(' ');
  }
  return words([group, ...rest].join(' '));
}

/** A change as a reader meets it: `all states: perceived balance = 0.35`. */
export const change = (path, value) => `${subject(path)}: ${shortName(path)} = ${value}`;

/** A date: whole years as they are, others with two decimals. */
export const dated = (date) => (Number.isInteger(date) ? String(date) : date.toFixed(2));

/** The name of a state; a single letter needs the word, because worlds have letters too. */
export const stateName = (name) => (name.length === 1 ? `State ${name}` : name);

/** The metrics that are drawn: name, title, whether values are shares, whether all states share one scale. */
export const METRICS = [
  { name: 'burden', title: 'Military burden', unit: '% of output', share: true, common: true },
  { name: 'arms', title: 'Arms', unit: 'money', share: false, common: false },
  { name: 'threat', title: 'Threat felt', unit: '', share: false, common: true },
  { name: 'mistrust', title: 'Mistrust', unit: 'probability that others are greedy', share: false, common: true },
];

/** What a number rests on, in words. */
export const BASIS = {
  source: 'source',
  judgement: 'judgement',
  default: 'default',
  computed: 'computed',
  file: 'no source',
};

/** Round numbers between two ends, some three to five of them. */
export function ticks(low, high, wanted = 4) {
  const span = high - low;
  if (!(span > 0)) return [low];
  const raw = span / wanted;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= raw) ?? 10 * power;
  const found = [];
  for (let at = Math.ceil(low / step - 1e-9) * step; at <= high + step * 1e-9; at += step) found.push(Math.abs(at) < step * 1e-9 ? 0 : at);
  return found;
}

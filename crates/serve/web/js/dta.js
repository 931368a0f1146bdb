// Tables as files of Stata (format 118), which Stata 14 and later, R and pandas read. The format is documented in Stata's help file
// `dta_118`: descriptions of the variables, a map of where each part begins, and rows of fixed width.

const encoder = new TextEncoder();
/** The bits of a missing double. */
const MISSING = 0x7fe0000000000000n;
const DOUBLE = 65526;
/** Bytes of a name, a format and a label, with the zero at their end. */
const [NAME, FORMAT, LABEL] = [129, 57, 321];
const LONGEST_TEXT = 2045;

/** Bytes that grow. */
class Bytes {
  #parts = [];
  length = 0;

  add(bytes) {
    this.#parts.push(bytes);
    this.length += bytes.length;
    return this;
  }
  text(text) { return this.add(encoder.encode(text)); }
  padded(text, width) {
    const bytes = new Uint8Array(width);
    encoder.encodeInto(text, bytes.subarray(0, width - 1));
    return this.add(bytes);
  }
  integer(value, width) {
    const bytes = new Uint8Array(width);
    let rest = BigInt(value);
    for (let at = 0; at < width; at += 1) {
      bytes[at] = Number(rest & 255n);
      rest >>= 8n;
    }
    return this.add(bytes);
  }
  all() { return new Blob(this.#parts, { type: 'application/x-stata-dta' }); }
}

/** A variable is text where any of its values is. */
function variable(name, column) {
  const texts = column.filter((value) => typeof value === 'string');
  if (!texts.length) return { name, type: DOUBLE, width: 8, format: '%10.0g' };
  const width = Math.min(Math.max(1, ...texts.map((text) => encoder.encode(text).length)), LONGEST_TEXT);
  return { name, type: width, width, format: `%-${Math.max(width, 9)}s` };
}

/** A file of Stata from rows, of which the first has the names of the variables. */
export function dta([names, ...rows], title) {
  const variables = names.map((name, at) => variable(name, rows.map((row) => row[at])));
  const head = new Bytes().text('<stata_dta><header><release>118</release><byteorder>LSF</byteorder><K>').integer(names.length, 2)
    .text('</K><N>').integer(rows.length, 8).text('</N><label>');
  const label = encoder.encode(title).slice(0, 80);
  head.integer(label.length, 2).add(label).text('</label><timestamp>').integer(0, 1).text('</timestamp></header>');
  const sections = [
    ['variable_types', (to) => variables.forEach(({ type }) => to.integer(type, 2))],
    ['varnames', (to) => variables.forEach(({ name }) => to.padded(name, NAME))],
    ['sortlist', (to) => to.add(new Uint8Array(2 * (names.length + 1)))],
    ['formats', (to) => variables.forEach(({ format }) => to.padded(format, FORMAT))],
    ['value_label_names', (to) => to.add(new Uint8Array(NAME * names.length))],
    ['variable_labels', (to) => to.add(new Uint8Array(LABEL * names.length))],
    ['characteristics', () => {}],
    ['data', (to) => rows.forEach((row) => to.add(line(variables, row)))],
    ['strls', () => {}],
    ['value_labels', () => {}],
  ].map(([name, fill]) => {
    const section = new Bytes().text(`<${name}>`);
    fill(section);
    return section.text(`</${name}>`);
  });
  const mapLength = '<map></map>'.length + 14 * 8;
  const places = [0, head.length];
  let at = head.length + mapLength;
  for (const section of sections) {
    places.push(at);
    at += section.length;
  }
  places.push(at, at + '</stata_dta>'.length);
  const map = new Bytes().text('<map>');
  places.forEach((place) => map.integer(place, 8));
  map.text('</map>');
  return new Blob([head.all(), map.all(), ...sections.map((section) => section.all()), encoder.encode('</stata_dta>')], { type: 'application/x-stata-dta' });
}

function line(variables, row) {
  const bytes = new Uint8Array(variables.reduce((sum, { width }) => sum + width, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  variables.forEach(({ type, width }, column) => {
    const value = row[column];
    if (type !== DOUBLE) encoder.encodeInto(value === null || value === undefined ? '' : String(value), bytes.subarray(at, at + width));
    else if (value === null || value === undefined || !Number.isFinite(Number(value))) view.setBigUint64(at, MISSING, true);
    else view.setFloat64(at, Number(value), true);
    at += width;
  });
  return bytes;
}

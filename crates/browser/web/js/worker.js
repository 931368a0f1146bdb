// One engine in one thread: answers questions with the program compiled to WebAssembly.
let engine = null;

const decoder = new TextDecoder();
const encoder = new TextEncoder();

function write(bytes) {
  const address = engine.input(bytes.length);
  new Uint8Array(engine.memory.buffer, address, bytes.length).set(bytes);
}

function answer({ question, attached, bytes }) {
  for (const part of attached) {
    write(new Uint8Array(part));
    engine.attach();
  }
  write(encoder.encode(question));
  const status = engine.ask();
  const output = new Uint8Array(engine.memory.buffer, engine.output(), engine.output_length());
  if (status !== 0) return { refused: decoder.decode(output) };
  return bytes ? { found: output.slice().buffer } : { found: decoder.decode(output) };
}

self.onmessage = async ({ data }) => {
  if (data.module) {
    try {
      engine = (await WebAssembly.instantiate(data.module, {})).exports;
    } catch (error) {
      return self.postMessage({ broken: String(error) });
    }
    return self.postMessage({ ready: true });
  }
  try {
    const told = answer(data);
    return self.postMessage(told, told.found instanceof ArrayBuffer ? [told.found] : []);
  } catch (error) {
    // The engine stopped with an error on this world and cannot go on: the page starts another worker.
    return self.postMessage({ broken: String(error) });
  }
};

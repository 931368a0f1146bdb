// The program under test, for the checks and the bench beside this file.
import { spawn } from 'node:child_process';

/** Starts `spiral serve` with more arguments on a free port. Gives the process, and the promise of its address. */
export function serve(program, ...more) {
  const server = spawn(program, ['serve', ...more, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const address = new Promise((found, failed) => {
    let text = '';
    server.stdout.on('data', (data) => {
      text += data;
      const at = /http:\/\/127\.0\.0\.1:\d+\//.exec(text);
      if (at) found(at[0]);
    });
    server.on('exit', () => failed(new Error(`the server ended: ${text}`)));
  });
  return { server, address };
}

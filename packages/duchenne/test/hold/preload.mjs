// Loaded before a command by hold.ts. A process that has changed a file as often as it is to stops there, in the middle of its
// work, until it is told to go on or is killed.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { isMainThread } from "node:worker_threads";

const { openSync, closeSync, writeSync, renameSync, writeFileSync, readFileSync, existsSync } = fs;
const { folder, points } = JSON.parse(process.env.DUCHENNE_TEST_HOLD);
const left = points.map(({ change }) => change);
const opened = new Map();

/** Tells that this process has come to something. The file is there with its content, or not at all. */
function tell(name) {
  const file = join(folder, name);
  writeFileSync(`${file}.${process.pid}`, String(process.pid));
  renameSync(`${file}.${process.pid}`, file);
}

function changed(path) {
  for (const [i, { file, containing }] of points.entries()) {
    if (file !== path || !readFileSync(file, "utf8").includes(containing) || --left[i] !== 0) continue;
    tell(`held-${i}`);
    const never = new Int32Array(new SharedArrayBuffer(4));
    while (existsSync(folder) && !existsSync(join(folder, "go"))) Atomics.wait(never, 0, 0, 5);
  }
}

fs.openSync = (path, ...more) => {
  const descriptor = openSync(path, ...more);
  opened.set(descriptor, String(path));
  return descriptor;
};
// Its number may next be that of a file that something else opens.
fs.closeSync = (descriptor) => {
  opened.delete(descriptor);
  closeSync(descriptor);
};
fs.writeSync = (descriptor, ...more) => {
  const written = writeSync(descriptor, ...more);
  changed(opened.get(descriptor));
  return written;
};
fs.renameSync = (from, to) => {
  renameSync(from, to);
  changed(String(to));
};
syncBuiltinESMExports();

/** Once the command's own listeners have heard it. A signal that the command does not listen to ends it, as without this listener. */
function heard(signal) {
  const hasNoListener = process.listenerCount(signal) === 0;
  setImmediate(() => {
    tell(`heard-${process.pid}`);
    if (hasNoListener) process.kill(process.pid, signal);
  });
}
if (isMainThread) for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, heard);

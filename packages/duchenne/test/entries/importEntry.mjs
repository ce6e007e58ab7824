/** Imports one entry, and prints how long that took and which files are mapped into the process afterwards. */
import { readFileSync } from "node:fs";

const start = performance.now();
await import(process.argv[2]);
const seconds = (performance.now() - start) / 1000;

const files = readFileSync("/proc/self/maps", "utf8")
  .split("\n")
  .map((line) => line.slice(line.indexOf("/")))
  .filter((file) => /\.(node|so)/.test(file));
console.log(JSON.stringify({ seconds, files: [...new Set(files)] }));

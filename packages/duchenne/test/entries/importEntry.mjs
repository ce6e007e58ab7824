/** Imports one entry, and prints how long the processor worked for it and which files are mapped into the process afterwards. */
import { readFileSync } from "node:fs";

const start = process.cpuUsage();
await import(process.argv[2]);
const { user, system } = process.cpuUsage(start);
const seconds = (user + system) / 1e6;

const files = readFileSync("/proc/self/maps", "utf8")
  .split("\n")
  .map((line) => line.slice(line.indexOf("/")))
  .filter((file) => /\.(node|so)/.test(file));
console.log(JSON.stringify({ seconds, files: [...new Set(files)] }));

// Takes the files of an exported model into model/, in place of those there. The card, model/README.md, stays: it is written by hand.
// Usage: node packages/model-fer/scripts/adopt.mjs <folder>
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const FILES = ["config.json", "preprocessor_config.json", "onnx/model.onnx"];
/** A web page fetches it. */
const MOST_BYTES = 12e6;

const [from] = process.argv.slice(2);
const fail = (message) => {
  console.error(message);
  process.exit(2);
};

if (from === undefined)
  fail("expected the folder of a model: node packages/model-fer/scripts/adopt.mjs <folder>");
for (const name of FILES)
  if (!statSync(join(from, name), { throwIfNoEntry: false })?.isFile())
    fail(`${join(from, name)}: expected a file of a model that duchenne export wrote, received none`);
const { precision } = JSON.parse(readFileSync(join(from, "config.json"), "utf8"));
if (precision !== "half")
  fail(
    `${from}: expected weights in half precision, received ${precision}. Use duchenne export --precision half.`,
  );
const { size } = statSync(join(from, "onnx/model.onnx"));
if (size > MOST_BYTES) fail(`${from}: expected at most 12 MB, received ${(size / 1e6).toFixed(1)} MB`);

const to = fileURLToPath(new URL("../model/", import.meta.url));
if (existsSync(to))
  for (const name of readdirSync(to)) if (name !== "README.md") rmSync(join(to, name), { recursive: true });
for (const name of FILES) {
  mkdirSync(dirname(join(to, name)), { recursive: true });
  cpSync(join(from, name), join(to, name));
}
console.log(
  `${to}: ${(size / 1e6).toFixed(1)} MB. Its card is as it was: carry over the figures of ${join(from, "README.md")}.`,
);

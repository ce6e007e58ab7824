/**
 * Reads files that were damaged in many ways, and reports whatever a reader says that is none of its own errors.
 *
 *     npx tsx --conditions=source scripts/hardening/mutations.ts [--count 1000000] [--seed 1] [--only csv,pth] [--guided 2000]
 *
 * The first of each reader's files (--guided) are guided by V8's coverage: a file that leads the reader to new code is damaged further.
 * Readers that are slow get fewer files than fast ones. A process that ends by itself, or reads for more than ten seconds, is a
 * finding, too; the file at hand is then in the folder that is named at the start. Exits with 1 if there is any finding.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Random } from "../../packages/duchenne/src/lib/random.ts";
import { Coverage } from "./coverage.ts";
import { buildWhatIsStale } from "./freshBuilds.ts";
import { mutate } from "./mutator.ts";
import { type Target, targets } from "./targets.ts";

const { values: flags } = parseArgs({
  options: {
    count: { type: "string", default: "20000" },
    seed: { type: "string", default: "1" },
    only: { type: "string" },
    guided: { type: "string", default: "2000" },
  },
});
const SLOW_MS = 10_000;
/** From this cost on, a reader is native code, which could end the process. */
const NATIVE_COST = 60;
const NAMED = 5;
const folder = mkdtempSync(join(tmpdir(), "mutated-"));
const current = join(folder, "current");

type Findings = Map<string, { count: number; file: string }>;

/** One damaged file; what is wrong with how it was read, or undefined. */
async function faultOf(target: Target, bytes: Buffer): Promise<string | undefined> {
  const started = performance.now();
  let fault: string | undefined;
  try {
    await target.read(bytes);
  } catch (error) {
    const isOwn = target.errors.some((known) => error instanceof known);
    if (!isOwn)
      fault = error instanceof Error ? `${error.name}: ${error.message.slice(0, 160)}` : String(error);
  }
  if (performance.now() - started > SLOW_MS) fault ??= "took more than ten seconds";
  return fault;
}

/** Files to damage: those that the reader comes with, and those that led it to new code. */
class Corpus {
  readonly files: Buffer[];
  readonly #guided: number;
  readonly #coverage = new Coverage();
  #read = 0;

  /** @param guided how many files are read while coverage is counted; what a native reader does is not counted */
  constructor(target: Target, guided: number) {
    this.files = [...target.seeds];
    this.#guided = target.cost >= NATIVE_COST ? 0 : guided;
  }

  async before(): Promise<void> {
    if (this.#read === 0 && this.#guided > 0) await this.#coverage.start();
  }

  async after(bytes: Buffer): Promise<void> {
    this.#read += 1;
    if (this.#read > this.#guided) return;
    if (await this.#coverage.hasNew()) this.files.push(Buffer.from(bytes));
    if (this.#read === this.#guided) await this.#coverage.stop();
  }
}

async function campaign(target: Target, count: number, seed: number): Promise<[Findings, Corpus]> {
  const random = Random.fromSeed(seed).fork(target.name);
  const findings: Findings = new Map();
  const corpus = new Corpus(target, Math.min(count, Number(flags.guided)));
  for (let i = 0; i < count; i++) {
    const bytes = mutate(corpus.files, random, target.head);
    await corpus.before();
    // Native readers could end the process; the file is then there.
    if (target.cost >= NATIVE_COST) writeFileSync(current, bytes);
    const fault = await faultOf(target, bytes);
    await corpus.after(bytes);
    if (fault === undefined) continue;
    const kind = fault.replace(/[0-9]+/g, "n").slice(0, 80);
    const found = findings.get(kind);
    if (found) found.count += 1;
    else {
      const file = join(folder, `${target.name.replaceAll(" ", "-")}-${findings.size}`);
      writeFileSync(file, bytes);
      findings.set(kind, { count: 1, file });
      if (findings.size <= NAMED) process.stdout.write(`${target.name}: ${fault} (${file})\n`);
    }
  }
  return [findings, corpus];
}

buildWhatIsStale();
const only = flags.only?.split(",");
const chosen = targets.filter(({ name }) => !only || only.includes(name));
const share = Number(flags.count) / chosen.reduce((sum, { cost }) => sum + 1 / cost, 0);
process.stdout.write(`the file at hand: ${current}\n`);
let kinds = 0;
let total = 0;
for (const target of chosen) {
  const count = Math.max(1, Math.round(share / target.cost));
  const started = performance.now();
  const [findings, corpus] = await campaign(target, count, Number(flags.seed));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const reached = corpus.files.length - target.seeds.length;
  process.stdout.write(
    `${target.name}: ${count} files, ${reached} reached new code, ${findings.size} kinds of fault, ${seconds} s\n`,
  );
  kinds += findings.size;
  total += count;
}
process.stdout.write(`${total} files, ${kinds} kinds of fault\n`);
if (kinds === 0) rmSync(folder, { recursive: true, force: true });
process.exit(kinds > 0 ? 1 : 0);

/** Which part of a data set one of several machines prepares. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { setting } from "../../lib/errors.ts";
import { sha256 } from "../../lib/sha256.ts";
import type { SampleSource } from "../datasets/types.ts";
import type { StoreShard } from "../store/manifest.ts";
import { PrepareOptionError } from "./optionError.ts";
import type { SourcePlan } from "./plan.ts";

/** Part `index`, from 1, of `count`. */
export interface ShardChoice {
  readonly index: number;
  readonly count: number;
}

/** @param text as in "2/8"   @throws PrepareOptionError for anything else, or an index out of range */
export function parseShard(text: string): ShardChoice {
  const match = /^(\d+)\/(\d+)$/.exec(text);
  const [index, count] = match ? [Number(match[1]), Number(match[2])] : [0, 0];
  return checkShard({ index, count }, text);
}

/** @throws PrepareOptionError for a part that does not exist */
export function checkShard(shard: ShardChoice, text = `${shard.index}/${shard.count}`): ShardChoice {
  const { index, count } = shard;
  const isPart = Number.isSafeInteger(index) && Number.isSafeInteger(count) && index >= 1 && index <= count;
  if (isPart) return shard;
  throw new PrepareOptionError(
    setting("shard"),
    "i/n with i from 1 to n",
    text,
    'For eight machines, prepare with `shard: "1/8"` on the first and so on.',
  );
}

/**
 * The sources of a part: a contiguous range of the list, since keys of a store count up in the list's order; the ranges hold about the
 * same number of bytes.
 * @returns the sources, and what the store keeps of the division
 */
export function takeShard(
  plans: readonly SourcePlan[],
  choice: ShardChoice,
): { plans: SourcePlan[]; shard: StoreShard } {
  const { index, count } = checkShard(choice);
  // A source counts as one byte at least, so that files that cannot be read are divided, too.
  const bytes = plans.map(({ source }) => Math.max(1, bytesOf(source)));
  const total = bytes.reduce((sum, size) => sum + size, 0);
  let before = 0;
  const chosen = plans.filter((_, i) => {
    const middle = before + bytes[i]! / 2;
    before += bytes[i]!;
    return Math.min(count, 1 + Math.floor((count * middle) / total)) === index;
  });
  const plan = sha256(JSON.stringify(plans.map(({ id }, i) => [id, bytes[i]])));
  return { plans: chosen, shard: { index, count, plan } };
}

function bytesOf(source: SampleSource): number {
  if (source.kind === "pixels") return "pixels" in source ? source.pixels.length : source.byteLength;
  try {
    if (source.kind !== "frames") return statSync(source.path).size;
    const files = readdirSync(source.path).map((name) => statSync(join(source.path, name)));
    return files.reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0);
  } catch {
    return 0; // reported when it is read
  }
}

/** What a user should know before reading the scores, as text. */
import type { PairFile } from "./identity/verification.ts";
import type { ProbeResult } from "./schema/result.ts";

/** Sizes of the splits, and images left out. */
export function splitNotices({ data, settings }: ProbeResult): string[] {
  const { train, validation, test } = data;
  const splits =
    settings.task === "identity"
      ? `${test.images} images of ${test.persons} people: ${data.splitRule}`
      : `${train.images} images train, ${validation.images} validate, ${test.images} test: ${data.splitRule}`;
  const leftOut = Object.entries(data.leftOut).map(
    ([reason, count]) => `left out: ${count} images, ${reason}`,
  );
  const { unlabelled } = data;
  const semi = unlabelled === undefined ? [] : [`${unlabelled} images may teach without a label`];
  return [splits, ...semi, ...leftOut];
}

/** Images that two splits share. */
export function duplicateNotices({ data }: ProbeResult): string[] {
  return data.duplicates
    .filter(({ exact, near }) => exact + near > 0)
    .map(
      ({ parts: [a, b], exact, near }) =>
        `duplicates: ${exact} images of ${b} are also in ${a}, pixel for pixel, and ${near} almost`,
    );
}

/** Pairs left out because an image is not in the store. @param present from `presentPairs` */
export function pairNotices(all: PairFile, present: PairFile): string[] {
  const count = ({ folds }: PairFile) => folds.reduce((sum, pairs) => sum + pairs.length, 0);
  const missing = count(all) - count(present);
  return missing === 0
    ? []
    : [`left out: ${missing} of ${count(all)} pairs in ${all.file}, an image is not in the store`];
}

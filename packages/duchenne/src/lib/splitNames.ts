/** The parts of a labelled data set, under the names that a store keeps. */
export const SPLITS = ["train", "validation", "test"] as const;

export type Split = (typeof SPLITS)[number];

/** Usual names of each part; FER2013 calls validation and test PublicTest and PrivateTest. */
const NAMES: Readonly<Record<Split, readonly string[]>> = {
  train: ["train", "training", "tr"],
  validation: ["validation", "valid", "val", "dev", "development", "publictest"],
  test: ["test", "testing", "privatetest"],
};

const BY_NAME = new Map(SPLITS.flatMap((split) => NAMES[split].map((name) => [name, split] as const)));

/** "train (or training, tr), validation (or …), test (or …)", for errors and help. */
export const KNOWN_SPLITS = SPLITS.map((split) => {
  const others = NAMES[split].filter((name) => name !== split);
  return `${split} (or ${others.join(", ")})`;
}).join(", ");

/**
 * The part that a split's name means, without regard to case, spaces, hyphens and underscores.
 * @returns undefined if the name is not a known one
 */
export const parseSplit = (name: string): Split | undefined =>
  BY_NAME.get(name.toLowerCase().replace(/[\s_-]/g, ""));

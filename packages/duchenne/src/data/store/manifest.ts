import { z } from "zod";
import { EXPRESSION_ORDER_NAMES } from "../../lib/expressions.ts";
import { originSchema } from "./origin.ts";

/** Raised when a change makes old stores unreadable; an older or newer store is refused, never guessed at. */
export const FORMAT_VERSION = 1;

/** Encodings of the crops in a store. */
export const CODECS = ["jpeg", "raw"] as const;
/** Encoding of the crops in a store. */
export type Codec = (typeof CODECS)[number];

/** Kinds of eye and mouth features. */
export const FEATURE_KINDS = ["landmarks", "resnet18"] as const;
/** Kind of the eye and mouth feature in a store. */
export type FeatureKind = (typeof FEATURE_KINDS)[number];

/** What decides a store's content. Two runs with equal options over equal files give equal stores. */
const optionsSchema = z.strictObject({
  /** Data set reader, a key of DATASETS. */
  dataset: z.string(),
  /** Absolute path of the source. */
  source: z.string(),
  /** Side of the square crops, pixels. */
  size: z.int().positive(),
  codec: z.enum(CODECS),
  jpegQuality: z.int().min(1).max(100),
  /** Frames sampled per second of video. */
  frameRateHz: z.number().positive(),
  /** False: every image is a face already, its whole area is the box. */
  detect: z.boolean(),
  alignEyes: z.boolean(),
  /** Side of a crop in longer sides of its landmarks' box; absent in older stores: 1.6. */
  cropScale: z.number().min(1).optional(),
  /** Folders between a clip and the one named after the person. */
  personLevel: z.int().nonnegative(),
  feature: z.enum(FEATURE_KINDS),
  featureLength: z.int().positive(),
  /** What computed the feature and the landmarks: file name and content hash, so that another file is noticed. */
  featureModel: z.string(),
  landmarkModel: z.string(),
  /** Order of the expressions in which numbers as labels were read; absent if no label is a number, and in older stores. */
  labelNumbers: z.enum(EXPRESSION_ORDER_NAMES).optional(),
});

const countsSchema = z.strictObject({
  /** Sources read: videos, frame folders and stills, with or without a face. */
  clips: z.int(),
  /** Faces followed: what the sampler calls a clip. */
  tracks: z.int(),
  persons: z.int(),
  framesSampled: z.int(),
  /** Frames kept. */
  frames: z.int(),
  /** Frames dropped, by reason. */
  skipped: z.record(z.string(), z.int()),
  /** Sources that could not be read whole, by reason. */
  problems: z.record(z.string(), z.int()),
});

const shardSchema = z.strictObject({
  /** From 1. */
  index: z.int().positive(),
  count: z.int().positive(),
  /** SHA-256 of the whole list of sources and their sizes: parts of unlike lists do not fit together. */
  plan: z.string(),
});

/** Schema of the manifest. */
export const manifestSchema = z.strictObject({
  format: z.literal("duchenne-frame-store"),
  formatVersion: z.literal(FORMAT_VERSION),
  /** Versions of the packages that made the store. */
  versions: z.record(z.string(), z.string()),
  options: optionsSchema,
  /** Where the faces come from; absent in older stores. */
  origin: originSchema.optional(),
  expressions: z.array(z.string()),
  /** False until every source was read: such a store is opened only on request. */
  complete: z.boolean(),
  counts: countsSchema,
  /** Label rows that could not be used, by reason. */
  badRows: z.record(z.string(), z.int()),
  /** Next unused keys: keys of removed frames are not given out again. */
  nextFrame: z.int(),
  nextClip: z.int(),
  /** SHA-256 of removed people's names: `prepare` leaves them out when run again, and the store does not name them. */
  removedPersons: z.array(z.string()),
  /** Of a store that holds a part of a data set; merged, it is gone. */
  shard: shardSchema.optional(),
});

/** Which part of a data set a store holds. */
export type StoreShard = z.infer<typeof shardSchema>;
/** Options that decide the content of a store. */
export type StoreOptions = z.infer<typeof optionsSchema>;
/** Counts of a store's content. */
export type StoreCounts = z.infer<typeof countsSchema>;
/** The store's own description of its format, options and content. */
export type Manifest = z.infer<typeof manifestSchema>;

/** Counts of an empty store. */
export const emptyCounts = (): StoreCounts => ({
  clips: 0,
  tracks: 0,
  persons: 0,
  framesSampled: 0,
  frames: 0,
  skipped: {},
  problems: {},
});

/** `total + sign · part`, key by key, without keys that come to zero; keys sorted, so that equal counts are equal bytes. */
export function addTally(
  total: Readonly<Record<string, number>>,
  part: Readonly<Record<string, number>>,
  sign: 1 | -1 = 1,
): Record<string, number> {
  // Keys may be names from outside, "constructor" among them.
  const sums = new Map(Object.entries(total));
  for (const [key, count] of Object.entries(part)) sums.set(key, (sums.get(key) ?? 0) + sign * count);
  return Object.fromEntries([...sums].filter(([, count]) => count !== 0).sort(byKey));
}

const byKey = ([a]: readonly [string, number], [b]: readonly [string, number]): number =>
  a < b ? -1 : a > b ? 1 : 0;

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { basename, resolve } from "node:path";
import { FACE_DEFAULTS, findLandmarkModel } from "@duchenne/face";
import { checkKeys } from "../../lib/checkKeys.ts";
import { setting } from "../../lib/errors.ts";
import type { ExpressionOrder } from "../../lib/expressions.ts";
import { DATASETS, type DataSetName, detectDataSet } from "../datasets/registry.ts";
import { JPEG_QUALITY } from "../store/imageCodec.ts";
import { CODECS, type Codec, type StoreOptions } from "../store/manifest.ts";
import { type Feature, LANDMARK_FEATURE } from "./features.ts";
import { PrepareOptionError } from "./optionError.ts";
import type { ShardChoice } from "./shard.ts";

/** Options of `prepare`. Default of an absent option: `PREPARE_DEFAULTS`, or as the data set has it. */
export type PrepareOptions = {
  dataset?: DataSetName | "auto";
  /** Frames sampled per second of video. */
  frameRateHz?: number;
  /** Side of the crops, pixels. */
  size?: number;
  codec?: Codec;
  /** False treats every image as a face crop. Default: depends on the data set. */
  detect?: boolean;
  alignEyes?: boolean;
  /** Side of a crop, as a multiple of the longer side of the landmarks' box. */
  cropScale?: number;
  personLevel?: number;
  /**
   * Order of the expressions that numbers as labels mean, in a table of your own or as names of class folders. Default: AffectNet's
   * in a column named expression, FER2013's in a column named emotion, and none for folders, which then are an error.
   */
  labelNumbers?: ExpressionOrder;
  /** Eye+mouth feature stored with each face; default: the landmark feature. Another is `resnetFeature` of duchenne/ssl. */
  feature?: Feature;
  /** Path of a dlib 68-point model. */
  landmarkModel?: string;
  /** Number of worker threads; 0 reads on the calling thread. The store does not depend on it. */
  workers?: number;
  /** Read a part of the data set only, of those that several machines read; `mergeStores` puts them together. */
  shard?: ShardChoice;
  /** Stop at the first file or label that cannot be read. */
  strict?: boolean;
};

/** Defaults of the options that do not depend on the data set. */
export const PREPARE_DEFAULTS = {
  frameRateHz: FACE_DEFAULTS.fps,
  size: FACE_DEFAULTS.size,
  codec: "jpeg",
  alignEyes: false,
  cropScale: FACE_DEFAULTS.cropScale,
  feature: LANDMARK_FEATURE,
} as const;

const KEYS = [
  ...["dataset", "frameRateHz", "size", "codec", "detect", "alignEyes", "cropScale", "personLevel"],
  ...["labelNumbers", "feature", "landmarkModel", "workers", "shard", "strict"],
];

/** Resolved settings, as plain data for worker threads. */
export type PrepareSettings = {
  store: StoreOptions;
  landmarkModel: string;
  feature: Feature;
};

/**
 * Resolves everything that decides the content of the store.
 * @throws DataError if the source has no known layout; FaceError if there is no landmark model; PrepareOptionError if
 * the source is empty
 */
export async function resolveSettings(source: string, options: PrepareOptions): Promise<PrepareSettings> {
  // Resolved, an empty name would be the working folder.
  if (source === "")
    throw new PrepareOptionError(
      setting("source"),
      "a folder or file",
      "an empty name",
      "Name the data set to read.",
    );
  checkOptions(options);
  const root = resolve(source);
  const named = options.dataset ?? "auto";
  const dataset = named === "auto" ? detectDataSet(root) : named;
  const landmarkModel = await findLandmarkModel(options.landmarkModel);
  const feature = options.feature ?? PREPARE_DEFAULTS.feature;
  const store: StoreOptions = {
    dataset,
    source: root,
    size: options.size ?? PREPARE_DEFAULTS.size,
    codec: options.codec ?? PREPARE_DEFAULTS.codec,
    jpegQuality: JPEG_QUALITY,
    frameRateHz: options.frameRateHz ?? PREPARE_DEFAULTS.frameRateHz,
    detect: options.detect ?? !DATASETS[dataset].facesAreCropped,
    alignEyes: options.alignEyes ?? PREPARE_DEFAULTS.alignEyes,
    cropScale: options.cropScale ?? PREPARE_DEFAULTS.cropScale,
    personLevel: options.personLevel ?? DATASETS[dataset].personLevel,
    feature: feature.kind,
    featureLength: feature.length,
    featureModel: await featureModel(feature),
    landmarkModel: await fileName(landmarkModel),
  };
  return { store, landmarkModel, feature };
}

/** @throws ConfigError for an unknown key   @throws PrepareOptionError for an unknown data set or codec */
function checkOptions(options: PrepareOptions): void {
  checkKeys("prepare", options, KEYS);
  const { dataset = "auto", codec = PREPARE_DEFAULTS.codec } = options;
  for (const [name, value, known] of [
    ["dataset", dataset, ["auto", ...Object.keys(DATASETS)]],
    ["codec", codec, CODECS],
  ] as const) {
    if (!(known as readonly string[]).includes(value))
      throw new PrepareOptionError(
        setting(name),
        `one of ${known.join(", ")}`,
        JSON.stringify(value),
        "Choose one of these.",
      );
  }
}

const featureModel = async ({ version, weights }: Feature): Promise<string> =>
  weights === undefined ? version : `${version} ${await fileName(weights)}`;

/** A file's name and the first of its hash: another file of the same name is noticed. */
async function fileName(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return `${basename(path)} sha256:${hash.digest("hex").slice(0, 16)}`;
}

/** The rows of the paper's table: how each is pre-trained, and the published figures. */

import type { Settings } from "../../ssl/config/resolveConfig.ts";
import { FULL_METHOD, UNTRAINED_ROW } from "../page/data/rowNames.ts";

/** Where a row's backbone comes from: random weights, a weights file, or a pre-training with these settings. */
export type RowKind = "untrained" | "weights" | { readonly settings: Settings };

/** How long a pre-training is. */
export type TrainingBudget =
  | { readonly images: number }
  | { readonly steps: number }
  | { readonly epochs: number };

/** A first pre-training on a store of its own. */
export interface Start {
  /** Folder of the store. */
  readonly store: string;
  readonly settings: Settings;
  readonly budget: TrainingBudget;
}

/** One row of the table. */
export interface Row {
  readonly name: string;
  readonly kind: RowKind;
  /** A first pre-training that it starts from. */
  readonly start?: Start | undefined;
  /** The paper's figures on AffectNet, by the names of a ProbeResult's. */
  readonly paper?: Readonly<Record<string, number>>;
}

type Published = readonly [f1: number, acc: number, vCcc: number, vRmse: number, aCcc: number, aRmse: number];

function published([macroF1, accuracy, valenceCcc, valenceRmse, arousalCcc, arousalRmse]: Published) {
  return {
    macroF1: macroF1 / 100,
    accuracy: accuracy / 100,
    valenceCcc,
    valenceRmse,
    arousalCcc,
    arousalRmse,
  };
}

const NO_COMPONENTS = {
  timeAug: false,
  hardNeg: false,
  faceSwap: false,
  maskFn: false,
  cutMix: false,
} as const;

/** The method with some of its components. */
const sslFer = (components: Settings): RowKind => ({
  settings: { method: "ssl-fer", ...NO_COMPONENTS, ...components },
});
const baseline = (method: "simclr" | "moco-v2" | "byol"): RowKind => ({
  settings: { method, ...NO_COMPONENTS },
});

/** Table 1 of Shu et al. 2022 (arXiv:2210.03853), with the floor of an untrained backbone. */
export const ROWS: readonly Row[] = [
  { name: UNTRAINED_ROW, kind: "untrained" },
  { name: "ImageNet", kind: "weights", paper: published([56.7, 56.6, 0.563, 0.462, 0.48, 0.376]) },
  { name: "BYOL", kind: baseline("byol"), paper: published([56.3, 56.4, 0.56, 0.46, 0.462, 0.386]) },
  { name: "MoCo-v2", kind: baseline("moco-v2"), paper: published([56.8, 56.8, 0.57, 0.454, 0.486, 0.378]) },
  { name: "SimCLR", kind: baseline("simclr"), paper: published([57.5, 57.7, 0.594, 0.431, 0.451, 0.387]) },
  {
    name: "TimeAug",
    kind: sslFer({ timeAug: true }),
    paper: published([57.8, 57.9, 0.583, 0.448, 0.5, 0.374]),
  },
  {
    name: "TimeAug+HardNeg",
    kind: sslFer({ timeAug: true, hardNeg: true }),
    paper: published([58.1, 58.3, 0.594, 0.437, 0.5, 0.373]),
  },
  {
    name: "TimeAug+HardNeg+CutMix",
    kind: sslFer({ timeAug: true, hardNeg: true, cutMix: true }),
    paper: published([58.3, 58.4, 0.542, 0.463, 0.508, 0.368]),
  },
  {
    name: "TimeAug+FaceSwap+MaskFN",
    kind: sslFer({ timeAug: true, faceSwap: true, maskFn: true }),
    paper: published([58.6, 58.7, 0.568, 0.444, 0.502, 0.369]),
  },
  {
    name: "TimeAug+HardNeg+FaceSwap",
    kind: sslFer({ timeAug: true, hardNeg: true, faceSwap: true }),
    paper: published([58.8, 58.9, 0.601, 0.429, 0.514, 0.367]),
  },
  {
    name: "TimeAug+HardNeg+MaskFN",
    kind: sslFer({ timeAug: true, hardNeg: true, maskFn: true }),
    paper: published([58.9, 58.9, 0.578, 0.448, 0.493, 0.37]),
  },
  {
    name: FULL_METHOD,
    kind: sslFer({ timeAug: true, hardNeg: true, faceSwap: true, maskFn: true }),
    paper: published([59.3, 59.3, 0.595, 0.435, 0.502, 0.372]),
  },
];

/** Names of the rows that the method is compared with: without pre-training, and of other methods. */
export const BASELINE_NAMES: ReadonlySet<string> = new Set(
  ROWS.filter(({ kind }) => typeof kind === "string" || kind.settings.method !== "ssl-fer").map(
    ({ name }) => name,
  ),
);

/** Names of the rows that a plan can use. */
export const ROW_NAMES: readonly string[] = ROWS.map(({ name }) => name);

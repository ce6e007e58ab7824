/** What an exported model is worth on labelled faces. Nothing here loads libtorch. */
import type { Model } from "@duchenne/predict";
import { FrameStore } from "../../data/store/index.ts";
import { checkKeys } from "../../lib/checkKeys.ts";
import type { Expression } from "../../lib/expressions.ts";
import { type BrightnessScore, scoreByBrightness } from "./brightness.ts";
import { ScoreError } from "./errors.ts";
import { type AffectScore, type ExpressionScore, scoreAffect, scoreExpressions } from "./figures.ts";
import { type LabelledFace, labelledFaces } from "./labelledFaces.ts";
import { type FacePrediction, hasCropsOf, predictStored } from "./predictStored.ts";

/** Options of `scoreModel`. */
export interface ScoreOptions {
  /** Score the faces of this split alone; default: every labelled face. */
  readonly split?: string;
  readonly signal?: AbortSignal;
  /** Called after each batch of faces. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

/** The result of `scoreModel`. A part is null if the model has no such head, or the store no such labels. */
export interface Score {
  readonly expression: ExpressionScore | null;
  readonly affect: AffectScore | null;
  /** Accuracy by brightness; empty without expressions. */
  readonly byBrightness: readonly BrightnessScore[];
  /** Faces that were not scored, by reason, such as "contempt: not a class of the model". */
  readonly leftOut: Readonly<Record<string, number>>;
  /** Classes of the model that no face of the store shows: they are never predicted here. */
  readonly absentClasses: readonly string[];
  /** What a reader of the figures should know. */
  readonly notices: readonly string[];
}

interface Scored {
  readonly face: LabelledFace;
  readonly prediction: FacePrediction;
}

/** See `scoreModel`. */
export async function scoreStore(model: Model, storePath: string, options: ScoreOptions): Promise<Score> {
  checkKeys(
    "scoreModel",
    options,
    Object.keys({ split: true, signal: true, onProgress: true } satisfies Record<keyof ScoreOptions, true>),
  );
  const { split, signal, onProgress } = options;
  const store = FrameStore.open(storePath);
  try {
    const faces = labelledFaces(store, split);
    const shared = sharedClasses(model, faces);
    const { usable, leftOut } = sift(model, faces, shared);
    if (usable.length === 0)
      throw new ScoreError(
        storePath,
        `faces labelled with what the model predicts (${describeHeads(model)})`,
        Object.keys(leftOut).join("; "),
        "Use a store with such labels, or a model of its classes.",
      );
    const total = usable.length;
    const predictions = await predictStored(
      model,
      store,
      usable,
      (done) => onProgress?.({ done, total }),
      signal,
    );
    const scored = usable.map((face, i) => ({ face, prediction: predictions[i]! }));
    return {
      expression: shared.length > 1 ? expressionScore(scored, shared) : null,
      byBrightness: shared.length > 1 ? brightnessScore(store, scored, shared) : [],
      affect: affectScore(scored),
      leftOut,
      absentClasses: model.info.classes.filter((name) => !shared.includes(name)),
      notices: [
        ...(hasCropsOf(model, store) ? [] : [cropNotice(model, store)]),
        ...(shared.length === 1 ? [oneClassNotice(shared[0]!)] : []),
      ],
    };
  } finally {
    await store.close();
  }
}

const hasExpressions = (model: Model): boolean => model.info.heads.includes("expression");
const hasAffect = (model: Model): boolean => model.info.heads.includes("valence_arousal");

const describeHeads = (model: Model): string =>
  [
    ...(hasExpressions(model) ? [model.info.classes.join(", ")] : []),
    ...(hasAffect(model) ? ["valence and arousal"] : []),
  ].join("; ") || "embeddings alone";

/** In the model's order. */
function sharedClasses(model: Model, faces: readonly LabelledFace[]): string[] {
  const shown = new Set<string | null>(faces.map(({ expression }) => expression));
  return model.info.classes.filter((name) => shown.has(name));
}

function sift(model: Model, faces: readonly LabelledFace[], shared: readonly string[]) {
  const leftOut: Record<string, number> = {};
  const usable = faces.filter(({ expression, affect }) => {
    if (expression !== null && shared.includes(expression)) return true;
    if (affect !== null && hasAffect(model)) return true;
    const reason = expression === null ? "no label that the model predicts" : missingClass(model, expression);
    leftOut[reason] = (leftOut[reason] ?? 0) + 1;
    return false;
  });
  return { usable, leftOut };
}

const missingClass = (model: Model, expression: Expression): string =>
  hasExpressions(model) ? `${expression}: not a class of the model` : "the model predicts no expression";

function expressionScore(scored: readonly Scored[], classes: readonly string[]): ExpressionScore | null {
  const own = scored.filter(({ face }) => face.expression !== null && classes.includes(face.expression));
  return scoreExpressions(
    classes,
    own.map(({ face }) => classes.indexOf(face.expression!)),
    own.map(({ prediction }) => classes.map((name) => prediction.probabilities![name]!)),
    own.map(({ face }) => face.person),
  );
}

function brightnessScore(
  store: FrameStore,
  scored: readonly Scored[],
  classes: readonly string[],
): BrightnessScore[] {
  const own = scored.filter(({ face }) => face.expression !== null && classes.includes(face.expression));
  const correct = own.map(({ face, prediction: { probabilities } }) =>
    classes.every((name) => probabilities![name]! <= probabilities![face.expression!]!),
  );
  return scoreByBrightness(
    store,
    own.map(({ face }) => face),
    correct,
  );
}

function affectScore(scored: readonly Scored[]): AffectScore | null {
  const own = scored.filter(({ face, prediction }) => face.affect && prediction.valence !== undefined);
  if (own.length === 0) return null;
  return scoreAffect(
    own.map(({ face }) => [face.affect!.valence, face.affect!.arousal] as const),
    own.map(({ prediction }) => [prediction.valence!, prediction.arousal!] as const),
    own.map(({ face }) => face.person),
  );
}

const oneClassNotice = (name: string): string =>
  `the faces show ${name} alone of the model's classes, and one class cannot be told apart: expressions are not scored`;

function cropNotice(model: Model, store: FrameStore): string {
  const { cropScale, alignEyes } = store.manifest.options;
  const describe = (scale: number | undefined, aligned: boolean) =>
    `scale ${scale}${aligned ? ", eyes level" : ""}`;
  return (
    `the store's faces are cut otherwise (${describe(cropScale, alignEyes)}) than those the model learned from ` +
    `(${describe(model.info.faceScale, model.info.alignEyes)}): they are cut again by their landmarks, black outside the stored crop`
  );
}

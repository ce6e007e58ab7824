/** Reads the parts of a model: saved probes, or a backbone alone. */
import { existsSync } from "node:fs";
import { SIDE_PER_BOX } from "@duchenne/crop";
import type { Head } from "@duchenne/predict";
import { Generator, nn, type StateDict, scope, tensorsOf } from "@duchenne/torch";
import { storeFile } from "../../data/store/environment.ts";
import { FrameStore } from "../../data/store/frameStore.ts";
import type { DataOrigin } from "../../data/store/origin.ts";
import { buildPredictor } from "../../evaluate/predictors/predictor.ts";
import { cropOf } from "../../evaluate/predictors/predictorKeeper.ts";
import {
  isSavedProbe,
  readSavedProbe,
  type SavedCrop,
  type SavedProbe,
} from "../../evaluate/results/savedProbe.ts";
import type { Backbone, BackboneDefinition } from "../../ssl/backbones/index.ts";
import { findWeights } from "../../ssl/run/backboneState.ts";
import {
  definitionOf,
  type LoadBackboneOptions,
  loadBackbone,
  type TrainingData,
  UNTRAINED,
} from "../../ssl/run/loadBackbone.ts";
import { ExportError } from "./onnx/errors.ts";
import type { NetworkHead } from "./onnx/writeOnnx.ts";

/** A source of a model, loaded and in evaluation mode. */
export interface Part {
  /** Path, for errors. */
  readonly from: string;
  readonly backbone: Backbone;
  readonly arch: string;
  /** Side of the network's input, pixels. */
  readonly size: number;
  readonly description: string;
  /** How the source of the pre-training data was read; undefined if unknown, or without pre-training. */
  readonly dataset: string | undefined;
  /** Where the faces of the pre-training come from; undefined if unknown, or without pre-training. */
  readonly origin: DataOrigin | undefined;
  /** The data of the pre-trainings before. */
  readonly earlier: readonly TrainingData[];
  readonly crop: SavedCrop;
  /** The saved probe and its predictor; null for a backbone alone. */
  readonly trained: { readonly probe: SavedProbe; readonly head: NetworkHead } | null;
}

const HEAD_OF = { expression: "expression", va: "valence_arousal" } as const satisfies Record<
  SavedProbe["task"],
  Head
>;

/** See `loadPart`. */
export async function readPart(from: string, options: LoadBackboneOptions): Promise<Part> {
  return isSavedProbe(from) ? loadProbe(from, options.backbone) : loadAlone(from, options);
}

async function loadAlone(from: string, options: LoadBackboneOptions): Promise<Part> {
  const { backbone, arch, size, dataset, origin, earlier, description } = loadBackbone(from, options);
  return {
    from,
    backbone,
    arch,
    size,
    dataset,
    origin,
    earlier,
    description,
    crop: await cropOfPreTraining(from),
    trained: null,
  };
}

/** The defaults of `prepare`. */
const DEFAULT_CROP: SavedCrop = { size: 128, scale: SIDE_PER_BOX, alignEyes: false, landmarkModel: "" };

/** The crop in the store of the pre-training: without a scale if the store is gone; the default if there was no pre-training. */
async function cropOfPreTraining(from: string): Promise<SavedCrop> {
  const path = from === UNTRAINED ? undefined : findWeights(from).state?.store.path;
  if (path === undefined) return DEFAULT_CROP;
  if (!existsSync(storeFile(path))) return { ...DEFAULT_CROP, scale: null };
  const store = FrameStore.open(path, { allowIncomplete: true });
  try {
    return cropOf(store);
  } finally {
    await store.close();
  }
}

function loadProbe(from: string, definition?: BackboneDefinition): Part {
  const { about, tensors } = readSavedProbe(from);
  const { arch, size, features, dataset, origin, earlier = [], description } = about.backbone;
  const outputs = about.classes?.length ?? 2;
  using generator = Generator.seeded(0);
  const backbone = definitionOf(from, arch, definition).build({ generator });
  const dropout = { dropout: 0, init: generator, drop: generator };
  const predictor =
    about.mode === "linear"
      ? new nn.Linear(features, outputs, { generator })
      : buildPredictor(features, outputs, dropout);
  load(backbone, tensors, "backbone.", from);
  load(predictor, tensors, "predictor.", from);
  const head = { head: HEAD_OF[about.task], predictor: predictor.eval(), outputs };
  const trained = { probe: about, head };
  return {
    ...{ from, backbone: backbone.eval(), arch, size, dataset, origin, earlier, description },
    ...{ crop: about.crop, trained },
  };
}

function load(network: nn.Module, tensors: StateDict, prefix: string, from: string): void {
  const own = [...tensors]
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, tensor]) => [name.slice(prefix.length), tensor] as const);
  try {
    scope(() => network.loadStateDict(tensorsOf(new Map(own))));
  } catch (cause) {
    const { message } = cause as Error;
    const remedy = "The folder is damaged, or its backbone was defined otherwise: save the probe again.";
    throw new ExportError(from, "weights that fit probe.json", message, remedy, { cause });
  }
}

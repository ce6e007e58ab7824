import type { ModelConfig, Preprocessor } from "@duchenne/predict";
import type { DataOrigin } from "../../data/store/origin.ts";
import type { SavedProbe } from "../../evaluate/results/savedProbe.ts";
import { ConfigError, setting } from "../../lib/errors.ts";
import { MEAN, STANDARD_DEVIATION } from "../../lib/imageNet.ts";
import type { TrainingData } from "../../ssl/run/loadBackbone.ts";
import { workingSize } from "../../ssl/views/resize.ts";
import { ExportError } from "./onnx/errors.ts";
import type { Network } from "./onnx/writeOnnx.ts";
import type { Part } from "./readPart.ts";

/** The content of a model's folder before it is written. */
export interface Assembly {
  readonly network: Network;
  readonly config: ModelConfig;
  readonly preprocessor: Preprocessor;
  /** Description of the backbone, without paths of files. */
  readonly description: string;
  /** How the source of the pre-training data was read; undefined if unknown, or without pre-training. */
  readonly dataset: string | undefined;
  /** Where the faces of the pre-training come from; undefined if unknown, or without pre-training. */
  readonly origin: DataOrigin | undefined;
  /** The data of the pre-trainings before. */
  readonly earlier: readonly TrainingData[];
  readonly probes: readonly SavedProbe[];
}

/**
 * Joins saved probes of one backbone, or takes a backbone alone.
 * @param cropScale side of the face crop, as a multiple of the longer side of the landmarks' box; default: as in the parts
 * @throws ExportError if the parts make no model; ConfigError if the crop of the faces is unknown
 */
export function assemble(parts: readonly Part[], cropScale?: number): Assembly {
  const [first, ...others] = parts;
  if (first === undefined)
    throw new ExportError(
      "export",
      "a saved probe, a run or a weights file",
      "none",
      "Pass at least one part.",
    );
  for (const other of others) requireOneBackbone(first, other);
  const trained = parts.flatMap((part) => part.trained ?? []);
  const heads = trained.map(({ head }) => head);
  requireDistinctTasks(parts);
  const { backbone, arch, size, dataset, origin, earlier, description } = first;
  const probes = trained.map(({ probe }) => probe);
  return {
    network: { backbone, heads, mirrored: probes.some(({ settings }) => settings?.flipTest) },
    config: {
      backbone: arch,
      imageSize: size,
      embeddingSize: backbone.features,
      heads: heads.map(({ head }) => head),
      classes: probes.find(({ task }) => task === "expression")?.classes ?? [],
    },
    preprocessor: preprocessorOf(first, cropScale),
    description: withoutPlace(description),
    dataset,
    origin,
    earlier,
    probes,
  };
}

/** A model's card does not show paths of the machine where the model was made. */
function withoutPlace(description: string): string {
  return description.replace(/, from .*$/s, "").replace(/^weights of .*[\\/]/s, "weights of ");
}

function preprocessorOf({ from, size, crop }: Part, cropScale: number | undefined): Preprocessor {
  const faceScale = cropScale ?? crop.scale;
  if (faceScale === null)
    throw new ConfigError(
      setting("cropScale"),
      `the side of the face crop, as a multiple of the longer side of the landmarks' box, because ${from} does not record it`,
      "nothing",
      "Pass the scale of the faces that the model learned from, as in `cropScale: 1.6`.",
    );
  return {
    faceScale,
    alignEyes: crop.alignEyes,
    faceSize: crop.size,
    resizeTo: workingSize(size),
    size,
    mean: MEAN,
    std: STANDARD_DEVIATION,
  };
}

/** @throws ExportError unless both parts are probes of the same frozen backbone, with the same crop */
function requireOneBackbone(first: Part, other: Part): void {
  for (const part of [first, other]) requireFrozenProbe(part);
  const [a, b] = [first.trained!.probe, other.trained!.probe];
  if (a.backbone.digest !== b.backbone.digest)
    throw new ExportError(
      other.from,
      `the same backbone as ${first.from}, ${a.backbone.description}`,
      b.backbone.description,
      "Export it into a model of its own.",
    );
  if (cropText(a) !== cropText(b))
    throw new ExportError(
      other.from,
      `the same crop of faces as ${first.from}, ${cropText(a)}`,
      cropText(b),
      "Probe both tasks on stores with the same crop.",
    );
}

function requireFrozenProbe({ from, trained }: Part): void {
  if (trained === null)
    throw new ExportError(
      from,
      "saved probes, which can share a model",
      "a backbone alone beside other parts",
      "Export it alone, or only the saved probes.",
    );
  if (trained.probe.mode === "finetune")
    throw new ExportError(
      from,
      "probes of a frozen backbone, which heads can share",
      "a fine-tuned one",
      "Export it alone, or probe again in the mode frozen.",
    );
}

const cropText = ({ backbone, crop }: SavedProbe): string =>
  `${backbone.size} px of a crop of ${crop.size} px, scale ${crop.scale}${crop.alignEyes ? ", eyes level" : ""}`;

/** @throws ExportError if two parts are probes of one task */
function requireDistinctTasks(parts: readonly Part[]): void {
  const sources = new Map<string, string>();
  for (const { from, trained } of parts) {
    if (trained === null) continue;
    const { task } = trained.probe;
    const earlier = sources.get(task);
    if (earlier !== undefined)
      throw new ExportError(
        from,
        `a probe of another task than ${earlier}`,
        `a second probe of ${task}`,
        "Export one probe per task.",
      );
    sources.set(task, from);
  }
}

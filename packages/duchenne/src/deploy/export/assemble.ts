import type { ModelConfig, Preprocessor } from "@duchenne/predict";
import type { SavedProbe } from "../../evaluate/results/savedProbe.ts";
import { ConfigError } from "../../lib/errors.ts";
import { MEAN, STANDARD_DEVIATION } from "../../ssl/views/normalize.ts";
import { workingSize } from "../../ssl/views/resize.ts";
import { ExportError } from "./onnx/errors.ts";
import type { Network } from "./onnx/writeOnnx.ts";
import type { Part } from "./part.ts";

/** A model before it is written. */
export interface Assembly {
  readonly network: Network;
  readonly config: ModelConfig;
  readonly preprocessor: Preprocessor;
  /** What the backbone is, without places of files. */
  readonly description: string;
  /** What the backbone was pre-trained on; see LoadedBackbone. */
  readonly dataset: string | undefined;
  readonly probes: readonly SavedProbe[];
}

/**
 * Joins probes that stand on one backbone, or takes a backbone alone.
 * @param cropScale side of the square in longer sides of the landmarks' box; default: as the probes' pictures were cut
 * @throws ExportError if the parts make no model; ConfigError if the crop of the faces is unknown
 */
export function assemble(parts: readonly Part[], cropScale?: number): Assembly {
  const [first, ...others] = parts;
  if (first === undefined) throw new ExportError("export", "a saved probe, a run or a weights file", "none");
  for (const other of others) requireFellow(first, other);
  const trained = parts.flatMap((part) => part.trained ?? []);
  const heads = trained.map(({ head }) => head);
  requireDifferent(parts);
  const { backbone, arch, size, dataset, description } = first;
  const probes = trained.map(({ probe }) => probe);
  return {
    network: { backbone, heads },
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
      "--crop-scale",
      `the side of a face's square in sides of its landmarks' box (1.2: little more than the face), because ${from} does not record its crop`,
      "nothing",
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

/** @throws ExportError unless both stand on the same backbone and see faces alike */
function requireFellow(first: Part, other: Part): void {
  for (const { from, trained } of [first, other])
    if (trained === null)
      throw new ExportError(from, "a backbone without company, or saved probes", "a backbone among others");
  const [a, b] = [first.trained!.probe, other.trained!.probe];
  for (const [from, probe] of [[first.from, a] as const, [other.from, b] as const])
    if (probe.mode === "finetune")
      throw new ExportError(
        from,
        "probes of a frozen backbone, which heads can share; export it alone, or probe again with --mode frozen",
        "one that was fine-tuned",
      );
  if (a.backbone.digest !== b.backbone.digest)
    throw new ExportError(
      other.from,
      `the same backbone as ${first.from}'s, ${a.backbone.description}`,
      b.backbone.description,
    );
  const seen = ({ backbone, crop }: SavedProbe) =>
    `${backbone.size} px of a crop of ${crop.size} px, scale ${crop.scale}${crop.alignEyes ? ", eyes level" : ""}`;
  if (seen(a) !== seen(b))
    throw new ExportError(other.from, `faces seen as ${first.from} sees them, ${seen(a)}`, seen(b));
}

function requireDifferent(parts: readonly Part[]): void {
  const tasks = new Map<string, string>();
  for (const { from, trained } of parts) {
    const task = trained?.probe.task;
    if (task === undefined) continue;
    const before = tasks.get(task);
    if (before !== undefined)
      throw new ExportError(from, `a probe of another task than ${before}`, `one of ${task}, too`);
    tasks.set(task, from);
  }
}

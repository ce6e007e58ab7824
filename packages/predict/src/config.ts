import { Fields } from "./fields.ts";

/** Raised when a change makes older folders unreadable. */
export const MODEL_FORMAT = 1;

/** Heads that a model may have besides the embedding, with the names of their ONNX outputs. */
export const HEADS = { expression: "expression_logits", valence_arousal: "valence_arousal" } as const;
/** A key of HEADS. */
export type Head = keyof typeof HEADS;

/** ONNX name of the pictures that go in: [batch, 3, size, size]. */
export const INPUT = "pixel_values";
/** ONNX name of what always comes out: [batch, features]. */
export const EMBEDDING = "embedding";

/** config.json. */
export interface ModelConfig {
  /** Architecture of the backbone, such as "resnet18". */
  readonly backbone: string;
  /** Side of the network's input, pixels. */
  readonly imageSize: number;
  /** Numbers in an embedding. */
  readonly embeddingSize: number;
  readonly heads: readonly Head[];
  /** Expressions by class number; empty if the model has no expression head. */
  readonly classes: readonly string[];
}

/** @throws ModelError naming the field at fault, for the configuration of another kind of model, too */
export function parseConfig(json: unknown, file = "config.json"): ModelConfig {
  const fields = new Fields(file, json);
  fields.literal("model_type", "duchenne");
  fields.literal("format_version", MODEL_FORMAT);
  const heads = fields.texts("heads").filter((head): head is Head => Object.hasOwn(HEADS, head));
  if (heads.length !== fields.texts("heads").length)
    fields.fail("heads", `some of ${Object.keys(HEADS).join(", ")}`);
  return {
    backbone: fields.text("backbone"),
    imageSize: fields.whole("image_size", 1, 4096),
    embeddingSize: fields.whole("hidden_size", 1, 65_536),
    heads,
    classes: heads.includes("expression") ? classesOf(fields) : [],
  };
}

/** Names by number from `id2label`, which `label2id` must not contradict. */
function classesOf(fields: Fields): string[] {
  const names = fields.object("id2label");
  const numbers = fields.object("label2id");
  const classes = names.keys().map((_, i) => names.text(String(i)));
  if (classes.length < 2) fields.fail("id2label", "at least two classes");
  for (const [i, name] of classes.entries()) numbers.literal(name, i);
  return classes;
}

/** The file that `parseConfig` reads. */
export function writeConfig(config: ModelConfig, more: Readonly<Record<string, unknown>> = {}): object {
  const { backbone, imageSize, embeddingSize, heads, classes } = config;
  return {
    model_type: "duchenne",
    format_version: MODEL_FORMAT,
    backbone,
    image_size: imageSize,
    num_channels: 3,
    hidden_size: embeddingSize,
    heads,
    id2label: Object.fromEntries(classes.entries()),
    label2id: Object.fromEntries(classes.map((name, i) => [name, i])),
    ...more,
  };
}

/** Writes the folder of a model, in the layout that model hubs and transformers.js read. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { MODEL_FILES, writeConfig, writePreprocessor } from "@duchenne/predict";
import { saveWeights, type Tensor } from "@duchenne/torch";
import { packageVersions } from "../../data/store/versions.ts";
import { checkKeys } from "../../lib/checkKeys.ts";
import { ConfigError, setting } from "../../lib/errors.ts";
import { writeFolderAtomically } from "../../lib/files/atomicFolder.ts";
import { findForeignFile } from "../../lib/files/foreignFiles.ts";
import { makeFolder } from "../../lib/files/makeFolder.ts";
import { sha256 } from "../../lib/sha256.ts";
import { type Assembly, assemble } from "./assemble.ts";
import { cardFacts } from "./cardFacts.ts";
import { modelCard } from "./modelCard.ts";
import type { Network } from "./onnx/writeOnnx.ts";
import { type ExportPrecision, ONNX_FILES } from "./precision.ts";
import type { Part } from "./readPart.ts";
import { verifyOnnx } from "./verifyOnnx.ts";

/** What `exportModel` wrote. */
export interface Exported {
  readonly assembly: Assembly;
  /** Largest difference between the outputs of libtorch and onnxruntime on random images, as a share of the largest output, by file. */
  readonly differences: Readonly<Record<string, number>>;
  /** Sizes of the ONNX files, by file. */
  readonly bytes: Readonly<Record<string, number>>;
}

/** Options of `exportModel`. */
export interface ExportOptions {
  /** Side of the face crop, as a multiple of the longer side of the landmarks' box; default: as in the parts. */
  readonly cropScale?: number;
  /** `half`: the only ONNX file has half-precision weights. Default: `float`, with a second file in half precision beside it. */
  readonly precision?: ExportPrecision;
}

const WEIGHTS = "model.safetensors";
const CARD = "README.md";
/** Field of config.json: SHA-256 of the card as exported, so that a later export does not replace an edited card. */
const CARD_DIGEST = "card_sha256";

/** See `exportModel`. */
export async function writeModel(
  parts: readonly Part[],
  out: string,
  options: ExportOptions,
): Promise<Exported> {
  checkKeys(
    "exportModel",
    options,
    Object.keys({ cropScale: true, precision: true } satisfies Record<keyof ExportOptions, true>),
  );
  const { cropScale, precision = "float" } = options;
  const assembly = assemble(parts, cropScale);
  const folder = resolve(out);
  refuseToReplace(folder);
  const { network, config, preprocessor, description } = assembly;
  const metadata = { description, backbone: config.backbone, classes: config.classes.join(",") };
  // Only an export needs protobuf.
  const { writeOnnx } = await import("./onnx/writeOnnx.ts");
  const files: Record<string, Uint8Array> = {};
  const differences: Record<string, number> = {};
  for (const [file, stored] of ONNX_FILES[precision]) {
    const onnx = writeOnnx(network, config.imageSize, stored, metadata);
    differences[file] = await verifyOnnx(network, config.imageSize, onnx, stored, file);
    files[file] = onnx;
  }
  const card = modelCard(basename(folder), assembly, precision);
  const json = (value: object) => `${JSON.stringify(value, null, 2)}\n`;
  const texts = {
    [MODEL_FILES.config]: json(
      writeConfig(config, {
        duchenne_version: packageVersions().duchenne,
        precision,
        ...cardFacts(assembly),
        [CARD_DIGEST]: sha256(card),
      }),
    ),
    [MODEL_FILES.preprocessor]: json(writePreprocessor(preprocessor)),
    [CARD]: card,
  };
  makeFolder(dirname(folder));
  writeFolderAtomically(folder, (temporary) => {
    mkdirSync(join(temporary, "onnx"));
    saveWeights(join(temporary, WEIGHTS), weightsOf(network));
    for (const [name, content] of Object.entries({ ...texts, ...files }))
      writeFileSync(join(temporary, name), content, { flush: true });
  });
  const bytes = Object.fromEntries(Object.entries(files).map(([name, onnx]) => [name, onnx.length]));
  return { assembly, differences, bytes };
}

function weightsOf({ backbone, heads }: Network): Map<string, Tensor> {
  const named = [
    ["backbone", backbone] as const,
    ...heads.map(({ head, predictor }) => [head, predictor] as const),
  ];
  return new Map(
    named.flatMap(([prefix, module]) =>
      [...module.stateDict()].map(([name, tensor]) => [`${prefix}.${name}`, tensor] as const),
    ),
  );
}

/**
 * Checks that an export may replace a folder: it may hold nothing but an earlier export with an unedited card.
 * @throws ConfigError with the first file that would be lost
 */
function refuseToReplace(folder: string): void {
  const config = join(folder, MODEL_FILES.config);
  const foreign =
    findForeignFile(folder, [...Object.values(MODEL_FILES), WEIGHTS, CARD]) ??
    (existsSync(config) ? lostBeside(config) : undefined);
  if (foreign === undefined) return;
  const expected = "a new or empty folder, or one that holds only an earlier export";
  throw new ConfigError(
    setting("out"),
    expected,
    `${folder}, which holds ${foreign}`,
    "Choose another folder.",
  );
}

/** The config or card that a folder with this config would lose. */
function lostBeside(config: string): string | undefined {
  const about = readJson(config);
  if (about?.model_type !== "duchenne") return MODEL_FILES.config;
  const card = join(dirname(config), CARD);
  const isEdited =
    existsSync(card) && CARD_DIGEST in about && about[CARD_DIGEST] !== sha256(readFileSync(card));
  return isEdited ? `an edited ${CARD}` : undefined;
}

function readJson(file: string): Record<string, unknown> | null {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown> | null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/**
 * The model that ships beside face-api's and human's on FER2013's public test images: accuracy and macro F1 by FER2013's labels and by FER+'s
 * majorities, milliseconds a face, and megabytes. npm run bench -- ready [--fer2013 <folder or archive>] [--ferplus <file>]
 * [--model <folder>] [--references <folder>] [--most <images>] [--no-chromium]
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { loadModel, MODEL_FILES, type Model } from "@duchenne/predict";
import { loadRuntime, type RuntimeKind } from "@duchenne/predict/node";
import { findShippedModel } from "duchenne/deploy";
import { print } from "./line.ts";
import { readInChromium } from "./ready/chromium.ts";
import { type LabelKind, readFaces, type TestFace } from "./ready/faces.ts";
import { openModelReader } from "./ready/modelReader.ts";
import { readAll } from "./ready/readAll.ts";
import { type ReferenceName, References } from "./ready/references.ts";
import { type Figures, type Readings, score } from "./ready/score.ts";

/** Where the data lies unless options name it: beside the repository. */
const BESIDE = fileURLToPath(new URL("../../shared/data", import.meta.url));
const REFERENCES = ["face-api", "human"] as const satisfies readonly ReferenceName[];
const KINDS = { fer2013: "FER2013's labels", ferplus: "FER+ majorities" } as const satisfies Record<
  LabelKind,
  string
>;
/** face-api and human have no contempt, which FER+ has. */
const FIGURES = {
  fer2013: [
    ["accuracy", "accuracy"],
    ["macro F1", "macroF1"],
  ],
  ferplus: [
    ["accuracy", "accuracy"],
    ["macro F1 of all eight classes", "macroF1"],
    ["macro F1 without contempt", "macroF1OfSeven"],
  ],
} as const satisfies Record<LabelKind, readonly (readonly [string, keyof Figures])[]>;
/** Of onnxruntime-node. */
const THREADS = 2;

const { values: given } = parseArgs({
  options: {
    fer2013: { type: "string", default: join(BESIDE, "fer2013.tar.xz") },
    ferplus: { type: "string", default: join(BESIDE, "ferplus/public.csv") },
    model: { type: "string" },
    references: { type: "string" },
    most: { type: "string", default: "Infinity" },
    "no-chromium": { type: "boolean", default: false },
  },
});
for (const name of ["fer2013", "ferplus"] as const)
  if (!existsSync(given[name])) {
    console.error(
      `ready: --${name}: expected FER2013's folder or archive, and a CSV of FER+'s votes, received ${given[name]}, which does not exist. Name it: npm run bench -- ready --fer2013 <folder> --ferplus <file>`,
    );
    process.exit(1);
  }

async function open(folder: string, kind: RuntimeKind): Promise<Model> {
  const read = (name: string) => readFileSync(join(folder, name));
  const [config, preprocessor] = [MODEL_FILES.config, MODEL_FILES.preprocessor].map((name): unknown =>
    JSON.parse(read(name).toString()),
  );
  const threads = kind === "node" ? THREADS : 1;
  const session = kind === "node" ? { intraOpNumThreads: threads } : {};
  return loadModel(
    { config, preprocessor, onnx: read(MODEL_FILES.onnx) },
    await loadRuntime({ kind, threads }),
    session,
  );
}

/** A line for each figure and reference. */
function printReadings(
  place: string,
  faces: readonly TestFace[],
  ours: Readings,
  others: Readonly<Partial<Record<ReferenceName, Readings>>>,
): void {
  for (const name of REFERENCES) {
    const other = others[name];
    for (const kind of Object.keys(KINDS) as LabelKind[]) {
      const own = score(ours, faces, kind);
      const theirs = other && score(other, faces, kind);
      for (const [figure, measure] of FIGURES[kind])
        print(
          {
            bench: "ready",
            case: `${figure}, ${KINDS[kind]}, ${own.images} images, ${place}`,
            ...{ unit: "%", ours: own[measure], reference: theirs?.[measure] ?? null, referenceName: name },
          },
          "more",
        );
    }
    print(
      {
        ...{ bench: "ready", case: `one face, ${place}`, unit: "ms" },
        ...{ ours: ours.milliseconds, reference: other?.milliseconds ?? null, referenceName: name },
      },
      "less",
    );
  }
}

function printSizes(model: string, references: References | undefined): void {
  const files = [MODEL_FILES.config, MODEL_FILES.preprocessor, MODEL_FILES.onnx];
  const ours = files.reduce((sum, name) => sum + statSync(join(model, name)).size, 0) / 1e6;
  for (const name of REFERENCES)
    print(
      {
        ...{ bench: "ready", case: "files of the network", unit: "MB", ours },
        ...{ reference: references?.megabytes(name) ?? null, referenceName: name },
      },
      "less",
    );
}

const folder = mkdtempSync(join(tmpdir(), "duchenne-bench-"));
try {
  const model = given.model ?? (await findShippedModel()).folder;
  const faces = await readFaces(given.fer2013, given.ferplus, folder, Number(given.most));
  const references = References.install(given.references ?? join(folder, "references"));
  const crops = faces.map(({ grey }) => grey);
  const [native, wasm] = [await open(model, "node"), await open(model, "wasm")];
  const { ours, oursInWasm, ...others } = await readAll(
    {
      ours: openModelReader(native),
      oursInWasm: openModelReader(wasm),
      ...(await references?.open()),
    },
    crops,
  );
  printReadings(`Node, ${THREADS} threads`, faces, ours!, others);
  printReadings("Node, WebAssembly", faces, oursInWasm!, others);
  if (!given["no-chromium"]) {
    const { ours: inPage, ...rest } = await readInChromium(faces, model, references);
    printReadings("Chromium, WebAssembly", faces, inPage!, rest);
  }
  printSizes(model, references);
  await native.dispose();
  await wasm.dispose();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The routes of the studio's server. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { MODEL_FILES } from "@duchenne/predict";
import { WASM_FOLDER, webGpuFile } from "@duchenne/predict/node";
import { type Context, Hono } from "hono";
import { storeFile } from "../data/store/environment.ts";
import { builtInConfig } from "../ssl/config/config.ts";
import { checkpointsOf } from "../ssl/run/checkpoint.ts";
import type { ArtifactIndex } from "./artifactIndex.ts";
import { Batches } from "./batches.ts";
import { PROBE_FILE } from "./candidates.ts";
import { Computations } from "./computations.ts";
import type { Computer } from "./compute/computer.ts";
import type { ComputeState, FaceMap, Failure, Library, ResultList } from "./contract/api.ts";
import { ComputeError, RequestError } from "./contract/errors.ts";
import { PACKED_MAP, packMap } from "./contract/packedMap.ts";
import { guard } from "./guard.ts";
import { Results } from "./results.ts";
import { describeRuns, readMetricsPart } from "./runs.ts";
import { sendFile } from "./staticFiles.ts";
import { versionOf } from "./versionOf.ts";

/** What the studio's app needs. */
export interface StudioParts {
  readonly artifacts: ArtifactIndex;
  readonly computer: Computer;
  /** The built pages' folder. */
  readonly pages: string;
}

/** Files of an exported model that the browser needs. */
const SERVED: ReadonlySet<string> = new Set(Object.values(MODEL_FILES));

/** Names of built files carry a hash of their content, so they may be kept. */
const CACHED = "public, max-age=31536000, immutable";
const REVALIDATED = "no-cache";
const MOST_CLIPS = 64;

/** The studio's answers to HTTP requests. */
export function createApp(parts: StudioParts): Hono {
  const app = new Hono();
  app.use(guard);
  app.onError((error, context) => context.json<Failure>({ error: error.message }, statusOf(error)));
  app.notFound((context) =>
    context.json<Failure>(
      { error: `expected an address of the studio, received ${context.req.path}. Open the start page.` },
      404,
    ),
  );
  addRuns(app, parts);
  addBatches(app, parts);
  addMaps(app, parts);
  addFiles(app, parts);
  return app;
}

function statusOf(error: Error): 400 | 403 | 404 | 409 | 500 {
  if (error instanceof RequestError) return error.status;
  return error instanceof ComputeError ? 409 : 500;
}

function addRuns(app: Hono, { artifacts }: StudioParts): void {
  app.get("/api/library", async (context) => {
    const found = await artifacts.findings();
    const { runs, problems } = describeRuns(found);
    return context.json<Library>({
      folders: artifacts.folders,
      runs,
      stores: [...found.stores.values()].map(({ entry }) => entry),
      models: [...found.models.values()].map(({ entry }) => entry),
      probes: [...found.probes.values()].map(({ entry }) => entry),
      problems: [...found.problems, ...problems],
    });
  });
  const results = new Results();
  app.get("/api/results", async (context) => {
    const { runs } = await artifacts.findings();
    const paths = new Map([...runs].map(([id, { path }]) => [id, path]));
    return context.json<ResultList>(results.read(artifacts.folders, paths));
  });
  app.get("/api/runs/:id/metrics", async (context) => {
    const { path } = await artifacts.get("runs", context.req.param("id"));
    return context.json(readMetricsPart(path, context.req.query("log"), numberOf(context, "from")));
  });
}

function addBatches(app: Hono, { artifacts, computer }: StudioParts): void {
  const batches = new Batches(computer);
  app.get("/api/runs/:id/batch", async (context) => {
    const run = await artifacts.get("runs", context.req.param("id"));
    const store = await artifacts.get("stores", context.req.query("store") ?? "");
    const config = builtInConfig(run.entry.record.config);
    const clips = Math.min(MOST_CLIPS, numberOf(context, "clips"));
    const request = { store: store.path, version: versionOf(storeFile(store.path)), config, clips };
    return context.json(await batches.views({ ...request, step: numberOf(context, "step") }));
  });
  app.get("/api/batches/:token/:index{\\d+}", async (context) => {
    const { token, index } = context.req.param();
    return sendPicture(context, await batches.picture(token, Number(index)));
  });
  app.get("/api/stores/:id/frames/:key{\\d+}", async (context) => {
    const { path } = await artifacts.get("stores", context.req.param("id"));
    return sendPicture(context, await artifacts.stores.face(path, Number(context.req.param("key"))));
  });
}

function addMaps(app: Hono, { artifacts, computer }: StudioParts): void {
  const maps = new Computations(computer.map.bind(computer));
  const mapRequest = async (context: Context) => {
    const run = await artifacts.get("runs", context.req.query("run") ?? "");
    const store = await artifacts.get("stores", context.req.query("store") ?? "");
    const step = numberOf(context, "step");
    const made = [join(checkpointsOf(run.path), String(step)), storeFile(store.path)];
    const faces = facesOf(context);
    return { run: run.path, step, store: store.path, faces, versions: made.map(versionOf) };
  };
  app.post("/api/maps", async (context) => sendMap(context, maps.start(await mapRequest(context))));
  app.get("/api/maps", async (context) => sendMap(context, maps.state(await mapRequest(context))));
  const predictions = new Computations(computer.predictions.bind(computer));
  const predictionRequest = async (context: Context) => {
    const probe = await artifacts.get("probes", context.req.query("probe") ?? "");
    const store = await artifacts.get("stores", context.req.query("store") ?? "");
    const versions = [join(probe.path, PROBE_FILE), storeFile(store.path)].map(versionOf);
    return { probe: probe.path, store: store.path, faces: facesOf(context), versions };
  };
  app.post("/api/predictions", async (context) =>
    context.json(predictions.start(await predictionRequest(context))),
  );
  app.get("/api/predictions", async (context) =>
    context.json(predictions.state(await predictionRequest(context))),
  );
}

/** A finished map is sent as bytes to clients that accept them: ten thousand faces are 10 MB of JSON. */
function sendMap(context: Context, state: ComputeState<FaceMap>): Response {
  if (state.state !== "done" || !context.req.header("accept")?.includes(PACKED_MAP))
    return context.json(state);
  context.header("Content-Type", PACKED_MAP);
  return context.body(packMap(state.result));
}

/** Faces of a map, unless more are asked for. */
const USUAL_FACES = 900;
/** UMAP of ten thousand takes a minute. */
const MOST_FACES = 10_000;

const facesOf = (context: Context): number => Math.min(MOST_FACES, numberOf(context, "faces") || USUAL_FACES);

function addFiles(app: Hono, { artifacts, pages }: StudioParts): void {
  app.get("/models/:id/:file{.+}", async (context) => {
    const { path } = await artifacts.get("models", context.req.param("id"));
    const file = context.req.param("file");
    if (!SERVED.has(file))
      throw new RequestError(
        404,
        "expected a file that the studio serves, received another path. Reload the page.",
      );
    return sendFile(context, path, file, REVALIDATED);
  });
  app.get("/", (context) => sendFile(context, pages, "index.html", REVALIDATED));
  app.get("/assets/:file{.+}", (context) =>
    sendFile(context, pages, `assets/${context.req.param("file")}`, CACHED),
  );
  // onnxruntime's WebAssembly: the files that predictions in Node use as well, so that they are installed once.
  // Those for WebGPU come from onnxruntime-web, if it is installed; without them the mirror runs on WebAssembly.
  app.get("/ort/:file", (context) => {
    const file = context.req.param("file");
    const forGpu = webGpuFile(file);
    const folder = forGpu === undefined ? fileURLToPath(WASM_FOLDER) : dirname(forGpu);
    return sendFile(context, folder, file, REVALIDATED);
  });
}

/** Pictures are people's faces: the browser keeps no copy of them on the disk. */
function sendPicture(context: Context, jpeg: Uint8Array): Response {
  context.header("Content-Type", "image/jpeg");
  context.header("Cache-Control", "no-store");
  return context.body(new Uint8Array(jpeg));
}

/** A whole number of the query; 0 if it is not given. */
function numberOf(context: Context, name: string): number {
  const text = context.req.query(name) ?? "0";
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new RequestError(400, `${name}: expected a whole number, received ${text}. Reload the page.`);
}

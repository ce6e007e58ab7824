/** The studio's server: which request is answered by what. */
import { Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { Failure, Library } from "./api.ts";
import { RequestError } from "./errors.ts";
import { type Findings, type Found, findAll } from "./find.ts";
import { guard } from "./guard.ts";
import { describeRuns, readMetricsPart } from "./runs.ts";
import { sendFile } from "./staticFiles.ts";

export interface StudioOptions {
  /** Real paths that are looked through; nothing outside them is served. */
  readonly folders: readonly string[];
  /** The built pages. */
  readonly pages: string;
}

/** Files of an exported model that the browser needs. */
const MODEL_FILES: ReadonlySet<string> = new Set([
  "config.json",
  "preprocessor_config.json",
  "onnx/model.onnx",
  "onnx/model_fp16.onnx",
]);

/** Names of built files carry a hash of their content, so they may be kept. */
const KEPT = "public, max-age=31536000, immutable";
const ASKED_AGAIN = "no-cache";

/** The studio's answers to HTTP requests. */
export function createApp({ folders, pages }: StudioOptions): Hono {
  const app = new Hono();
  app.use(guard);
  app.onError((error, context) => {
    const status: ContentfulStatusCode = error instanceof RequestError ? error.status : 500;
    return context.json<Failure>({ error: error.message }, status);
  });
  app.notFound((context) => context.json<Failure>({ error: "there is nothing here" }, 404));
  const find = () => findAll(folders);
  app.get("/api/library", async (context) => context.json(libraryOf(folders, await find())));
  app.get("/api/runs/:id/metrics", async (context) => {
    const { path } = pick((await find()).runs, context.req.param("id"), "run");
    return context.json(readMetricsPart(path, context.req.query("log"), numberOf(context.req.query("from"))));
  });
  app.get("/models/:id/:file{.+}", async (context) => {
    const { path } = pick((await find()).models, context.req.param("id"), "model");
    const file = context.req.param("file");
    if (!MODEL_FILES.has(file)) throw new RequestError(404, "there is no such file");
    return sendFile(context, path, file, ASKED_AGAIN);
  });
  app.get("/", (context) => sendFile(context, pages, "index.html", ASKED_AGAIN));
  app.get("/assets/:file{.+}", (context) =>
    sendFile(context, pages, `assets/${context.req.param("file")}`, KEPT),
  );
  return app;
}

function libraryOf(folders: readonly string[], found: Findings): Library {
  return {
    folders,
    runs: describeRuns(found),
    stores: [...found.stores.values()].map(({ entry }) => entry),
    models: [...found.models.values()].map(({ entry }) => entry),
    problems: found.problems,
  };
}

function pick<T>(among: ReadonlyMap<string, Found<T>>, id: string, what: string): Found<T> {
  const found = among.get(id);
  if (found === undefined) throw new RequestError(404, `there is no such ${what} in the folders given`);
  return found;
}

function numberOf(text = "0"): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new RequestError(400, `expected a whole number, received ${text}`);
}

import { createReadStream, statSync } from "node:fs";
import { extname } from "node:path";
import { Readable } from "node:stream";
import type { Context } from "hono";
import { RequestError } from "./contract/errors.ts";
import { fileInside } from "./fileInside.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
  ".wasm": "application/wasm",
  ".onnx": "application/octet-stream",
  ".bin": "application/octet-stream",
};

/**
 * Answers with a file of a folder.
 * @param name relative to it, decoded   @throws RequestError (404) for one that is not in it, or of a type that is not served
 */
export function sendFile(context: Context, folder: string, name: string, cacheControl: string): Response {
  const path = fileInside(folder, name);
  const type = path === undefined ? undefined : TYPES[extname(path).toLowerCase()];
  if (path === undefined || type === undefined)
    throw new RequestError(
      404,
      "expected a file that the studio serves, received another path. Reload the page.",
    );
  context.header("Content-Type", type);
  context.header("Content-Length", String(statSync(path).size));
  context.header("Cache-Control", cacheControl);
  // A HEAD answer has no body, so a stream would never be read and closed.
  if (context.req.method === "HEAD") return context.body(null);
  return context.body(Readable.toWeb(createReadStream(path)) as ReadableStream);
}

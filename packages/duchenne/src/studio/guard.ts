import type { MiddlewareHandler } from "hono";
import { RequestError } from "./contract/errors.ts";

/**
 * What the pages may load: what this server has, and nothing else. Compiling WebAssembly is allowed, `eval` is not; frames of
 * dropped videos and drawn pictures are blobs.
 */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "media-src 'self' blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const HEADERS: Readonly<Record<string, string>> = {
  "Content-Security-Policy": CONTENT_SECURITY_POLICY,
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  // With the two below the pages are isolated, so that inference may use threads.
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
};

/**
 * Refuses requests under another name than this machine's own (a page elsewhere whose name was turned to 127.0.0.1) and
 * those that other pages make; gives every answer the headers above.
 */
export const guard: MiddlewareHandler = async (context, next) => {
  for (const [name, value] of Object.entries(HEADERS)) context.header(name, value);
  const host = context.req.header("host");
  if (!isOwn(host))
    throw new RequestError(403, `Host: expected 127.0.0.1 or localhost, received ${host ?? "none"}`);
  const origin = context.req.header("origin");
  if (origin !== undefined && origin !== `http://${host}`)
    throw new RequestError(403, `Origin: expected http://${host}, received ${origin}`);
  const site = context.req.header("sec-fetch-site") ?? "none";
  if (!OWN_SITES.has(site) && context.req.header("sec-fetch-mode") !== "navigate")
    throw new RequestError(403, "Sec-Fetch-Site: another page asks for this");
  await next();
};

/** The pages' own requests and the user's; "same-site" is a server at another port of this machine. */
const OWN_SITES: ReadonlySet<string> = new Set(["same-origin", "none"]);

const isOwn = (host: string | undefined): boolean =>
  host !== undefined && /^(127\.0\.0\.1|localhost)(:\d+)?$/i.test(host);

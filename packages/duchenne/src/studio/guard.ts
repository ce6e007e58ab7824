import type { MiddlewareHandler } from "hono";
import { RequestError } from "./contract/errors.ts";

/**
 * The pages may load files of this server only. Compiling WebAssembly is allowed, `eval` is not; frames of
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
 * Refuses requests under a foreign host name (DNS rebinding) and requests from other pages; adds the headers above to
 * every answer.
 */
export const guard: MiddlewareHandler = async (context, next) => {
  for (const [name, value] of Object.entries(HEADERS)) context.header(name, value);
  const host = context.req.header("host");
  if (!isOwn(host))
    throw new RequestError(
      403,
      `Host: expected 127.0.0.1 or localhost, received ${host ?? "none"}. Open the address that duchenne studio prints.`,
    );
  const origin = context.req.header("origin");
  if (origin !== undefined && origin !== `http://${host}`)
    throw new RequestError(
      403,
      `Origin: expected http://${host}, received ${origin}. Open the studio itself.`,
    );
  const site = context.req.header("sec-fetch-site") ?? "none";
  if (!OWN_SITES.has(site) && context.req.header("sec-fetch-mode") !== "navigate")
    throw new RequestError(
      403,
      `Sec-Fetch-Site: expected same-origin or none, received ${site}. Open the studio itself.`,
    );
  await next();
};

/** The pages' own requests and the user's; "same-site" is a server at another port of this machine. */
const OWN_SITES: ReadonlySet<string> = new Set(["same-origin", "none"]);

const isOwn = (host: string | undefined): boolean =>
  host !== undefined && /^(127\.0\.0\.1|localhost)(:\d+)?$/i.test(host);

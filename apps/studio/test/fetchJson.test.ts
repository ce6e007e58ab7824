import { afterEach, expect, test, vi } from "vitest";
import { fetchJson } from "../src/server/fetchJson.ts";

afterEach(() => vi.unstubAllGlobals());

const answering = (answer: () => Promise<Response>) => vi.stubGlobal("fetch", answer);
const failure = () => fetchJson("/api/runs").catch((error: Error) => error.message);

test("a failed request says what was expected, what came and what to do", async () => {
  answering(() => Promise.reject(new TypeError("Failed to fetch")));
  expect(await failure()).toBe(
    "studio: expected an answer of the server, received none. Start duchenne studio again.",
  );
  answering(async () => Response.json({ error: "what the server says" }, { status: 404 }));
  expect(await failure()).toBe("what the server says");
  answering(async () => new Response("Bad gateway", { status: 502 }));
  expect(await failure()).toBe(
    "/api/runs: expected an answer of duchenne studio, received 502. Reload the page.",
  );
});

test("a failed answer whose body is null says its status", async () => {
  answering(async () => Response.json(null, { status: 500 }));
  expect(await failure()).toBe(
    "/api/runs: expected an answer of duchenne studio, received 500. Reload the page.",
  );
});

test("a request that is stopped stays one, also while a failed answer is read", async () => {
  const stopped = new DOMException("stopped", "AbortError");
  answering(() => Promise.reject(stopped));
  await expect(fetchJson("/api/runs")).rejects.toMatchObject({ name: "AbortError" });
  const unfinished = new ReadableStream({ pull: (body) => body.error(stopped) });
  answering(async () => new Response(unfinished, { status: 500 }));
  await expect(fetchJson("/api/runs")).rejects.toMatchObject({ name: "AbortError" });
});

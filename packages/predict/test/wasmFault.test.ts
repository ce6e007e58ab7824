import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { fetchModel, loadModel, ModelError, type OrtRuntime } from "../src/index.ts";
import { CONFIG_JSON, PREPROCESSOR_JSON } from "./files.ts";

/** What onnxruntime-web 1.30 throws in Chromium if the server answers the WebAssembly file with a page. */
const FOUND_A_PAGE =
  "no available backend found. ERR: [wasm] RuntimeError: Aborted(CompileError: WebAssembly.instantiate(): expected magic " +
  "word 00 61 73 6d, found 3c 21 64 6f @+0). Build with -sASSERTIONS for more info.";
const NOTHING_FETCHED =
  "no available backend found. ERR: [wasm] RuntimeError: Aborted(both async and sync fetching of the wasm failed).";

function runtimeThatFails(message: string, wasmPaths?: unknown): OrtRuntime {
  const fail = () => Promise.reject(new Error(message));
  return {
    InferenceSession: { create: fail },
    Tensor: class {},
    env: { wasm: { wasmPaths } },
  } as unknown as OrtRuntime;
}

const load = (ort: OrtRuntime): Promise<ModelError> =>
  loadModel({ config: CONFIG_JSON, preprocessor: PREPROCESSOR_JSON, onnx: new Uint8Array(8) }, ort).then(
    () => expect.unreachable(),
    (error: ModelError) => error,
  );

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** @param answers what to do for a path; a page of HTML for all others, as a server of a single-page application does */
async function serve(answers: Readonly<Record<string, (response: ServerResponse) => void>>): Promise<string> {
  const server = createServer((request, response) => {
    const answer = answers[request.url!];
    if (answer) answer(response);
    else response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>app</title>");
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const loader = (response: ServerResponse) =>
  response.writeHead(200, { "content-type": "text/javascript" }).end("export default 1;");

test("a server that answers for the WebAssembly file with a page is named, with the reason", async () => {
  const url = await serve({ "/ort/ort-wasm-simd-threaded.mjs": loader });
  const error = await load(runtimeThatFails(FOUND_A_PAGE, `${url}/ort/`));
  expect(error).toBeInstanceOf(ModelError);
  expect(error.message).toBe(
    `${url}/ort/ort-wasm-simd-threaded.wasm: expected a file of onnxruntime-web, received a page of HTML. Have the server ` +
      "answer with the files ort-wasm-simd-threaded.mjs and .wasm of onnxruntime-web's folder dist, and set " +
      "ort.env.wasm.wasmPaths to the address of that folder, with a slash at its end.",
  );
});

test("so is one that answers for the loader with a page", async () => {
  const url = await serve({});
  const error = await load(
    runtimeThatFails("no available backend found. ERR: [wasm] TypeError: Failed to fetch", {
      mjs: `${url}/a.mjs`,
    }),
  );
  expect(error.message).toContain(
    `${url}/a.mjs: expected a file of onnxruntime-web, received a page of HTML`,
  );
});

test("a file that is not there is told by the server's status", async () => {
  const url = await serve({
    "/ort/ort-wasm-simd-threaded.mjs": loader,
    "/ort/ort-wasm-simd-threaded.wasm": (response) => response.writeHead(404).end(),
  });
  const error = await load(runtimeThatFails(NOTHING_FETCHED, `${url}/ort/`));
  expect(error.received).toBe("404 Not Found");
});

test("without an address the reason comes from what onnxruntime says", async () => {
  const error = await load(runtimeThatFails(FOUND_A_PAGE));
  expect(error.message).toContain("onnxruntime-web: expected its WebAssembly files, received a page of HTML");
});

test("other failures of onnxruntime are still about the model", async () => {
  expect((await load(runtimeThatFails("protobuf parsing failed"))).subject).toBe("onnx/model.onnx");
});

test("a page in place of a model's own files is named too", async () => {
  const json = (value: unknown) => (response: ServerResponse) => response.end(JSON.stringify(value));
  const url = await serve({
    "/m/config.json": json(CONFIG_JSON),
    "/m/preprocessor_config.json": json(PREPROCESSOR_JSON),
  });
  await expect(fetchModel(`${url}/m`, runtimeThatFails("never asked"))).rejects.toThrow(
    `${url}/m/onnx/model.onnx: expected a file of a model, received a page of HTML`,
  );
  await expect(fetchModel(`${url}/elsewhere`, runtimeThatFails("never asked"))).rejects.toThrow(
    /config\.json: .* a page of HTML/,
  );
});

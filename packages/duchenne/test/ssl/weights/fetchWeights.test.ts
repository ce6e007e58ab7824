import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer, request as httpRequest } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { DownloadError, fetchHashedFile, HashError } from "../../../src/ssl/weights/index.ts";
import { temporaryFolder } from "../../data/store/synthetic.ts";
import { sendRange, serve } from "./server.ts";

const BODY = Buffer.from(Uint8Array.from({ length: 300_000 }, (_, i) => (i * i) % 251));
const NAME = `net-${createHash("sha256").update(BODY).digest("hex").slice(0, 8)}.pth`;

it("fetches a file whole, and the second time only checks it", async () => {
  const cache = join(temporaryFolder(), "cache");
  const server = await serve((request, response) => sendRange(BODY, request, response));
  const seen: number[] = [];
  const options = { cache, baseUrl: server.url, onProgress: (p: { bytes: number }) => seen.push(p.bytes) };
  const file = await fetchHashedFile(NAME, options);
  expect(readFileSync(file).equals(BODY)).toBe(true);
  expect(seen.at(-1)).toBe(BODY.length);
  await fetchHashedFile(NAME, options);
  expect(server.requests).toEqual([{ path: `/models/${NAME}`, range: undefined }]);
  expect(readdirSync(cache)).toEqual([NAME]);
});

it("goes on after what an earlier run left", async () => {
  const cache = temporaryFolder();
  writeFileSync(join(cache, `${NAME}.part`), BODY.subarray(0, 100_000));
  const server = await serve((request, response) => sendRange(BODY, request, response));
  const file = await fetchHashedFile(NAME, { cache, baseUrl: server.url });
  expect(readFileSync(file).equals(BODY)).toBe(true);
  expect(server.requests.map(({ range }) => range)).toEqual(["bytes=100000-"]);
});

it("takes up a dropped connection by itself", async () => {
  const cache = temporaryFolder();
  const server = await serve((request, response, count) => {
    if (count > 0) return sendRange(BODY, request, response);
    response.writeHead(200, { "content-length": BODY.length });
    response.write(BODY.subarray(0, 120_000));
    // Once some of it is in the file.
    const watch = setInterval(() => {
      if ((statSync(join(cache, `${NAME}.part`), { throwIfNoEntry: false })?.size ?? 0) === 0) return;
      clearInterval(watch);
      response.destroy();
    }, 5);
  });
  const file = await fetchHashedFile(NAME, { cache, baseUrl: server.url });
  expect(readFileSync(file).equals(BODY)).toBe(true);
  expect(server.requests[1]?.range).toMatch(/^bytes=[1-9]\d*-$/);
});

it("starts anew where the server sends the whole file instead of the rest", async () => {
  const cache = temporaryFolder();
  writeFileSync(join(cache, `${NAME}.part`), Buffer.alloc(100_000));
  const server = await serve((_, response) => response.end(BODY));
  const file = await fetchHashedFile(NAME, { cache, baseUrl: server.url });
  expect(readFileSync(file).equals(BODY)).toBe(true);
});

it("finishes a download that was complete but not yet renamed", async () => {
  const cache = temporaryFolder();
  writeFileSync(join(cache, `${NAME}.part`), BODY);
  const server = await serve((request, response) => sendRange(BODY, request, response));
  expect(readFileSync(await fetchHashedFile(NAME, { cache, baseUrl: server.url })).equals(BODY)).toBe(true);
});

it("refuses bytes other than the name's, fetched or found, and keeps none of them", async () => {
  const cache = temporaryFolder();
  const server = await serve((_, response) => response.end("an error page"));
  const fetched = fetchHashedFile(NAME, { cache, baseUrl: server.url });
  await expect(fetched).rejects.toThrow(HashError);
  await expect(fetched).rejects.toThrow(
    /expected a SHA-256 that starts with [0-9a-f]{8}, received [0-9a-f]{8}/,
  );
  expect(readdirSync(cache)).toEqual([]);
  writeFileSync(join(cache, NAME), "cut off");
  await expect(fetchHashedFile(NAME, { cache, baseUrl: server.url })).rejects.toThrow(/Delete it/);
});

it("says at once what a server refuses, after three attempts that it does not answer", async () => {
  const cache = temporaryFolder();
  const missing = await serve((_, response) => response.writeHead(404).end());
  const refused = fetchHashedFile(NAME, { cache, baseUrl: missing.url });
  await expect(refused).rejects.toThrow(DownloadError);
  await expect(refused).rejects.toThrow(
    `${NAME}: expected a file to download, received the server answered 404 Not Found`,
  );
  await expect(refused).rejects.toThrow(`put the file there by hand: ${join(cache, NAME)}`);
  expect(missing.requests).toHaveLength(1);

  const dropping = await serve((_, response) => response.destroy());
  await expect(fetchHashedFile(NAME, { cache, baseUrl: dropping.url })).rejects.toThrow(
    /run the same command/i,
  );
  expect(dropping.requests).toHaveLength(3);
  expect(readdirSync(cache)).toEqual([]);
});

it("stops when told to, and keeps what came", async () => {
  const cache = temporaryFolder();
  const server = await serve((_, response) => {
    response.writeHead(200, { "content-length": BODY.length });
    response.write(BODY.subarray(0, 50_000));
  });
  const controller = new AbortController();
  const onProgress = () => controller.abort(new DOMException("interrupted", "AbortError"));
  const fetching = fetchHashedFile(NAME, {
    cache,
    baseUrl: server.url,
    signal: controller.signal,
    onProgress,
  });
  await expect(fetching).rejects.toThrow("interrupted");
  expect(existsSync(join(cache, `${NAME}.part`))).toBe(true);
});

it("goes through the proxy of the environment", async () => {
  const hosts: string[] = [];
  const proxy = createServer((request, response) => {
    hosts.push(request.url!);
    request.pipe(httpRequest(request.url!, (answer) => answer.pipe(response)));
  });
  proxy.on("connect", (request, client) => {
    hosts.push(request.url!);
    const [host, port] = request.url!.split(":");
    const upstream = connect(Number(port), host, () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.pipe(client).pipe(upstream);
    });
    client.on("error", () => upstream.destroy());
    upstream.on("error", () => client.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const { http_proxy, no_proxy } = process.env;
  Object.assign(process.env, {
    http_proxy: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    no_proxy: "",
  });
  onTestFinished(() => {
    for (const [name, value] of Object.entries({ http_proxy, no_proxy })) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    proxy.closeAllConnections();
    proxy.close();
  });
  const server = await serve((request, response) => sendRange(BODY, request, response));
  const file = await fetchHashedFile(NAME, { cache: temporaryFolder(), baseUrl: server.url });
  expect(readFileSync(file).equals(BODY)).toBe(true);
  expect(hosts).toEqual([expect.stringContaining(new URL(server.url).host)]);
});

/** Who is answered, and with what: the studio's server without its pages' browser. */
import { mkdirSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { metricsOf } from "../../src/ssl/run/runRecord.ts";
import type { Library, MetricsPart } from "../../src/studio/contract/api.ts";
import { PortInUseError, StudioFolderError } from "../../src/studio/contract/errors.ts";
import { type Studio, serveStudio } from "../../src/studio/serve.ts";
import { duchenne } from "../data/prepare/support.ts";
import { temporaryFolder } from "../data/store/synthetic.ts";
import { lastingFolder } from "../deploy/predict/fixture.ts";
import { writeTinyStore } from "../ssl/train/tinyStore.ts";
import { writeModel, writeRun } from "./folders.ts";

const root = realpathSync(lastingFolder());
const shown = join(root, "shown");
const secret = join(root, "secret.json");
let studio: Studio;

beforeAll(async () => {
  mkdirSync(shown);
  writeFileSync(secret, '{"secret": true}');
  await writeTinyStore(join(shown, "films.store"));
  await writeTinyStore(join(root, "outside.store"));
  writeRun(join(shown, "runs", "first"), join(shown, "films.store"));
  writeRun(join(shown, "runs", "second"), join(root, "outside.store"));
  writeModel(join(shown, "model"));
  symlinkSync(join(root, "outside.store"), join(shown, "linked.store"));
  studio = await serveStudio([shown], 0);
});
afterAll(() => studio.close());

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A request as it is written: `fetch` would tidy the path up, and set the headers itself. */
function ask(path: string, headers: Readonly<Record<string, string>> = {}, method = "GET"): Promise<Answer> {
  const { hostname, port } = new URL(studio.url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, method, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("end", () =>
        resolve({
          status: response.statusCode!,
          headers: response.headers,
          body: Buffer.concat(parts).toString(),
        }),
      );
    });
    sent.on("error", reject);
    sent.end();
  });
}

const library = async (): Promise<Library> => JSON.parse((await ask("/api/library")).body) as Library;

describe("who may ask", () => {
  it("listens on 127.0.0.1 and on no other address", async () => {
    const { port } = new URL(studio.url);
    const reaches = (host: string) =>
      new Promise<boolean>((resolve) => {
        const socket = connect({ host, port: Number(port) });
        socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
        socket.setTimeout(2000, () => resolve(false));
        onTestFinished(() => void socket.destroy());
      });
    const others = Object.values(networkInterfaces()).flatMap((found) => found ?? []);
    const addresses = others.map(({ address }) => address).filter((address) => address !== "127.0.0.1");
    expect(await reaches("127.0.0.1")).toBe(true);
    for (const address of ["127.0.0.2", ...addresses]) expect(await reaches(address), address).toBe(false);
  });

  it.each(["evil.example", "evil.example:4600", "127.0.0.1.evil.example", "192.168.0.2", "localhost.evil"])(
    "refuses Host %j: a name that somebody turned to this machine",
    async (host) => {
      const { status, body } = await ask("/api/library", { host });
      expect(status).toBe(403);
      expect(body).toMatch(/Host: expected 127\.0\.0\.1 or localhost/);
    },
  );

  it.each(["http://evil.example", "null", "https://127.0.0.1", "http://127.0.0.1:1"])(
    "refuses Origin %s",
    async (origin) => {
      for (const method of ["GET", "POST"]) {
        const { status, body } = await ask("/api/maps", { origin }, method);
        expect(status).toBe(403);
        expect(body).toMatch(/Origin: expected/);
      }
    },
  );

  it("answers its own pages, under either name of this machine", async () => {
    const { port, origin } = new URL(studio.url);
    expect((await ask("/api/library", { origin })).status).toBe(200);
    const host = `localhost:${port}`;
    expect((await ask("/api/library", { host, origin: `http://${host}` })).status).toBe(200);
  });

  it.each(["cross-site", "same-site"])(
    "refuses what a %s page embeds, and lets a link to the studio through",
    async (site) => {
      const status = async (mode: string, from = site) =>
        (await ask("/", { "sec-fetch-site": from, "sec-fetch-mode": mode })).status;
      expect(await status("no-cors")).toBe(403);
      expect(await status("navigate")).toBe(200);
      expect(await status("no-cors", "same-origin")).toBe(200);
    },
  );

  it("sends a content security policy without eval or foreign hosts with every answer, failures too", async () => {
    for (const path of ["/", "/api/library", "/nothing", "/models/none/config.json"]) {
      const policy = String((await ask(path)).headers["content-security-policy"]);
      expect(policy).toMatch(/default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self';/);
      expect(policy).toMatch(/frame-ancestors 'none'/);
      expect(policy).not.toMatch(/'unsafe-eval'|'unsafe-inline'|https?:|\*/);
    }
    const { headers } = await ask("/api/library", { host: "evil.example" });
    expect(headers["content-security-policy"]).toMatch(/default-src 'none'/);
    expect(headers["access-control-allow-origin"]).toBeUndefined();
  });
});

describe("what is served", () => {
  it("finds runs, stores and models, and a run's own store among them", async () => {
    const { runs, stores, models, problems } = await library();
    expect(stores.map(({ name, people, clips }) => [name, people, clips])).toEqual([["films.store", 6, 12]]);
    const owners = Object.fromEntries(runs.map(({ name, storeId }) => [name, storeId]));
    expect(owners).toEqual({ "runs/first": stores[0]!.id, "runs/second": null });
    expect(models).toMatchObject([{ name: "model", classes: ["neutral", "happy"], hasAffect: true }]);
    expect(problems).toEqual([]);
  });

  it("names what it cannot read, and shows the rest", async () => {
    const broken = join(shown, "broken");
    mkdirSync(broken);
    writeFileSync(join(broken, "config.json"), '{"format": "duchenne-run"}');
    const named = { path: broken, message: expect.stringContaining("no record of a run") };
    // What was found is taken for true for a while.
    await expect.poll(async () => (await library()).problems).toEqual([named]);
    expect((await library()).runs).toHaveLength(2);
  });

  // Two folders up from the pages' assets lies the package's own package.json.
  it.each([
    ["/assets/../../package.json"],
    ["/assets/..%2f..%2fpackage.json"],
    ["/assets/%2e%2e/%2e%2e/package.json"],
    ["/assets/%2e%2e%2f%2e%2e%2fpackage.json"],
    ["/assets/..%252f..%252fpackage.json"],
    ["/assets/..\\..\\package.json"],
    ["/assets/..%5c..%5cpackage.json"],
    ["/assets//etc/passwd"],
    ["/assets/%2fetc%2fpasswd"],
    ["/assets/..%2f..%2fpackage.json%00.js"],
    ["/../package.json"],
    ["/package.json"],
  ])("gives nothing outside the pages for %s", async (path) => {
    const { status, body } = await ask(path);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(body).not.toMatch(/"version"|root:/);
  });

  it("gives a model's files that a browser needs, and no others, however they are asked for", async () => {
    const { id } = (await library()).models[0]!;
    const config = await ask(`/models/${id}/config.json`);
    expect([config.status, config.headers["content-type"]]).toEqual([200, "application/json"]);
    expect((await ask(`/models/${id}/onnx/model.onnx`)).body).toBe("an onnx file");
    for (const file of [
      "README.md",
      "onnx",
      "..%2f..%2fsecret.json",
      "../../secret.json",
      "onnx%2f..%2f..%2f..%2fsecret.json",
      "%2fetc%2fpasswd",
    ])
      expect((await ask(`/models/${id}/${file}`)).status, file).toBe(404);
  });

  it("follows no link out of the folders: neither a file's, nor a folder's", async () => {
    const linked = join(shown, "sly");
    writeModel(linked, { onnx: false });
    mkdirSync(join(linked, "onnx"));
    symlinkSync(secret, join(linked, "onnx", "model.onnx"));
    const isFound = async () => (await library()).models.some(({ name }) => name === "sly");
    await expect.poll(isFound).toBe(true);
    const { models, stores } = await library();
    const { id } = models.find(({ name }) => name === "sly")!;
    expect((await ask(`/models/${id}/config.json`)).status).toBe(200);
    const answer = await ask(`/models/${id}/onnx/model.onnx`);
    expect([answer.status, answer.body]).toEqual([
      404,
      '{"error":"expected a file that the studio serves, received another path. Reload the page."}',
    ]);
    expect(stores.map(({ name }) => name)).not.toContain("linked.store");
  });

  it("closes the files it is asked about alone", async () => {
    const { id, name } = (await library()).models[0]!;
    writeFileSync(join(shown, name, "onnx", "model.onnx"), Buffer.alloc(1e6));
    const openFiles = () => readdirSync("/dev/fd").length;
    const before = openFiles();
    for (let i = 0; i < 50; i++) {
      const { status, headers } = await ask(`/models/${id}/onnx/model.onnx`, {}, "HEAD");
      expect([status, headers["content-length"]]).toEqual([200, "1000000"]);
    }
    await expect.poll(openFiles).toBeLessThan(before + 25);
  });

  it("gives a store's faces by their keys, and says which is none", async () => {
    const { id } = (await library()).stores[0]!;
    const face = await ask(`/api/stores/${id}/frames/0`);
    expect([face.status, face.headers["content-type"]]).toEqual([200, "image/jpeg"]);
    expect(face.headers["cache-control"]).toBe("no-store");
    expect((await ask(`/api/stores/${id}/frames/99999`)).body).toMatch(/key of a frame, received 99999/);
    expect((await ask(`/api/stores/${id}/frames/${2 ** 32}`)).body).toMatch(
      /key of a frame, received 4294967296/,
    );
    expect((await ask("/api/stores/other/frames/0")).body).toMatch(/expected the id of a store/);
  });

  it("gives a run's new lines only, and all of them where the log began anew", async () => {
    const { id } = (await library()).runs.find(({ name }) => name === "runs/first")!;
    const log = metricsOf(join(shown, "runs", "first"));
    const part = async (query: string) =>
      JSON.parse((await ask(`/api/runs/${id}/metrics?${query}`)).body) as MetricsPart;
    const first = await part("");
    expect(first.lines.map(({ step }) => step)).toEqual([10, 20]);
    expect((await part(`log=${first.log}&from=${first.next}`)).lines).toEqual([]);
    // Half a line, as it is being written, waits for its end.
    writeFileSync(log, '{"step":30,"loss":1}\n{"step":40,"lo', { flag: "a" });
    const second = await part(`log=${first.log}&from=${first.next}`);
    expect([second.lines.map(({ step }) => step), second.isAnew]).toEqual([[30], false]);
    writeFileSync(log, '{"step":10,"loss":3}\n');
    const third = await part(`log=${first.log}&from=${second.next}`);
    expect([third.lines.map(({ step }) => step), third.isAnew]).toEqual([[10], true]);
    expect((await ask(`/api/runs/${id}/metrics?from=-1`)).status).toBe(400);
  });
});

describe("what is damaged while it is shown", () => {
  it("hides nothing else: a log's bad line is named, a store that is gone is said to be", async () => {
    const folder = realpathSync(temporaryFolder());
    const [good, bad, store] = ["good", "bad", "films.store"].map((name) => join(folder, name));
    await writeTinyStore(store!);
    for (const run of [good!, bad!]) writeRun(run, store!);
    writeFileSync(metricsOf(bad!), "no JSON\n", { flag: "a" });
    const other = await serveStudio([folder], 0);
    onTestFinished(() => other.close());
    const { runs, stores, problems } = (await (await fetch(`${other.url}api/library`)).json()) as Library;
    expect(runs.map(({ name }) => name)).toEqual(["good"]);
    expect(problems).toEqual([
      { path: bad, message: expect.stringContaining(`${metricsOf(bad!)}:3: `) as string },
    ]);
    rmSync(store!, { recursive: true });
    const answer = await fetch(`${other.url}api/stores/${stores[0]!.id}/frames/0`);
    expect([answer.status, await answer.text()]).toEqual([
      404,
      expect.stringContaining("expected a frame store"),
    ]);
  });
});

describe("the command", () => {
  it("says which port is taken, and which folder is none, and ends with 2", async () => {
    const { port } = new URL(studio.url);
    await expect(serveStudio([shown], Number(port))).rejects.toThrow(PortInUseError);
    await expect(serveStudio([join(root, "none")], 0)).rejects.toThrow(StudioFolderError);
    const taken = await duchenne(["studio", shown, "--port", port, "--no-open"]);
    expect([taken.code, taken.stdout]).toEqual([2, ""]);
    expect(taken.stderr).toMatch(`--port: expected a free port, received ${port}`);
    const missing = await duchenne(["studio", join(root, "none"), "--no-open"]);
    expect([missing.code, missing.stderr]).toEqual([
      2,
      `error: ${join(root, "none")}: expected a folder with runs, stores or models, received nothing there. Check the path.\n`,
    ]);
  });

  it("offers the installed model after the user's own, and serves its files", async () => {
    const shippedFolder = join(root, "installed", "model");
    writeModel(shippedFolder);
    const shipped = { folder: shippedFolder, name: "@duchenne/model-fer", version: "1.2.3", terms: "" };
    const own = await serveStudio([shown], 0, shipped);
    onTestFinished(() => own.close());
    const { models } = (await (await fetch(`${own.url}api/library`)).json()) as Library;
    expect(models[0]!.name).toBe("model");
    expect(models.at(-1)!.name).toBe("@duchenne/model-fer 1.2.3");
    const answer = await fetch(`${own.url}models/${models.at(-1)!.id}/onnx/model.onnx`);
    expect(await answer.text()).toBe("an onnx file");
  });

  it("looks through an empty folder without complaint", async () => {
    const empty = await serveStudio([temporaryFolder()], 0);
    onTestFinished(() => empty.close());
    const answer = (await (await fetch(`${empty.url}api/library`)).json()) as Library;
    expect([answer.runs, answer.stores, answer.models, answer.problems]).toEqual([[], [], [], []]);
  });
});

/** The packages that are compared with: taken from a folder, or installed there. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import {
  type CropReader,
  type FaceApi,
  type NetworkFiles,
  openFaceApi,
  openHuman,
  type Tf,
} from "./tfjsNetworks.ts";

/** With the TensorFlow.js that both were built on. */
export const PACKAGES = {
  "@vladmandic/face-api": "1.7.15",
  "@vladmandic/human": "3.3.6",
  "@tensorflow/tfjs": "4.22.0",
  "@tensorflow/tfjs-backend-wasm": "4.22.0",
} as const;

/** A package's network, by the name that lines give it. */
export type ReferenceName = "face-api" | "human";

const FILES = {
  "face-api": [
    "@vladmandic/face-api/model/face_expression_model-weights_manifest.json",
    "@vladmandic/face-api/model/face_expression_model.bin",
  ],
  human: ["@vladmandic/human/models/emotion.json", "@vladmandic/human/models/emotion.bin"],
} as const satisfies Record<ReferenceName, readonly [string, string]>;

/** Installed packages. */
export class References {
  readonly #modules: string;

  private constructor(folder: string) {
    this.#modules = join(folder, "node_modules");
  }

  /** @returns undefined, with a line on stderr, if they cannot be installed */
  static install(folder: string): References | undefined {
    const names = Object.entries(PACKAGES);
    const references = new References(folder);
    if (names.every(([name]) => existsSync(references.path(name)))) return references;
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true }));
    const args = [
      "install",
      "--ignore-scripts",
      "--no-audit",
      "--no-fund",
      ...names.map((pair) => pair.join("@")),
    ];
    const { status, stderr } = spawnSync("npm", args, { cwd: folder, encoding: "utf8" });
    if (status === 0) return references;
    console.error(
      `reference missing: ${names.map(([name]) => name).join(", ")} cannot be installed: ${stderr.trim()}`,
    );
    return undefined;
  }

  /** Path of a file of a package. */
  path(name: string): string {
    return join(this.#modules, name);
  }

  /** JSON and weights of both networks. */
  files(): NetworkFiles {
    const [manifest, faceApi, model, human] = [...FILES["face-api"], ...FILES.human].map((name) =>
      readFileSync(this.path(name)),
    );
    const own = (bytes: Buffer): ArrayBuffer => new Uint8Array(bytes).buffer;
    return {
      faceApi: { manifest: JSON.parse(manifest!.toString()), bytes: own(faceApi!) },
      human: { model: JSON.parse(model!.toString()), bytes: own(human!) },
    };
  }

  /** Of a network's files. */
  megabytes(name: ReferenceName): number {
    return FILES[name].reduce((sum, file) => sum + statSync(this.path(file)).size, 0) / 1e6;
  }

  /** Both networks in this process, by WebAssembly on one thread: TensorFlow.js's native build would have to be downloaded. */
  async open(): Promise<Readonly<Record<ReferenceName, CropReader>>> {
    const require = createRequire(join(this.#modules, "x.js"));
    const tf = require("@tensorflow/tfjs") as Tf;
    const { setWasmPaths } = require("@tensorflow/tfjs-backend-wasm") as {
      setWasmPaths(folder: string): void;
    };
    setWasmPaths(`${this.path("@tensorflow/tfjs-backend-wasm/dist")}/`);
    await tf.setBackend("wasm");
    await tf.ready();
    const faceApi = require("@vladmandic/face-api/dist/face-api.node-wasm.js") as FaceApi;
    const files = this.files();
    return { "face-api": openFaceApi(tf, faceApi, files), human: await openHuman(tf, files) };
  }
}

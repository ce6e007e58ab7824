import { describe, expect, it } from "vitest";
import { cutFace } from "../src/faceCrop.ts";
import { InputError, loadModel } from "../src/index.ts";
import { loadRuntime } from "../src/node/index.ts";

describe("what is not known is refused, with what is", () => {
  it("an option of loadRuntime", async () => {
    await expect(loadRuntime({ thread: 2 } as object)).rejects.toThrow(InputError);
    await expect(loadRuntime({ thread: 2 } as object)).rejects.toThrow(
      "loadRuntime: thread: expected one of kind, threads, onFallback, received an unknown option. Correct its name.",
    );
    await expect(loadRuntime({ kind: "cuda" } as object)).rejects.toThrow(
      "loadRuntime: kind: expected node or wasm, received cuda. Correct the argument.",
    );
  });

  it("a file of loadModel", async () => {
    const files = { config: {}, preprocessor: {}, model: new Uint8Array() };
    await expect(loadModel(files as never, {} as never)).rejects.toThrow(
      "loadModel: model: expected one of config, preprocessor, onnx, received an unknown option. Correct its name.",
    );
  });

  it("a face of neither landmarks nor a box", () => {
    const image = { width: 2, height: 2, data: new Uint8Array(12) };
    const preprocessor = { faceScale: 1, alignEyes: false } as never;
    expect(() => cutFace(image, { boxes: [] } as never, preprocessor)).toThrow(
      "face: expected landmarks or a box, received boxes. Correct the argument.",
    );
  });
});

/** Files that are opened, in a page whose elements load what a test says. */
import { afterAll, beforeEach, expect, it, vi } from "vitest";
import { openFile, SourceError } from "../src/mirror/source.ts";

/** Addresses that are in use. */
let addresses: string[];
let size: readonly [width: number, height: number];

class Picture {
  alt = "";
  src = "";
  get naturalWidth(): number {
    return size[0];
  }
  get naturalHeight(): number {
    return size[1];
  }
  decode = async (): Promise<void> => {};
}

class Film {
  src = "";
  duration = 3;
  srcObject = null;
  get videoWidth(): number {
    return size[0];
  }
  get videoHeight(): number {
    return size[1];
  }
  play = async (): Promise<void> => {};
  pause = (): void => {};
}

beforeEach(() => {
  addresses = [];
  vi.stubGlobal("Image", Picture);
  vi.stubGlobal("HTMLImageElement", Picture);
  vi.stubGlobal("MediaStream", class {});
  vi.stubGlobal("document", { createElement: () => new Film() });
  vi.spyOn(URL, "createObjectURL").mockImplementation(() => `blob:${addresses.push("blob") - 1}`);
  vi.spyOn(URL, "revokeObjectURL").mockImplementation(() => void addresses.pop());
});
afterAll(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it.each([
  ["drawing.svg", "image/svg+xml", "image"],
  ["song.mp4", "video/mp4", "video"],
])("opens %s, and says what it lacks if it has no size", async (name, type, kind) => {
  const file = new File([], name, { type });
  size = [64, 48];
  expect(await openFile(file)).toMatchObject({ kind, name });
  expect(addresses.length).toBe(1);
  size = [0, 0];
  const opening = openFile(file);
  await expect(opening).rejects.toThrow(SourceError);
  await expect(opening).rejects.toThrow(
    /^\S+: expected a picture or a film of some width and height, received /,
  );
  expect(addresses.length).toBe(1);
});

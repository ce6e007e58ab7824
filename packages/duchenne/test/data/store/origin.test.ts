import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { findOrigin, originOf } from "../../../src/data/store/origin.ts";
import { temporaryFolder } from "./synthetic.ts";

it("knows drawn actors by the file that synth leaves, and takes everybody else for real", () => {
  const folder = temporaryFolder();
  const films = join(folder, "films");
  mkdirSync(films);
  expect(findOrigin({ dataset: "videoFolder", source: films })).toMatchObject({ people: "real" });
  writeFileSync(join(films, "synth.json"), "{}");
  const drawn = { people: "drawn", licence: expect.stringContaining("no real faces") };
  expect(findOrigin({ dataset: "videoFolder", source: films })).toEqual(drawn);
  expect(findOrigin({ dataset: "csv", source: join(films, "synth.json") })).toEqual(drawn);
});

it("claims nothing of a source that is gone, and believes what the store recorded", () => {
  const options = { dataset: "affectnet", source: join(temporaryFolder(), "gone") };
  expect(originOf({ options })).toBeUndefined();
  const origin = { people: "drawn", licence: "drawn" } as const;
  expect(originOf({ options, origin })).toBe(origin);
});

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadPart } from "../../../src/deploy/export/index.ts";
import { probe } from "../../../src/evaluate/probe.ts";
import { readSavedProbe } from "../../../src/evaluate/results/savedProbe.ts";
import type { ProbeOptions } from "../../../src/evaluate/schema/options.ts";
import { temporaryFolder } from "../../data/store/synthetic.ts";
import { saved } from "../../deploy/export/support.ts";
import { QUICK, stillsOfPeople, untrained, writeStills } from "../support.ts";

describe("a saved probe", () => {
  test("is of the first seed and the largest budget, and is made even where the result is finished", async () => {
    const store = await writeStills(stillsOfPeople(10, 3));
    const folder = temporaryFolder();
    const [out, save] = [join(folder, "result.json"), join(folder, "kept.probe")];
    const options = { ...QUICK, labels: ["6", "50%", "12"], seeds: 2, seed: 4, out };
    const before = await probe(untrained(), store, options);
    const after = await probe(untrained(), store, { ...options, save });
    const timeless = ({ cells }: typeof before) => cells.map((cell) => ({ ...cell, seconds: 0 }));
    expect(timeless(after)).toEqual(timeless(before));
    const { about } = readSavedProbe(save);
    expect(about).toMatchObject({ labels: "50%", seed: 4, task: "expression", mode: "frozen" });
    const kept = after.cells.find(({ labels, seed }) => labels === "50%" && seed === 4)!;
    expect(about.figures).toEqual(kept.best.figures);
    expect(about.backbone.digest).toBe(after.backbone.digest);
  });

  test("is refused where it is damaged, or nothing of the kind", async () => {
    const { save } = await saved({});
    const weights = join(save, "model.safetensors");
    const bytes = readFileSync(weights);
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(weights, bytes);
    await expect(loadPart(save)).rejects.toThrow("model.safetensors: expected the weights that were saved");
    writeFileSync(join(save, "probe.json"), '{"format":"else"}');
    await expect(loadPart(save)).rejects.toThrow("probe.json: expected a saved probe, received format");
  });

  test("is not asked for where nothing is trained, nor over another program's folder", async () => {
    const store = await writeStills(stillsOfPeople(6, 2));
    const save = join(temporaryFolder(), "x");
    const refused = (options: ProbeOptions) => probe(untrained(), store, { ...QUICK, ...options });
    await expect(refused({ save, mode: "knn" })).rejects.toThrow(
      "save: expected a mode that trains a predictor, received knn. Use `mode",
    );
    await expect(refused({ save, task: "identity" })).rejects.toThrow(
      "save: expected a task that trains a predictor, received identity",
    );
    mkdirSync(save);
    await expect(refused({ save })).rejects.toThrow(
      "save: expected a new folder, or one that holds only a saved probe",
    );
    await expect(refused({ save: "" })).rejects.toThrow(
      "save: expected a new folder, or one that holds only a saved probe",
    );
    for (const name of ["probe.json", "thesis.tex"]) writeFileSync(join(save, name), "");
    await expect(refused({ save })).rejects.toThrow("which holds thesis.tex. Choose another folder.");
  });
});

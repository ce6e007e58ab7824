import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Generator, noGrad, tensorsOf } from "@duchenne/torch";
import { expect, it, onTestFinished } from "vitest";
import { FrameStore } from "../../src/data/store/index.ts";
import type { FrameLabels } from "../../src/data/store/record.ts";
import { centreView } from "../../src/evaluate/data/imageViews.ts";
import { FineTuned } from "../../src/evaluate/predictors/finetune.ts";
import { buildPredictor } from "../../src/evaluate/predictors/predictor.ts";
import { probe } from "../../src/evaluate/probe.ts";
import { readSavedProbe } from "../../src/evaluate/results/savedProbe.ts";
import type { ProbeOptions } from "../../src/evaluate/schema/options.ts";
import { EXPRESSIONS } from "../../src/lib/expressions.ts";
import { temporaryFolder } from "../data/store/synthetic.ts";
import { QUICK, SIZE, stillsOfPeople, untrained, writeStills } from "./support.ts";

const ALL: ProbeOptions = {
  mode: "finetune",
  loss: "votes",
  epochs: 4,
  minSteps: 12,
  batch: 16,
  optimizer: "adamw",
  warmupSteps: 2,
  rotate: 10,
  zoom: 0.1,
  erase: 0.5,
  mix: "cutmix",
  labelSmoothing: 0.1,
  average: 0.9,
  choose: "last",
  balance: 0.5,
  flipTest: true,
  calibrate: true,
};

/** Nine votes for the expression, and one for another. */
function votesFor({ expression }: FrameLabels): number[] {
  const own = EXPRESSIONS.indexOf(expression!);
  return EXPRESSIONS.map((_, i) => (i === own ? 9 : i === (own + 1) % EXPRESSIONS.length ? 1 : 0));
}

const voted = () =>
  writeStills(
    stillsOfPeople(10, 3).map((still) => ({
      ...still,
      labels: { ...still.labels, votes: votesFor(still.labels) },
    })),
  );

it.each([
  { choose: "last", semi: false },
  { choose: "best", semi: true },
] as const)(
  "fine-tuning that is interrupted goes on from its last update, to the same weights: %j",
  async ({ choose, semi }) => {
    const store = await voted();
    const [out, other] = [join(temporaryFolder(), "a.json"), join(temporaryFolder(), "b.json")];
    const [save, saveOther] = [join(temporaryFolder(), "a.probe"), join(temporaryFolder(), "b.probe")];
    const options = { ...QUICK, ...ALL, choose, semi };
    const whole = await probe(untrained(), store, { ...options, out: other, save: saveOther });
    expect(whole.data.unlabelled).toBe(semi ? whole.data.train.images : undefined);
    const controller = new AbortController();
    let last = 0;
    const stopped = probe(
      untrained(),
      store,
      { ...options, out, save },
      {
        signal: controller.signal,
        onProgress: ({ stage, done }) => {
          if (stage.startsWith("all")) last = done;
          if (stage.startsWith("all") && done >= 7)
            controller.abort(new DOMException("interrupted", "AbortError"));
        },
      },
    );
    await expect(stopped).rejects.toThrow("interrupted");
    expect(existsSync(join(`${out}.training`, "state.json"))).toBe(true);
    const steps: number[] = [];
    const resumed = await probe(
      untrained(),
      store,
      { ...options, out, save },
      {
        onProgress: ({ stage, done }) => stage.startsWith("all") && steps.push(done),
      },
    );
    expect(last).toBeGreaterThanOrEqual(7);
    expect(Math.min(...steps)).toBe(last + 1);
    expect(existsSync(`${out}.training`)).toBe(false);
    expect(resumed.cells.map(({ best, last, history }) => ({ best, last, history }))).toEqual(
      whole.cells.map(({ best, last, history }) => ({ best, last, history })),
    );
    expect(readFileSync(join(save, "model.safetensors"))).toEqual(
      readFileSync(join(saveOther, "model.safetensors")),
    );
    const { about } = readSavedProbe(save);
    expect(about.settings).toMatchObject({ flipTest: true, balance: 0.5, choose });
    expect(about.temperature).toBeGreaterThan(0);
  },
);

it("the saved predictor gives the outputs that were evaluated: balanced, calibrated", async () => {
  const store = await voted();
  const save = join(temporaryFolder(), "a.probe");
  const { cells, test, classes } = await probe(untrained(), store, {
    ...QUICK,
    ...ALL,
    flipTest: false,
    save,
  });
  const { best } = cells[0]!;
  const { tensors } = readSavedProbe(save);
  const { backbone, size } = untrained(9);
  const [init, drop] = [Generator.seeded(1), Generator.seeded(1)];
  const predictor = buildPredictor(backbone.features, classes!.length, { dropout: 0, init, drop });
  const network = new FineTuned(backbone, predictor, classes!.length);
  network.loadStateDict(tensorsOf(tensors));
  network.eval();
  const frames = FrameStore.open(store);
  onTestFinished(() => frames.close());
  const outputs = noGrad(() =>
    network
      .call(centreView(frames.readFrames(test.keys), { stored: SIZE, size, device: "cpu" }))
      .softmax(1)
      .toTypedArray(),
  ) as Float32Array;
  const rows = test.keys.map((_, i) =>
    Array.from(outputs.subarray(i * classes!.length, (i + 1) * classes!.length)),
  );
  expect(rows.map((row) => row.indexOf(Math.max(...row)))).toEqual(best.predictions);
  expect(rows.map((row) => Math.max(...row))).toBeAllclose(best.confidence!, 2e-3);
});

it("a damaged or another training's state is begun anew", async () => {
  const store = await voted();
  const out = join(temporaryFolder(), "a.json");
  const options = { ...QUICK, ...ALL, out };
  const stopAt = async (given: typeof options, at: number) => {
    const controller = new AbortController();
    await expect(
      probe(untrained(), store, given, {
        signal: controller.signal,
        onProgress: ({ stage, done }) => {
          if (stage.startsWith("all") && done >= at) controller.abort(new DOMException("stop", "AbortError"));
        },
      }),
    ).rejects.toThrow("stop");
  };
  await stopAt(options, 5);
  const state = readFileSync(join(`${out}.training`, "state.json"), "utf8");
  const other = join(temporaryFolder(), "other.json");
  cpSync(`${out}.training`, `${other}.training`, { recursive: true });
  const notices: string[] = [];
  const steps: number[] = [];
  await probe(
    untrained(),
    store,
    { ...options, out: other, dropout: 0.1 },
    {
      onNotice: (notice) => notices.push(notice),
      onProgress: ({ stage, done }) => stage.startsWith("all") && steps.push(done),
    },
  );
  expect(Math.min(...steps)).toBe(0);
  expect(notices.join()).toMatch(/other\.json\.training: the training begins anew.*another training/);
  expect(JSON.parse(state)).toMatchObject({ format: "duchenne-training" });
  writeFileSync(join(`${out}.training`, "tensors.safetensors"), "no tensors");
  const first: number[] = [];
  await probe(untrained(), store, options, {
    onProgress: ({ stage, done }) => stage.startsWith("all") && first.push(done),
  });
  expect(Math.min(...first)).toBe(0);
});

it("images whose votes have no majority are trained on, and evaluate nothing", async () => {
  const clear = stillsOfPeople(10, 3).map((still) => ({
    ...still,
    labels: { ...still.labels, votes: votesFor(still.labels) },
  }));
  const split = (still: (typeof clear)[number], i: number) => ({
    ...still,
    split: ["train", "train", "train", "test"][i % 4]!,
  });
  const unclear = clear
    .filter((_, i) => i % 15 === 0)
    .map((still) => ({
      ...still,
      labels: { votes: EXPRESSIONS.map((_, i) => (i < 2 ? 5 : 0)) },
    }));
  const store = await writeStills([...clear.map(split), ...unclear.map(split)]);
  const counts = async (loss: "votes" | "cross-entropy") => {
    const options = { ...QUICK, mode: "finetune", epochs: 1, minSteps: 1, loss } as const;
    const { data } = await probe(untrained(), store, options);
    return { data, images: data.train.images + data.validation.images };
  };
  const [votes, plain] = [await counts("votes"), await counts("cross-entropy")];
  expect(votes.data.test.images).toBe(plain.data.test.images);
  expect(votes.images).toBeGreaterThan(plain.images);
  expect(votes.data.leftOut).toHaveProperty(["validation or test image without a majority of votes"]);
  expect(plain.data.leftOut).toHaveProperty(["no expression label"], 6);
});

it("settings of fine-tuning are refused where they do nothing", async () => {
  const store = await writeStills(stillsOfPeople(6, 3));
  const with_ = (options: object) => probe(untrained(), store, { ...QUICK, ...options });
  await expect(with_({ mode: "frozen", mix: "mixup" })).rejects.toThrow(
    /mix: expected its default in mode frozen/,
  );
  await expect(with_({ mode: "finetune", task: "va", mix: "mixup" })).rejects.toThrow(
    /default for the task va/,
  );
  await expect(with_({ mode: "knn", loss: "votes" })).rejects.toThrow(
    /loss: expected another loss for mode knn/,
  );
  await expect(with_({ mode: "finetune", balance: 0.3 })).rejects.toThrow(
    /balance: expected 0 with the loss/,
  );
  await expect(with_({ mode: "finetune", mixAlpha: 0.4 })).rejects.toThrow(/mixAlpha: expected its default/);
  await expect(with_({ mode: "finetune", warmupSteps: 1e6 })).rejects.toThrow(/warmupSteps: expected fewer/);
  const failed = join(temporaryFolder(), "failed.json");
  const diverging = { mode: "finetune", out: failed, learningRate: 1e30 };
  await expect(with_(diverging)).rejects.toThrow(/learningRate: expected a rate at which the loss stays/);
  expect((await with_({ ...diverging, learningRate: 1e-3 })).complete).toBe(true);
  const out = join(temporaryFolder(), "a.json");
  mkdirSync(`${out}.training`);
  writeFileSync(join(`${out}.training`, "mine.txt"), "");
  await expect(with_({ mode: "finetune", out })).rejects.toThrow(/training: expected no folder.*mine\.txt/);
  await expect(with_({ mode: "finetune", loss: "votes" })).rejects.toThrow(/images with votes/);
});

import { expect, it } from "vitest";
import { cardFacts, readCardFacts } from "../../../src/deploy/export/cardFacts.ts";
import type { SavedProbe } from "../../../src/evaluate/results/savedProbe.ts";

const DRAWN = { people: "drawn", licence: "drawn by duchenne synth" } as const;
const REAL = { people: "real", licence: "by agreement" } as const;
const macroF1 = { value: 0.6, low: 0.5, high: 0.7 };
const probeOn = (origin: typeof DRAWN | typeof REAL | undefined) =>
  ({ data: { dataset: "csv", origin }, figures: { macroF1 } }) as unknown as SavedProbe;

const factsOf = (pretraining: typeof DRAWN | typeof REAL | undefined, labels: typeof pretraining) =>
  cardFacts({
    dataset: "videoFolder",
    origin: pretraining,
    description: "tiny after 6 steps of simclr",
    probes: [probeOn(labels)],
  });

it("calls a model drawn only if every image that taught it was", () => {
  expect(factsOf(DRAWN, DRAWN).origin).toBe("drawn");
  expect(factsOf(REAL, DRAWN).origin).toBe("mixed");
  expect(factsOf(REAL, REAL).origin).toBe("real");
  expect(factsOf(undefined, DRAWN).origin).toBe("unknown");
});

it("counts the data of earlier pre-trainings", () => {
  const of = (origin: typeof DRAWN | typeof REAL | undefined) =>
    cardFacts({
      ...{ dataset: "videoFolder", origin: DRAWN, description: "tiny after 6 steps of simclr" },
      earlier: [{ dataset: "fer2013", origin }],
      probes: [probeOn(DRAWN)],
    });
  expect(of(REAL)).toMatchObject({
    origin: "mixed",
    data: [{ use: "pre-training", dataset: "fer2013" }, {}, {}],
  });
  expect(of(undefined).origin).toBe("unknown");
});

it("does not know what weights of a file saw, and knows that untrained ones saw nothing", () => {
  const of = (description: string) =>
    cardFacts({ dataset: undefined, origin: undefined, description, probes: [probeOn(DRAWN)] }).origin;
  expect(of("weights of imagenet.safetensors")).toBe("unknown");
  expect(of("untrained tiny")).toBe("drawn");
});

it("is read from config.json as it was written, and of an older model as unknown", () => {
  const facts = factsOf(DRAWN, REAL);
  expect(readCardFacts(JSON.parse(JSON.stringify({ model_type: "duchenne", ...facts })))).toEqual(facts);
  expect(facts.figures).toEqual({ macroF1 });
  const unknown = { origin: "unknown", data: [], figures: {} };
  for (const other of [{}, null, { origin: "martian" }]) expect(readCardFacts(other)).toEqual(unknown);
});

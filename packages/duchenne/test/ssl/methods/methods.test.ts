import { arange, full, liveTensors, noGrad, optim, scope } from "@duchenne/torch";
import { describe, expect, test } from "vitest";
import { settledTensors } from "../../../../torch/test/garbage.ts";
import { ComponentError } from "../../../src/ssl/config/components.ts";
import { resolveConfig, type Settings } from "../../../src/ssl/config/resolveConfig.ts";
import { findFalseNegatives } from "../../../src/ssl/losses/index.ts";
import { checkComponents, METHODS, neverFalseNegatives } from "../../../src/ssl/methods/index.ts";
import { positiveOffset } from "../../../src/ssl/sampling/batch.ts";
import { contrastiveBackward } from "../../../src/ssl/train/gradient.ts";
import { methodFromConfig } from "../../../src/ssl/valuesFromConfig.ts";
import { ntXent, rowsOf } from "../losses/plainLoops.ts";
import { build, differing, FURTHER_HEADS, METHOD_NAMES, noiseViews, settings, snapshot } from "./fixture.ts";

describe.each([
  ...METHOD_NAMES.map((name) => [name, {}] as const),
  ["ssl-fer", { neighbourWeight: 0.5, neighbourQueue: 12 }] as const,
  ["ssl-fer", { ...FURTHER_HEADS, neighbourWeight: 0.5, neighbourQueue: 12 }] as const,
])("%s %j", (name, changed) => {
  const contrastive = METHODS[name].settings.includes("hardNeg");
  const components = { ...(contrastive && { hardNeg: true, maskFn: true }), ...changed };
  const views = () => noiseViews(4, contrastive ? "quadruples" : "pairs");

  test("a few steps on one batch lower its loss", () => {
    const method = build(settings(name, components));
    const trained = method.network.parameters().filter(({ requiresGrad }) => requiresGrad);
    const optimizer = new optim.Adam(trained, { lr: 1e-3 });
    const batch = views();
    const losses = Array.from({ length: 6 }, () =>
      scope(() => {
        optimizer.zeroGrad();
        const { loss } = contrastiveBackward(method, batch, null);
        optimizer.step();
        return loss.item();
      }),
    );
    expect(losses.at(-1)).toBeLessThan(0.9 * losses[0]!);
  });

  test("a seed is a network", () => {
    const [first, same, other] = [5, 5, 6].map((seed) =>
      build(settings(name, { ...components, seed })).network.stateDict(),
    );
    expect(differing(first!, same!)).toEqual([]);
    expect(differing(first!, other!)).toContain("backbone.conv1.weight");
    expect(differing(first!, other!)).toContain("projection.0.weight");
  });

  test("a state dict brings everything back", () => {
    const method = build(settings(name, components));
    const batch = views();
    contrastiveBackward(method, batch, null);
    const { targets, embeddings } = contrastiveBackward(method, batch, null);
    method.afterStep?.(targets, batch, 0.5, embeddings);
    const state = snapshot(method.network.stateDict());
    const another = build(settings(name, { ...components, seed: 6 }));
    another.network.loadStateDict(state);
    expect(differing(another.network.stateDict(), state)).toEqual([]);
    const losses = [method, another].map((m) => contrastiveBackward(m, batch, null).loss.item());
    expect(losses[1]).toBe(losses[0]);
  });

  test("CutMix reaches the loss: all kept changes nothing, half kept does", () => {
    const method = build(settings(name, { ...components, cutMix: true }));
    method.network.eval();
    const batch = views();
    const half = positiveOffset(batch);
    const partner = arange(0, half).add(1).remainder(half);
    const lossWith = (kept: number) =>
      contrastiveBackward(method, { ...batch, mix: { partner, kept: full([half], kept) } }, null).loss;
    const unmixed = contrastiveBackward(method, batch, null).loss;
    expect(lossWith(1)).toBeAllclose(unmixed);
    expect(Math.abs(lossWith(0.5).item() - unmixed.item())).toBeGreaterThan(1e-4);
  });

  test("its tensors are freed with the step", () => {
    const method = build(settings(name, components));
    const batch = views();
    const step = () =>
      scope(() => {
        const { targets, embeddings } = contrastiveBackward(method, batch, null);
        method.afterStep?.(targets, batch, 0, embeddings);
      });
    step();
    const before = settledTensors();
    step();
    expect(liveTensors()).toBe(before);
  });
});

test("only a method's own backbone and heads are trained", () => {
  for (const name of METHOD_NAMES) {
    const { network } = build(settings(name));
    const trained = [...network.namedParameters()].filter(([, tensor]) => tensor.requiresGrad);
    const frozen = [...network.namedParameters()].filter(([, tensor]) => !tensor.requiresGrad);
    expect(trained.every(([parameter]) => /^(backbone|projection|predictor)\./.test(parameter))).toBe(true);
    expect(frozen.every(([parameter]) => parameter.startsWith("momentum."))).toBe(true);
    expect(frozen.length > 0).toBe(["moco-v2", "byol"].includes(name));
  }
});

test.each([false, true])("SSL-FER's hard negatives count as often as they weigh; MaskFN: %s", (maskFn) => {
  const method = build(settings("ssl-fer", { hardNeg: true, hardNegWeight: 3, maskFn }));
  const batch = noiseViews(4, "quadruples");
  const embeddings = noGrad(() => method.encode(batch.images));
  const found = findFalseNegatives(batch.features, batch.hasFeature, {
    excluded: neverFalseNegatives(batch, "paper", "cpu"),
    count: 1,
  });
  const plain = ntXent(rowsOf(embeddings), 0.2, {
    hard: { clips: 4, times: 3 },
    ...(maskFn && { found: rowsOf(found.indices) }),
  });
  const { loss } = method.loss(embeddings, undefined, batch);
  expect(loss).toBeAllclose(plain.positive + (maskFn ? 0.8 * plain.falseNegative : 0), 1e-5);
});

test.each(["ssl-fer", "moco-v2"] as const)(
  "%s: hard negatives weigh as much as a curriculum has reached",
  (name) => {
    const lossOf = (hardNegWeight: number, strength?: number) => {
      const method = build(settings(name, { hardNeg: true, hardNegWeight }));
      const views = { ...noiseViews(4, "quadruples"), ...(strength !== undefined && { strength }) };
      return contrastiveBackward(method, views, null).loss.item();
    };
    expect(lossOf(8, 0.25)).toBe(lossOf(2));
    expect(lossOf(8, 1)).toBe(lossOf(8));
  },
);

test("what BYOL cannot do is refused by name", () => {
  expect(() => checkComponents("byol", { timeAug: true, faceSwap: true, cutMix: true })).not.toThrow();
  for (const component of ["hardNeg", "maskFn"] as const) {
    expect(() => build(settings("byol", { [component]: true }))).toThrow(ComponentError);
    expect(() => checkComponents("byol", { [component]: true })).toThrow(
      `byol: ${component}: expected off: BYOL has no negatives, received on`,
    );
  }
});

test.each(["moco-v2", "byol"] as const)("%s says what its loss has no place for", (method) => {
  const given = (settings: Settings) => () => methodFromConfig(resolveConfig({ method, ...settings }));
  const reason = method === "byol" ? ": BYOL has no negatives" : "";
  const refused = (name: string, off: string, received: string, why = "") =>
    `${name}: expected ${off} for \`method: "${method}"\`${why}, received ${received}. Leave it out, or use ssl-fer or simclr.`;
  expect(given({ neighbourWeight: 0.5 })).toThrow(refused("neighbourWeight", "0", "0.5", reason));
  expect(given({ maskFnFeature: "both" })).toThrow(refused("maskFnFeature", "eyes-mouth", "both", reason));
  expect(given({ geometryWeight: 1 })).toThrow(refused("geometryWeight", "0", "1"));
  expect(given({ adversaryWeight: 1 })).toThrow(refused("adversaryWeight", "0", "1"));
});

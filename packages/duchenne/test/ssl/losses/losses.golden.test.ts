import { readFileSync } from "node:fs";
import { type Dtype, ones, ops, type Tensor, tensor } from "@duchenne/torch";
import { describe, expect, test } from "vitest";
import {
  balancedSoftmaxLoss,
  byolLoss,
  cccLoss,
  findFalseNegatives,
  infoNceLoss,
  maskFnLoss,
  ntXentLoss,
} from "../../../src/ssl/losses/index.ts";
import { type FalseNegativeRule, neverFalseNegatives } from "../../../src/ssl/methods/masks.ts";
import type { Layout } from "../../../src/ssl/sampling/batch.ts";
import { goldenPath } from "../../golden.ts";

interface Stored {
  shape: number[];
  data: number[];
}
type Case<Tensors extends string, Numbers extends string = never> = Record<Tensors, Stored> &
  Record<Numbers | "loss", number>;

function cases<C>(name: string): C[] {
  return (JSON.parse(readFileSync(goldenPath(name), "utf8")) as { cases: C[] }).cases;
}

function stored({ shape, data }: Stored, dtype: Dtype = "float64"): Tensor {
  return tensor(Float64Array.from(data), { shape, dtype });
}

function leaf(values: Stored, dtype: Dtype = "float64"): Tensor {
  return stored(values, dtype).requiresGrad_();
}

/** Files made in float32 hold float32's rounding. */
const FLOAT32_FILE = 1e-5;

describe("NT-Xent", () => {
  const all = cases<Case<"features" | "grad", "temperature">>("nt_xent.json");
  test.each(["float32", "float64"] as const)("the published loss and gradient, in %s", (dtype) => {
    for (const golden of all) {
      const features = leaf(golden.features, dtype);
      const { loss } = ntXentLoss(features, { temperature: golden.temperature });
      loss.backward();
      expect(loss).toBeAllclose(golden.loss, FLOAT32_FILE);
      expect(features.grad!).toBeAllclose(golden.grad.data, FLOAT32_FILE);
    }
  });
});

type MaskFnNumbers = "temperature" | "falseNegativeWeight";

describe("MaskFN", () => {
  function run(
    golden: Case<"features" | "eyeMouthFeatures" | "grad", MaskFnNumbers>,
    [clips, layout]: [number, Layout],
    { count, rule }: { count: number; rule: FalseNegativeRule },
  ) {
    const features = leaf(golden.features);
    const eyeMouth = stored(golden.eyeMouthFeatures);
    const known = ones([eyeMouth.size(0)], { dtype: "bool" });
    const excluded = neverFalseNegatives({ clips, layout }, rule, "cpu");
    const found = findFalseNegatives(eyeMouth, known, { excluded, count });
    const { temperature, falseNegativeWeight: weight } = golden;
    const result = maskFnLoss(features, found, { temperature, weight });
    result.loss.backward();
    return { ...result, gradient: features.grad! };
  }

  test("the paper's rule", () => {
    for (const golden of cases<
      Case<"features" | "eyeMouthFeatures" | "grad", MaskFnNumbers | "clips" | "topN">
    >("mask_fn_paper.json")) {
      const options = { count: golden.topN, rule: "paper" } as const;
      const { loss, gradient } = run(golden, [golden.clips, "quadruples"], options);
      expect(loss).toBeAllclose(golden.loss);
      expect(gradient).toBeAllclose(golden.grad.data);
    }
  });

  test("the published code's rule", () => {
    for (const golden of cases<
      Case<
        "features" | "eyeMouthFeatures" | "grad",
        MaskFnNumbers | "halfBatch" | "lossPositive" | "lossFalseNegative"
      >
    >("mask_fn_published_code.json")) {
      const options = { count: 1, rule: "published-code" } as const;
      const { loss, gradient, figures } = run(golden, [golden.halfBatch / 2, "quadruples"], options);
      expect(loss).toBeAllclose(golden.loss, FLOAT32_FILE);
      expect(figures.lossPositive!).toBeAllclose(golden.lossPositive, FLOAT32_FILE);
      expect(figures.lossFalseNegative!).toBeAllclose(golden.lossFalseNegative, FLOAT32_FILE);
      expect(gradient).toBeAllclose(golden.grad.data, FLOAT32_FILE);
    }
  });
});

test("MoCo-v2's InfoNCE", () => {
  for (const golden of cases<Case<"query" | "key" | "queue" | "grad", "temperature">>("moco_v2.json")) {
    const query = leaf(golden.query);
    const { loss } = infoNceLoss(query, stored(golden.key), stored(golden.queue), golden);
    loss.backward();
    expect(loss).toBeAllclose(golden.loss);
    expect(query.grad!).toBeAllclose(golden.grad.data);
  }
});

test("BYOL", () => {
  type Names = "prediction1" | "prediction2" | "target1" | "target2" | "grad1" | "grad2";
  for (const golden of cases<Case<Names>>("byol.json")) {
    const predictions = [leaf(golden.prediction1), leaf(golden.prediction2)] as const;
    const targets = [stored(golden.target1), stored(golden.target2)];
    const { loss } = byolLoss(ops.cat(predictions), ops.cat(targets));
    loss.backward();
    expect(loss).toBeAllclose(golden.loss);
    expect(predictions[0].grad!).toBeAllclose(golden.grad1.data);
    expect(predictions[1].grad!).toBeAllclose(golden.grad2.data);
  }
});

test("Balanced Softmax", () => {
  type Labelled = Case<"logits" | "grad"> & { labels: number[]; classCounts: number[] };
  for (const golden of cases<Labelled>("balanced_softmax.json")) {
    const logits = leaf(golden.logits, "float32");
    const loss = balancedSoftmaxLoss(logits, tensor(golden.labels, { dtype: "int64" }), golden.classCounts);
    loss.backward();
    expect(loss).toBeAllclose(golden.loss);
    expect(logits.grad!).toBeAllclose(golden.grad.data);
  }
});

test("1 − CCC", () => {
  for (const golden of cases<Case<"prediction" | "target" | "grad">>("ccc.json")) {
    const prediction = leaf(golden.prediction);
    const loss = cccLoss(prediction, stored(golden.target));
    loss.backward();
    expect(loss).toBeAllclose(golden.loss);
    expect(prediction.grad!).toBeAllclose(golden.grad.data);
  }
});

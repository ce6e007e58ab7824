import { readFileSync } from "node:fs";
import * as torch from "@duchenne/torch";
import { describe, expect, test } from "vitest";
import { featuresPath, featuresText, namesOnlyHere, unknownKeys } from "./features.ts";
import { otherwise } from "./tables.ts";

test("FEATURES.md is what the names say; features/write.ts writes it anew", () => {
  expect(readFileSync(featuresPath, "utf8")).toBe(featuresText());
});

describe("the table of what is written otherwise", () => {
  test("is of PyTorch's namespaces", () => {
    expect(unknownKeys()).toEqual([]);
  });

  const roots: Readonly<Record<string, object>> = {
    ops: torch.ops,
    nn: torch.nn,
    init: torch.nn.init,
    optim: torch.optim,
    schedules: torch.optim.schedules,
    x: torch.ones([1]),
    Generator: torch.Generator,
    module: new torch.nn.Linear(1, 1),
  };
  const paths = Object.entries(otherwise).flatMap(([key, text]) =>
    [...text.matchAll(/\b(\w+)\.(\w+)(?=[(`,;: ])/g)].flatMap(([, root, name]) =>
      root! in roots ? [[key, root!, name!] as const] : [],
    ),
  );

  test("names what is there", () => {
    expect(paths.length).toBeGreaterThan(100);
    const missing = paths.filter(([, root, name]) => !(name in roots[root]!));
    expect(missing).toEqual([]);
  });

  test("of functions of the package, too", () => {
    const called = Object.entries(otherwise).flatMap(([key, text]) =>
      [...text.matchAll(/`(\w+)\(/g)].map(([, name]) => [key, name!] as const),
    );
    const schedules = Object.keys(torch.optim.schedules);
    expect(called.filter(([, name]) => !(name in torch) && !schedules.includes(name))).toEqual(
      [
        ["torch.nn.Module.apply", "for"],
        ["torch.nn.Module.requires_grad_", "for"],
      ].filter(([, name]) => called.some(([, other]) => other === name)),
    );
  });
});

test("what the issue asks for is said to be there", () => {
  const text = featuresText();
  const supported = text
    .split("\n")
    .filter((line) => !/^\*\*(Not there|By `dispatch`)/.test(line))
    .join("\n");
  const asked =
    "prod allclose nonzero unique isinf masked_select outer layer_norm embedding normalize l1_loss smooth_l1_loss binary_cross_entropy_with_logits nll_loss kl_div cosine_similarity scaled_dot_product_attention manual_seed randn_like full_like tolist mm interpolate cat stack where gather topk sort bmm squeeze view ModuleList LayerNorm GroupNorm Embedding Conv1d Conv3d ConvTranspose2d MultiheadAttention LSTM GRU Flatten Identity Softmax Upsample L1Loss MSELoss SmoothL1Loss BCEWithLogitsLoss NLLLoss CrossEntropyLoss KLDivLoss";
  for (const name of asked.split(" ")) expect(supported, name).toContain(`\`${name}\``);
});

test("what only this package has is no name of PyTorch by accident", () => {
  expect(namesOnlyHere()).toContain("scope");
  expect(namesOnlyHere()).toContain("optim.LARS");
  expect(namesOnlyHere()).not.toContain("ops.add");
});

import { full, ShapeError, scope, tensor, zeros } from "@duchenne/torch";
import { expect, test } from "vitest";
import { ntXentLoss } from "../../../src/ssl/losses/index.ts";
import { drawn, ntXent, type PlainMix, rowsOf } from "./plainLoops.ts";

const MIX: PlainMix = { partner: [2, 0, 3, 2, 0], kept: [0.25, 0.9, 0.5, 1, 0] };

function tensors({ partner, kept }: PlainMix) {
  return { partner: tensor(partner, { dtype: "int64" }), kept: tensor(Float64Array.from(kept)) };
}

test("equals plain loops", () => {
  for (const [rows, dim, temperature] of [
    [2, 3, 0.07],
    [6, 2, 0.5],
    [14, 5, 0.07],
    [30, 8, 1],
  ] as const) {
    const embeddings = drawn(rows, dim, rows);
    const { loss, figures } = ntXentLoss(embeddings, { temperature });
    const plain = ntXent(rowsOf(embeddings), temperature);
    // Two rows have no negatives and nothing to lose.
    expect(loss).toBeAllclose(plain.positive, rows === 2 ? 0 : 1e-8);
    expect(figures.top1!).toBeAllclose(plain.top1);
  }
});

test("CutMix: pairs attract by shared area, and do not repel", () => {
  const embeddings = drawn(10, 4, 3).requiresGrad_();
  const { loss, figures } = ntXentLoss(embeddings, { temperature: 0.2, mix: tensors(MIX) });
  const plain = ntXent(rowsOf(embeddings), 0.2, { mix: MIX });
  expect(loss).toBeAllclose(plain.positive);
  expect(figures.top1!).toBeAllclose(plain.top1);
});

test("CutMix that kept everything is NT-Xent", () => {
  const embeddings = drawn(6, 4, 3);
  const mix = tensors({ partner: [1, 2, 1], kept: [1, 1, 1] });
  const plain = ntXentLoss(embeddings, { temperature: 0.2 });
  expect(ntXentLoss(embeddings, { temperature: 0.2, mix }).loss).toBeAllclose(plain.loss);
});

test("decoupled, a positive is not in the sum that it is compared with", () => {
  const embeddings = drawn(8, 4, 3).requiresGrad_();
  const plain = ntXentLoss(embeddings, { temperature: 0.2 });
  const { loss, figures } = ntXentLoss(embeddings, { temperature: 0.2, decoupled: true });
  const rows = rowsOf(embeddings);
  const unit = rows.map((row) => row.map((x) => x / Math.hypot(...row)));
  const logit = (a: number, b: number) => unit[a]!.reduce((sum, x, d) => sum + x * unit[b]![d]!, 0) / 0.2;
  const entropies = rows.map((_, row) => {
    const positive = (row + 4) % 8;
    const others = rows.flatMap((__, other) =>
      other === row || other === positive ? [] : [logit(row, other)],
    );
    return Math.log(others.reduce((sum, x) => sum + Math.exp(x), 0)) - logit(row, positive);
  });
  expect(loss).toBeAllclose(entropies.reduce((sum, x) => sum + x, 0) / 8);
  expect(figures.top1!).toBeAllclose(plain.figures.top1!.item());
});

test("decoupled, a row without negatives costs nothing", () => {
  const { loss } = ntXentLoss(drawn(2, 4, 3), { temperature: 0.2, decoupled: true });
  expect(loss.item()).toBe(0);
});

test("a collapsed network ranks nothing first, and its loss is that of chance", () => {
  const { loss, figures } = ntXentLoss(full([8, 4], 0.5, { dtype: "float64" }), { temperature: 0.07 });
  expect(figures.top1!.item()).toBe(0);
  expect(loss).toBeAllclose(Math.log(7));
});

test("embeddings of zeros give numbers, and a gradient of numbers", () => {
  const embeddings = zeros([4, 3]).requiresGrad_();
  const { loss } = ntXentLoss(embeddings, { temperature: 0.07 });
  loss.backward();
  expect(loss).toBeAllclose(Math.log(3));
  expect((embeddings.grad!.flatten().toArray() as number[]).every(Number.isFinite)).toBe(true);
});

test("odd numbers of rows, and other dimensions, are refused", () => {
  scope(() => {
    for (const [shape, received] of [
      [[7, 8], "[7, 8]"],
      [[0, 8], "[0, 8]"],
      [[8], "[8]"],
      [[4, 2, 2], "[4, 2, 2]"],
    ] as const) {
      const refused = () => ntXentLoss(zeros(shape), { temperature: 0.07 });
      expect(refused).toThrow(ShapeError);
      expect(refused).toThrow(`ntXentLoss: expected [2·batch, dim], received ${received}`);
    }
  });
});

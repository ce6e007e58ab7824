/**
 * FaceSwap against the published code's on real frames. They show real people and are not part of the repository: DUCHENNE_GOLDEN
 * names the folder that holds them. A drawn face is swapped always; more of them: faceSwap.test.ts.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readStill } from "@duchenne/face";
import { ops, sharedTensor, type Tensor } from "@duchenne/torch";
import { describe, expect, test } from "vitest";
import { Random } from "../../../src/lib/random.ts";
import * as faceSwap from "../../../src/ssl/views/faceSwap.ts";
import { synthFaces } from "./synthFaces.ts";

type Point = readonly [number, number];
interface Pair {
  readonly identity: string;
  readonly expression: string;
  readonly swapped: string;
  readonly mask: string;
  readonly identityLandmarks: readonly Point[];
  readonly expressionLandmarks: readonly Point[];
  readonly similarity: number[][];
}

const SIZE = 224;
/** Absent: nothing to compare with on this machine. Set and without the frames: an error. */
const golden = process.env.DUCHENNE_GOLDEN;
const folder = join(golden ?? "", "face_swap");

/** [1, 3, 224, 224], 0 to 255. */
async function imageOf(name: string): Promise<Tensor> {
  const { data } = await readStill(join(folder, name), SIZE);
  return sharedTensor(data, [1, SIZE, SIZE, 3]).permute(0, 3, 1, 2).to({ dtype: "float32" }).contiguous();
}

/** The pair as a batch of one clip, whose positive is the expression. */
function drawOf({ expressionLandmarks, identityLandmarks }: Pair): faceSwap.SwapDraw {
  const expression = Float32Array.from(expressionLandmarks.flat());
  const landmarks = new Float32Array(2 * expression.length);
  landmarks.set(expression);
  landmarks.set(expression, expression.length);
  const identity = { landmarks: Float32Array.from(identityLandmarks.flat()) };
  const frames = { clips: 1, layout: "pairs", frameSize: SIZE, landmarks, identity } as const;
  return faceSwap.sample(frames, { probability: 1 }, Random.fromSeed(1));
}

if (golden) {
  const { pairs } = JSON.parse(readFileSync(join(folder, "index.json"), "utf8")) as { pairs: Pair[] };
  describe.each(pairs)("golden swap of $expression onto $identity", (pair) => {
    const draw = drawOf(pair);

    test("similarity", () => {
      const { a, b, tx, ty } = draw.swaps[0]!.toExpression;
      expect([
        [a, -b, tx],
        [b, a, ty],
      ]).toBeAllclose(pair.similarity, 1e-3);
    });

    test("mask", async () => {
      const expected = (await readStill(join(folder, pair.mask), SIZE)).data.filter((_, i) => i % 3 === 0);
      let [both, either] = [0, 0];
      expected.forEach((value, i) => {
        const [a, b] = [value > 127, draw.swaps[0]!.mask[i] === 1];
        both += Number(a && b);
        either += Number(a || b);
      });
      expect(both / either).toBeGreaterThanOrEqual(0.97);
    });

    test("picture", async () => {
      const [identity, expression] = await Promise.all([imageOf(pair.identity), imageOf(pair.expression)]);
      // The published code takes the nearest pixel, where ours interpolates.
      const images = ops.cat([expression, expression]);
      const swapped = faceSwap.apply(images, identity, draw, "nearest").at([1, 2]);
      const expected = await imageOf(pair.swapped);
      const mask = sharedTensor(draw.swaps[0]!.mask, [1, 1, SIZE, SIZE]).to({ dtype: "float32" });
      const differences = swapped.sub(expected).abs();
      const inside = differences.mul(mask).sum().item() / (3 * mask.sum().item());
      // Most of it is the published code's rounding to bytes; the golden README allows 3.
      expect(inside).toBeLessThan(1);
    });
  });
}

describe("a drawn face swapped onto itself", () => {
  test.each(["nearest", "bilinear"] as const)("stays as it is, resampled %s", (resampling) => {
    const size = 96;
    const { images, landmarks } = synthFaces(size, [[0, 1]]);
    const face = sharedTensor(images, [1, 3, size, size]);
    const frames = {
      clips: 1,
      layout: "pairs",
      frameSize: size,
      landmarks: Float32Array.of(...landmarks, ...landmarks),
      identity: { landmarks },
    } as const;
    const draw = faceSwap.sample(frames, { probability: 1 }, Random.fromSeed(1));
    expect(draw.swaps[0]!.mask.reduce((a, b) => a + b)).toBeGreaterThan(500);
    const swapped = faceSwap.apply(ops.cat([face, face]), face, draw, resampling);
    expect(swapped).toBeAllclose(ops.cat([face, face]), 1e-4);
  });
});

import {
  ArgumentError,
  DisposedError,
  Generator,
  nn,
  ones,
  ops,
  rand,
  randn,
  type Tensor,
  TorchError,
  tensor,
  zeros,
} from "@duchenne/torch";
import { describe, expect, test } from "vitest";

const numbers = (generator: Generator, count = 100) => randn([count], { generator }).toTypedArray();

describe("Generator", () => {
  test("the same seed gives the same numbers, another seed others", () => {
    expect(numbers(Generator.seeded(3))).toEqual(numbers(Generator.seeded(3)));
    expect(numbers(Generator.seeded(3))).not.toEqual(numbers(Generator.seeded(4)));
    expect(numbers(Generator.seeded(3))).toEqual(numbers(Generator.seeded(3n)));
    expect(numbers(Generator.seeded(2n ** 64n - 1n))).toEqual(numbers(Generator.seeded(2n ** 64n - 1n)));
  });

  test("draws are PyTorch's: torch.manual_seed(0); torch.rand(3)", () => {
    expect(rand([3], { generator: Generator.seeded(0) })).toBeAllclose(
      [0.4962566, 0.7682218, 0.08847743],
      1e-6,
    );
  });

  test("goes on after each draw, and starts anew when seeded", () => {
    const generator = Generator.seeded(3);
    const first = numbers(generator);
    expect(numbers(generator)).not.toEqual(first);
    expect(generator.seed(3)).toBe(generator);
    expect(numbers(generator)).toEqual(first);
  });

  test.each([0, 1, 17, 623, 625])("a saved state continues bit for bit after %s draws", (draws) => {
    const generator = Generator.seeded(9);
    if (draws > 0) rand([draws], { generator });
    const state = generator.state();
    expect(state.dtype).toBe("uint8");
    const expected = numbers(generator, 1000);
    expect(numbers(Generator.seeded(1).setState(state), 1000)).toEqual(expected);
    expect(numbers(generator.setState(tensor(state.toTypedArray())), 1000)).toEqual(expected);
  });

  test("the normal held back by an odd draw is part of the state", () => {
    const generator = Generator.seeded(9);
    randn([1], { generator });
    const state = generator.state();
    const expected = randn([5], { generator }).toTypedArray();
    expect(randn([5], { generator: generator.setState(state) }).toTypedArray()).toEqual(expected);
  });

  test("two do not disturb each other, nor the device's own", () => {
    const own = Generator.default();
    own.seed(1);
    const expected = randn([4]).toTypedArray();
    own.seed(1);
    numbers(Generator.seeded(2));
    expect(randn([4]).toTypedArray()).toEqual(expected);
    own.seed(1);
    expect(randn([4], { generator: Generator.default() }).toTypedArray()).toEqual(expected);
  });

  test.each([-1, 1.5, Number.NaN, 2 ** 53, 2n ** 64n, -1n, "3", null])("refuses the seed %s", (seed) => {
    expect(() => Generator.seeded(seed as never)).toThrow(ArgumentError);
    expect(() => Generator.seeded(1).seed(seed as never)).toThrow(ArgumentError);
  });

  test.each(["nonsense", "", "cuda:", "cpu\0", "cuda:99999999999", "cüda"])(
    "refuses the device %j",
    (device) => {
      expect(() => Generator.seeded(1, device)).toThrow(ArgumentError);
      expect(() => Generator.default(device)).toThrow(ArgumentError);
    },
  );

  test("refuses states that are none", () => {
    const generator = Generator.seeded(1);
    const right = generator.state();
    const wrong: Tensor[] = [
      zeros([0], { dtype: "uint8" }),
      zeros([100], { dtype: "uint8" }),
      zeros([right.numel], { dtype: "uint8" }),
      ops.full([right.numel], 255, { dtype: "uint8" }),
      right.to({ dtype: "float32" }),
      ones([right.numel]),
    ];
    const expected = numbers(generator.setState(right));
    generator.setState(right);
    for (const state of wrong) expect(() => generator.setState(state), state.describe()).toThrow(TorchError);
    expect(numbers(generator)).toEqual(expected);
    right.dispose();
    expect(() => generator.setState(right)).toThrow(DisposedError);
  });

  test("a disposed one is refused everywhere", () => {
    const generator = Generator.seeded(1);
    const state = generator.state();
    expect(generator.isDisposed).toBe(false);
    generator[Symbol.dispose]();
    generator.dispose();
    expect(generator.isDisposed).toBe(true);
    for (const use of [
      () => numbers(generator),
      () => generator.state(),
      () => generator.seed(1),
      () => generator.setState(state),
    ])
      expect(use).toThrow(DisposedError);
  });

  test("thousands are made and forgotten", () => {
    for (let i = 0; i < 5000; i++) Generator.seeded(i);
    expect(numbers(Generator.seeded(3))).toEqual(numbers(Generator.seeded(3)));
  });
});

test("Dropout repeats with its generator", () => {
  const dropped = (seed: number) =>
    new nn.Dropout(0.5, { generator: Generator.seeded(seed) }).call(ones([100])).toTypedArray();
  expect(dropped(1)).toEqual(dropped(1));
  expect(dropped(1)).not.toEqual(dropped(2));
});

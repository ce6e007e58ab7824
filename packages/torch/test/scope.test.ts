import {
  arange,
  keep,
  liveTensors,
  nn,
  ones,
  ops,
  scope,
  type Tensor,
  TorchError,
  tensor,
  zeros,
} from "@duchenne/torch";
import { describe, expect, test } from "vitest";
import { runChild } from "./childProcess.ts";
import { settledTensors, tensorsLeftBy } from "./garbage.ts";

describe("scope", () => {
  test("disposes what it made and does not return", () => {
    let inner: Tensor | undefined;
    const result = scope(() => {
      inner = ones([2]);
      return inner.add(1).mul(2);
    });
    expect(inner!.isDisposed).toBe(true);
    expect(result.toArray()).toEqual([4, 4]);
    result.dispose();
    expect(tensorsLeftBy(() => scope(() => ones([1]).add(1).item()))).toBe(0);
  });

  test("lets tensors out in lists, maps, sets and objects at any depth", () => {
    const made = scope(() => {
      const forgotten = ones([1]);
      return {
        list: [[ones([1])], null],
        map: new Map([["a", { deep: ones([1]) }]]),
        set: new Set([ones([1])]),
        count: forgotten.numel,
      };
    });
    const tensors = [made.list[0]![0]!, made.map.get("a")!.deep, [...made.set][0]!];
    for (const x of tensors) expect(x.isDisposed).toBe(false);
    expect(tensorsLeftBy(() => tensors.map((x) => x.dispose()))).toBe(-3);
  });

  test("returned structures may hold themselves, typed arrays and null", () => {
    const made = scope(() => {
      const self: Record<string, unknown> = {
        x: ones([1]),
        bytes: new Float32Array(4),
        none: null,
        undefined,
      };
      self.self = self;
      return self;
    });
    expect((made.x as Tensor).isDisposed).toBe(false);
  });

  test("nested: what the inner one returns belongs to the outer one", () => {
    let escaped: Tensor | undefined;
    const count = tensorsLeftBy(() =>
      scope(() => {
        escaped = scope(() => ones([2]).add(1));
        expect(escaped.isDisposed).toBe(false);
      }),
    );
    expect(escaped!.isDisposed).toBe(true);
    expect(count).toBe(0);
  });

  test("leaves tensors of outer scopes alone", () => {
    const outside = ones([2]);
    scope(() => scope(() => outside.add_(1)));
    expect(scope(() => outside)).toBe(outside);
    expect(outside.toArray()).toEqual([2, 2]);
  });

  test("an exception disposes everything and passes", () => {
    const made: Tensor[] = [];
    const failing = () =>
      scope(() => {
        made.push(
          ones([2]),
          scope(() => ones([3])),
        );
        throw new RangeError("on purpose");
      });
    expect(tensorsLeftBy(() => expect(failing).toThrow(RangeError))).toBe(0);
    expect(made.map((x) => x.isDisposed)).toEqual([true, true]);
    expect(ones([1]).isDisposed).toBe(false);
  });

  test("refuses a promise, and disposes what was made before it", () => {
    let made: Tensor | undefined;
    const asynchronous = () =>
      scope(async () => {
        made = ones([2]);
      });
    expect(asynchronous).toThrow(TorchError);
    expect(made!.isDisposed).toBe(true);
  });

  test("keep outlives every scope, until it is disposed", () => {
    let state: Tensor | undefined;
    const left = tensorsLeftBy(() => {
      scope(() =>
        scope(() => {
          state = keep(zeros([2]));
        }),
      );
    });
    expect(left).toBe(1);
    expect(state!.toArray()).toEqual([0, 0]);
    state!.dispose();
    expect(state!.isDisposed).toBe(true);
  });

  test("more tensors than the tape holds", () => {
    expect(tensorsLeftBy(() => scope(() => ops.unbind(arange(0, 10_000))))).toBe(10_000);
    expect(tensorsLeftBy(() => scope(() => ops.unbind(arange(0, 10_000)).length))).toBe(0);
  });

  test("a module's parameters live on, its intermediates do not", () => {
    const layer = scope(() => new nn.Linear(3, 2));
    expect(layer.weight.isDisposed).toBe(false);
    expect(
      tensorsLeftBy(() =>
        scope(() =>
          layer
            .call(ones([4, 3]))
            .sum()
            .item(),
        ),
      ),
    ).toBe(0);
    scope(() =>
      layer
        .call(ones([4, 3]))
        .sum()
        .backward(),
    );
    expect(layer.weight.grad!.toArray()).toEqual([
      [4, 4, 4],
      [4, 4, 4],
    ]);
  });
});

describe("lifetimes without a scope", () => {
  test("dispose, and disposal as `using` does it", () => {
    expect(tensorsLeftBy(() => ones([2]).dispose())).toBe(0);
    const x = ones([2]);
    x[Symbol.dispose]();
    expect(x.isDisposed).toBe(true);
  });

  test("liveTensors counts handles", () => {
    const before = settledTensors();
    const x = tensor([1, 2, 3]);
    const view = x.at([0, 2]);
    expect(liveTensors()).toBe(before + 2);
    x.dispose();
    view.dispose();
    expect(liveTensors()).toBe(before);
  });

  test("failed operators leave nothing", () => {
    const [a, b] = [ones([2]), ones([3])];
    const count = tensorsLeftBy(() => {
      for (let i = 0; i < 100; i++) expect(() => a.add(b)).toThrow(TorchError);
    });
    expect(count).toBe(0);
  });

  test("tensors forgotten in a loop that never yields are freed all the same", async () => {
    const { status, stderr, printed } = await runChild("forgotten.ts");
    expect({ status, stderr }).toMatchObject({ status: 0 });
    const { growth, live } = printed as { growth: number; live: number };
    expect(growth).toBeLessThan(1.5e9);
    expect(live).toBeLessThan(2_000);
  });
});

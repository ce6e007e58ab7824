// Modules that no field shows are refused when they are called, those in collections at the first use.
import { ArgumentError, enableGrad, nn, noGrad, ones, type Tensor } from "@duchenne/torch";
import { describe, expect, test } from "vitest";

const x = () => ones([1, 2]);
const linear = () => new nn.Linear(2, 2);

/** A module whose forward is a closure. */
class Calls extends nn.Module<[Tensor, nn.Module?]> {
  readonly #forward: (x: Tensor, lent?: nn.Module) => Tensor;

  constructor(forward: (x: Tensor, lent?: nn.Module) => Tensor) {
    super();
    this.#forward = forward;
  }

  override forward(x: Tensor, lent?: nn.Module): Tensor {
    return this.#forward(x, lent);
  }
}

describe("a module that no field shows", () => {
  class Private extends nn.Module {
    readonly #hidden = linear();
    override forward(x: Tensor): Tensor {
      return this.#hidden.call(x);
    }
  }

  test("in a #private field is refused at the first call, with what to do", () => {
    const call = () => new Private().call(x());
    expect(call).toThrow(ArgumentError);
    expect(call).toThrow(
      'Private: expected calls of modules in its fields, or registered with `child`, received a call of a Linear that is neither: it would not be trained, saved or moved. Register it: `this.child("name", module)`.',
    );
  });

  test("is refused deep below, and named by its caller", () => {
    const outer = new nn.Sequential(linear(), new nn.Sequential(new Private()));
    expect(() => outer.call(x())).toThrow("Private: expected calls of modules in its fields");
  });

  test("is refused again after the first refusal, and other calls go on", () => {
    const module = new Private();
    for (let i = 0; i < 2; i++) expect(() => module.call(x())).toThrow(ArgumentError);
    expect(linear().call(x()).shape).toEqual([1, 2]);
  });

  test("may be called if it does not train there", () => {
    const teacher = linear();
    expect(new Calls((x) => noGrad(() => teacher.call(x))).call(x()).requiresGrad).toBe(false);
    for (const parameter of teacher.parameters()) parameter.requiresGrad_(false);
    expect(new Calls((x) => teacher.call(x)).call(x()).shape).toEqual([1, 2]);
    const deep = new nn.Sequential(linear());
    const careful = new Calls((x) => noGrad(() => deep.call(x)));
    expect(careful.call(x()).shape).toEqual([1, 2]);
    const careless = new Calls((x) => noGrad(() => enableGrad(() => deep.call(x))));
    expect(() => careless.call(x())).toThrow(ArgumentError);
  });

  test("may be called if it is lent to the call, with all below it", () => {
    const lent = new nn.Sequential(linear(), new nn.Sequential(linear()));
    expect(new Calls((x, module) => module!.call(x)).call(x(), lent).shape).toEqual([1, 2]);
  });

  test("without tensors, or with another child's, is no loss", () => {
    const relu = new nn.ReLU();
    expect(new Calls((x) => relu.call(x)).call(x()).shape).toEqual([1, 2]);
    class View extends nn.Module {
      readonly body = new nn.Sequential(linear(), linear());
      override forward(x: Tensor): Tensor {
        return nn.chain(x, this.body.layers[1]!);
      }
    }
    expect(new View().call(x()).shape).toEqual([1, 2]);
  });

  test("is found again once it is a field", () => {
    class Late extends nn.Module {
      head: nn.Linear | null = null;
      override forward(x: Tensor): Tensor {
        return this.head ? this.head.call(x) : x;
      }
    }
    const late = new Late();
    late.call(x());
    late.head = linear();
    expect(late.call(x()).requiresGrad).toBe(true);
    expect(late.parameters()).toHaveLength(2);
  });
});

describe("modules in a collection without names", () => {
  test.each<readonly [string, string, () => unknown]>([
    ["a list", "ModuleList", () => [linear()]],
    ["a set", "ModuleList", () => new Set([linear()])],
    ["a map", "ModuleDict", () => new Map([["a", linear()]])],
    ["an object", "ModuleDict", () => ({ a: linear() })],
  ])("%s is refused, and %s named", (kind, holder, make) => {
    class Holds extends nn.Module {
      readonly parts = make();
      override forward(x: Tensor): Tensor {
        return x;
      }
    }
    const message = `received ${kind} of modules that would be neither trained nor saved. Hold them in an \`nn.${holder}\`.`;
    expect(() => new Holds().call(x())).toThrow(message);
    expect(() => new Holds().parameters()).toThrow(message);
  });
});

test("what is no module is refused as a child", () => {
  expect(() => new nn.Sequential([linear()] as never)).toThrow(
    "Sequential: 0: expected a module, received a list. Give modules one by one",
  );
  expect(() => new nn.ModuleList([undefined as never])).toThrow(
    "ModuleList: 0: expected a module, received undefined",
  );
});

describe("ModuleList", () => {
  class Deep extends nn.Module {
    readonly blocks = new nn.ModuleList([linear(), linear()]);
    override forward(x: Tensor): Tensor {
      let y = x;
      for (const block of this.blocks) y = block.call(y).relu();
      return y;
    }
  }

  test("names its modules by number, trains and saves them", () => {
    const deep = new Deep();
    expect([...deep.stateDict().keys()]).toEqual([
      "blocks.0.weight",
      "blocks.0.bias",
      "blocks.1.weight",
      "blocks.1.bias",
    ]);
    deep.call(x()).sum().backward();
    expect(deep.parameters()).toHaveLength(4);
  });

  test("grows, is indexed and counted; types follow the modules'", () => {
    const list = new nn.ModuleList<nn.Linear>().append(linear()).extend([linear(), new nn.Linear(2, 5)]);
    expect([list.length, list.at(-1).outFeatures, list.at(0).outFeatures]).toEqual([3, 5, 2]);
    expect([...list].map((layer) => layer.outFeatures)).toEqual([2, 2, 5]);
    expect(() => list.at(3)).toThrow("ModuleList: expected an index in [-3, 3), received 3");
  });

  test("is no function", () => {
    expect(() => new nn.ModuleList([linear()]).call()).toThrow(
      "ModuleList: expected a call of one of its modules",
    );
  });
});

describe("ModuleDict", () => {
  test("names its modules, of an object or of pairs", () => {
    const heads = new nn.ModuleDict({ valence: linear(), arousal: linear() });
    expect([...heads.stateDict().keys()].filter((name) => name.endsWith("bias"))).toEqual([
      "valence.bias",
      "arousal.bias",
    ]);
    expect(heads.get("valence").call(x()).shape).toEqual([1, 2]);
    expect([heads.has("arousal"), heads.has("anger")]).toEqual([true, false]);
    expect(() => heads.get("anger")).toThrow("ModuleDict: expected one of valence, arousal, received anger");
    const pairs = new nn.ModuleDict([["a", linear()]] as const);
    expect([...pairs].map(([name]) => name)).toEqual(["a"]);
    expect(() => pairs.call()).toThrow("ModuleDict: expected a call of one of its modules");
  });
});

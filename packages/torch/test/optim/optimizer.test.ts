import { ones, optim, TorchError } from "@duchenne/torch";
import { describe, expect, test } from "vitest";

const parameter = () => ones([2], { requiresGrad: true });
const options = { lr: 0.1 };

/** The optimiser after one step of its only parameter. */
function stepped<O extends optim.SGD | optim.Adam | optim.LARS>(optimizer: O): O {
  for (const p of optimizer.groups[0]!.parameters) p.grad = ones([2]);
  optimizer.step();
  return optimizer;
}

describe("a state is taken by the kind of optimiser that gave it", () => {
  const adam = () => new optim.Adam([parameter()], options);
  const momentum = () => new optim.SGD([parameter()], { ...options, momentum: 0.9 });
  const plain = () => new optim.SGD([parameter()], options);
  const lars = () => new optim.LARS([parameter()], options);

  test.each([
    ["Adam, SGD's", adam, momentum, /missing 0\.exp_avg, 0\.exp_avg_sq; unexpected 0\.momentum_buffer/],
    ["Adam, plain SGD's", adam, plain, /missing 0\.exp_avg, 0\.exp_avg_sq; unexpected none/],
    ["SGD, Adam's", plain, adam, /missing none; unexpected 0\.exp_avg, 0\.exp_avg_sq/],
    ["SGD with momentum, without", momentum, plain, /missing 0\.momentum_buffer; unexpected none/],
    ["LARS, Adam's", lars, adam, /missing 0\.momentum_buffer; unexpected 0\.exp_avg/],
  ] as const)("not by another: %s", (_, take, give, message) => {
    const taker = take();
    const { tensors, steps } = stepped(give()).stateDict();
    expect(() => taker.loadStateDict({ tensors, steps })).toThrow(message);
    expect(() => taker.loadStateDict({ tensors, steps })).toThrow(TorchError);
    expect(taker.stateDict().steps).toEqual([0]);
  });

  test.each([adam, momentum, plain, lars])("by its own: %s", (make) => {
    const [taker, giver] = [make(), stepped(make())];
    taker.loadStateDict(giver.stateDict());
    expect([...taker.stateDict().tensors.keys()]).toEqual([...giver.stateDict().tensors.keys()]);
    expect(taker.stateDict().steps).toEqual([1]);
  });
});

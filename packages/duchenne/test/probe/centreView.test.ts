import { ops, scope } from "@duchenne/torch";
import { expect, it } from "vitest";
import { CentreView } from "../../src/probe/centreView.ts";
import { uploadFrames } from "../../src/views/frames.ts";
import { normalize, resize, workingSize } from "../../src/views/index.ts";
import { picture } from "../store/synthetic.ts";

it.each([
  [64, 56],
  [64, 64],
  [128, 48],
  [48, 64],
])("frames of %i px at %i px: the working size, the centre of it, normalised", (stored, size) => {
  const frames = Uint8Array.from([...picture(stored, 1), ...picture(stored, 2), ...picture(stored, 3)]);
  const view = new CentreView(stored, size);
  scope(() => {
    const side = workingSize(size);
    const whole = resize(uploadFrames(frames, { n: 3, size: stored, largest: side, device: "cpu" }), side);
    const start = Math.round((side - size) / 2);
    const centre = ops.narrow(ops.narrow(whole, 2, start, size), 3, start, size);
    const seen = view.apply(frames);
    expect(seen.shape).toEqual([3, 3, size, size]);
    expect(seen.isContiguous("channelsLast")).toBe(true);
    expect(seen.contiguous()).toBeAllclose(normalize(centre), 1e-5);
  });
  view.dispose();
});

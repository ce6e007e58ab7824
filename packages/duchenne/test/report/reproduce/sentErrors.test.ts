import { expect, it } from "vitest";
import { exitCodeOf } from "../../../src/cli/errors.ts";
import { ConfigError, setting } from "../../../src/lib/errors.ts";
import { packError, unpackError } from "../../../src/report/reproduce/sentErrors.ts";
import { SamplingError } from "../../../src/ssl/sampling/errors.ts";

const send = (error: Error) => unpackError(structuredClone(packError(error)));

it("an error keeps its class, fields and exit code on the way between processes", () => {
  const config = send(new ConfigError(setting("device"), "cpu", "cuda:9"));
  expect(config).toBeInstanceOf(ConfigError);
  expect(config).toMatchObject({ setting: "device", received: "cuda:9", name: "ConfigError" });
  expect(exitCodeOf(config)).toBe(2);
  const sampling = send(new SamplingError(8, 2, 3, { still: 1 }));
  expect(sampling).toBeInstanceOf(SamplingError);
  expect(sampling).toMatchObject({ batch: 8, leftOut: { still: 1 } });
  expect(exitCodeOf(sampling)).toBe(1);
});

it("an error of another package keeps its message", () => {
  const error = send(Object.assign(new TypeError("wrong"), { open: () => 1 }));
  expect(error.message).toBe("wrong");
  expect(exitCodeOf(error)).toBe(1);
});

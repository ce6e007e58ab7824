import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { duchenne } from "../../data/prepare/support.ts";
import { temporaryFolder } from "../../data/store/synthetic.ts";
import { serve } from "./server.ts";

it("asks for torchvision's file, names it where it cannot be had, and knows its networks", async () => {
  const cache = temporaryFolder();
  const server = await serve((_, response) => response.writeHead(404).end());
  const missing = await duchenne(["weights", "resnet50", "--cache", cache, "--url", server.url]);
  expect([missing.code, missing.stdout]).toEqual([1, ""]);
  expect(server.requests.map(({ path }) => path)).toEqual(["/models/resnet50-0676ba61.pth"]);
  expect(missing.stderr).toContain(join(cache, "resnet50-0676ba61.pth"));
  expect(readdirSync(cache)).toEqual([]);

  const unknown = await duchenne(["weights", "vgg16"]);
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toMatch(/resnet18, resnet34, resnet50, resnet101/);
});

/** Ctrl-C, twice, and limits of the process: messages and exit codes, no aborts and no stacks. */
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { drawFaces, writeVideo } from "../../../../face/test/media.ts";
import { temporaryFolder } from "../store/synthetic.ts";
import { duchenne } from "./support.ts";

/** Of a film, so that the last would be prepared minutes after Ctrl-C. */
const COPIES = 100;

/** Films long enough to be stopped in. */
async function films(): Promise<string> {
  const folder = join(temporaryFolder(), "films");
  mkdirSync(join(folder, "ann"), { recursive: true });
  const frame = drawFaces(480, 360, [{ x: 200, y: 180, radius: 90 }]);
  const film = join(folder, "ann", "film.mp4");
  await writeVideo(
    film,
    Array.from({ length: 150 }, () => frame),
  );
  for (let copy = 0; copy < COPIES; copy++) copyFileSync(film, join(folder, "ann", `copy${copy}.mp4`));
  return folder;
}

const HAS_STACK = /\n\s+at |FATAL|Native stack/;

describe("prepare", () => {
  it.each([0, 2])("with %i threads, stops for Ctrl-C between two frames", async (workers) => {
    const source = await films();
    const out = join(source, "..", "store");
    const args = ["prepare", source, "--out", out, "--fps", "25", "--workers", `${workers}`];
    const kill = { file: join(out, "frames.mdb"), delayMs: 150, signal: "SIGINT" as const };
    const { code, stderr } = await duchenne(args, kill);
    expect(stderr).toMatch(/stopped; finished sources are in/);
    expect(stderr).not.toMatch(HAS_STACK);
    expect(code).toBe(130);
  });

  it.each([
    ["-n 64", /limit of open files \(ulimit -n\): expected at least 192, received 64\. Raise it/],
    ["-v 1500000", /limit of address space \(ulimit -v\): expected at least 6291456 KB, received 1500000 KB/],
  ])("under ulimit %s says which limit is too low", async (limit, message) => {
    const folder = temporaryFolder();
    const args = ["prepare", folder, "--out", join(folder, "store")];
    const { code, stderr } = await duchenne(args, undefined, `ulimit ${limit};`);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(HAS_STACK);
    expect(code).toBe(1);
  });
});

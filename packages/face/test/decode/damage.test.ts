/** Films that are cut off, and files that are no film. */
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import type { ResolvedDecodeOptions } from "../../src/decode/options.ts";
import { MediaError } from "../../src/errors.ts";
import type { RgbImage } from "../../src/types.ts";
import { collect, testFolder } from "../folder.ts";
import { flag, writeVideo } from "../media.ts";
import { READERS } from "../readers.ts";

const at = testFolder();
const options: ResolvedDecodeOptions = { fps: 1000, threads: 1, maxSide: 4096, strict: false };

const film = (frames: number): RgbImage[] => Array.from({ length: frames }, () => flag(64, 48));

describe.each(READERS)("a film that is cut off, read %s", (_, readVideo) => {
  test("reads what is there of a truncated file, and reports the rest", async () => {
    await writeVideo(at("whole.mkv"), film(250));
    const bytes = readFileSync(at("whole.mkv"));
    writeFileSync(at("cut.mkv"), bytes.subarray(0, Math.floor(bytes.length * 0.6)));
    const { items, result } = await collect(readVideo(at("cut.mkv"), options));
    expect(items.length).toBeGreaterThan(50);
    expect(items.length).toBeLessThan(250);
    expect(result?.message).toMatch(/^it ends at [56]\.\d s of 10\.0 s$/);
    expect(result?.errors).toBeGreaterThan(0);
    await expect(collect(readVideo(at("cut.mkv"), { ...options, strict: true }))).rejects.toThrow(
      /cut\.mkv: expected an undamaged video, received (it ends at|.*corrupt|.*damaged).*\. Check or replace the file\.$/i,
    );
  });

  test.each([
    ["mp4", "libx264"],
    ["mkv", "libx264"],
    ["avi", "mpeg2video"],
    ["flv", "libx264"],
  ])("reports what a truncated file lacks, though its clock begins as late: .%s", async (ending, encoder) => {
    const late = { encoder, indexFirst: true, timesMs: (i: number) => 10_000 + 40 * i };
    await writeVideo(at(`whole.${ending}`), film(250), late);
    const bytes = readFileSync(at(`whole.${ending}`));
    writeFileSync(at(`cut.${ending}`), bytes.subarray(0, Math.floor(bytes.length * 0.7)));
    const { items, result } = await collect(readVideo(at(`cut.${ending}`), options));
    expect(items.length).toBeGreaterThan(50);
    expect(items.length).toBeLessThan(240);
    // Of the AVI, only the packet at its end is reported.
    const words = ending === "avi" ? /corrupt|damaged/i : /^it ends at [3-7]\.\d s of 10\.[01] s$/;
    expect(result?.message).toMatch(words);
    expect(result?.errors).toBeGreaterThan(0);
  });
});

describe.each(READERS)("what is no video, read %s", (_, readVideo) => {
  async function failure(path: string): Promise<MediaError> {
    const error = await collect(readVideo(path, options)).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(MediaError);
    return error as MediaError;
  }

  test("names a missing file, a folder and an empty file", async () => {
    expect(await failure(at("absent.mp4"))).toMatchObject({
      file: at("absent.mp4"),
      received: "nothing at this path",
    });
    // What a folder's listing makes of bytes that are not UTF-8.
    expect(await failure(at("clip\uFFFD.mp4"))).toMatchObject({
      received: "a name that is not in UTF-8; rename the file",
    });
    expect(await failure(at("."))).toMatchObject({ expected: "a readable media file", received: "a folder" });
    writeFileSync(at("empty.mp4"), "");
    expect(await failure(at("empty.mp4"))).toMatchObject({ received: "an empty file" });
  });

  test("names a pipe instead of waiting for its other end", async () => {
    rmSync(at("pipe.mp4"), { force: true });
    execFileSync("mkfifo", [at("pipe.mp4")]);
    expect(await failure(at("pipe.mp4"))).toMatchObject({ received: "a pipe or a device" });
  });

  test("names text dressed up as a video", async () => {
    writeFileSync(at("text.mp4"), "This is no video at all.\n".repeat(200));
    expect(await failure(at("text.mp4"))).toMatchObject({
      file: at("text.mp4"),
      expected: "media that FFmpeg reads",
    });
  });

  test("names a file cut off before its index", async () => {
    await writeVideo(at("all.mp4"), film(50));
    const bytes = readFileSync(at("all.mp4"));
    writeFileSync(at("headless.mp4"), bytes.subarray(0, bytes.length >> 1));
    expect(await failure(at("headless.mp4"))).toMatchObject({ expected: "media that FFmpeg reads" });
  });

  test("names audio without video", async () => {
    writeFileSync(at("audio.wav"), silence(8000));
    expect(await failure(at("audio.wav"))).toMatchObject({
      expected: "a video stream",
      received: "audio only",
    });
  });

  test("does not follow a playlist to the network", async () => {
    let requests = 0;
    const server = createServer((_, response) => {
      requests += 1;
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a.ts`;
    writeFileSync(at("list.m3u8"), `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n${url}\n#EXT-X-ENDLIST\n`);
    await failure(at("list.m3u8"));
    expect(requests).toBe(0);
    // The server does count: a request to the same address reaches it.
    await fetch(url);
    expect(requests).toBe(1);
  });
});

/** A WAV file of 16-bit mono silence. */
function silence(samples: number): Buffer {
  const header = Buffer.alloc(44);
  header.write("RIFF");
  header.writeUInt32LE(36 + 2 * samples, 4);
  header.write("WAVEfmt ", 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(8000, 24);
  header.writeUInt32LE(16000, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write("data", 36);
  header.writeUInt32LE(2 * samples, 40);
  return Buffer.concat([header, Buffer.alloc(2 * samples)]);
}

/** The order of the mirror's frames, with a film, networks and a screen that do what a test says. */
import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import type { FindRequest, FoundFaces } from "../src/mirror/faceWorker.ts";
import type { MirrorSource } from "../src/mirror/source.ts";
import { type Sight, Watcher } from "../src/mirror/watcher.ts";
import type { WorkerFaces } from "../src/mirror/workerFaces.ts";
import type { WorkerModel } from "../src/mirror/workerModel.ts";

const FRAME_SECONDS = 0.04;

type OnFrame = (now: number, frame: { mediaTime: number }) => void;

/** A film whose frames come when a test shows them. */
class Film extends EventTarget {
  readonly [name: string]: unknown;
  paused = false;
  seeking = false;
  videoWidth = 1280;
  videoHeight = 720;
  currentTime = 0;
  #listeners: OnFrame[] = [];
  requestVideoFrameCallback = (listen: OnFrame): number => this.#listeners.push(listen);
  cancelVideoFrameCallback = (): void => {};

  async pause(): Promise<void> {
    this.paused = true;
    this.dispatchEvent(new Event("pause"));
    await settled();
  }

  /** Shows a frame, and lets everything that follows from it happen. */
  async show(frame: number): Promise<void> {
    this.currentTime = frame * FRAME_SECONDS;
    for (const listen of this.#listeners.splice(0)) listen(0, { mediaTime: this.currentTime });
    await settled();
  }
}

/** A decoded frame, which is of one moment of the film. */
class DecodedFrame {
  static open = 0;
  static made = 0;
  readonly displayWidth: number;
  readonly displayHeight: number;
  readonly frame: number;
  constructor(film: Film) {
    DecodedFrame.open++;
    DecodedFrame.made++;
    this.frame = Math.round(film.currentTime / FRAME_SECONDS);
    [this.displayWidth, this.displayHeight] = [film.videoWidth, film.videoHeight];
  }
  close(): void {
    DecodedFrame.open--;
  }
}

/** Networks that answer when a test says so. */
class Held<Question, Answer> {
  readonly #waiting: (() => void)[] = [];
  isHeld = false;
  readonly #answer: (question: Question) => Answer;
  constructor(answer: (question: Question) => Answer) {
    this.#answer = answer;
  }
  async ask(question: Question): Promise<Answer> {
    if (this.isHeld) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.#answer(question);
  }
  async release(count = Number.POSITIVE_INFINITY): Promise<void> {
    this.#waiting.splice(0, count).forEach((resume) => void resume());
    await settled();
  }
}

let updates: (() => void)[];
let pictures: { frame: number; isOpen: boolean }[];
let finder: Held<FindRequest, FoundFaces>;
let model: Held<undefined, { predictions: object[]; view: undefined }>;
let film: Film;
let shown: number[];
let ending: AbortController;

/** Everything that is to happen at once has happened. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Paints the page until nothing is left to be shown. */
async function paint(times = Number.POSITIVE_INFINITY): Promise<void> {
  for (let i = 0; i < times && updates.length > 0; i++) {
    for (const update of updates.splice(0)) update();
    await settled();
  }
}

beforeAll(() => {
  vi.stubGlobal("HTMLImageElement", class {});
  vi.stubGlobal("HTMLVideoElement", Film);
  vi.stubGlobal("VideoFrame", DecodedFrame);
  vi.stubGlobal("requestAnimationFrame", (update: () => void) => updates.push(update));
  vi.stubGlobal("cancelAnimationFrame", () => {});
});
afterAll(() => void vi.unstubAllGlobals());

beforeEach(() => {
  [updates, pictures, shown] = [[], [], []];
  [DecodedFrame.open, DecodedFrame.made] = [0, 0];
  film = new Film();
  ending = new AbortController();
  finder = new Held(({ frame, sourceWidth }) => {
    const picture = { frame: (frame as unknown as DecodedFrame).frame, isOpen: true };
    pictures.push(picture);
    const close = () => {
      picture.isOpen = false;
    };
    frame.close();
    const landmarks = new Float32Array(136);
    return {
      ...{ width: 480, height: 270, reduction: sourceWidth / 480, followed: [{ id: 0, landmarks }] },
      picture: { ...picture, close } as unknown as ImageBitmap,
      pixels: {} as ImageData,
    };
  });
  model = new Held(() => ({ predictions: [{}], view: undefined }));
});

/** Watches the film. @returns the end of it */
function watch(): Promise<void> {
  const faces = { find: (request: FindRequest) => finder.ask(request) } as unknown as WorkerFaces;
  const network = { predict: () => model.ask(undefined) } as unknown as WorkerModel;
  const source = { kind: "video", element: film, name: "film" } as unknown as MirrorSource;
  const onSight = ({ picture, seconds }: Sight) => {
    const { frame } = picture as unknown as { frame: number };
    expect(seconds).toBeCloseTo(frame * FRAME_SECONDS);
    shown.push(frame);
  };
  return new Watcher(faces, network).predictFrames(source, ending.signal, onSight, {
    nextId: 0,
    near: () => [],
  });
}

it("loses no frame while the networks are late for two", async () => {
  const end = watch();
  for (const part of [finder, model]) {
    part.isHeld = true;
    const first = shown.length;
    for (const frame of [0, 1, 2]) await film.show(first + frame);
    part.isHeld = false;
    await part.release();
    await paint();
    expect(shown).toEqual(Array.from({ length: first + 3 }, (_, i) => i));
  }
  ending.abort();
  await end;
});

it("shows the newest frames of a film that is too fast, and lets the others go", async () => {
  const end = watch();
  finder.isHeld = true;
  for (let frame = 0; frame < 100; frame++) await film.show(frame);
  // One is looked at, two wait.
  expect(DecodedFrame.open).toBe(3);
  finder.isHeld = false;
  await finder.release();
  await paint();
  expect(shown).toEqual([0, 98, 99]);
  expect(DecodedFrame.open).toBe(0);
  ending.abort();
  await end;
});

it("does not find faces far ahead of a slow model", async () => {
  const end = watch();
  model.isHeld = true;
  for (let frame = 0; frame < 100; frame++) await film.show(frame);
  // One is with the model, one is next, and one waits for that.
  expect(pictures.map(({ frame }) => frame)).toEqual([0, 1, 2]);
  model.isHeld = false;
  await model.release();
  await paint();
  expect(shown).toEqual([0, 1, 2, 98, 99]);
  ending.abort();
  await end;
});

it("shows one frame in an update of the page, and leaves its picture to the page", async () => {
  const end = watch();
  for (const frame of [0, 1, 2]) await film.show(frame);
  expect(shown).toEqual([]);
  await paint(1);
  expect(shown).toEqual([0]);
  await paint(1);
  expect(shown).toEqual([0, 1]);
  ending.abort();
  await end;
  expect(pictures.map(({ isOpen }) => isOpen)).toEqual([true, true, false]);
});

it("ends at once when it is stopped, and closes what was not shown", async () => {
  const end = watch();
  model.isHeld = true;
  for (let frame = 0; frame < 10; frame++) await film.show(frame);
  ending.abort();
  await model.release();
  await end;
  expect(shown).toEqual([]);
  expect([DecodedFrame.open, pictures.filter(({ isOpen }) => isOpen).length]).toEqual([0, 0]);
});

it("tells a failure of the model at once, also of a film that stands still", async () => {
  const broken = watch();
  model.ask = () => Promise.reject(new Error("broken"));
  const told = expect(broken).rejects.toThrow("broken");
  await film.show(0);
  await told;
  // Nothing is taken from then on, and nothing stays open.
  for (const frame of [1, 2, 3]) await film.show(frame);
  expect(DecodedFrame.made).toBe(1);
  expect([DecodedFrame.open, pictures.filter(({ isOpen }) => isOpen).length]).toEqual([0, 0]);
});

it("looks once more at the frame at which a film is paused, as at one that stands still", async () => {
  const looks: [frame: number, isStill: boolean][] = [];
  const { ask } = finder;
  finder.ask = (request) => {
    looks.push([(request.frame as unknown as DecodedFrame).frame, request.isStill]);
    return ask.call(finder, request);
  };
  const end = watch();
  await film.show(0);
  await paint();
  await film.pause();
  await paint();
  expect(looks).toEqual([
    [0, false],
    [0, true],
  ]);
  // One that is shown after the pause stands still anyway.
  film.paused = false;
  await film.show(1);
  await paint();
  await film.pause();
  await film.show(2);
  await paint();
  expect(looks.slice(2)).toEqual([
    [1, false],
    [2, true],
  ]);
  expect(shown).toEqual([0, 0, 1, 2]);
  ending.abort();
  await end;
});

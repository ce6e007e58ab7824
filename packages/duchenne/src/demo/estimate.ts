/** About how long the demo takes on this machine: how fast it draws and trains, timed for a second or two. */
import { Generator, ops, randn, scope, withThreads } from "@duchenne/torch";
import { TinyResNet } from "../ssl/backbones/tiny.ts";
import { adam } from "../ssl/train/optimizers.ts";
import { frameAt } from "../synth/actor/timeline.ts";
import { createActor, frameCount, prepareActor } from "../synth/film/film.ts";
import { synthOptions } from "../synth/options.ts";
import type { DemoFilms, DemoSize } from "./sizes.ts";

/**
 * Processor time in the units that are timed, as the stages of one `duchenne demo` took it: filming and preparing a second of film, or of
 * film that only gives stills, in drawn frames; an image in both pre-trainings, views included, and an update of a predictor on all its
 * tasks and rows in trained images.
 */
const COST = { filmSecond: 25, stillSecond: 2.7, image: 2.2, predictorUpdate: 4.3 } as const;
/** Processes that start, and the page. */
const FIXED_SECONDS = 10;

/** Seconds that a demo takes on `processors` that share the work, if nothing of it is done yet. Drawing and training are timed. */
export function estimateSeconds(size: DemoSize, processors: number): number {
  const { films, people } = size;
  const drawn = COST.filmSecond * filmSeconds(films) + COST.stillSecond * filmSeconds(people);
  const updates = size.labels.length * size.seeds * size.minSteps;
  const trained = COST.image * size.images + COST.predictorUpdate * updates;
  const seconds = drawn * secondsPerFrame(films) + trained * secondsPerImage(size.imagesPerStep);
  return FIXED_SECONDS + seconds / processors;
}

const filmSeconds = ({ actors, clips, seconds }: DemoFilms): number => actors * clips * seconds;

const TIMED_FRAMES = 16;
const TIMED_UPDATES = 4;
const IMAGE_SIZE = 48;

/** Of drawing. The first frames only warm up. */
function secondsPerFrame(films: DemoFilms): number {
  const plan = synthOptions({ ...films, out: "unused" });
  const actor = createActor(plan, 0);
  const { performer, sensor } = prepareActor(plan, actor);
  const draw = (frame: number) => {
    const pose = frameAt(actor.scripts[0]!, (frame % frameCount(plan)) / plan.frameRateHz);
    sensor.expose(performer.draw(pose).data(), frame);
  };
  for (let i = 0; i < TIMED_FRAMES; i++) draw(i);
  return timed(TIMED_FRAMES, draw);
}

/** Of training the demo's network, with one thread. The first update only warms up. */
function secondsPerImage(batch: number): number {
  using generator = Generator.seeded(0);
  using network = new TinyResNet({ generator });
  using images = randn([batch, 3, IMAGE_SIZE, IMAGE_SIZE], { generator });
  const optimizer = adam({ learningRate: 1e-3 }).build(network.parameters());
  const update = () =>
    scope(() => {
      optimizer.zeroGrad();
      ops.mean(network.call(images).pow(2)).backward();
      optimizer.step();
    });
  return withThreads(1, () => {
    update();
    const seconds = timed(TIMED_UPDATES, update) / batch;
    optimizer.dispose();
    return seconds;
  });
}

/** Mean seconds of one call. */
function timed(count: number, call: (i: number) => void): number {
  const started = performance.now();
  for (let i = 0; i < count; i++) call(i);
  return (performance.now() - started) / 1000 / count;
}

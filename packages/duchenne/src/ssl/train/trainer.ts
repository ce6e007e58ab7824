/** The training loop: batches in, updates, figures and checkpoints out. It knows no method. */
import { setImmediate as turnOfEventLoop } from "node:timers/promises";
import { ops, scope, type Tensor, tensor } from "@duchenne/torch";
import { rowGeometry } from "../features/rowGeometry.ts";
import { BatchLoader } from "../loader/index.ts";
import { checkpointsOf, pruneCheckpoints, saveCheckpoint } from "../run/checkpoint.ts";
import type { RunLog } from "../run/runLog.ts";
import { type FrameBatch, rowCount, rowsOfShare } from "../sampling/batch.ts";
import { viewStream } from "../views/stepViews.ts";
import type { ViewBatch } from "../views/viewBatch.ts";
import type { ProgressCurriculum } from "./curriculum.ts";
import { type FigureWindow, RateMeter, type Rates } from "./figures.ts";
import type { Learner } from "./learner.ts";
import type { Ranks } from "./ranks.ts";
import type { RunPlan } from "./runPlan.ts";
import { effectiveRank, embeddingSpread } from "./spread.ts";

/** Where a run stands, after each step. */
export interface PretrainProgress extends Rates {
  /** Updates done, and of how many. */
  readonly step: number;
  readonly totalSteps: number;
  /** Passes over the clips done, and of how many. */
  readonly epoch: number;
  readonly totalEpochs: number;
  /** Of the newest step that was read from the device: the loss and the method's other figures. */
  readonly figures: Readonly<Record<string, number>>;
  readonly secondsLeft: number;
  /** How long this step waited for data. */
  readonly waitSeconds: number;
}

/** What is trained, and on what. */
export interface Training {
  readonly runFolder: string;
  readonly plan: RunPlan;
  readonly learner: Learner;
  readonly figures: FigureWindow;
  /** How components grow, if that goes by progress. */
  readonly curriculum?: ProgressCurriculum;
  /** Updates done before. */
  readonly startStep: number;
  readonly onProgress: (progress: PretrainProgress) => void;
  /** The processes that train together; the first alone writes and tells. */
  readonly ranks?: Ranks;
}

/** One run of the loop. */
export class Trainer {
  /** Updates done. */
  step: number;
  readonly #training: Training;
  readonly #readEvery: number;
  /** Since the last line of the log, and over the whole run. */
  readonly #meter = new RateMeter();
  readonly total = new RateMeter();

  constructor(training: Training) {
    const { device, logEvery } = training.plan.training;
    this.#training = training;
    this.step = training.startStep;
    // On the CPU a number is there to be read; a GPU would have to finish its work first.
    this.#readEvery = device === "cpu" ? 1 : logEvery;
  }

  /**
   * Trains to the end, or until the signal of any process aborts, which takes effect after the current step, with a checkpoint.
   * @throws NonFiniteError, LoaderError; CheckpointError if one cannot be saved; ProcessGroupError if another process ends
   */
  async run(signal?: AbortSignal): Promise<void> {
    const { runFolder, plan, startStep, ranks, curriculum } = this.#training;
    const { data, viewPlan, imageRows, totalSteps: endStep } = plan;
    const { workers, logEvery, checkpointEvery } = plan.training;
    // Imported here, because only a run that logs needs protobuf.
    const log =
      (ranks?.isFirst ?? true)
        ? new (await import("../run/runLog.ts")).RunLog(runFolder, startStep)
        : undefined;
    const loader = BatchLoader.open(data.identity.path, data.sampler, {
      ...{ workers, startStep, endStep },
      ...(viewPlan && { viewPlan }),
      ...(imageRows && { imageRows }),
      ...(curriculum && { strengthOf: (step) => curriculum.strengthOf(step) }),
    });
    const stops = () => (ranks ? ranks.anyStops(signal?.aborted ?? false) : (signal?.aborted ?? false));
    let stopped = stops();
    try {
      while (this.step < endStep && !stopped) {
        const begun = performance.now();
        await turnOfEventLoop(); // signals and the loader's messages arrive here
        const batch = await loader.next();
        const embeddings = scope(() => this.#train(batch, loader.views(batch)));
        loader.release(batch);
        this.#measure(rowCount(batch), (performance.now() - begun) / 1000, loader.waitSeconds);
        if (log && this.#isDue(logEvery)) log.write(this.step, this.#line(embeddings));
        embeddings.dispose();
        stopped = stops();
        if (log && (this.#isDue(checkpointEvery) || stopped)) this.#save(log);
      }
      ranks?.finish();
    } finally {
      log?.close();
      await loader.close();
    }
  }

  /** One update. @returns [n, dim] the batch's embeddings */
  #train(batch: FrameBatch, made: ViewBatch | undefined): Tensor {
    const { learner, figures, plan, curriculum } = this.#training;
    const { persons, strength } = batch;
    const geometry = plan.data.geometry && rowGeometry(batch, plan.data.geometry, plan.training.device);
    const about = { persons, ...(geometry && { geometry }), ...(strength !== undefined && { strength }) };
    const views = { ...(made ?? viewsOf(batch, plan)), ...about };
    const gradient = learner.backward(views);
    const { crowdedClips } = batch;
    const counts = { ...views.counts, crowdedClips, ...(strength !== undefined && { strength }) };
    figures.add(this.step, { loss: gradient.loss, ...gradient.figures }, counts);
    curriculum?.add(this.step, gradient.figures);
    if ((this.step + 1) % this.#readEvery === 0) figures.read();
    learner.update(plan.rates(this.step), gradient, views, (this.step + 1) / plan.totalSteps);
    this.step += 1;
    return gradient.embeddings;
  }

  #isDue(every: number): boolean {
    return this.step % every === 0 || this.step === this.#training.plan.totalSteps;
  }

  #measure(images: number, seconds: number, waitSeconds: number): void {
    const { plan, figures, startStep, onProgress, ranks } = this.#training;
    const { totalSteps, data } = plan;
    for (const meter of [this.#meter, this.total]) meter.add(images, seconds, waitSeconds);
    if (ranks && !ranks.isFirst) return;
    const { stepsPerEpoch } = data.sampler;
    const secondsPerStep = this.total.seconds / (this.step - startStep);
    onProgress({
      step: this.step,
      totalSteps,
      epoch: this.step / stepsPerEpoch,
      totalEpochs: totalSteps / stepsPerEpoch,
      figures: figures.newest,
      secondsLeft: secondsPerStep * (totalSteps - this.step),
      waitSeconds,
      ...this.#meter.rates(),
    });
  }

  /** A line of the log: means over the steps since the last one; rate, spread and rank of the last step. */
  #line(embeddings: Tensor): Record<string, number> {
    const { plan, figures } = this.#training;
    figures.read();
    const rates = this.#meter.rates();
    this.#meter.reset();
    const { loss, ...means } = figures.takeMeans();
    return {
      epoch: this.step / plan.data.sampler.stepsPerEpoch,
      loss: loss!,
      ...means,
      learningRate: plan.rates(this.step - 1),
      spread: scope(() => embeddingSpread(embeddings).item()),
      effectiveRank: scope(() => effectiveRank(embeddings).item()),
      ...rates,
    };
  }

  #save(log: RunLog): void {
    const { runFolder, plan, learner, figures, ranks, curriculum } = this.#training;
    const { config, data, training } = plan;
    const { identity: store, sampler } = data;
    figures.read();
    learner.requireFinite(this.step - 1);
    log.sync(); // before the checkpoint: the log is never shorter than the checkpoint's step
    const { tensors, steps } = learner.optimizer.stateDict();
    const state = { smoothedLoss: figures.smoothedLoss, figures: figures.sums(), optimizerSteps: steps };
    const position = { step: this.step, epoch: this.step / sampler.stepsPerEpoch };
    const folder = checkpointsOf(runFolder);
    saveCheckpoint(
      folder,
      {
        ...{ ...position, config, store, ...state },
        ...(curriculum && { curriculum: curriculum.state() }),
        ...(ranks && { worldSize: ranks.share.worldSize }),
      },
      learner.method.network.stateDict(),
      tensors,
    );
    pruneCheckpoints(folder, training.keepLast);
  }
}

/** The views of a batch, made on the training device. */
export function viewsOf(
  batch: FrameBatch,
  { values, training, components, totalSteps, share }: RunPlan,
): ViewBatch {
  const { seed, device } = training;
  const progress = batch.step / totalSteps;
  const rng = viewStream({ seed }, batch.step);
  const views = values.views.make(batch, { components, progress, rng, device, ...(share && { share }) });
  if (!share || views.share) return views;
  // A pipeline that knows no shares has made every row.
  const rows = tensor(BigInt64Array.from(rowsOfShare(views, share), BigInt), { device: views.images.device });
  const images = ops.indexSelect(views.images, 0, rows).contiguous("channelsLast");
  return { ...views, images, share };
}

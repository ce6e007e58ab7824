/** The training loop: batches in, updates, figures and checkpoints out. It knows no method. */
import { setImmediate as turnOfEventLoop } from "node:timers/promises";
import { scope, type Tensor } from "@duchenne/torch";
import { BatchLoader, type LoadedBatch } from "../loader/index.ts";
import { checkpointsOf, pruneCheckpoints, saveCheckpoint } from "../run/checkpoint.ts";
import { RunLog } from "../run/runLog.ts";
import { rowCount } from "../sampling/batch.ts";
import { readViews } from "../views/sharedViews.ts";
import { stepViews, type ViewPlan } from "../views/stepViews.ts";
import type { ViewBatch } from "../views/viewBatch.ts";
import type { FigureWindow } from "./figures.ts";
import type { Learner } from "./learner.ts";
import { RateMeter, type Rates } from "./rateMeter.ts";
import { learningRates } from "./schedule.ts";
import { effectiveRank, embeddingSpread } from "./spread.ts";
import type { StoreData } from "./storeData.ts";

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
  readonly data: StoreData;
  readonly learner: Learner;
  readonly figures: FigureWindow;
  /** Updates done before. */
  readonly startStep: number;
  readonly totalSteps: number;
  readonly onProgress: (progress: PretrainProgress) => void;
}

/** One run of the loop. */
export class Trainer {
  /** Updates done. */
  step: number;
  readonly #training: Training;
  readonly #rates: (step: number) => number;
  readonly #readEvery: number;
  /** Since the last line of the log, and over the whole run. */
  readonly #meter = new RateMeter();
  readonly total = new RateMeter();

  constructor(training: Training) {
    const { data, startStep, totalSteps } = training;
    this.#training = training;
    this.step = startStep;
    this.#rates = learningRates(data.config, totalSteps, data.sampler.stepsPerEpoch);
    // On the CPU a number is there to be read; a GPU would have to finish its work first.
    this.#readEvery = data.config.device === "cpu" ? 1 : data.config.logEvery;
  }

  /**
   * Trains to the end, or until the signal aborts, which is heard after each step: then, too, a checkpoint is saved.
   * @throws NonFiniteError, LoaderError; CheckpointError if one cannot be saved
   */
  async run(signal?: AbortSignal): Promise<void> {
    const { runFolder, data, startStep, totalSteps: endStep } = this.#training;
    const { config, identity, sampler } = data;
    const log = new RunLog(runFolder, startStep);
    const loader = BatchLoader.open(identity.path, sampler, {
      ...{ workers: config.workers, startStep, endStep },
      ...(config.device === "cpu" && { viewPlan: this.#viewPlan }),
    });
    try {
      while (this.step < endStep && !signal?.aborted) {
        const begun = performance.now();
        await turnOfEventLoop(); // Ctrl-C and the loader's threads are heard here
        const batch = await loader.next();
        const embeddings = scope(() => this.#train(batch));
        loader.release(batch);
        this.#measure(rowCount(batch), (performance.now() - begun) / 1000, loader.waitSeconds);
        if (this.#isDue(config.logEvery)) log.write(this.step, this.#line(embeddings));
        embeddings.dispose();
        if (this.#isDue(config.checkpointEvery) || signal?.aborted) this.#save(log);
      }
    } finally {
      log.close();
      await loader.close();
    }
  }

  /** One update. @returns [n, dim] the batch's embeddings */
  #train(batch: LoadedBatch): Tensor {
    const { learner, figures, totalSteps } = this.#training;
    const views = this.#viewsOf(batch);
    const gradient = learner.backward(views);
    const { crowdedClips } = batch;
    figures.add(this.step, { loss: gradient.loss, ...gradient.figures }, { ...views.counts, crowdedClips });
    if ((this.step + 1) % this.#readEvery === 0) figures.read();
    learner.update(this.#rates(this.step), gradient, views, (this.step + 1) / totalSteps);
    this.step += 1;
    return gradient.embeddings;
  }

  get #viewPlan(): ViewPlan {
    const { data, totalSteps } = this.#training;
    return { config: data.config, totalSteps };
  }

  /** On the CPU the loader's threads have made them, while the step before was trained on; on a GPU it makes them itself. */
  #viewsOf(batch: LoadedBatch): ViewBatch {
    const { config } = this.#viewPlan;
    if (batch.views) return readViews(batch.views, batch, config.cutMix);
    return stepViews(batch, this.#viewPlan, config.device);
  }

  #isDue(every: number): boolean {
    return this.step % every === 0 || this.step === this.#training.totalSteps;
  }

  #measure(images: number, seconds: number, waitSeconds: number): void {
    const { data, figures, totalSteps, startStep, onProgress } = this.#training;
    for (const meter of [this.#meter, this.total]) meter.add(images, seconds, waitSeconds);
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
    const { data, figures } = this.#training;
    figures.read();
    const rates = this.#meter.rates();
    this.#meter.reset();
    const { loss, ...means } = figures.takeMeans();
    return {
      epoch: this.step / data.sampler.stepsPerEpoch,
      loss: loss!,
      ...means,
      learningRate: this.#rates(this.step - 1),
      spread: scope(() => embeddingSpread(embeddings).item()),
      effectiveRank: scope(() => effectiveRank(embeddings).item()),
      ...rates,
    };
  }

  #save(log: RunLog): void {
    const { runFolder, data, learner, figures } = this.#training;
    const { config, identity: store, sampler } = data;
    figures.read();
    learner.requireFinite(this.step - 1);
    log.sync(); // before the checkpoint: its log is never shorter than it says
    const { tensors, steps } = learner.optimizer.stateDict();
    const state = { smoothedLoss: figures.smoothedLoss, figures: figures.sums(), optimizerSteps: steps };
    const position = { step: this.step, epoch: this.step / sampler.stepsPerEpoch };
    const folder = checkpointsOf(runFolder);
    saveCheckpoint(
      folder,
      { ...position, config, store, ...state },
      learner.method.network.stateDict(),
      tensors,
    );
    pruneCheckpoints(folder, config.keepLast);
  }
}

import type { Random } from "../../lib/random.ts";
import { BLOCKS, type Layout } from "./batch.ts";
import { drawPair, drawPairTwice, drawQuadruple } from "./drawFrames.ts";
import { IdentityPool } from "./identityPool.ts";
import type { SamplingPlan, UsableClip } from "./plan.ts";

/** Frames of Q clips, yet to be read; rows as in FrameBatch. */
export interface SampledBatch {
  readonly epoch: number;
  readonly step: number;
  /** Q, the number of distinct clips. */
  readonly clips: number;
  readonly layout: Layout;
  /** [rows] frame keys. */
  readonly keys: Uint32Array;
  /** [clips] number of the person of each clip. */
  readonly persons: Int32Array;
  /** [clips] 1 where the hard negatives are the clip's own frames, warped. */
  readonly warped: Uint8Array;
  /** [clips] frames of other people, for FaceSwap. */
  readonly identityKeys?: Uint32Array;
  /** Clips too short to keep the hard-negative positive as far from anchor and positive as HardNeg asks. */
  readonly crowdedClips: number;
}

/**
 * Draws batches: each epoch is a fresh shuffle of the usable clips, each of which gives one sample, drawn afresh; those
 * left over when no more batch can be filled wait for another epoch. Batches are a pure function of the stream and the
 * step, so a run continues at step n by asking for batch n. A clip's draws do not depend on the batch it is in.
 */
export class ClipSampler {
  /** Batches in an epoch. */
  readonly stepsPerEpoch: number;
  readonly layout: Layout;
  readonly #rng: Random;
  readonly #identities: IdentityPool | undefined;
  #order: { epoch: number; clips: readonly UsableClip[] } | undefined;

  /** @param rng the run's stream for sampling; forked, never drawn from */
  constructor(
    readonly plan: SamplingPlan,
    rng: Random,
  ) {
    this.#rng = rng;
    const { settings, usable, clips, persons } = plan;
    this.stepsPerEpoch = Math.floor(usable.length / settings.batch);
    this.layout = settings.hardNeg ? "quadruples" : "pairs";
    this.#identities = settings.faceSwap ? new IdentityPool(clips, persons) : undefined;
  }

  /** Q. */
  get clipsPerBatch(): number {
    return this.plan.settings.batch;
  }

  /** The batch of a step. @param step updates before this batch, over the whole run */
  batch(step: number): SampledBatch {
    const epoch = Math.floor(step / this.stepsPerEpoch);
    const clips = this.clipsPerBatch;
    const first = (step % this.stepsPerEpoch) * clips;
    const chosen = this.#orderOf(epoch).slice(first, first + clips);
    const rng = this.#rng.fork(`epoch/${epoch}`);
    const persons = Int32Array.from(chosen, ({ person }) => person);
    const frames = this.#drawFrames(chosen, rng);
    const warped = Uint8Array.from(chosen, (clip) => Number(clip.warped));
    const about = { epoch, step, clips, layout: this.layout, persons, warped, ...frames };
    const identities = this.#identities;
    if (identities === undefined) return about;
    // A stream of its own: with and without FaceSwap, a seed gives the same frames.
    const draw = ({ clip, person }: UsableClip) => identities.draw(person, rng.fork(`identity/${clip.key}`));
    return { ...about, identityKeys: Uint32Array.from(chosen, draw) };
  }

  #drawFrames(chosen: readonly UsableClip[], epoch: Random): Pick<SampledBatch, "keys" | "crowdedClips"> {
    const drawApart = this.layout === "quadruples" ? drawQuadruple : drawPair;
    const keys = new Uint32Array(chosen.length * BLOCKS[this.layout].length);
    let crowdedClips = 0;
    chosen.forEach(({ clip, timing, warped }, i) => {
      const draw = warped ? drawPairTwice : drawApart;
      const { frames, crowded } = draw(clip.frameCount, timing, epoch.fork(`clip/${clip.key}`));
      frames.forEach((frame, block) => {
        keys[block * chosen.length + i] = clip.firstFrame + frame;
      });
      if (crowded) crowdedClips += 1;
    });
    return { keys, crowdedClips };
  }

  #orderOf(epoch: number): readonly UsableClip[] {
    if (this.#order?.epoch !== epoch) {
      this.#order = { epoch, clips: this.#rng.fork(`order/${epoch}`).shuffle(this.plan.usable) };
    }
    return this.#order.clips;
  }
}

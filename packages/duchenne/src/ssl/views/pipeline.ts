import type { Device } from "@duchenne/torch";
import type { Random } from "../../lib/random.ts";
import { builtIn } from "../config/builtIn.ts";
import type { ComponentSwitches } from "../config/components.ts";
import type { RecordedSettings } from "../config/config.ts";
import { withDefaults } from "../config/defaults.ts";
import type { BatchShare, FrameBatch } from "../sampling/batch.ts";
import type { ImageView } from "./imageView.ts";
import { makeViews } from "./makeViews.ts";
import { FACE_VIEW_SETTINGS, type FaceViewSettings } from "./settings.ts";
import { viewSettings } from "./stepViews.ts";
import type { ViewBatch } from "./viewBatch.ts";

/** Where and when the views of a batch are made. */
export interface ViewContext {
  /** The components that the method asks for; those left out are off. */
  readonly components: Partial<ComponentSwitches>;
  /** Share of the run done, in [0, 1). */
  readonly progress: number;
  /** The step's own stream: the same stream gives the same views. */
  readonly rng: Random;
  readonly device: Device;
  /**
   * Of several processes that train together: the rows whose images this one shows. Draw for the whole batch and make these
   * rows alone, with `share` in the result; a pipeline that makes all rows is right, too, and slower.
   */
  readonly share?: BatchShare;
}

/** Name of the built-in views. */
export const FACE_VIEWS = "face-views";

/** What is done to frames before the network sees them, as a value: `faceViews({ … })` makes one, and so can you. */
export interface ViewPipeline {
  /** Recorded in the run's config.json. */
  readonly name: string;
  /** Side of the network's input, pixels. */
  readonly size: number;
  /** What the views depend on. A run records the settings, and resumes only with the same ones. */
  readonly settings: RecordedSettings;
  /** The views of a batch, on the device. @param batch valid until this returns: its memory is read into again */
  make(batch: FrameBatch, context: ViewContext): ViewBatch;
  /**
   * Settings of the built-in views from which the loader's threads make the same views; absent if only `make` can, on the
   * thread that trains.
   */
  readonly onThreads?: FaceViewSettings;
}

/** Options of `faceViews`; a setting that is absent has the paper's value. */
export interface FaceViewOptions extends Partial<FaceViewSettings> {
  /**
   * Views of your own, applied in this order after the built-in views of single images (the last is grayscale) and before
   * normalisation and CutMix, on the thread that trains.
   */
  readonly extraViews?: readonly ImageView[];
}

/**
 * The paper's views: FaceSwap and CutMix if the method asks for them, landmark masks, crop and flip, colour jitter, blur and grey.
 * @throws ConfigError for an unknown option or a value out of range
 * @see Shu et al. 2022, arXiv:2210.03853
 */
export function faceViews({ extraViews = [], ...given }: FaceViewOptions = {}): ViewPipeline {
  const settings = withDefaults("faceViews", FACE_VIEW_SETTINGS, given);
  return builtIn({
    name: FACE_VIEWS,
    size: settings.size,
    settings: { ...settings, ...settingsOf(extraViews) },
    make: (batch: FrameBatch, { components, progress, rng, device, share }: ViewContext) =>
      makeViews(
        batch,
        viewSettings(
          { faceSwap: false, cutMix: false, ...settings, ...components },
          progress,
          batch.strength,
        ),
        rng,
        device,
        extraViews,
        share,
      ),
    ...(extraViews.length === 0 && { onThreads: settings }),
  });
}

/** Settings of a user's own views, by `<name>.<setting>`; a view without settings is recorded by its name. */
function settingsOf(views: readonly ImageView[]): RecordedSettings {
  return Object.fromEntries(
    views.flatMap(({ name, settings = {} }) => [
      [name, true],
      ...Object.entries(settings).map(([key, value]) => [`${name}.${key}`, value]),
    ]),
  );
}

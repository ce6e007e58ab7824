/** A picture of some batches as the network sees them, and of where its views come from. */
import { basename } from "node:path";
import { scope } from "@duchenne/torch";
import { FrameStore, type StoredClip } from "../../data/store/index.ts";
import type { PretrainConfig } from "../../ssl/config/config.ts";
import type { ExpressionGeometry } from "../../ssl/features/expressionGeometry.ts";
import { rowGeometry } from "../../ssl/features/rowGeometry.ts";
import { BatchLoader } from "../../ssl/loader/index.ts";
import { checkComponents } from "../../ssl/methods/index.ts";
import { type FrameBatch, rowCount } from "../../ssl/sampling/batch.ts";
import { openStoreData } from "../../ssl/train/storeData.ts";
import { makeViews } from "../../ssl/views/makeViews.ts";
import { viewStream } from "../../ssl/views/stepViews.ts";
import type { ViewBatch } from "../../ssl/views/viewBatch.ts";
import { drawSections, hasFonts, type Section } from "./canvas.ts";
import { type Facts, falseNegativeGroup, frameGroup, type Group, swapGroup, viewGroup } from "./groups.ts";

/** Which batches and how many clips a sheet shows. */
export interface SheetOptions {
  /** The step of the first one shown; default 0. */
  readonly first?: number;
  /** How many in a row, one section each. */
  readonly batches: number;
  /** Clips of each, one row each. */
  readonly clips: number;
}

/** A drawn sheet. */
export interface ViewsSheet {
  /** A PNG file's bytes. */
  readonly png: Buffer;
  /** Messages for the user: components that are off, clips that are not shown. */
  readonly notices: readonly string[];
}

/** What a sheet shows, before it is drawn. */
export interface SheetContent {
  readonly title: string;
  /** The settings that matter to it. */
  readonly subtitle: string;
  readonly sections: readonly Section[];
  readonly notices: readonly string[];
}

/**
 * Draws batches of a run: their frames, swapped faces, views and false negatives.
 * @param storePath a prepared store   @param config the run's: the same one trains on the same views
 * @throws PieceError, StoreError, SamplingError, ConfigError as `pretrain` does
 */
export async function drawViewsSheet(
  storePath: string,
  config: PretrainConfig,
  options: SheetOptions,
): Promise<ViewsSheet> {
  return useSheet(storePath, config, options, ({ title, subtitle, sections, notices }) => {
    const png = drawSections(title, subtitle, sections);
    const fonts = hasFonts()
      ? []
      : ["no fonts on this machine, so no titles (Debian: apt-get install fonts-dejavu-core)"];
    return { png, notices: [...notices, ...fonts] };
  });
}

/**
 * Does something with what `drawViewsSheet` draws, picture by picture.
 * @param use its pictures and captions are read from the store, which is open only as long as this runs
 * @throws as `drawViewsSheet`
 */
export async function useSheet<T>(
  storePath: string,
  wanted: PretrainConfig,
  { first = 0, batches, clips }: SheetOptions,
  use: (sheet: SheetContent) => T,
): Promise<T> {
  checkComponents(wanted.method, wanted);
  const geometry = wanted.maskFn && wanted.maskFnFeature !== "eyes-mouth";
  const data = await openStoreData(storePath, { ...wanted, geometry });
  const config: PretrainConfig = { ...wanted, ...data.settings };
  const store = FrameStore.open(storePath);
  const loader = BatchLoader.open(storePath, data.sampler, {
    workers: 0,
    ahead: batches - 1,
    startStep: first,
  });
  try {
    const sections: Section[] = [];
    // None is released: the sections show the batches' own memory.
    for (let i = 0; i < batches; i++) {
      const batch = await loader.next();
      sections.push(scope(() => sectionOf(batch, config, store, clips, data.geometry)));
    }
    const title = `Views of ${basename(storePath)}`;
    return use({ title, subtitle: describe(config), sections, notices: data.notices });
  } finally {
    await loader.close();
    await store.close();
  }
}

function sectionOf(
  batch: FrameBatch,
  config: PretrainConfig,
  store: FrameStore,
  most: number,
  geometry: ExpressionGeometry | undefined,
): Section {
  const rng = () => viewStream(config, batch.step);
  const facts: Facts = (key) => {
    const [{ timeSeconds, expression = null }] = store.readLabels([key]) as [
      ReturnType<FrameStore["readLabels"]>[0],
    ];
    return { timeSeconds, expression };
  };
  const made = makeViews(batch, config, rng(), "cpu");
  const views = geometry ? { ...made, geometry: rowGeometry(batch, geometry, "cpu") } : made;
  const groups: Group[] = [
    frameGroup(batch, facts),
    ...(config.faceSwap ? [swapGroup(batch, config, rng())] : []),
    viewGroup(batch, views),
    ...(config.maskFn ? [falseNegativeGroup(batch, views, config, facts)] : []),
  ];
  const find = clipFinder(store.clips());
  const rows = Array.from({ length: Math.min(most, batch.clips) }, (_, clip) => {
    const source = find(batch.keys[clip]!);
    return { clip, label: source?.person ?? source?.source ?? "", ...(source && { source }) };
  });
  return { title: summarize(batch, views, config), groups, rows };
}

/** The clip that a frame is of, by its key. */
function clipFinder(clips: readonly StoredClip[]): (key: number) => StoredClip | undefined {
  return (key) =>
    clips.find(({ firstFrame, frameCount }) => key >= firstFrame && key < firstFrame + frameCount);
}

function summarize(
  { step, clips, layout }: FrameBatch,
  { counts }: ViewBatch,
  config: PretrainConfig,
): string {
  const images = rowCount({ clips, layout });
  const { swapped, swapSkipped, maskSkipped } = counts;
  return [
    `Batch ${step + 1}: ${clips} clips, ${images} images of ${config.size} px`,
    ...(config.faceSwap ? [`${swapped} of ${images / 2} positives carry another person's face`] : []),
    ...(swapSkipped > 0 ? [`${swapSkipped} were to, but lack landmarks`] : []),
    ...(maskSkipped > 0 ? [`${maskSkipped} faces without landmarks to cover`] : []),
  ].join(" · ");
}

function describe(config: PretrainConfig): string {
  const { timeAugSeconds, hardNegSeconds, hardNegWarp, faceSwapProbability, maskFnCount, seed } = config;
  return [
    config.method,
    ...(config.timeAug ? [`TimeAug about ${timeAugSeconds} s apart`] : []),
    ...(config.hardNeg && hardNegWarp !== "all" ? [`HardNeg at least ${hardNegSeconds} s apart`] : []),
    ...(config.hardNeg && hardNegWarp !== "off" ? [`HardNeg by warps (${hardNegWarp})`] : []),
    ...(config.faceSwap ? [`FaceSwap of ${Math.round(100 * faceSwapProbability)} %`] : []),
    ...(config.maskFn ? [`MaskFN N = ${maskFnCount}`] : []),
    ...(config.cutMix ? ["CutMix"] : []),
    `seed ${seed}`,
  ].join(" · ");
}

import { dirname } from "node:path";
import { landmarkModelNotice } from "@duchenne/face";
import { FrameStore } from "../../../data/store/frameStore.ts";
import { findManifest } from "../../../synth/manifest.ts";
import type { DataFacts } from "../data/reportData.ts";
import { storeName } from "./tables.ts";

/** Terms of the data sets, as their authors state them; users have to read the originals. */
const LICENCES: Readonly<Record<string, string>> = {
  affectnet: "AffectNet: by agreement with its authors, for research that is not commercial",
  fer2013: "FER2013: a Kaggle challenge's images, found by web search; their rights are their owners'",
  ferplus: "FER+ labels: MIT; the images are FER2013's, and their rights their owners'",
  lfw: "LFW: no licence is stated; news photographs whose rights are their owners'",
  voxceleb: "VoxCeleb: lists CC BY 4.0; the videos' rights are their owners'",
};
const SYNTH_LICENCE = "drawn by duchenne synth: no real faces, no terms";
const OWN_LICENCE = "your own: requires the consent of the people shown";

/** Content of a store, and its terms of use. @throws StoreError if there is none */
export async function dataFacts(path: string, role: string): Promise<DataFacts> {
  const store = FrameStore.open(path);
  try {
    const { options, counts } = store.manifest;
    const terms = isSynthetic(options.source) ? SYNTH_LICENCE : (LICENCES[options.dataset] ?? OWN_LICENCE);
    return {
      name: storeName(path),
      role,
      layout: options.dataset,
      people: counts.persons,
      clips: counts.tracks,
      frames: counts.frames,
      licence: `${terms}. ${landmarkModelNotice}`,
    };
  } finally {
    await store.close();
  }
}

const isSynthetic = (source: string): boolean =>
  [source, dirname(source)].some((folder) => findManifest(folder) !== undefined);

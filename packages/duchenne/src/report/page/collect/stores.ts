import { landmarkModelNotice } from "@duchenne/face";
import { FrameStore } from "../../../data/store/frameStore.ts";
import { originOf } from "../../../data/store/origin.ts";
import type { DataFacts } from "../data/reportData.ts";
import { storeName } from "./tables.ts";

/** Content of a store, and its terms of use. @throws StoreError if there is none */
export async function dataFacts(path: string, role: string): Promise<DataFacts> {
  const store = FrameStore.open(path);
  try {
    const { options, counts } = store.manifest;
    const origin = originOf(store.manifest);
    const terms = origin?.licence ?? "unknown: its source is gone";
    return {
      name: storeName(path),
      role,
      layout: options.dataset,
      clips: counts.tracks,
      frames: counts.frames,
      people: counts.persons,
      origin: origin?.people ?? "unknown",
      licence: `${terms}. ${landmarkModelNotice}`,
    };
  } finally {
    await store.close();
  }
}

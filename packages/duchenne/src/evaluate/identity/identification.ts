/** Identity leakage: what a feature still knows of who is seen. A good expression feature knows little. */
import { noGrad, ops, scope, type Tensor } from "@duchenne/torch";
import type { Random } from "../../lib/random.ts";
import type { ProbeImage } from "../data/readImages.ts";
import { selectRows } from "../predictors/frozen.ts";
import { unitRows } from "../predictors/knn.ts";
import { ProbeError } from "../schema/errors.ts";

const GALLERY_SHARE = 0.7;
/** Queries compared at once. */
const BATCH = 512;

/** Indices into the images. */
export interface GalleryAndQueries {
  readonly gallery: number[];
  readonly queries: number[];
}

/**
 * For each person with enough images, about 70 % for the gallery and the rest to be recognised. Whole clips go to one side
 * where a person has several: frames of one clip are near copies. Of a single clip the later part is asked for.
 * @throws ProbeError unless two people have `minImages`
 */
export function divideByPerson(
  images: readonly ProbeImage[],
  minImages: number,
  store: string,
  rng: Random,
): GalleryAndQueries {
  const [gallery, queries]: [number[], number[]] = [[], []];
  const people = [...indicesBy(images, [...images.keys()], ({ person }) => person!)].filter(
    ([, own]) => own.length >= minImages,
  );
  if (people.length < 2)
    throw new ProbeError(
      store,
      `at least two people with ${minImages} images or more (--min-images)`,
      `${people.length} of ${new Set(images.map(({ person }) => person)).size} people`,
    );
  for (const [person, own] of people) {
    const clips = [...indicesBy(images, own, ({ clip }) => String(clip)).values()];
    const units = clips.length > 1 ? rng.fork(`person/${person}`).shuffle(clips) : own.map((i) => [i]);
    const taken = Math.min(units.length - 1, Math.max(1, Math.round(GALLERY_SHARE * units.length)));
    gallery.push(...units.slice(0, taken).flat());
    queries.push(...units.slice(taken).flat());
  }
  return { gallery, queries };
}

function indicesBy(
  images: readonly ProbeImage[],
  indices: readonly number[],
  name: (image: ProbeImage) => string,
): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const i of indices) {
    const key = name(images[i]!);
    const group = groups.get(key);
    if (group) group.push(i);
    else groups.set(key, [i]);
  }
  return groups;
}

export interface Identified {
  /** Per query: whether the nearest image of the gallery, by cosine, shows the same person. */
  readonly correct: boolean[];
  /** Per query: the share of the gallery that does, which a guess would find. */
  readonly chance: number[];
}

/** @param features [n, d] of all images */
export function identify(
  features: Tensor,
  images: readonly ProbeImage[],
  { gallery, queries }: GalleryAndQueries,
): Identified {
  const personOf = (i: number) => images[i]!.person!;
  const counts = new Map<string, number>();
  for (const i of gallery) counts.set(personOf(i), (counts.get(personOf(i)) ?? 0) + 1);
  const nearest = nearestRows(features, gallery, queries);
  return {
    correct: queries.map((query, q) => personOf(gallery[nearest[q]!]!) === personOf(query)),
    chance: queries.map((query) => counts.get(personOf(query))! / gallery.length),
  };
}

/** For each query the place in the gallery of the most similar row. */
function nearestRows(features: Tensor, gallery: readonly number[], queries: readonly number[]): number[] {
  return scope(() =>
    noGrad(() => {
      const known = unitRows(selectRows(features, gallery)).t();
      const nearest: number[] = [];
      for (let start = 0; start < queries.length; start += BATCH) {
        const asked = unitRows(selectRows(features, queries.slice(start, start + BATCH)));
        const found = scope(() => ops.argmax(asked.matmul(known), 1)).toTypedArray();
        nearest.push(...Array.from(found, Number));
      }
      return nearest;
    }),
  );
}

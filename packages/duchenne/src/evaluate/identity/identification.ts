/** Identity leakage: how well features identify persons. A feature for expression should identify few. */
import { noGrad, ops, scope, type Tensor } from "@duchenne/torch";
import type { Random } from "../../lib/random.ts";
import type { ProbeImage } from "../data/readImages.ts";
import { normalizeRows, selectRows } from "../features/featureRows.ts";
import { ProbeError } from "../schema/errors.ts";

const GALLERY_SHARE = 0.7;
/** Queries compared at once. */
const BATCH = 512;

/** The images with known person, and the images to identify, as indices. */
export interface GalleryAndQueries {
  readonly gallery: number[];
  readonly queries: number[];
}

/**
 * Divides the images of each person who has enough of them: about 70 % into the gallery, the others into the queries. If a person
 * has several clips, each clip goes to one side whole, because frames of one clip are near copies. A single clip is cut in time: its
 * later frames are queries.
 * @param minImages least images of a person   @param store path, for errors
 * @throws ProbeError if fewer than two persons have `minImages`
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
      `at least two people with ${minImages} images or more`,
      `${people.length} of ${new Set(images.map(({ person }) => person)).size} people`,
      "Lower `minImages`, or prepare more images per person.",
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

/** How well the queries are identified. */
export interface Identification {
  /** [queries] whether the nearest gallery image, by cosine, shows the same person. */
  readonly correct: boolean[];
  /** [queries] share of the gallery that shows the same person: the accuracy of a random guess. */
  readonly chance: number[];
}

/** Identifies each query by its nearest gallery image. @param features [n, d] of all images */
export function identify(
  features: Tensor,
  images: readonly ProbeImage[],
  { gallery, queries }: GalleryAndQueries,
): Identification {
  const personOf = (i: number) => images[i]!.person!;
  const counts = new Map<string, number>();
  for (const i of gallery) counts.set(personOf(i), (counts.get(personOf(i)) ?? 0) + 1);
  const nearest = nearestRows(features, gallery, queries);
  return {
    correct: queries.map((query, q) => personOf(gallery[nearest[q]!]!) === personOf(query)),
    chance: queries.map((query) => counts.get(personOf(query))! / gallery.length),
  };
}

/** @returns [queries] place in the gallery of the most similar row, by cosine */
function nearestRows(features: Tensor, gallery: readonly number[], queries: readonly number[]): number[] {
  return scope(() =>
    noGrad(() => {
      const known = normalizeRows(selectRows(features, gallery)).t();
      const nearest: number[] = [];
      for (let start = 0; start < queries.length; start += BATCH) {
        const batch = normalizeRows(selectRows(features, queries.slice(start, start + BATCH)));
        const found = scope(() => ops.argmax(batch.matmul(known), 1)).toTypedArray();
        nearest.push(...Array.from(found, Number));
      }
      return nearest;
    }),
  );
}

import { join } from "node:path";
import { Generator } from "@duchenne/torch";
import { EXPRESSIONS, type FrameLabels, FrameStore, type SourceResult } from "../../src/data/store/index.ts";
import type { ProbedBackbone } from "../../src/evaluate/probe.ts";
import { Random } from "../../src/lib/random.ts";
import { buildBackbone } from "../../src/ssl/backbones/index.ts";
import { OPTIONS, temporaryFolder } from "../data/store/synthetic.ts";

export const SIZE = 24;

export interface Still {
  readonly labels: FrameLabels;
  readonly person?: string | null;
  readonly split?: string | null;
  /** Default: a name of its own. */
  readonly id?: string;
  /** [SIZE, SIZE, 3]; default: a face of the still's person and expression. */
  readonly image?: Uint8Array;
}

/** Waves of the person's own in their own colour, with stripes whose direction is the expression's, and noise. */
export function face(person: number, expression: number, rng: Random): Uint8Array {
  const look = Random.fromSeed(person).fork("look");
  const colour = [0, 1, 2].map(() => look.uniform(60, 180));
  const [waveX, waveY] = [look.uniform(-0.6, 0.6), look.uniform(-0.6, 0.6)];
  const angle = (expression * Math.PI) / EXPRESSIONS.length;
  return Uint8Array.from({ length: SIZE * SIZE * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % SIZE, Math.floor(i / 3 / SIZE)];
    const stripe = 50 * Math.sin(1.3 * (x * Math.cos(angle) + y * Math.sin(angle)));
    return Math.max(
      0,
      Math.min(255, colour[i % 3]! + stripe + 30 * Math.sin(waveX * x + waveY * y) + rng.normal(0, 6)),
    );
  });
}

/** A store of stills. @returns its path */
export async function writeStills(
  stills: readonly Still[],
  dataset = "csv",
  path = join(temporaryFolder(), "store"),
): Promise<string> {
  const writer = FrameStore.create(path, { ...OPTIONS, dataset, size: SIZE, codec: "raw" });
  const rng = Random.fromSeed(5);
  const sources = stills.map(({ labels, person = null, split = null, id, image }, i): SourceResult => {
    const expression = labels.expression ? EXPRESSIONS.indexOf(labels.expression) : 0;
    const who = person === null ? i : Number(/\d+/.exec(person)?.[0] ?? 0);
    const frame = {
      timeSeconds: 0,
      labels,
      landmarks: new Float32Array(136),
      feature: new Float32Array(OPTIONS.featureLength),
      image: image ?? face(who, expression, rng.fork(`${i}`)),
    };
    const about = { person, split, kind: "still", frameRateHz: 0, framesSampled: 1, skipped: {} } as const;
    return { id: id ?? `still${String(i).padStart(4, "0")}.png`, ...about, tracks: [{ frames: [frame] }] };
  });
  writer.append(sources);
  writer.finish();
  await writer.close();
  return path;
}

/** Stills of people who each show some expressions a few times, with matching valence and arousal. */
export function stillsOfPeople(
  people: number,
  repeats: number,
  expressions = 3,
  split: string | null = null,
): Still[] {
  return Array.from({ length: people * expressions * repeats }, (_, i) => {
    const expression = i % expressions;
    const person = Math.floor(i / expressions / repeats);
    const valence = (2 * expression) / (expressions - 1) - 1;
    const labels = { expression: EXPRESSIONS[expression]!, valence, arousal: -valence / 2 };
    return { labels, person: `person${person}`, split };
  });
}

/** The smallest backbone, untrained. */
export function untrained(seed = 1, size = 21): ProbedBackbone {
  using generator = Generator.seeded(seed);
  const backbone = buildBackbone("tiny", { generator }).eval();
  return { backbone, arch: "tiny", size, description: "untrained tiny" };
}

/** Few updates, for tests. */
export const QUICK = { epochs: 3, minSteps: 60, learningRate: 3e-3, dropout: 0, resamples: 50 } as const;

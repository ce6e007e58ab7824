/** What a model's config.json says beside what runs it: what the model learned from, and how well it did. */
import { z } from "zod";
import { originSchema } from "../../data/store/origin.ts";
import { figureSchema } from "../../evaluate/schema/result.ts";
import type { Assembly } from "./assemble.ts";

const taughtBySchema = originSchema.extend({
  use: z.enum(["pre-training", "labels"]),
  /** How the source was read. */
  dataset: z.string(),
});

/** Schema of the fields of config.json that describe a model's data and figures. */
export const cardFactsSchema = z.object({
  /** "drawn" if all its data is of actors that do not exist; "unknown" if the origin of some is not recorded. */
  origin: z.enum(["drawn", "real", "mixed", "unknown"]).default("unknown"),
  /** The data that it learned from, as far as its origin is recorded. */
  data: z.array(taughtBySchema).default([]),
  /** Figures on the test images, by their names in a probe's result, each with its 95 % interval. */
  figures: z.record(z.string(), figureSchema).default({}),
});
/** What a model learned from, and its figures. */
export type CardFacts = z.infer<typeof cardFactsSchema>;

type CardSources = Pick<Assembly, "dataset" | "origin" | "probes" | "description"> &
  Partial<Pick<Assembly, "earlier">>;

/** The facts of a model, for its config.json. */
export function cardFacts({ dataset, origin, earlier = [], probes, description }: CardSources): CardFacts {
  // A weights file, or a run from before its data was recorded: somebody pre-trained it on something.
  const hasPretraining = dataset !== undefined || !description.startsWith("untrained ");
  const sources = [
    ...earlier.map((one) => ({
      use: "pre-training" as const,
      dataset: one.dataset ?? "unknown",
      origin: one.origin,
    })),
    ...(hasPretraining ? [{ use: "pre-training" as const, dataset: dataset ?? "unknown", origin }] : []),
    ...probes.map(({ data }) => ({ use: "labels" as const, dataset: data.dataset, origin: data.origin })),
  ];
  const data = sources.flatMap((source) =>
    source.origin ? [{ use: source.use, dataset: source.dataset, ...source.origin }] : [],
  );
  const distinct = [...new Map(data.map((one) => [JSON.stringify(one), one])).values()];
  return {
    origin: data.length === sources.length ? originOfAll(distinct) : "unknown",
    data: distinct,
    figures: Object.assign({}, ...probes.map(({ figures }) => figures)),
  };
}

function originOfAll(data: CardFacts["data"]): CardFacts["origin"] {
  const kinds = new Set(data.map(({ people }) => people));
  if (kinds.size === 0) return "unknown";
  return kinds.size > 1 ? "mixed" : [...kinds][0]!;
}

/** Reads the facts of a model; a folder from before they were recorded has none. @param config content of config.json */
export function readCardFacts(config: unknown): CardFacts {
  const parsed = cardFactsSchema.safeParse(config);
  return parsed.success ? parsed.data : { origin: "unknown", data: [], figures: {} };
}

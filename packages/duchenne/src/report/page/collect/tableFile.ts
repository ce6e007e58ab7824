/** The part of a reproduction's `table.json` that a report reads. */
import { z } from "zod";

export const TABLE_NAME = "table.json";
export const TABLE_FORMAT = "duchenne-table";

export const tableFileSchema = z.object({
  format: z.literal(TABLE_FORMAT),
  formatVersion: z.literal(1),
  rows: z.array(
    z.object({
      name: z.string(),
      /** Its run is `runs/<slug>`, its results are `results/<slug>-….json`. */
      slug: z.string(),
      seed: z.int(),
      /** Published figures, by the names of a ProbeResult's. */
      paper: z.record(z.string(), z.number()).nullable(),
      pretrained: z.boolean(),
    }),
  ),
});

export type TableFile = z.infer<typeof tableFileSchema>;

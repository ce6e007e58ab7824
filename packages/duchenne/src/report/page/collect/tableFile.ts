/** The part of a reproduction's `table.json` that a report reads. */
import { z } from "zod";

/** Name of the file in a reproduction's folder. */
export const TABLE_NAME = "table.json";
/** Value of its field `format`. */
export const TABLE_FORMAT = "duchenne-table";

/** Schema of the part that a report reads. */
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

/** The part that a report reads. */
export type TableFile = z.infer<typeof tableFileSchema>;

import { type Device, tensor } from "@duchenne/torch";
import { type FrameBatch, isWarped, rowCount } from "../sampling/batch.ts";
import type { RowGeometry } from "../views/viewBatch.ts";
import { type ExpressionGeometry, GEOMETRY_LENGTH } from "./expressionGeometry.ts";

/** The expressions of a batch's rows by their landmarks, as tensors of a device; a row that the views warp has none. */
export function rowGeometry(batch: FrameBatch, geometry: ExpressionGeometry, device: Device): RowGeometry {
  const { landmarks, clips } = batch;
  const rows = rowCount(batch);
  const persons = Int32Array.from({ length: rows }, (_, row) => batch.persons[row % clips]!);
  const { values, has } = geometry.describe({ landmarks, persons });
  const known = Array.from(has, (one, row) => one === 1 && !isWarped(batch, row));
  return {
    values: tensor(values, { shape: [rows, GEOMETRY_LENGTH], device }),
    has: tensor(known, { device }),
  };
}

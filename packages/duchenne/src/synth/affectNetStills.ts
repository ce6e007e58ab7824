/** Stills of synthetic actors in the layouts of AffectNet's two releases. */
import path from "node:path";
import { EXPRESSIONS } from "../lib/expressions.ts";
import { makeFolder } from "../lib/files/makeFolder.ts";
import { writeAtomically } from "./manifest.ts";
import { cropped, faceSquare, type LayoutWriter, picture, save } from "./still.ts";

/** AffectNet's first release: two tables, images by numbered folder, face box and 68 landmarks in the image. */
export function affectNetCsv(out: string): LayoutWriter {
  const header =
    "subDirectory_filePath,face_x,face_y,face_width,face_height,facial_landmarks,expression,valence,arousal";
  const tables = { "training.csv": [header], "validation.csv": [header] };
  let count = 0;
  return {
    async add(still) {
      const file = `${(count % 97) + 1}/${still.actor.name}_${String(count).padStart(6, "0")}.jpg`;
      count += 1;
      await save(picture(still), path.join(out, "Manually_Annotated_Images", file));
      const { left, top, side } = faceSquare(still.landmarks);
      const points = still.landmarks.map((p) => `${p.x.toFixed(2)};${p.y.toFixed(2)}`).join(";");
      const affect = [still.valence.toFixed(6), still.arousal.toFixed(6)];
      const row = [file, left, top, side, side, points, EXPRESSIONS.indexOf(still.expression), ...affect];
      tables[still.split === "train" ? "training.csv" : "validation.csv"].push(row.join(","));
    },
    finish() {
      for (const [name, lines] of Object.entries(tables)) {
        writeAtomically(path.join(out, name), `${lines.join("\n")}\n`);
      }
    },
  };
}

const AFFECTNET_CROP_PIXELS = 224;

/** AffectNet's second release: cropped images by number, one .npy per label. */
export function affectNetNpy(out: string): LayoutWriter {
  const counts = { train_set: 0, val_set: 0 };
  return {
    async add(still) {
      const part = still.split === "train" ? "train_set" : "val_set";
      const number = counts[part];
      counts[part] += 1;
      const square = faceSquare(still.landmarks);
      await save(
        cropped(still, square, AFFECTNET_CROP_PIXELS),
        path.join(out, part, "images", `${number}.jpg`),
      );
      const annotations = path.join(out, part, "annotations");
      makeFolder(annotations);
      const zoom = AFFECTNET_CROP_PIXELS / square.side;
      const points = still.landmarks.flatMap((p) => [(p.x - square.left) * zoom, (p.y - square.top) * zoom]);
      const write = (label: string, content: Buffer): void => {
        writeAtomically(path.join(annotations, `${number}_${label}.npy`), content);
      };
      write("exp", npyText(String(EXPRESSIONS.indexOf(still.expression))));
      write("val", npyText(still.valence.toFixed(6)));
      write("aro", npyText(still.arousal.toFixed(6)));
      write("lnd", npyNumbers(points));
    },
    finish() {},
  };
}

/** A .npy file (NumPy Enhancement Proposal 1, version 1.0). */
function npyFile(descriptor: string, shape: readonly number[], body: Uint8Array): Buffer {
  const dimensions = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const header = `{'descr': '${descriptor}', 'fortran_order': False, 'shape': (${dimensions}), }`;
  const magic = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  // Magic, length and header together fill a multiple of 64 bytes; the header ends with a line feed.
  const padded = Math.ceil((magic.length + 2 + header.length + 1) / 64) * 64 - magic.length - 2;
  const length = Buffer.alloc(2);
  length.writeUInt16LE(padded);
  return Buffer.concat([magic, length, Buffer.from(`${header.padEnd(padded - 1)}\n`, "latin1"), body]);
}

/** A text as a zero-dimensional array of unicode, as AffectNet stores its labels. */
function npyText(text: string): Buffer {
  const body = Buffer.alloc(text.length * 4);
  for (let i = 0; i < text.length; i += 1) body.writeUInt32LE(text.charCodeAt(i), i * 4);
  return npyFile(`<U${text.length}`, [], body);
}

/** Numbers as a one-dimensional array of doubles. */
function npyNumbers(values: readonly number[]): Buffer {
  return npyFile("<f8", [values.length], Buffer.from(Float64Array.from(values).buffer));
}

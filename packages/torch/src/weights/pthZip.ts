import { ByteCursor } from "./byteCursor.ts";
import { type ByteSource, memorySource } from "./byteSource.ts";
import { SAVE_AGAIN, SAVE_LITTLE_ENDIAN, WeightsError } from "./errors.ts";
import { readPickle } from "./pickle.ts";
import type { StorageReference } from "./pickleValues.ts";
import { collectTensors, type PthFile } from "./pthStateDict.ts";
import { expandedLimit } from "./pthTensors.ts";
import { ZipArchive } from "./zip.ts";

/**
 * Reads the zip format of `torch.save` (PyTorch 1.6 and later): `<archive>/data.pkl`, and each storage in
 * `<archive>/data/<key>`. Only the storages of the state dict are read.
 * @throws WeightsError
 */
export function readZipFormat(source: ByteSource): PthFile {
  const archive = new ZipArchive(source, expandedLimit(source.size));
  const folder = requireFolder(source.name, archive);
  requireLittleEndian(source.name, archive, folder);
  const pickle = memorySource(`${source.name} (data.pkl)`, archive.read(`${folder}/data.pkl`));
  const root = readPickle(new ByteCursor(pickle));
  const readStorage = ({ key }: StorageReference) => archive.read(`${folder}/data/${key}`);
  return collectTensors(source.name, root, expandedLimit(source.size), readStorage);
}

/** Every entry lies in one folder, which PyTorch names after the file. */
function requireFolder(file: string, archive: ZipArchive): string {
  const folder = archive.names[0]?.split("/")[0] ?? "";
  if (archive.has(`${folder}/data.pkl`)) return folder;
  throw new WeightsError({
    file,
    reason: "zip archive was not written by torch.save: no entry data.pkl",
    remedy: SAVE_AGAIN,
  });
}

/** Written by PyTorch 2.1 and later; before that, by little-endian machines in practice. */
function requireLittleEndian(file: string, archive: ZipArchive, folder: string): void {
  const entry = `${folder}/byteorder`;
  if (!archive.has(entry)) return;
  const received = Buffer.from(archive.read(entry)).toString("latin1");
  if (received !== "little")
    throw new WeightsError({
      file,
      reason: "byte order",
      expected: "little",
      received,
      remedy: SAVE_LITTLE_ENDIAN,
    });
}

import { ByteCursor } from "./byteCursor.ts";
import { type ByteSource, memorySource } from "./byteSource.ts";
import { quote, WeightsError } from "./errors.ts";
import { readPickle } from "./pickle.ts";
import type { StorageReference } from "./pickleValues.ts";
import { collectTensors, expandedLimit, type PthFile } from "./pthStateDict.ts";
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
  const storages = new Map<string, Uint8Array>();
  const readStorage = (reference: StorageReference): Uint8Array => {
    const entry = `${folder}/data/${reference.key}`;
    requireSize(source.name, archive, entry, reference);
    const bytes = storages.get(entry) ?? archive.read(entry);
    storages.set(entry, bytes);
    return bytes;
  };
  return collectTensors(source.name, root, expandedLimit(source.size), readStorage);
}

/** Every entry lies in one folder, which PyTorch names after the file. */
function requireFolder(file: string, archive: ZipArchive): string {
  const folder = archive.names[0]?.split("/")[0] ?? "";
  if (archive.sizeOf(`${folder}/data.pkl`) !== undefined) return folder;
  throw new WeightsError({ file, reason: "zip archive was not written by torch.save: no entry data.pkl" });
}

/** Written by PyTorch 2.1 and later; before that, by little-endian machines in practice. */
function requireLittleEndian(file: string, archive: ZipArchive, folder: string): void {
  const entry = `${folder}/byteorder`;
  if (archive.sizeOf(entry) === undefined) return;
  const received = Buffer.from(archive.read(entry)).toString("latin1");
  if (received !== "little")
    throw new WeightsError({ file, reason: "byte order", expected: "little", received });
}

/** Checked before the entry is read: the pickle and the archive must agree. */
function requireSize(file: string, archive: ZipArchive, entry: string, reference: StorageReference): void {
  const expected = reference.elements * reference.bytesPerElement;
  const received = archive.sizeOf(entry);
  if (received === expected) return;
  throw new WeightsError({
    file,
    reason: `storage ${quote(reference.key)}`,
    expected: `${expected} bytes`,
    received: String(received ?? "no archive entry"),
  });
}

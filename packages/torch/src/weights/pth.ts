import { type ByteSource, memorySource, withFile } from "./byteSource.ts";
import { SAVE_AGAIN, WeightsError } from "./errors.ts";
import { readLegacyFormat } from "./pthLegacy.ts";
import type { PthFile } from "./pthStateDict.ts";
import { readZipFormat } from "./pthZip.ts";

/**
 * Reads the tensors of a file that PyTorch's `torch.save` wrote (`.pth`, `.pth.tar`, `.pt`), in the zip or the legacy
 * format. Nothing in the file is ever executed: objects that are not tensors are skipped, and named. The state dict is
 * the file's object itself, or lies under `state_dict`, `model_state_dict` or `model`.
 * @param path a regular file; of its storages only those of the state dict are read
 * @throws WeightsError for a file that is corrupt, hostile, or holds no state dict; Node's own errors for one that
 * cannot be opened
 */
export function readPth(path: string): PthFile {
  return withFile(path, read);
}

/**
 * The same from memory; contiguous tensors are views of `bytes`.
 * @param fileName for messages
 * @throws WeightsError
 */
export function parsePth(bytes: Uint8Array, fileName: string): PthFile {
  return read(memorySource(fileName, bytes));
}

const TAR_MARK = "ustar";
const TAR_MARK_OFFSET = 257;

function read(source: ByteSource): PthFile {
  const head = Buffer.from(source.read(0, Math.min(source.size, TAR_MARK_OFFSET + TAR_MARK.length)));
  if (head.toString("latin1", 0, 4) === "PK\x03\x04") return readZipFormat(source);
  // Every other format is a pickle from its first byte: PROTO, or in pickle protocol 1 LONG.
  if (head[0] === 0x80 || head[0] === 0x4c) return readLegacyFormat(source);
  const isTar = head.toString("latin1", TAR_MARK_OFFSET) === TAR_MARK;
  const reason = isTar
    ? "the tar format of PyTorch before 0.1.10 is not supported"
    : "no file written by torch.save: neither a zip archive nor a pickle";
  throw new WeightsError({ file: source.name, offset: 0, reason, remedy: SAVE_AGAIN });
}

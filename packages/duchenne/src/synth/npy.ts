/** NumPy's .npy files, as the second AffectNet release uses them (NumPy Enhancement Proposal 1, version 1.0). */

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
export function npyText(text: string): Buffer {
  const body = Buffer.alloc(text.length * 4);
  for (let i = 0; i < text.length; i += 1) body.writeUInt32LE(text.charCodeAt(i), i * 4);
  return npyFile(`<U${text.length}`, [], body);
}

/** Numbers as a one-dimensional array of doubles. */
export function npyNumbers(values: readonly number[]): Buffer {
  return npyFile("<f8", [values.length], Buffer.from(Float64Array.from(values).buffer));
}

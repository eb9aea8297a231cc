// Writes zips byte by byte for tests, with what usual writers never do: zip64 for small files, lies, comments.
export interface Written {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface ZipOptions {
  readonly zip64?: boolean;
  readonly comment?: Uint8Array;
  /** Replaces fields of the end record by offset (16-bit: 4, 6, 8, 10; 32-bit: 12, 16). */
  readonly end?: Readonly<Record<number, number>>;
}

/** All entries stored; the result is a valid zip unless `end` lies. */
export function zipOf(entries: readonly Written[], options: ZipOptions = {}): Uint8Array {
  const wide = options.zip64 === true;
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, bytes } of entries) {
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt32LE(bytes.length, 18);
    local.writeUInt32LE(bytes.length, 22);
    local.writeUInt16LE(Buffer.byteLength(name), 26);
    directory.push(directoryEntry(name, bytes.length, at, wide));
    parts.push(local, Buffer.from(name), Buffer.from(bytes));
    at += 30 + Buffer.byteLength(name) + bytes.length;
  }
  const listed = Buffer.concat(directory);
  const comment = options.comment ?? new Uint8Array();
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(wide ? 0xffff : entries.length, 8);
  end.writeUInt16LE(wide ? 0xffff : entries.length, 10);
  end.writeUInt32LE(wide ? 0xffffffff : listed.length, 12);
  end.writeUInt32LE(wide ? 0xffffffff : at, 16);
  end.writeUInt16LE(comment.length, 20);
  for (const [offset, value] of Object.entries(options.end ?? {})) {
    if (Number(offset) < 12) end.writeUInt16LE(value, Number(offset));
    else end.writeUInt32LE(value, Number(offset));
  }
  const wider = wide ? [wideEnd(entries.length, listed.length, at)] : [];
  return Buffer.concat([...parts, listed, ...wider, end, comment]);
}

function directoryEntry(name: string, sizeBytes: number, offset: number, wide: boolean): Buffer {
  const extra = Buffer.alloc(wide ? 28 : 0);
  if (wide) {
    extra.writeUInt16LE(1, 0);
    extra.writeUInt16LE(24, 2);
    for (const [nth, value] of [sizeBytes, sizeBytes, offset].entries()) {
      extra.writeBigUInt64LE(BigInt(value), 4 + 8 * nth);
    }
  }
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt32LE(wide ? 0xffffffff : sizeBytes, 20);
  entry.writeUInt32LE(wide ? 0xffffffff : sizeBytes, 24);
  entry.writeUInt16LE(Buffer.byteLength(name), 28);
  entry.writeUInt16LE(extra.length, 30);
  entry.writeUInt32LE(wide ? 0xffffffff : offset, 42);
  return Buffer.concat([entry, Buffer.from(name), extra]);
}

function wideEnd(entries: number, directoryBytes: number, directoryAt: number): Buffer {
  const record = Buffer.alloc(56 + 20);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeBigUInt64LE(BigInt(entries), 24);
  record.writeBigUInt64LE(BigInt(entries), 32);
  record.writeBigUInt64LE(BigInt(directoryBytes), 40);
  record.writeBigUInt64LE(BigInt(directoryAt), 48);
  record.writeUInt32LE(0x07064b50, 56);
  record.writeBigUInt64LE(BigInt(directoryAt + directoryBytes), 64);
  record.writeUInt32LE(1, 72);
  return record;
}

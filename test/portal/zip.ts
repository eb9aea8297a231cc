// A zip writer just large enough for the sample's own files: central directory, deflated or stored entries, no zip64.
import { crc32, deflateRawSync } from "node:zlib";
import { chunksOf, held, joined, type Content } from "./content.ts";

export interface ZipEntry {
  readonly name: string;
  readonly bytes: Uint8Array | string;
  readonly store?: boolean;
}

// 2024-01-01 00:00 in the DOS form, so that equal entries give an equal zip.
const DOS_DATE = ((2024 - 1980) << 9) | (1 << 5) | 1;
const UTF8_NAMES = 0x800;

interface Written {
  readonly name: Buffer;
  readonly method: number;
  readonly crc: number;
  readonly packedSize: number;
  readonly size: number;
  readonly offset: number;
}

function localHeader(entry: Omit<Written, "offset">): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(UTF8_NAMES, 6);
  header.writeUInt16LE(entry.method, 8);
  header.writeUInt16LE(DOS_DATE, 12);
  header.writeUInt32LE(entry.crc, 14);
  header.writeUInt32LE(entry.packedSize, 18);
  header.writeUInt32LE(entry.size, 22);
  header.writeUInt16LE(entry.name.length, 26);
  return Buffer.concat([header, entry.name]);
}

function directory(entries: readonly Written[], start: number): Buffer {
  const parts = entries.map((entry) => {
    const record = Buffer.alloc(46);
    record.writeUInt32LE(0x02014b50, 0);
    record.writeUInt16LE(20, 4);
    record.writeUInt16LE(20, 6);
    record.writeUInt16LE(UTF8_NAMES, 8);
    record.writeUInt16LE(entry.method, 10);
    record.writeUInt16LE(DOS_DATE, 14);
    record.writeUInt32LE(entry.crc, 16);
    record.writeUInt32LE(entry.packedSize, 20);
    record.writeUInt32LE(entry.size, 24);
    record.writeUInt16LE(entry.name.length, 28);
    record.writeUInt32LE(entry.offset, 42);
    return Buffer.concat([record, entry.name]);
  });
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(start, 16);
  return Buffer.concat([...parts, end]);
}

export function zip(entries: readonly ZipEntry[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const written: Written[] = [];
  let offset = 0;
  for (const { name, bytes, store = false } of entries) {
    const raw = typeof bytes === "string" ? Buffer.from(bytes, "utf8") : bytes;
    const packed = store ? raw : deflateRawSync(raw);
    const entry = {
      name: Buffer.from(name, "utf8"),
      method: store ? 0 : 8,
      crc: crc32(raw),
      packedSize: packed.length,
      size: raw.length,
    };
    const header = localHeader(entry);
    written.push({ ...entry, offset });
    parts.push(header, packed);
    offset += header.length + packed.length;
  }
  return Buffer.concat([...parts, directory(written, offset)]);
}

/** A zip with one stored entry of generated content; its CRC is computed when the first byte is read. */
export function zipOfGenerated(entryName: string, content: Content): Content {
  const name = Buffer.from(entryName, "utf8");
  const size = 30 + name.length + content.size + 46 + name.length + 22;
  let whole: Content | undefined;
  const build = (): Content => {
    let crc = 0;
    for (const chunk of chunksOf(content)) crc = crc32(chunk, crc);
    const entry = { name, method: 0, crc, packedSize: content.size, size: content.size };
    const header = localHeader(entry);
    return joined([
      held(header),
      content,
      held(directory([{ ...entry, offset: 0 }], header.length + content.size)),
    ]);
  };
  return { size, read: (offset, length) => (whole ??= build()).read(offset, length) };
}

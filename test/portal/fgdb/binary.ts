// The number and string forms of the file geodatabase format.
export const uint8 = (value: number): Buffer => Buffer.from([value & 0xff]);

export function int16(value: number): Buffer {
  const out = Buffer.alloc(2);
  out.writeInt16LE(value);
  return out;
}

export function int32(value: number): Buffer {
  const out = Buffer.alloc(4);
  out.writeInt32LE(value);
  return out;
}

export function int64(value: number): Buffer {
  const out = Buffer.alloc(8);
  out.writeBigInt64LE(BigInt(value));
  return out;
}

export function float64(value: number): Buffer {
  const out = Buffer.alloc(8);
  out.writeDoubleLE(value);
  return out;
}

/** Seven bits a byte, least significant first. */
export function varuint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = BigInt(Math.round(value));
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 0x80 : low);
  } while (rest > 0n);
  return Buffer.from(bytes);
}

/** As varuint, with the sign in bit 6 of the first byte. */
export function varint(value: number): Buffer {
  const rounded = BigInt(Math.round(value));
  let rest = rounded < 0n ? -rounded : rounded;
  const first = Number(rest & 0x3fn) | (rounded < 0n ? 0x40 : 0);
  rest >>= 6n;
  return rest === 0n
    ? Buffer.from([first])
    : Buffer.concat([Buffer.from([first | 0x80]), varuint(Number(rest))]);
}

/** One byte with the number of UTF-16 units, then the units. */
export function shortName(value: string): Buffer {
  return Buffer.concat([uint8(value.length), Buffer.from(value, "utf16le")]);
}

export function lengthAndBytes(bytes: Uint8Array): Buffer {
  return Buffer.concat([varuint(bytes.length), bytes]);
}

/** `{XXXXXXXX-XXXX-...}`: the first three groups are little-endian. */
export function uuid(value: string): Buffer {
  const hex = Buffer.from(value.replace(/[{}-]/g, ""), "hex");
  const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
  return Buffer.from(order.map((index) => hex[index] ?? 0));
}

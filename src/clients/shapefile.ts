// Counts the rows of zipped shapefiles where they lie: the header of each .dbf tells them (dBASE III: bytes 4 to 7, little
// endian), and its .shp must be there beside it unless it is a table.
import { type Result, failed, ok } from "../core/result.ts";
import type { ZipEntry } from "../core/zip.ts";
import { type GdbTable, type ReadRange, inspectZip, readHead } from "./archive.ts";

const DBF_HEADER_BYTES = 32;
const READS_AT_ONCE = 4;

/** Tables of all .dbf files in a zip with their rows, by the names of the files; `wrong-content` when it holds none. */
export async function inspectShapefiles(
  read: ReadRange,
  sizeBytes: number,
): Promise<Result<readonly GdbTable[]>> {
  const zip = await inspectZip(read, sizeBytes);
  if (!zip.ok) return zip;
  const files = zip.value.entries.filter(({ name }) => /\.dbf$/i.test(name));
  if (files.length === 0) return notShapefile(`none of its ${zip.value.entries.length} entries is a .dbf`);
  const tables: GdbTable[] = [];
  for (let at = 0; at < files.length; at += READS_AT_ONCE) {
    const some = files.slice(at, at + READS_AT_ONCE);
    const heads = await Promise.all(some.map((file) => readHead(read, file, DBF_HEADER_BYTES)));
    for (const [n, head] of heads.entries()) {
      if (!head.ok) return head;
      const file = some[n];
      if (file === undefined || head.value.byteLength < 12) return notShapefile("a .dbf of it has no header");
      tables.push({ name: tableName(file), rows: rowsIn(head.value) });
    }
  }
  return ok(tables);
}

function rowsIn(header: Uint8Array): number {
  return new DataView(header.buffer, header.byteOffset, header.byteLength).getUint32(4, true);
}

function tableName({ name }: ZipEntry): string {
  return name.slice(Math.max(name.lastIndexOf("/"), name.lastIndexOf("\\")) + 1).replace(/\.dbf$/i, "");
}

function notShapefile(why: string): Result<never> {
  return failed(
    "wrong-content",
    `Cannot find a shapefile in the zip: ${why}`,
    "Start the backup again; if it stays so, export the layer by hand and open it in ArcGIS Pro",
  );
}

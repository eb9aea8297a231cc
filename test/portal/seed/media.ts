// Small genuine files of common formats, made on the spot.
import { crc32, deflateSync } from "node:zlib";
import { held, joined, pattern, type Content } from "../content.ts";
import { zip } from "../zip.ts";

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

/** A square picture in one colour that the name decides. */
export function png(name: string, edge = 64): Content {
  const colour = [0, 1, 2].map((n) => (crc32(`${name}${n}`) >>> 8) & 0xff);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(edge, 0);
  header.writeUInt32BE(edge, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const row = Buffer.concat([
    Buffer.from([0]),
    Buffer.concat(Array.from({ length: edge }, () => Buffer.from(colour))),
  ]);
  const pixels = Buffer.concat(Array.from({ length: edge }, () => row));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return held(
    Buffer.concat([
      signature,
      chunk("IHDR", header),
      chunk("IDAT", deflateSync(pixels)),
      chunk("IEND", Buffer.alloc(0)),
    ]),
  );
}

/** Starts and ends as a JPEG does; what is between is noise of the wanted size. */
export function jpg(name: string, size: number): Content {
  const start = Buffer.from([
    0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0,
  ]);
  return joined([
    held(start),
    pattern(`jpg ${name}`, size - start.length - 2),
    held(Buffer.from([0xff, 0xd9])),
  ]);
}

export function mp4(name: string, size: number): Content {
  const start = Buffer.concat([
    Buffer.from([0, 0, 0, 16]),
    Buffer.from("ftypisom"),
    Buffer.from([0, 0, 2, 0]),
  ]);
  return joined([held(start), pattern(`mp4 ${name}`, size - start.length)]);
}

export function pdf(title: string): Content {
  const body = `%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n% ${title}\n`;
  const tail = `xref\n0 1\n0000000000 65535 f \ntrailer<</Size 3/Root 1 0 R>>\nstartxref\n${Buffer.byteLength(body)}\n%%EOF\n`;
  return held(Buffer.from(body + tail, "utf8"));
}

export function xlsx(): Content {
  return held(
    zip([
      {
        name: "[Content_Types].xml",
        bytes:
          '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
      },
      {
        name: "xl/workbook.xml",
        bytes: "<workbook><sheets><sheet name='Budget' sheetId='1'/></sheets></workbook>",
      },
    ]),
  );
}

export function shapefileZip(name: string): Content {
  const shp = Buffer.alloc(100);
  shp.writeInt32BE(9994, 0);
  shp.writeInt32BE(50, 24);
  shp.writeInt32LE(1000, 28);
  shp.writeInt32LE(1, 32);
  const dbf = Buffer.alloc(33);
  dbf.set([3, 124, 1, 1]);
  dbf.writeUInt16LE(33, 8);
  dbf[32] = 0x0d;
  return held(
    zip([
      { name: `${name}.shp`, bytes: shp },
      { name: `${name}.shx`, bytes: shp },
      { name: `${name}.dbf`, bytes: dbf },
      { name: `${name}.prj`, bytes: 'GEOGCS["GCS_WGS_1984"]' },
    ]),
  );
}

export function surveyZip(name: string, serviceItemId: string, serviceUrl: string): Content {
  return held(
    zip([
      {
        name: `esriinfo/${name}.info`,
        bytes: JSON.stringify({ serviceInfo: { itemId: serviceItemId, url: serviceUrl } }),
      },
      {
        name: `esriinfo/${name}.xml`,
        bytes: "<h:html xmlns:h='http://www.w3.org/1999/xhtml'><h:head/></h:html>",
      },
      { name: "esriinfo/forminfo.json", bytes: JSON.stringify({ name, type: "xform" }) },
      { name: "esriinfo/media/größe m².png", bytes: png(name).read(0, 1 << 16), store: true },
    ]),
  );
}

/** Service definitions are 7-Zip archives: their magic, then noise. */
export function serviceDefinition(name: string, size: number): Content {
  return joined([
    held(Buffer.from([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c, 0, 4])),
    pattern(`sd ${name}`, size - 8),
  ]);
}

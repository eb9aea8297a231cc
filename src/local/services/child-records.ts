// services.json of a state folder: which child processes belong to it and where they listen. Written before a child
// starts, so that a start that is killed half-way leaves no child that nobody knows.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";

const childRecord = z.object({
  /** Process id; 0 until the child has told it. */
  pid: z.number().int(),
  port: z.number().int(),
  controlPort: z.number().int(),
  /** What only this child answers to. */
  mark: z.string(),
  /** Epoch milliseconds of the last start. */
  startedAt: z.number(),
  /** From its start to its orderly end: somebody may count on its port. */
  inUse: z.boolean(),
});
export type ChildRecord = Readonly<z.infer<typeof childRecord>>;

export interface ChildRecords {
  get(name: string): ChildRecord | undefined;
  set(name: string, record: ChildRecord): void;
  /** Ports of all children, of those too that are not running. */
  ports(): number[];
}

/** Opens `services.json` in the state folder. Throws when the file there is damaged. */
export function openChildRecords(stateFolder: string): ChildRecords {
  const file = path.join(stateFolder, "services.json");
  mkdirSync(stateFolder, { recursive: true });
  const records = new Map(Object.entries(read(file)));
  return {
    get: (name) => records.get(name),
    set: (name, record) => {
      records.set(name, record);
      const half = `${file}.new`;
      writeFileSync(half, JSON.stringify(Object.fromEntries(records), null, 2));
      renameSync(half, file);
    },
    ports: () => [...records.values()].flatMap((record) => [record.port, record.controlPort]),
  };
}

function read(file: string): Record<string, ChildRecord> {
  if (!existsSync(file)) return {};
  try {
    return z.record(z.string(), childRecord).parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (cause) {
    throw new Error(`Cannot read "${file}": it is not the record that an earlier start wrote. Delete it`, {
      cause,
    });
  }
}

// As many maps and exports as a test asks for, and nothing that takes long: for tests of how a run goes, not of what it saves.
import { addItem, addMember, type Ground, type Seed } from "./build.ts";
import { addHosted } from "./layers.ts";

export interface LeanSpec {
  readonly maps: number;
  readonly layers: number;
  /** Scaled minutes that each layer's export takes. */
  readonly minutes: number;
  /** Layers whose export does not end by itself; tagged `slow`, the others `quick`. */
  readonly slow?: number;
}

const NEVER_MINUTES = 100_000;

export function leanSeed({ maps, layers, minutes, slow = 0 }: LeanSpec): Seed {
  return (ground: Ground) => {
    const { state, password } = ground;
    addMember(state, "backup_admin", "Backup Administrator", { role: "org_admin", password });
    for (let n = 0; n < maps; n += 1) {
      addItem(state, { title: `Map ${n}`, type: "Web Map", keywords: ["Web Map"], json: { n } });
    }
    for (let n = 0; n < layers + slow; n += 1) {
      const isSlow = n < slow;
      addHosted(ground, {
        title: `${isSlow ? "Slow" : "Quick"} layer ${n}`,
        service: `Layer${n}`,
        owner: "backup_admin",
        minutes: isSlow ? NEVER_MINUTES : minutes,
        tags: [isSlow ? "slow" : "quick"],
        // Slow layers are the largest, so that each takes a lane first.
        size: isSlow ? 50_000_000 - n : 100_000 + n,
        layers: [{ id: 0, name: `Layer${n}`, geometry: "point", rows: 5 }],
      });
    }
  };
}

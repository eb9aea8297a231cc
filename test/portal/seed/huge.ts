// 25,000 small items: more than a search shows, more than that in one owner, and more than that made in one millisecond.
import { addItem, addMember, type Ground } from "./build.ts";

/** Of each kind; together 25,000. */
export const HUGE = { harvested: 5_000, atOnce: 10_500, spread: 9_500, members: 24 } as const;

const FIRST = Date.UTC(2018, 0, 1);
const MINUTE = 60_000;
/** When a script made its items, all of them in the same millisecond. */
const AT_ONCE = Date.UTC(2023, 5, 1, 12);

export function hugeSeed({ state, password }: Ground): void {
  addMember(state, "backup_admin", "Backup Administrator", { role: "org_admin", password });
  addMember(state, "harvester", "Harvesting script");
  addMember(state, "loader", "Loading script");
  const add = (title: string, owner: string, created: number, folder?: string): void => {
    const place = folder === undefined ? {} : { folder };
    const item = addItem(state, { title, type: "Web Map", owner, noData: "empty", ...place });
    item.fields.created = created;
    item.fields.modified = created;
  };
  for (let n = 0; n < HUGE.harvested; n += 1) add(`Harvested ${n}`, "harvester", FIRST + n * 7 * MINUTE);
  // The greater part belongs to the harvester, who then owns more than a search shows.
  for (let n = 0; n < HUGE.atOnce; n += 1) add(`At once ${n}`, n % 5 < 3 ? "harvester" : "loader", AT_ONCE);
  for (let n = 0; n < HUGE.members; n += 1) addMember(state, `member${n}`, `Member ${n}`);
  for (let n = 0; n < HUGE.spread; n += 1) {
    const owner = `member${n % HUGE.members}`;
    add(`Spread ${n}`, owner, FIRST + n * 400 * MINUTE, n % 3 === 0 ? `Folder ${n % 4}` : undefined);
  }
}

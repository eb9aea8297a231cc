// The City of Acme: some 310 items of its departments. A correct client backs every one of them up.
import { addGroup, addMember, type Ground } from "./build.ts";
import { mapsAndApps } from "./apps.ts";
import { departments } from "./departments.ts";
import { filesAndOddities } from "./files.ts";
import { ofKind } from "./of-kind.ts";
import { rarities } from "./rarities.ts";
import { services } from "./services.ts";

function people({ state, password }: Ground): void {
  addMember(state, "backup_admin", "Backup Administrator", { role: "org_admin", password });
  addMember(state, "jdoe", "Jane Doe");
  addMember(state, "m.smith@acme.example", "Max Smith");
  addMember(state, "a_lopez-gis", "Ana López");
  addMember(state, "planning.team", "Planning");
  addMember(state, "old_timer", "Left in 2022", { disabled: true });
  addMember(state, "esri_nav", "Esri Navigation", { system: true });
  addGroup(state, "Public works – öffentlich", "jdoe", "public", ["planning.team"]);
  addGroup(state, "Field crews", "m.smith@acme.example", "private", ["jdoe"]);
  addGroup(state, "Board", "backup_admin", "org", []);
}

/** Everything that is odd or rare, once: what the whole default seed has, without its bulk. */
export function citySeed(ground: Ground): void {
  people(ground);
  services(ground);
  mapsAndApps(ground);
  filesAndOddities(ground);
  rarities(ground);
  ofKind(ground);
}

export function defaultSeed(ground: Ground): void {
  citySeed(ground);
  departments(ground);
}

// The package that an export of a service of tiles is, whichever way it is asked for: all of its levels.
import type { TileService } from "../state.ts";
import { levelsOf, tileInfo } from "../tiling.ts";
import { slpk, tpkx, vtpk } from "./packages.ts";

export function packageOf(service: TileService): Uint8Array {
  switch (service.type) {
    case "SceneServer":
      return slpk(service.name);
    case "VectorTileServer":
      return vtpk(service.name, levelsOf(service), tileInfo(service));
    case "MapServer":
    case "ImageServer":
      return tpkx(service.name, levelsOf(service), tileInfo(service));
  }
}

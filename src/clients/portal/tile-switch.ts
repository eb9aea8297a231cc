// The switches of a hosted tile service: whether its tiles may be exported, and how many at once (rest-api 11.1, 11.2).
// ArcGIS Online takes the two values alone, Enterprise the service's whole definition: the one it has is read first.
import { failed, ok, type Result } from "../../core/result.ts";
import { fieldsOf, type Fields } from "../../core/fields.ts";
import type { PortalSelf } from "./portal.ts";
import { lostRead } from "./refusals.ts";
import type { Sender } from "./send.ts";
import { serviceAddress, told } from "./service-address.ts";
import type { ServiceCalls, TileSwitch } from "./service-calls.ts";

const SERVICE = /^(.*)\/rest\/services\/(.+)\/(MapServer|ImageServer|VectorTileServer)\/*$/i;

export function tileSwitch(
  sender: Sender,
  kind: () => Promise<Result<PortalSelf["kind"]>>,
): Pick<ServiceCalls, "editTileExport"> {
  return {
    editTileExport: async (serviceUrl, values) => {
      const action = `set whether the tiles of ${told(serviceUrl)} may be exported`;
      const url = serviceAddress(serviceUrl, "", action);
      if (!url.ok) return url;
      const [, root, name, type] = SERVICE.exec(url.value.pathname) ?? [];
      if (root === undefined || name === undefined || type === undefined) {
        const next = "Correct the address on the item's page";
        return failed("bad-input", `Cannot ${action}: its address is none of a hosted tile service`, next);
      }
      const of = await kind();
      if (!of.ok) return of;
      const vector = type.toLowerCase() === "vectortileserver";
      if (of.value === "online") {
        const at = withPath(url.value, `${root}/rest/admin/services/${name}/${type}/edit`);
        const params = vector ? { serviceDefinition: JSON.stringify(values) } : formOf(values);
        return edited(sender, action, at, params);
      }
      const at = withPath(url.value, `${root}/admin/services/${name}.${type}`);
      const present = await sender.json({ action, at });
      if (!present.ok) return lostRead(present);
      const definition = JSON.stringify(withSwitch(present.value.value, values));
      const params = vector ? { services: definition, runAsync: "true" } : { service: definition };
      return edited(sender, action, new URL(`${at.href}/edit`), params);
    },
  };
}

/** Another path on the same host, whatever the path begins with. */
function withPath(url: URL, path: string): URL {
  const at = new URL(url);
  at.pathname = path;
  return at;
}

async function edited(
  sender: Sender,
  action: string,
  at: URL,
  params: Readonly<Record<string, string>>,
): Promise<Result<void>> {
  const reply = await sender.json({ action, at, method: "POST", params });
  return reply.ok ? ok(undefined) : lostRead(reply);
}

function formOf(values: TileSwitch): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}

/** The definition with the switches set, each in the type that it has: ArcGIS Server keeps properties as text. */
function withSwitch(definition: Fields, values: TileSwitch): Fields {
  const present = fieldsOf(definition, "properties");
  const set = Object.entries(values).map(([name, value]): [string, unknown] => [
    name,
    typeof present[name] === typeof value ? value : String(value),
  ]);
  return { ...definition, properties: { ...present, ...Object.fromEntries(set) } };
}

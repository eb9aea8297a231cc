// Who the app is towards Azure: its managed identity, or on a developer's machine the sign-in of a tool that was chosen.
import type { Reading } from "./reading.ts";
import type { SettingName } from "./setting-names.ts";

const DEVELOPER_TOOLS = ["azure-cli", "azure-developer-cli", "azure-powershell"] as const;

export type IdentitySettings =
  | { readonly kind: "managed"; readonly clientId?: string }
  | { readonly kind: "developer"; readonly tool: (typeof DEVELOPER_TOOLS)[number] };

/** The identity of a service: `clientIdName` names a user-assigned one, else AZURE_CLIENT_ID does. */
export type IdentityFor = (clientIdName?: SettingName) => IdentitySettings;

/** `isOnAzure`: a developer's sign-in is refused there. */
export function identitySettings(reading: Reading, isOnAzure: boolean): IdentityFor {
  const chosen = reading.text("DEVELOPER_SIGN_IN");
  const tool = DEVELOPER_TOOLS.find((one) => one === chosen);
  if (chosen !== undefined && tool === undefined) {
    reading.problem(`DEVELOPER_SIGN_IN is not known; accepted: ${DEVELOPER_TOOLS.join(", ")}`);
  }
  if (chosen !== undefined && isOnAzure) {
    reading.problem(
      "DEVELOPER_SIGN_IN is for a developer's machine: remove it, on Azure the app has an identity",
    );
  }
  return (clientIdName) => {
    if (tool !== undefined) return { kind: "developer", tool };
    const clientId = clientIdOf(reading, clientIdName) ?? clientIdOf(reading, "AZURE_CLIENT_ID");
    return { kind: "managed", ...(clientId !== undefined && { clientId }) };
  };
}

function clientIdOf(reading: Reading, name: SettingName | undefined): string | undefined {
  const value = name === undefined ? undefined : reading.text(name);
  if (value === undefined || /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)) return value;
  const said = `${name ?? ""} is no client id, which looks like 01234567-89ab-cdef-0123-456789abcdef`;
  if (!reading.problems.includes(said)) reading.problem(said);
  return undefined;
}

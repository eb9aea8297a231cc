// Sign-in to Azure: the app's managed identity, or on a developer's machine the sign-in of a tool, when it was chosen.
// What goes wrong is a SignInError: what happened and what to do, in our words. The SDK's messages may quote answers.
import {
  AzureCliCredential,
  AzureDeveloperCliCredential,
  AzurePowerShellCredential,
  ManagedIdentityCredential,
} from "@azure/identity";

/** Where tokens come from. `clientId`: the user-assigned identity; left out, the app's own one. */
export type Identity =
  | { readonly kind: "managed"; readonly clientId?: string }
  | { readonly kind: "developer"; readonly tool: DeveloperTool };

export type DeveloperTool = "azure-cli" | "azure-developer-cli" | "azure-powershell";

interface Token {
  readonly token: string;
  /** Epoch milliseconds. */
  readonly expiresOnTimestamp: number;
}

/** What gives tokens; a credential of @azure/identity has this shape. */
export interface Credential {
  getToken(scopes: string | string[], options?: object): Promise<Token | null>;
}

/** No token could be had. */
export class SignInError extends Error {
  override readonly name = "SignInError";
  /** Whether another try may succeed without anybody changing anything. */
  readonly mayPass: boolean;
  /** What the administrator does next. */
  readonly next: string;
  constructor(text: string, next: string, mayPass: boolean, cause: unknown) {
    super(text, { cause });
    this.next = next;
    this.mayPass = mayPass;
  }
}

/** The SDK waits for ever for an endpoint that does not answer. */
const TOKEN_MS = 30_000;
/** A token is asked for anew this long before it ends: longer than any one call takes. */
const EARLY_MS = 5 * 60_000;

/**
 * A credential that holds its tokens, so that clients made for one activity do not each ask for one. `inner`: what it asks.
 */
export function credentialOf(
  identity: Identity,
  deadlineMs: number = TOKEN_MS,
  inner: Credential = sdkCredential(identity),
): Credential {
  const held = new Map<string, Token>();
  return {
    async getToken(scopes, options = {}) {
      const { claims, tenantId = "" } = options as { claims?: string; tenantId?: string };
      const key = `${tenantId} ${[scopes].flat().join(" ")}`;
      const known = held.get(key);
      if (claims === undefined && known !== undefined && known.expiresOnTimestamp - Date.now() > EARLY_MS) {
        return known;
      }
      const token = await asked(inner, identity, scopes, options, deadlineMs);
      held.set(key, token);
      return token;
    },
  };
}

function sdkCredential(identity: Identity): Credential {
  if (identity.kind === "managed") {
    const { clientId } = identity;
    return new ManagedIdentityCredential({
      ...(clientId !== undefined && { clientId }),
      retryOptions: { maxRetries: 2, maxRetryDelayInMs: 4_000 },
    });
  }
  switch (identity.tool) {
    case "azure-cli":
      return new AzureCliCredential({ processTimeoutInMs: TOKEN_MS });
    case "azure-developer-cli":
      return new AzureDeveloperCliCredential({ processTimeoutInMs: TOKEN_MS });
    case "azure-powershell":
      return new AzurePowerShellCredential({ processTimeoutInMs: TOKEN_MS });
  }
}

async function asked(
  inner: Credential,
  identity: Identity,
  scopes: string | string[],
  options: object,
  deadlineMs: number,
): Promise<Token> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Late()), deadlineMs);
  });
  try {
    const token = await Promise.race([inner.getToken(scopes, options), late]);
    if (token === null) throw new Error("The credential gave no token");
    return token;
  } catch (error) {
    throw signInError(error, identity, deadlineMs);
  } finally {
    clearTimeout(timer);
  }
}

class Late extends Error {}

function signInError(error: unknown, identity: Identity, deadlineMs: number): SignInError {
  const who = identity.kind === "managed" ? "the app's managed identity" : `the sign-in of ${identity.tool}`;
  if (error instanceof Late) {
    return new SignInError(
      `${who} gave no token within ${deadlineMs / 1000} s`,
      identity.kind === "managed" ? LATER : FIRST_USE[identity.tool],
      true,
      error,
    );
  }
  if (identity.kind === "developer") {
    return new SignInError(`${who} gave no token`, FIRST_USE[identity.tool], false, error);
  }
  const status = statusOf(error);
  if (status === undefined) {
    return new SignInError(
      `${who} cannot be asked for a token: nothing answers here that gives tokens to it`,
      "Give the app a managed identity; on a machine of your own set DEVELOPER_SIGN_IN, or use another SECRET_SOURCE and connection strings",
      true,
      error,
    );
  }
  if (status === 408 || status === 429 || status >= 500) {
    return new SignInError(`${who} gave no token: its endpoint answered ${status}`, LATER, true, error);
  }
  const named = identity.clientId === undefined ? "" : ` with the client id ${identity.clientId}`;
  return new SignInError(
    `${who}${named} gave no token: its endpoint answered ${status}`,
    "Check that the identity is assigned to the app, and that AZURE_CLIENT_ID and the settings that end in __clientId name it",
    false,
    error,
  );
}

const LATER =
  "Start the backup again; if it stays so, look at the health of the function app in the Azure portal";

const FIRST_USE: Readonly<Record<DeveloperTool, string>> = {
  "azure-cli": "Install the Azure CLI and sign in with: az login",
  "azure-developer-cli": "Install the Azure Developer CLI and sign in with: azd auth login",
  "azure-powershell": "Install the module Az.Accounts and sign in with: Connect-AzAccount",
};

/** The HTTP status of the endpoint's answer, which the SDK keeps below the error that it throws. */
function statusOf(error: unknown): number | undefined {
  for (let at = error, n = 0; at instanceof Error && n < 5; at = at.cause, n += 1) {
    const { status } = at as Error & { readonly status?: unknown };
    if (typeof status === "number") return status;
  }
  return undefined;
}

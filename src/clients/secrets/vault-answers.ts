// How a Key Vault answers when it refuses: a status, and JSON with codes, the innermost of which tells the case.
import type { SecretClientOptions } from "@azure/keyvault-secrets";
import { RestError } from "@azure/storage-blob";

type Step = NonNullable<SecretClientOptions["additionalPolicies"]>[number]["policy"];

/**
 * A step of the client's pipeline: an answer that is no success is thrown with what its body says. The client itself breaks
 * over one without a JSON body, which proxies and gateways send.
 */
export const refusalsAsErrors: Step = {
  name: "refusalsAsErrors",
  async sendRequest(request, next) {
    const response = await next(request);
    if (response.status < 400) return response;
    const { status: statusCode } = response;
    const error = new RestError(`The vault answered ${statusCode}`, { statusCode, request, response });
    error.details = jsonOf(response.bodyAsText ?? "");
    throw error;
  },
};

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The innermost code that tells something, and the message, of the vault's JSON. */
export function said(error: RestError): { readonly code: string; readonly message: string } {
  const { error: details } = (error.details ?? {}) as { readonly error?: VaultError | null };
  const code = String(details?.innererror?.code ?? details?.code ?? error.code ?? "");
  // It goes into a text: nothing but a code.
  return { code: /^\w{1,60}$/.test(code) ? code : "", message: String(details?.message ?? error.message) };
}

interface VaultError {
  readonly code?: string;
  readonly message?: string;
  readonly innererror?: { readonly code?: string } | null;
}

// Azure as the app meets it, on loopback and by its real names: a proxy leads https://NAME.vault.azure.net and the storage
// accounts to stand-ins that have certificates of an authority of their own. The app and its SDKs are told nothing of it.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type Server, createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { startAzurite } from "../azurite.ts";
import { certificateAuthority } from "./certificates.ts";
import { SampleIdentity } from "./identity.ts";
import { SampleVault } from "./vault.ts";

export const CLIENT_ID = "0a1b2c3d-1111-2222-3333-444455556666";
export const VAULT_URI = "https://acme.vault.azure.net";

export interface SampleAzure {
  readonly vault: SampleVault;
  readonly identity: SampleIdentity;
  /** The certificate authority, PEM. */
  readonly authority: string;
  /** What an instance of a function app has in its environment. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** `accounts`: storage accounts (Azurite over https, with tokens alone) that exist besides the vault. */
export async function startAzure(accounts: readonly string[] = []): Promise<SampleAzure> {
  const folder = await mkdtemp(path.join(tmpdir(), "backup-azure-"));
  const authority = certificateAuthority();
  const vault = new SampleVault();
  const identity = new SampleIdentity(CLIENT_ID);
  const hosts = accounts.map((account) => `${account}.blob.core.windows.net`);
  const tls = authority.issue(["acme.vault.azure.net", ...hosts]);
  const file = async (name: string, text: string): Promise<string> => {
    await writeFile(path.join(folder, name), text);
    return path.join(folder, name);
  };
  const caFile = await file("ca.pem", authority.certificate);

  const vaultServer = vault.serve(tls);
  const vaultPort = await listening(vaultServer);
  const identityServer = identity.serve();
  const identityPort = await listening(identityServer);
  const storage =
    accounts.length === 0
      ? undefined
      : await startAzurite(
          [
            "--oauth",
            "basic",
            "--cert",
            await file("cert.pem", tls.certificate),
            "--key",
            await file("key.pem", tls.key),
          ],
          {
            AZURITE_ACCOUNTS: accounts
              .map((account) => `${account}:${Buffer.alloc(64, 9).toString("base64")}`)
              .join(";"),
          },
        );
  const ports = new Map([
    ["acme.vault.azure.net:443", vaultPort],
    ...hosts.map((host) => [`${host}:443`, storage?.port ?? 0] as const),
  ]);
  const proxy = proxyTo(ports);
  const proxyPort = await listening(proxy);

  return {
    vault,
    identity,
    authority: authority.certificate,
    env: {
      IDENTITY_ENDPOINT: `http://127.0.0.1:${identityPort}/msi/token`,
      IDENTITY_HEADER: SampleIdentity.header,
      AZURE_CLIENT_ID: CLIENT_ID,
      KEY_VAULT_URI: VAULT_URI,
      SECRET_SOURCE: "keyvault",
      HTTPS_PROXY: `http://127.0.0.1:${proxyPort}`,
      NO_PROXY: "127.0.0.1",
      NODE_EXTRA_CA_CERTS: caFile,
    },
    async stop() {
      for (const server of [proxy, vaultServer, identityServer]) {
        server.close();
        server.closeAllConnections();
      }
      await storage?.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Passes on connections to the names it knows; any other name is unknown on its network. */
function proxyTo(ports: ReadonlyMap<string, number>): Server {
  return createServer().on("connect", (request, client: Socket) => {
    const port = ports.get(request.url ?? "");
    client.on("error", () => client.destroy());
    if (port === undefined) return void client.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
    const target = connect(port, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      target.pipe(client).pipe(target);
    });
    target.on("error", () => client.destroy());
    client.on("close", () => target.destroy());
    target.on("close", () => client.destroy());
  });
}

async function listening(server: Pick<Server, "listen" | "address" | "once">): Promise<number> {
  await new Promise<void>((resolve) => {
    server.once("listening", resolve);
    server.listen(0, "127.0.0.1");
  });
  return (server.address() as AddressInfo).port;
}

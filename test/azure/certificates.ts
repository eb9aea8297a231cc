// A certificate authority for one test, and certificates for names of Azure: X.509 as far as TLS needs it, written in DER.
import { type KeyObject, createPublicKey, generateKeyPairSync, randomBytes, sign } from "node:crypto";

export interface Authority {
  /** PEM; who trusts it trusts what it issued. */
  readonly certificate: string;
  issue(names: readonly string[]): { readonly key: string; readonly certificate: string };
}

export function certificateAuthority(): Authority {
  const own = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const name = "Test authority of ArcGIS Backup for Azure";
  const isAuthority = extension("551d13", der(0x30, der(0x01, [0xff])));
  return {
    certificate: certificate(own.publicKey, name, own.privateKey, name, isAuthority),
    issue(names) {
      const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
      const dnsNames = names.map((dns) => der(0x82, Buffer.from(dns)));
      return {
        key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
        certificate: certificate(
          publicKey,
          names[0] ?? "",
          own.privateKey,
          name,
          extension("551d11", der(0x30, ...dnsNames)),
        ),
      };
    },
  };
}

function certificate(
  subjectKey: KeyObject,
  subject: string,
  issuerKey: KeyObject,
  issuer: string,
  ext: Buffer,
): string {
  const signedWith = der(0x30, object("2a8648ce3d040302")); // ecdsa-with-SHA256
  const serial = Buffer.concat([Buffer.from([1]), randomBytes(8)]);
  const body = der(
    0x30,
    der(0xa0, der(0x02, [2])), // version 3
    der(0x02, serial),
    signedWith,
    called(issuer),
    der(0x30, time(-1), time(1)),
    called(subject),
    createPublicKey(subjectKey.export({ type: "spki", format: "pem" })).export({
      type: "spki",
      format: "der",
    }),
    der(0xa3, der(0x30, ext)),
  );
  const signature = der(0x03, [0], sign("sha256", body, issuerKey));
  const text = der(0x30, body, signedWith, signature).toString("base64").replace(/.{64}/g, "$&\n");
  return `-----BEGIN CERTIFICATE-----\n${text.trimEnd()}\n-----END CERTIFICATE-----\n`;
}

/** Tag, length, content. */
function der(tag: number, ...parts: readonly (Buffer | readonly number[])[]): Buffer {
  const content = Buffer.concat(parts.map((part) => (Buffer.isBuffer(part) ? part : Buffer.from(part))));
  const length = content.length;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function object(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, "hex"));
}

function called(name: string): Buffer {
  return der(0x30, der(0x31, der(0x30, object("550403"), der(0x0c, Buffer.from(name)))));
}

function extension(hex: string, value: Buffer): Buffer {
  return der(0x30, object(hex), der(0x01, [0xff]), der(0x04, value));
}

function time(daysFromNow: number): Buffer {
  const at = new Date(Date.now() + daysFromNow * 86_400_000).toISOString();
  return der(0x17, Buffer.from(`${at.replace(/\D/g, "").slice(2, 14)}Z`));
}

// The sample organisations that come with the program: which one is meant, where its state lies, and its profile.
import path from "node:path";
import type { SampleKind } from "../services/sample-portal.ts";

/** Environment variable that holds the password of the sample's account. */
export const SAMPLE_SECRET = "SAMPLE_PORTAL_PASSWORD";
export const SAMPLE_PASSWORD = "sample-password-1";

/** The sample that the options name. */
export function sampleOf(options: { readonly trouble: boolean; readonly enterprise: boolean }): SampleKind {
  return {
    kind: options.enterprise ? "enterprise" : "online",
    seed: options.trouble ? "trouble" : "default",
  };
}

/** Name of the sample's profile: `sample`, `trouble`, `enterprise`, `enterprise-trouble`. */
export function sampleName({ kind, seed }: SampleKind): string {
  const parts = [
    ...(kind === "enterprise" ? ["enterprise"] : []),
    ...(seed === "trouble" ? ["trouble"] : []),
  ];
  return parts.length === 0 ? "sample" : parts.join("-");
}

/** `.local` of the project for the usual sample; the others have a folder of their own there. */
export function sampleFolder(projectRoot: string, sample: SampleKind): string {
  const name = sampleName(sample);
  return path.join(projectRoot, ".local", ...(name === "sample" ? [] : [name]));
}

/** The options by which the sample is chosen again, with a space before each. */
export function sampleOptions({ kind, seed }: SampleKind): string {
  return `${kind === "enterprise" ? " --enterprise" : ""}${seed === "trouble" ? " --trouble" : ""}`;
}

/** Short enough for the first line of a report. */
const WHAT: Readonly<Record<SampleKind["kind"], Readonly<Record<SampleKind["seed"], string>>>> = {
  online: { default: "sample", trouble: "sample, trouble" },
  enterprise: { default: "sample Enterprise", trouble: "Enterprise, trouble" },
};

/** The sample's profile as JSON, for the sample portal at this address. */
export function sampleProfile(sample: SampleKind, portalUrl: string): string {
  return JSON.stringify({
    name: sampleName(sample),
    organisation: `City of Acme (${WHAT[sample.kind][sample.seed]})`,
    portal: {
      url: portalUrl,
      auth: { kind: "password", username: "backup_admin", secret: SAMPLE_SECRET },
    },
    destination: { container: SAMPLE_CONTAINER },
    mail: { to: ["gis-team@acme.example"] },
  });
}

/** Container that the samples are backed up to. */
export const SAMPLE_CONTAINER = "backups";

// The profile of `npm run backup` without a profile: the sample organisation that comes with the program.

/** Environment variable that holds the password of the sample's account. */
export const SAMPLE_SECRET = "SAMPLE_PORTAL_PASSWORD";
export const SAMPLE_PASSWORD = "sample-password-1";
export const SAMPLE_NAME = "sample";

/** The sample profile as JSON, for the sample portal at this address. */
export function sampleProfile(portalUrl: string): string {
  return JSON.stringify({
    name: SAMPLE_NAME,
    organisation: "City of Acme (sample)",
    portal: {
      url: portalUrl,
      auth: { kind: "password", username: "backup_admin", secret: SAMPLE_SECRET },
    },
    destination: { container: "backups" },
  });
}

// The app's entry point: each import registers its functions.
import "./durable.ts";
import "./nightly.ts";
import "./startBackup.ts";
import "./listBackups.ts";
import "./getBackup.ts";
import "./getBackupResults.ts";
import "./getBackupSummary.ts";
import "./getBackupLog.ts";
import "./getBackupPlan.ts";
import "./cancelBackup.ts";
import "./listProfiles.ts";
import "./checkProfile.ts";
import "./getProfile.ts";
import "./putProfile.ts";
import "./deleteProfile.ts";
import "./getOpenApi.ts";

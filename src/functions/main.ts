// The app's entry point: each import registers its functions.
import "./durable.ts";
import "./nightly.ts";
import "./startBackup.ts";
import "./getBackup.ts";
import "./getBackupResults.ts";
import "./getBackupSummary.ts";

// What each label of a sheet of parameters becomes in a profile.
import type { Field } from "./labels.ts";
import * as values from "./values.ts";

export interface Meaning {
  /** Path in the profile: `exports.timeoutMinutes`. */
  readonly path: string;
  readonly read: (cell: string) => values.Read;
}

/** Fields that become one value; passwords, connections, times of day and mail servers are treated in take-over.ts. */
export const MEANINGS: Readonly<Partial<Record<Field, Meaning>>> = {
  url: { path: "portal.url", read: values.address },
  organisation: { path: "organisation", read: values.text },
  username: { path: "portal.auth.username", read: values.text },
  folder: { path: "destination.folder", read: values.folder },
  container: { path: "destination.container", read: values.container },
  folderPrefix: { path: "folderPrefix", read: values.folderPrefix },
  layout: { path: "layout", read: values.layout },
  search: { path: "search", read: values.search },
  timeout: { path: "exports.timeoutMinutes", read: values.minutes },
  days: { path: "changedWithinDays", read: values.days },
  dependencies: { path: "dependencies", read: values.yesNo },
  views: { path: "views", read: values.views },
  emptyServices: { path: "emptyServices", read: values.yesNo },
  noEmptyServices: { path: "emptyServices", read: values.noYes },
  serviceDefinitions: { path: "serviceDefinitions", read: values.yesNo },
  noServiceDefinitions: { path: "serviceDefinitions", read: values.noYes },
  switchExportOn: { path: "tiles.switchExportOn", read: values.yesNo },
  mailTo: { path: "mail.to", read: values.mails },
  ...lists("select"),
  ...lists("exclude"),
};

function lists(which: "select" | "exclude"): Partial<Record<Field, Meaning>> {
  return {
    [`${which}.ids`]: { path: `${which}.ids`, read: values.ids },
    [`${which}.types`]: { path: `${which}.types`, read: values.types },
    [`${which}.owners`]: { path: `${which}.owners`, read: values.list },
    [`${which}.groups`]: { path: `${which}.groups`, read: values.list },
    [`${which}.folders`]: { path: `${which}.folders`, read: values.list },
    [`${which}.tags`]: { path: `${which}.tags`, read: values.list },
  };
}

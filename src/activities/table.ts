// Every activity under its registered name; functions/durable.ts registers this table, steps.ts types its calls by it.
import type { Deps } from "../deps.ts";
import { beginClosing } from "./beginClosing.ts";
import { captureOrganisation } from "./captureOrganisation.ts";
import { claimPiece } from "./claimPiece.ts";
import { crossCheckListing } from "./crossCheckListing.ts";
import { endExport } from "./endExport.ts";
import { listContent } from "./listContent.ts";
import { listGroups } from "./listGroups.ts";
import { listMembers } from "./listMembers.ts";
import { openRun } from "./openRun.ts";
import { planRound } from "./planRound.ts";
import { pollExport } from "./pollExport.ts";
import { readEdits } from "./readEdits.ts";
import { readRelations } from "./readRelations.ts";
import { recordPart } from "./recordPart.ts";
import { saveExport } from "./saveExport.ts";
import { saveItem } from "./saveItem.ts";
import { sealRun } from "./sealRun.ts";
import { searchItems } from "./searchItems.ts";
import { sendMail } from "./sendMail.ts";
import { startExport } from "./startExport.ts";
import { sweepExports } from "./sweepExports.ts";
import { tellPlan } from "./tellPlan.ts";
import { tellRun } from "./tellRun.ts";

export const activities = {
  beginClosing,
  captureOrganisation,
  claimPiece,
  crossCheckListing,
  endExport,
  listContent,
  listGroups,
  listMembers,
  openRun,
  planRound,
  pollExport,
  readEdits,
  readRelations,
  recordPart,
  saveExport,
  saveItem,
  sealRun,
  searchItems,
  sendMail,
  startExport,
  sweepExports,
  tellPlan,
  tellRun,
} satisfies Record<string, (input: never, deps: Deps) => Promise<object>>;

type Activities = typeof activities;
export type ActivityName = keyof Activities;
export type ActivityInput<N extends ActivityName> = Parameters<Activities[N]>[0];
export type ActivityOutput<N extends ActivityName> = Awaited<ReturnType<Activities[N]>>;

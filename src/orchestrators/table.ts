// Every orchestration under its registered name.
import { backup } from "./backup.ts";
import { closeRun } from "./closeRun.ts";
import { directLane } from "./directLane.ts";
import { heavyLane } from "./heavyLane.ts";

export const orchestrators = { backup, closeRun, directLane, heavyLane } as const;

import { wholeRunTests } from "./whole-run.ts";

wholeRunTests("enterprise");

import { crashTests } from "./crash.ts";

crashTests("enterprise");

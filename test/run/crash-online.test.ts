import { crashTests } from "./crash.ts";

crashTests("online");

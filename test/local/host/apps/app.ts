import "./scenarios.ts";
import "./habits.ts";
import "./ways-in.ts";

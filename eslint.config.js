// Errors only. What a folder may not do is said here with its cure; who may import whom is a test (test/layers.test.ts).
import js from "@eslint/js";
import tseslint from "typescript-eslint";

const pure = [
  { name: "process", message: "core and orchestrators know no process: read settings in config.ts" },
  { name: "setTimeout", message: "core and orchestrators know no time: use a durable timer" },
  { name: "setInterval", message: "core and orchestrators know no time: use a durable timer" },
  { name: "fetch", message: "core and orchestrators know no network: use an activity" },
  { name: "Buffer", message: "core and orchestrators know no Node: use Uint8Array" },
];
const clock = [
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: "core and orchestrators know no clock: take the time as an argument",
  },
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: "core and orchestrators know no clock: take the time as an argument",
  },
  {
    selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
    message: "core and orchestrators know no randomness",
  },
  { selector: "AwaitExpression", message: "core and orchestrators are synchronous" },
];

export default tseslint.config(
  { ignores: ["dist/", ".local/", "coverage/", "test/**/fixtures/"] },
  js.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      eqeqeq: "error",
      "no-empty": ["error", { allowEmptyCatch: false }],
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      // Ports are asynchronous; a driver or a generator that has nothing to wait for still is one.
      "@typescript-eslint/require-await": "off",
    },
  },
  {
    files: ["src/core/**/*.ts", "src/orchestrators/**/*.ts"],
    rules: {
      "no-restricted-globals": ["error", ...pure],
      "no-restricted-syntax": ["error", ...clock],
    },
  },
  {
    files: ["src/**/*.ts"],
    ignores: ["src/config.ts", "src/local/**"],
    rules: {
      "no-restricted-properties": [
        "error",
        { object: "process", property: "env", message: "config.ts is the only reader of process.env" },
      ],
    },
  },
  {
    files: ["src/activities/**/*.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        { ...clock[0], message: "use deps.now" },
        { ...clock[1], message: "use deps.now" },
        { ...clock[2], message: "activities are repeated: decide names in the plan" },
      ],
    },
  },
  { files: ["**/*.js", "**/*.mjs", "**/*.cjs"], ...tseslint.configs.disableTypeChecked },
  { files: ["test/**/*.ts"], rules: { "@typescript-eslint/unbound-method": "off" } },
);

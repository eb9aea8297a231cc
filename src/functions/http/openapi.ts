// The OpenAPI 3.1 document of the app, made of the table of operations and the schemas that the functions use.
import * as z from "zod";
import { PROFILE_SCHEMA, SELECT_SCHEMA } from "../../core/profile-schema.ts";
import { ERROR, PROFILE_CHECK, PROFILE_LIST, RUN_LIST, RUN_REFERENCE, RUN_STATUS } from "./answers.ts";
import { COMMON_ERRORS, ERROR_CODES, type ErrorCode } from "./error-codes.ts";
import { type Answer, OPERATIONS, type Operation, PARAMETERS } from "./operations.ts";
import { CANCEL_BODY, START_BODY } from "./requests.ts";

type Json = Readonly<Record<string, unknown>>;

/** Schemas under their names in the document: what is sent, and what is answered with its defaults filled in. */
const SENT: ReadonlyMap<z.ZodType, string> = new Map<z.ZodType, string>([
  [START_BODY, "Start"],
  [CANCEL_BODY, "Cancel"],
  [PROFILE_SCHEMA, "Profile"],
  [SELECT_SCHEMA, "Selection"],
]);
const ANSWERED: ReadonlyMap<z.ZodType, string> = new Map<z.ZodType, string>([
  [RUN_STATUS, "RunStatus"],
  [RUN_LIST, "RunList"],
  [RUN_REFERENCE, "RunReference"],
  [PROFILE_LIST, "ProfileList"],
  [PROFILE_CHECK, "ProfileCheck"],
  [PROFILE_SCHEMA, "WholeProfile"],
  [ERROR, "Error"],
]);

/** The document of the app's version. */
export function openApiDocument(version: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const [name, operation] of Object.entries<Operation>(OPERATIONS)) {
    const path = (paths[`/api/${operation.route}`] ??= {});
    path[operation.method.toLowerCase()] = operationOf(name, operation);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "ArcGIS Backup for Azure",
      version,
      description:
        "Starts, watches and stops backups, and keeps their profiles. Times are in milliseconds since 1970 UTC.",
    },
    servers: [{ url: "/", description: "The function app, or the local host" }],
    security: [{ functionKey: [] }],
    paths,
    components: {
      securitySchemes: { functionKey: { type: "apiKey", in: "header", name: "x-functions-key" } },
      schemas: { ...componentsOf(SENT, "input"), ...componentsOf(ANSWERED, "output") },
    },
  };
}

function operationOf(
  name: string,
  { summary, query, headers = {}, body, answers, errors, route }: Operation,
) {
  const parameters = [
    ...[...route.matchAll(/\{(\w+)\}/g)].map(([, id = ""]) => ({
      ...{ name: id, in: "path", required: true, description: PARAMETERS[id] ?? "" },
      schema: { type: "string" },
    })),
    ...(query === undefined ? [] : queryParameters(query)),
    ...Object.entries(headers).map(([header, description]) => ({
      ...{ name: header, in: "header", required: false, description },
      schema: { type: "string" },
    })),
  ];
  return {
    operationId: name,
    summary,
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: { required: body.required, content: json(reference(SENT, body.schema)) } }),
    responses: { ...mapOf(answers, responseOf), ...errorResponses([...errors, ...COMMON_ERRORS]) },
  };
}

function queryParameters(query: z.ZodObject): readonly Json[] {
  const { properties = {} } = z.toJSONSchema(query, { io: "input" });
  return Object.entries(properties).map(([name, schema]) => {
    const { description, ...rest } = schema as Json;
    return { name, in: "query", required: false, description, schema: rest };
  });
}

function responseOf({ means, body, headers = {} }: Answer): Json {
  return {
    description: means,
    ...(Object.keys(headers).length > 0 && {
      headers: mapOf(headers, (description) => ({ description, schema: { type: "string" } })),
    }),
    ...(body !== undefined && { content: contentOf(body) }),
  };
}

function contentOf(body: NonNullable<Answer["body"]>): Json {
  if (body === "text") return { "text/plain": { schema: { type: "string" } } };
  return json(body === "any" ? { type: "object" } : reference(ANSWERED, body));
}

/** Errors of one status share a response that tells its codes apart. */
function errorResponses(codes: readonly ErrorCode[]): Json {
  const byStatus: Record<number, ErrorCode[]> = {};
  for (const code of codes) (byStatus[ERROR_CODES[code].status] ??= []).push(code);
  const unauthorized = {
    401: { description: "The function key is missing or wrong; the answer has no body" },
  };
  return {
    ...mapOf(byStatus, (same) => ({
      description: same.map((code) => `${code}: ${ERROR_CODES[code].means}`).join(". "),
      content: json(reference(ANSWERED, ERROR)),
    })),
    ...unauthorized,
  };
}

function json(schema: Json): Json {
  return { "application/json": { schema } };
}

function reference(names: ReadonlyMap<z.ZodType, string>, schema: z.ZodType): Json {
  const name = names.get(schema);
  if (name === undefined) throw new RangeError("A schema of the table of operations has no name");
  return { $ref: addressOf(name) };
}

function addressOf(name: string): string {
  return `#/components/schemas/${name}`;
}

function componentsOf(names: ReadonlyMap<z.ZodType, string>, io: "input" | "output"): Json {
  const registry = z.registry<{ id: string }>();
  for (const [schema, id] of names) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { io, uri: addressOf });
  return mapOf(schemas, ({ $schema: _schema, $id: _id, ...schema }: Json) => schema);
}

function mapOf<V, W>(
  record: Readonly<Record<string | number, V>>,
  change: (value: V) => W,
): Record<string, W> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

// Failure texts in the shape that Azure's engine gives them. They are long and ugly there too; tests must meet that here.

const CREDENTIAL_TOKENS = [
  "Token=",
  "DefaultEndpointsProtocol=http",
  "AccountKey=",
  "Data Source=",
  "Server=",
  "Password=",
  "pwd=",
  "&amp;sig=",
  "&sig=",
  "?sig=",
  "SharedAccessKey=",
  "&amp;code=",
  "&code=",
  "?code=",
  "key=",
];

/**
 * What the Functions host does to every failure text (WebJobs.Script/Sanitizer.cs): from each word that looks like a
 * credential up to the next `<`, `"` or `'`, the text is lost.
 */
export function sanitize(text: string): string {
  let clean = text;
  for (const token of CREDENTIAL_TOKENS) {
    let start = clean.toLowerCase().indexOf(token.toLowerCase());
    while (start !== -1) {
      const rest = clean.slice(start);
      const length = rest.search(/[<"']/);
      const kept = `${clean.slice(0, start)}[Hidden Credential]`;
      clean = kept + (length === -1 ? "" : rest.slice(length));
      start = clean.toLowerCase().indexOf(token.toLowerCase(), kept.length);
    }
  }
  return clean;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Reason and details of TaskFailed: two spaces after the colon, then JSON with the stack. */
export function activityFailure(name: string, error: unknown): { reason: string; details: string } {
  const message = sanitize(` ${messageOf(error)}`);
  const stack = sanitize((error instanceof Error ? error.stack : undefined) ?? messageOf(error));
  const details = {
    $type: "System.Exception, System.Private.CoreLib",
    ClassName: "System.Exception",
    Message: message,
    Data: null,
    InnerException: {
      $type: "Microsoft.Azure.WebJobs.Script.Workers.Rpc.RpcException, Microsoft.Azure.WebJobs.Script",
      IsUserException: false,
      RemoteStackTrace: stack,
      RemoteMessage: message.trim(),
      RemoteTypeName: "",
      Message: `Result: Failure\nException: ${message.trim()}\nStack: ${stack}`,
      Data: { $type: "System.Collections.ListDictionaryInternal, System.Private.CoreLib" },
      InnerException: null,
      HelpLink: null,
      Source: "System.Private.CoreLib",
      HResult: -2146233088,
    },
    HelpURL: null,
    StackTraceString: null,
    RemoteStackTraceString: null,
    RemoteStackIndex: 0,
    ExceptionMethod: null,
    HResult: -2146233088,
    Source: null,
    WatsonBuckets: null,
  };
  return { reason: `Activity function '${name}' failed: ${message}`, details: JSON.stringify(details) };
}

/** The output of an instance that failed, and the reason that its parent gets. */
export function orchestratorFailure(name: string, message: string): string {
  return `Orchestrator function '${name}' failed: ${message}`;
}

/** The details that a parent gets with the reason. */
export function childFailureDetails(message: string): string {
  return (
    `Message: ${message}, StackTrace:    at System.Threading.Tasks.Task.ThrowIfExceptional(Boolean ` +
    "includeTaskCanceledExceptions)\n   at Microsoft.Azure.WebJobs.Extensions.DurableTask." +
    "TaskOrchestrationShim.InvokeUserCodeAndHandleResults(RegisteredFunctionInfo orchestratorInfo, " +
    "OrchestrationContext innerContext)"
  );
}

const LABEL = "\n\n$OutOfProcData$:";

/** What the SDK hides in the message of an orchestrator that threw: the state with `error`; undefined without the label. */
export function stateInError(error: unknown): unknown {
  const message = sanitize(messageOf(error));
  const at = message.indexOf(LABEL);
  if (at === -1) return undefined;
  try {
    return JSON.parse(message.slice(at + LABEL.length));
  } catch (cause) {
    // The sanitizer may have cut through the JSON, as it does on Azure; the instance then fails with the raw message.
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}

/** The text of an error after the sanitizer. */
export function plainMessage(error: unknown): string {
  return sanitize(messageOf(error));
}

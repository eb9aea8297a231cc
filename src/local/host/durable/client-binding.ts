// What a `durableClient` input receives: where the client finds the engine. The keys and their order are Azure's.

export interface ClientAddresses {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  readonly systemKey: string;
  readonly rpcKey: string;
  readonly hubName: string;
}

/** The path below which the management URLs live, guarded by `code=`. */
export const WEBHOOK_PATH = "/runtime/webhooks/durabletask";

/** The path of the client's loopback API; it has no key on Azure's host, here a secret segment stands for one. */
export function rpcPath(rpcKey: string): string {
  return `/durabletask/${rpcKey}`;
}

/** The management URLs of an instance; `INSTANCEID` as id gives the client's templates. */
export function managementUrls(addresses: ClientAddresses, id: string): Record<string, string> {
  const { url, systemKey, hubName } = addresses;
  const base = `${url}${WEBHOOK_PATH}/instances/${id}`;
  const query = `taskHub=${hubName}&connection=Storage&code=${systemKey}`;
  return {
    id,
    statusQueryGetUri: `${base}?${query}`,
    sendEventPostUri: `${base}/raiseEvent/{eventName}?${query}`,
    terminatePostUri: `${base}/terminate?reason={text}&${query}`,
    rewindPostUri: `${base}/rewind?reason={text}&${query}`,
    purgeHistoryDeleteUri: `${base}?${query}`,
    restartPostUri: `${base}/restart?${query}`,
    suspendPostUri: `${base}/suspend?reason={text}&${query}`,
    resumePostUri: `${base}/resume?reason={text}&${query}`,
  };
}

/** The JSON text of the binding. */
export function clientBinding(addresses: ClientAddresses): string {
  const { url, systemKey, rpcKey, hubName } = addresses;
  const start = `${url}${WEBHOOK_PATH}/orchestrators/{functionName}[/{instanceId}]`;
  const code = `code=${systemKey}`;
  return JSON.stringify({
    taskHubName: hubName,
    creationUrls: {
      createNewInstancePostUri: `${start}?${code}`,
      createAndWaitOnNewInstancePostUri: `${start}?timeout={timeoutInSeconds}&pollingInterval={intervalInSeconds}&${code}`,
    },
    managementUrls: managementUrls(addresses, "INSTANCEID"),
    baseUrl: `${url}${WEBHOOK_PATH}`,
    requiredQueryStringParameters: code,
    rpcBaseUrl: `${url}${rpcPath(rpcKey)}/`,
    connectionName: "Storage",
    httpBaseUrl: null,
    maxGrpcMessageSizeInBytes: 0,
    grpcHttpClientTimeout: null,
  });
}

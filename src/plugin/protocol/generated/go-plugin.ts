// Made by scripts/generate-protocol.mjs from go-plugin.proto. Do not edit.

import { MessageType } from "../codec.js";

export type Empty = Record<never, never>;
export const Empty: MessageType<Empty> = /* @__PURE__ */ new MessageType("plugin.Empty", () => [

]);

export interface StdioData {
  readonly channel: number;
  readonly data: Uint8Array;
}
export const StdioData: MessageType<StdioData> = /* @__PURE__ */ new MessageType("plugin.StdioData", () => [
  [1, "channel", "int32"],
  [2, "data", "bytes"],
]);

export const StdioDataChannel = {
  INVALID: 0,
  STDOUT: 1,
  STDERR: 2,
} as const;

export interface ConnInfo {
  readonly serviceId: number;
  readonly network: string;
  readonly address: string;
  readonly knock?: ConnInfoKnock;
}
export const ConnInfo: MessageType<ConnInfo> = /* @__PURE__ */ new MessageType("plugin.ConnInfo", () => [
  [1, "serviceId", "uint32"],
  [2, "network", "string"],
  [3, "address", "string"],
  [4, "knock", ConnInfoKnock, "explicit"],
]);

export interface ConnInfoKnock {
  readonly knock: boolean;
  readonly ack: boolean;
  readonly error: string;
}
export const ConnInfoKnock: MessageType<ConnInfoKnock> = /* @__PURE__ */ new MessageType("plugin.ConnInfo.Knock", () => [
  [1, "knock", "bool"],
  [2, "ack", "bool"],
  [3, "error", "string"],
]);

export const GRPCController = {
  shutdown: { path: "/plugin.GRPCController/Shutdown", request: Empty, response: Empty },
} as const;

export const GRPCStdio = {
  streamStdio: { path: "/plugin.GRPCStdio/StreamStdio", request: Empty, response: StdioData },
} as const;

export const GRPCBroker = {
  startStream: { path: "/plugin.GRPCBroker/StartStream", request: ConnInfo, response: ConnInfo },
} as const;


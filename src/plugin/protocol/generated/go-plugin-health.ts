// Made by scripts/generate-protocol.mjs from go-plugin-health.proto. Do not edit.

import { MessageType } from "../codec.js";

export interface HealthCheckRequest {
  readonly service: string;
}
export const HealthCheckRequest: MessageType<HealthCheckRequest> = /* @__PURE__ */ new MessageType("grpc.health.v1.HealthCheckRequest", () => [
  [1, "service", "string"],
]);

export interface HealthCheckResponse {
  readonly status: number;
}
export const HealthCheckResponse: MessageType<HealthCheckResponse> = /* @__PURE__ */ new MessageType("grpc.health.v1.HealthCheckResponse", () => [
  [1, "status", "int32"],
]);

export const HealthCheckResponseServingStatus = {
  UNKNOWN: 0,
  SERVING: 1,
  NOT_SERVING: 2,
  SERVICE_UNKNOWN: 3,
} as const;

export const Health = {
  check: { path: "/grpc.health.v1.Health/Check", request: HealthCheckRequest, response: HealthCheckResponse },
  watch: { path: "/grpc.health.v1.Health/Watch", request: HealthCheckRequest, response: HealthCheckResponse },
} as const;


// Words, patterns and limits of the API's documents that the constructs use.

/** The metrics that an alert rule can watch. */
export class AlertMetric {
  /** Median latency of a turn, in milliseconds. */
  public static readonly TURN_LATENCY_P50 = new AlertMetric("turn_latency_p50");
  /** 95th percentile of a turn's latency, in milliseconds. */
  public static readonly TURN_LATENCY_P95 = new AlertMetric("turn_latency_p95");
  public static readonly API_ERRORS = new AlertMetric("api_errors");
  public static readonly FUNCTION_ERRORS = new AlertMetric("function_errors");
  public static readonly CALL_CRASHES = new AlertMetric("call_crashes");
  public static readonly CALL_VOLUME = new AlertMetric("call_volume");

  /** One that has no constant here, or a token. */
  public static of(value: string): AlertMetric {
    return new AlertMetric(value);
  }

  /** As the API writes it. */
  public readonly value: string;

  private constructor(value: string) {
    this.value = value;
  }
}

/** The comparisons of a metric with its threshold. */
export class AlertOperator {
  public static readonly GREATER_THAN = new AlertOperator(">");
  public static readonly LESS_THAN = new AlertOperator("<");
  public static readonly GREATER_THAN_OR_EQUAL = new AlertOperator(">=");
  public static readonly LESS_THAN_OR_EQUAL = new AlertOperator("<=");

  /** One that has no constant here, or a token. */
  public static of(value: string): AlertOperator {
    return new AlertOperator(value);
  }

  /** As the API writes it. */
  public readonly value: string;

  private constructor(value: string) {
    this.value = value;
  }
}

/** The lengths of time over which an alert rule is evaluated. */
export class AlertWindow {
  public static readonly FIVE_MINUTES = new AlertWindow("5m");
  public static readonly TEN_MINUTES = new AlertWindow("10m");
  public static readonly ONE_HOUR = new AlertWindow("60m");

  /** One that has no constant here, or a token. */
  public static of(value: string): AlertWindow {
    return new AlertWindow(value);
  }

  /** As the API writes it. */
  public readonly value: string;

  private constructor(value: string) {
    this.value = value;
  }
}

/** An event that PolyAI delivers to webhook endpoints. */
export class WebhookEventType {
  /** An alert rule's condition began to hold. */
  public static readonly ALERTS_TRIGGERED = new WebhookEventType("alerts.triggered");
  /** It holds no longer. */
  public static readonly ALERTS_RESOLVED = new WebhookEventType("alerts.resolved");

  /** One that has no constant here, or a token. */
  public static of(value: string): WebhookEventType {
    return new WebhookEventType(value);
  }

  /** All that this version knows. */
  public static all(): WebhookEventType[] {
    return [WebhookEventType.ALERTS_TRIGGERED, WebhookEventType.ALERTS_RESOLVED];
  }

  /** As the API writes it. */
  public readonly value: string;

  private constructor(value: string) {
    this.value = value;
  }
}

export const ENDPOINT_ID = /^whe_[A-Za-z0-9]+$/;
export const HTTPS_URL = /^https:\/\/[^\s/]\S*$/;
export const MAX_NAME_LENGTH = 255;
export const MIN_TIMEOUT_MS = 1000;
export const MAX_TIMEOUT_MS = 30_000;

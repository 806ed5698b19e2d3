// Words of the API's document as constants of the constructs.

/** One of the words that the API has for something. */
export abstract class ApiWord {
  /** The word itself, or a token. */
  public static of<Word extends ApiWord>(this: new (value: string) => Word, value: string): Word {
    return new this(value);
  }

  /** @param value as the API writes it */
  public constructor(public readonly value: string) {}
}

/** A quantity that an alert rule watches. */
export class AlertMetric extends ApiWord {
  /** Median latency of a turn, in milliseconds. */
  public static readonly TURN_LATENCY_P50 = new AlertMetric("turn_latency_p50");
  /** 95th percentile of a turn's latency, in milliseconds. */
  public static readonly TURN_LATENCY_P95 = new AlertMetric("turn_latency_p95");
  public static readonly API_ERRORS = new AlertMetric("api_errors");
  public static readonly FUNCTION_ERRORS = new AlertMetric("function_errors");
  public static readonly CALL_CRASHES = new AlertMetric("call_crashes");
  public static readonly CALL_VOLUME = new AlertMetric("call_volume");
}

/** How an alert rule compares the metric with its threshold. */
export class AlertOperator extends ApiWord {
  public static readonly GREATER_THAN = new AlertOperator(">");
  public static readonly LESS_THAN = new AlertOperator("<");
  public static readonly GREATER_THAN_OR_EQUAL = new AlertOperator(">=");
  public static readonly LESS_THAN_OR_EQUAL = new AlertOperator("<=");
}

/** How long a time an alert rule looks at. */
export class AlertWindow extends ApiWord {
  public static readonly FIVE_MINUTES = new AlertWindow("5m");
  public static readonly TEN_MINUTES = new AlertWindow("10m");
  public static readonly ONE_HOUR = new AlertWindow("60m");
}

/** An event that PolyAI delivers to webhook endpoints. */
export class WebhookEventType extends ApiWord {
  /** An alert rule's condition began to hold. */
  public static readonly ALERTS_TRIGGERED = new WebhookEventType("alerts.triggered");
  /** It holds no longer. */
  public static readonly ALERTS_RESOLVED = new WebhookEventType("alerts.resolved");

  /** All that this version knows. */
  public static all(): WebhookEventType[] {
    return [WebhookEventType.ALERTS_TRIGGERED, WebhookEventType.ALERTS_RESOLVED];
  }
}

/** A time, and an error for what PostgreSQL alone would take for one, like `yesterday`. */
const time = (text: string): string => `
  CASE WHEN ${text} ~ '^\\d{4}-' OR ${text} IS NULL THEN ${text} ELSE 'no time: ' || (${text}) END::timestamp`;

/** A decimal number, and an error for `NaN` and `Infinity`, which PostgreSQL takes for numbers: one of them spoils every sum. */
const decimal = (text: string): string => `
  CASE WHEN ${text} ~ '[0-9]' OR ${text} IS NULL THEN ${text} ELSE 'no number: ' || (${text}) END::numeric`;

/** Columns of `transactions` that come from the data `d` of a reading, each with its expression. */
export const transactionColumns: Readonly<Record<string, string>> = {
  retail_store_id: "d ->> 'retailStoreId'",
  workstation_id: "d ->> 'workstationId'",
  sequence_number: "d ->> 'sequenceNumber'",
  operator_id: "d ->> 'operatorId'",
  original_sequence_number: "d ->> 'originalSequenceNumber'",
  kind: "d ->> 'kind'",
  status: "d ->> 'status'",
  end_date_time: time("d ->> 'endDateTime'"),
  currency_code: "d ->> 'currencyCode'",
  currency_exponent: "(d ->> 'currencyExponent')::smallint",
  subtotal_minor: "(d ->> 'subtotalMinor')::bigint",
  total_minor: "(d ->> 'totalMinor')::bigint",
  rounding_minor: "(d ->> 'roundingMinor')::bigint",
  change_minor: "(d ->> 'changeMinor')::bigint",
  line_count: "jsonb_array_length(d -> 'lineItems')",
  item_count: "(d ->> 'itemCount')::integer",
  member_id: "d ->> 'memberId'",
  report_number: "d ->> 'reportNumber'",
  report_count: "(d ->> 'count')::integer",
  gross_minor: "(d ->> 'grossMinor')::bigint",
  refund_minor: "(d ->> 'refundMinor')::bigint",
  net_minor: "(d ->> 'netMinor')::bigint",
  first_sequence_number: "d ->> 'firstSequenceNumber'",
  last_sequence_number: "d ->> 'lastSequenceNumber'",
  reconciliation: "d -> 'reconciliation' ->> 'state'",
  reconciliation_reasons: "ARRAY(SELECT jsonb_array_elements_text(d -> 'reconciliation' -> 'reasons'))",
  profile: "d ->> 'profile'",
  confidence: "(d ->> 'confidence')::real",
  lane_id: "d ->> 'laneId'",
  device_id: "d ->> 'deviceId'",
  repeat_of_transaction_id: "d ->> 'repeatOfEntryId'",
};

/** A table of parts of a transaction: the member of the data that is its list, and the expressions over an element `e` of it. */
export interface PartTable {
  readonly table: string;
  readonly member: string;
  readonly columns: Readonly<Record<string, string>>;
}

/** The tables of parts, each row numbered from 1 as printed. */
export const transactionParts: readonly PartTable[] = [
  {
    table: "line_items",
    member: "lineItems",
    columns: {
      item_id: "e ->> 'itemId'",
      item_id_fault: "e ->> 'itemIdFault'",
      embedded_price_minor: "(e -> 'embedded' ->> 'priceMinor')::bigint",
      embedded_weight: decimal("e -> 'embedded' ->> 'weight'"),
      description: "e ->> 'description'",
      quantity: decimal("e ->> 'quantity'"),
      unit_price_minor: "(e ->> 'unitPriceMinor')::bigint",
      extended_amount_minor: "(e ->> 'extendedAmountMinor')::bigint",
      discount_minor: "(e ->> 'discountMinor')::bigint",
      tax_code: "e ->> 'taxCode'",
      voided: "(e ->> 'voided')::boolean",
    },
  },
  {
    table: "discounts",
    member: "discounts",
    columns: { description: "e ->> 'description'", amount_minor: "(e ->> 'amountMinor')::bigint" },
  },
  {
    table: "taxes",
    member: "taxes",
    columns: {
      amount_minor: "(e ->> 'amountMinor')::bigint",
      rate: decimal("e ->> 'rate'"),
      included: "(e ->> 'included')::boolean",
      tax_code: "e ->> 'taxCode'",
      net_minor: "(e ->> 'netMinor')::bigint",
      gross_minor: "(e ->> 'grossMinor')::bigint",
    },
  },
  {
    table: "tenders",
    member: "tenders",
    columns: {
      tender_type: "e ->> 'tenderType'",
      amount_minor: "(e ->> 'amountMinor')::bigint",
      reference: "e ->> 'reference'",
      merchant_reference: "e ->> 'merchantReference'",
    },
  },
  {
    table: "fiscal_codes",
    member: "fiscal",
    columns: {
      fiscal_kind: "e ->> 'kind'",
      source: "e ->> 'source'",
      total_minor: "(e ->> 'totalMinor')::bigint",
      members: "e - 'kind' - 'source'",
    },
  },
];

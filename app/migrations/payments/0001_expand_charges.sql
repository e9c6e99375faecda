-- Charges, what was given back of them, and what the store has to tell of both.
CREATE SCHEMA payments;

CREATE TABLE payments.charges (
    charge_id text PRIMARY KEY,                          -- the order's id: one order is charged once
    customer_id text NOT NULL,
    place bigint GENERATED ALWAYS AS IDENTITY UNIQUE,    -- the order of charges, instead of a time
    amount_cents integer CHECK (amount_cents > 0),       -- NULL: taken back before it was asked for
    payment text,
    state text NOT NULL CHECK (state IN ('pending', 'accepted', 'refused', 'cancelled')),
    refunded_cents integer NOT NULL DEFAULT 0 CHECK (refunded_cents BETWEEN 0 AND amount_cents),
    due_at timestamptz,                                  -- when the gateway is to be asked, by the primary's clock
    CHECK (amount_cents IS NOT NULL OR state = 'cancelled')
);
CREATE INDEX ON payments.charges (customer_id, place);
CREATE INDEX ON payments.charges (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE payments.refunds (
    charge_id text NOT NULL REFERENCES payments.charges,
    refund_id text NOT NULL,
    amount_cents integer NOT NULL CHECK (amount_cents > 0),
    due_at timestamptz,                                  -- NULL: the gateway has made it
    PRIMARY KEY (charge_id, refund_id)
);
CREATE INDEX ON payments.refunds (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE payments.notices (
    nonce text PRIMARY KEY,                              -- of a webhook that was believed: none is believed twice
    sent_at timestamptz NOT NULL
);
CREATE INDEX ON payments.notices (sent_at);

CREATE TABLE payments.outbox (
    place bigint GENERATED ALWAYS AS IDENTITY,
    message_id text PRIMARY KEY,
    type text NOT NULL,
    body text NOT NULL
);
CREATE INDEX ON payments.outbox (place);

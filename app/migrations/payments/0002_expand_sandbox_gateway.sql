-- The sandbox gateway's own books, which no other part of the store reads.
CREATE SCHEMA sandbox_gateway;

CREATE TABLE sandbox_gateway.charges (
    charge_id text PRIMARY KEY,
    amount_cents integer NOT NULL,
    verdict text NOT NULL CHECK (verdict IN ('accepted', 'refused', 'void')),
    answers boolean NOT NULL,                            -- whether who asks is answered
    tell_at timestamptz,                                 -- when the store is to be told by itself; NULL: no more
    given_back_cents integer NOT NULL DEFAULT 0 CHECK (given_back_cents BETWEEN 0 AND amount_cents)
);
CREATE INDEX ON sandbox_gateway.charges (tell_at) WHERE tell_at IS NOT NULL;

CREATE TABLE sandbox_gateway.refunds (
    charge_id text NOT NULL REFERENCES sandbox_gateway.charges,
    refund_id text NOT NULL,
    PRIMARY KEY (charge_id, refund_id)
);

-- Customers, and what the store has to tell of them.
CREATE SCHEMA accounts;

CREATE TABLE accounts.customers (
    customer_id text PRIMARY KEY,
    email text NOT NULL UNIQUE,            -- in lower case: one address is one customer
    name text NOT NULL,
    password_hash text NOT NULL,
    version integer NOT NULL DEFAULT 1     -- grows with each change: what orders changes, instead of a clock
);

CREATE TABLE accounts.outbox (
    place bigint GENERATED ALWAYS AS IDENTITY,
    message_id text PRIMARY KEY,
    type text NOT NULL,
    body text NOT NULL
);
CREATE INDEX ON accounts.outbox (place);

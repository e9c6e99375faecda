-- Items, what was delivered of them, and what is held of them for a customer.
CREATE SCHEMA catalog;

CREATE TABLE catalog.items (
    item_id text PRIMARY KEY,
    listed bigint GENERATED ALWAYS AS IDENTITY UNIQUE,  -- the order of the listing, instead of a time
    seller_id text NOT NULL,
    title text NOT NULL,
    description text NOT NULL,
    price_cents integer NOT NULL CHECK (price_cents > 0),
    available integer NOT NULL CHECK (available >= 0),
    version integer NOT NULL DEFAULT 1,
    words tsvector GENERATED ALWAYS AS (to_tsvector('simple', title || ' ' || description)) STORED
);
CREATE INDEX ON catalog.items USING gin (words);
CREATE INDEX ON catalog.items (seller_id, listed);

CREATE TABLE catalog.deliveries (
    item_id text NOT NULL REFERENCES catalog.items,
    delivery_id text NOT NULL,
    quantity integer NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (item_id, delivery_id)
);

CREATE TABLE catalog.reservations (
    reservation_id text PRIMARY KEY,
    customer_id text NOT NULL,
    state text NOT NULL CHECK (state IN ('held', 'released')),
    expires_at timestamptz NOT NULL                     -- by the primary's clock, which alone writes and reads it
);
CREATE INDEX ON catalog.reservations (expires_at) WHERE state = 'held';

CREATE TABLE catalog.reservation_lines (
    reservation_id text NOT NULL REFERENCES catalog.reservations,
    item_id text NOT NULL REFERENCES catalog.items,
    quantity integer NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (reservation_id, item_id)
);
CREATE INDEX ON catalog.reservation_lines (item_id);

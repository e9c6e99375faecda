-- Reviews, what they come to for each item, and what the store has to tell of them.
CREATE SCHEMA feedback;

CREATE TABLE feedback.reviews (
    item_id text NOT NULL,
    customer_id text NOT NULL,
    place bigint GENERATED ALWAYS AS IDENTITY UNIQUE,   -- the order of reviews, instead of a time
    rating integer NOT NULL CHECK (rating BETWEEN 1 AND 5),
    words text NOT NULL,
    PRIMARY KEY (item_id, customer_id)                  -- one customer, one review of an item
);
CREATE INDEX ON feedback.reviews (item_id, place);

CREATE TABLE feedback.ratings (
    item_id text PRIMARY KEY,
    reviews integer NOT NULL,
    stars integer NOT NULL                              -- the sum of all ratings
);

CREATE TABLE feedback.outbox (
    place bigint GENERATED ALWAYS AS IDENTITY,
    message_id text PRIMARY KEY,
    type text NOT NULL,
    body text NOT NULL
);
CREATE INDEX ON feedback.outbox (place);

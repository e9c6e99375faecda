-- What was looked at, searched, sold and said, and which messages have been counted.
CREATE SCHEMA statistics;

CREATE TABLE statistics.handled (
    message_id text PRIMARY KEY,
    handled_at timestamptz NOT NULL DEFAULT now()       -- by the primary's clock, for the clearing alone
);
CREATE INDEX ON statistics.handled (handled_at);

CREATE TABLE statistics.items (
    item_id text NOT NULL,
    what text NOT NULL,                                 -- views, sold, returned, reviews, stars
    count bigint NOT NULL,
    PRIMARY KEY (item_id, what)
);

CREATE TABLE statistics.searches (
    words text PRIMARY KEY,
    searches bigint NOT NULL,
    found integer NOT NULL                              -- by the last search that was counted
);

CREATE TABLE statistics.totals (
    what text PRIMARY KEY,                              -- placed, paid, returned, delivered
    count bigint NOT NULL
);

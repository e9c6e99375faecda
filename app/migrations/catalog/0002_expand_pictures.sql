-- Pictures of items: what became of each upload, and the one that a listing shows.
CREATE TABLE catalog.pictures (
    item_id text NOT NULL REFERENCES catalog.items,
    picture_id text NOT NULL,
    place bigint GENERATED ALWAYS AS IDENTITY,          -- the order in which they were announced, instead of a time
    content_type text NOT NULL,
    state text NOT NULL CHECK (state IN ('awaited', 'uploaded', 'ready', 'refused')),
    refusal text NOT NULL DEFAULT '',
    PRIMARY KEY (item_id, picture_id)
);

ALTER TABLE catalog.items ADD COLUMN picture text NOT NULL DEFAULT '';

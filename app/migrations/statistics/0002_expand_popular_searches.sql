-- What is searched for most is read by sellers: a few rows out of as many as there are words.
CREATE INDEX IF NOT EXISTS searches_by_count ON statistics.searches (searches DESC, words);

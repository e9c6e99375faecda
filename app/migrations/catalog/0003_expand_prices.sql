-- What is held for an order keeps the price of that moment, and is held until the order gives it back.
ALTER TABLE catalog.reservation_lines ADD COLUMN price_cents integer CHECK (price_cents > 0);
ALTER TABLE catalog.reservations ALTER COLUMN expires_at SET DEFAULT 'infinity';

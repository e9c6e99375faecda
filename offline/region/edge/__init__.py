"""The region's CDN: an edge that obeys the distribution of the account, its cache policies included."""

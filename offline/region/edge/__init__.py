"""The region's CDN: an edge that obeys the distribution of the account, without a cache of its own yet."""

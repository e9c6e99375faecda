"""The region's load balancer: a proxy that obeys the listeners, rules and target groups of the account."""

"""How services reach each other: signed requests with a deadline, through the load balancer inside the VPC."""

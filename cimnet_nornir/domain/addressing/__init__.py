"""Address pools: which subnets and addresses of them are taken, by whom, and which one is the next."""

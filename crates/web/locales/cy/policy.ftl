x-policy = x
